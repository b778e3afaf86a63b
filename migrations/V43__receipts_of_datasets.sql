-- END-1, SUB-11: where an organization is deleted and the backups of its SaaS accounts are kept, its endpoint agents' datasets are destroyed
-- all the same, and that leaves a receipt: it says how many accounts kept theirs.
alter table receipt add column kept_accounts integer not null default 0;
