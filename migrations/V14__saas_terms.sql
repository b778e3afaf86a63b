-- What a SaaS account was taken on for (SAS-6, SAS-7, SEA-5), and how its authorization stands.

alter table saas_account add column not_for_resale integer not null default 0 check (not_for_resale in (0, 1));
-- The end of the year that is committed to; it begins with the authorization.
alter table saas_account add column committed_until integer;
alter table saas_account add column auto_add integer not null default 0 check (auto_add in (0, 1));
alter table saas_account add column licence_cap integer check (licence_cap is null or licence_cap >= 0);
-- Who authorizes it, whom the letter went to, and who of the organization consented. Names, so that they outlast the users.
alter table saas_account add column managed_by text not null default 'partner' check (managed_by in ('partner', 'organization'));
alter table saas_account add column asked_name text;
alter table saas_account add column asked_at integer;
alter table saas_account add column consent_by text;
alter table saas_account add column consent_at integer;
alter table saas_account add column cancelled_at integer;
alter table saas_account add column cancelled_because text;

-- Licence use is a walk of the accounts with a cap; those that reached it are few.
create index saas_account_capped on saas_account (partner, licence_cap, seats_billable) where licence_cap is not null;
create index saas_account_cap_reached on saas_account (partner, name_key, id)
    where licence_cap is not null and seats_billable >= licence_cap and cancelled_at is null;

-- SAS-11: where a partner's people open the vendor's own console.
alter table partner add column vendor_console text;
