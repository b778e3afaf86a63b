-- An account's seats in the order of their names: its page shows fifty of them, of however many.
create index seat_by_name on seat (saas_account, name_key, id);
