-- The life of a subscription (SUB-2 to SUB-5, SUB-11 to SUB-13): what changed when and by whom, the 45 days of the unsubscribed, and what is
-- left of what was destroyed.

-- Every change of state, kept for good: statements are made of these (SUB-9), and they outlive their organization, whose row stays.
create table subscription_change (
    id integer primary key,
    organization integer not null references organization,
    partner integer not null references partner,
    -- From when on the new state holds; at the end of the 45 days that very moment, however late it was carried out.
    at integer not null,
    done_at integer not null check (done_at >= at),
    was text not null check (was in ('active', 'suspended', 'unsubscribed', 'deleted')),
    became text not null check (became in ('active', 'suspended', 'unsubscribed', 'deleted') and became <> was),
    actor text not null,
    -- Its event in the activity log; events have no foreign keys.
    event integer not null
) strict;
create index subscription_change_by_organization on subscription_change (organization, at, id);
create index subscription_change_by_partner on subscription_change (partner, at, id);

-- SUB-12: whose window ends next, and to whom the next letter is due.
create index subscription_window on subscription (since, organization) where state = 'unsubscribed';
alter table subscription add column next_letter_at integer;
create index subscription_letter on subscription (next_letter_at, organization) where next_letter_at is not null;

-- SUB-3: the list of the unsubscribed in the order in which their windows end.
alter table organization_listing add column unsubscribed_at integer;
update organization_listing as l
   set unsubscribed_at = (select s.since from subscription s where s.organization = l.organization)
 where state = 'unsubscribed';
create index organization_listing_window on organization_listing (viewer, unsubscribed_at, name_key, organization)
 where unsubscribed_at is not null;

-- SUB-11: what is left of a purge, one row an organization; and of each of its SaaS accounts.
create table receipt (
    organization integer primary key references organization,
    partner integer not null references partner,
    -- By whom and when it was asked for: the unsubscription at the end of the 45 days, else the deletion itself. With its event.
    asked_by text,
    asked_at integer,
    asked_event integer,
    due_at integer not null,
    done_at integer not null check (done_at >= due_at),
    done_by text not null,
    event integer not null,
    users integer not null,
    api_keys integer not null
) strict;
create table receipt_account (
    organization integer not null references receipt,
    partner integer not null references partner,
    number integer not null,
    name text not null,
    domain text not null,
    product text not null,
    -- Those whose backups there were, the days of history, and what they took up.
    seats integer not null,
    days integer not null,
    bytes integer not null,
    primary key (organization, number)
) strict, without rowid;
