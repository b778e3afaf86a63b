-- Statements (SUB-9, SUB-10). A month is years times twelve plus the month from 0, in UTC; an amount is in the currency's smallest unit.

-- What an organization uses and has bought, now and at most in the month it was last looked at: written at every change, since what is
-- billed is the highest count at any moment. Month 0: not looked at yet.
create table organization_usage (
    organization integer primary key references organization,
    partner integer not null references partner,
    month integer not null,
    -- The plan that holds now, and the last one that held in the month.
    plan_now text check (plan_now in ('backup', 'archiver', 'personal')),
    plan text check (plan in ('backup', 'archiver', 'personal')),
    used integer not null check (used >= 0),
    committed integer not null check (committed >= 0),
    most_used integer not null check (most_used >= 0),
    most_committed integer not null check (most_committed >= 0)
) strict;
create index organization_usage_month on organization_usage (month, organization);
create index organization_usage_partner on organization_usage (partner, organization);

insert into organization_usage (organization, partner, month, plan_now, plan, used, committed, most_used, most_committed)
    select s.organization, s.partner, 0, s.plan, s.plan, a.used, a.committed, a.used, a.committed
      from subscription s join (
           select t.organization,
                  coalesce((select sum(a.seats_used) from saas_account a where a.organization = t.organization), 0) as used,
                  case when t.plan is null or t.auto_license = 1 then 0 else coalesce(t.seats, 0) end as committed
             from subscription t) a on a.organization = s.organization
     where s.state <> 'deleted';

-- A line of a month that is over: what it is billed by, kept under the name the organization had then. Never changed.
create table usage_month (
    partner integer not null references partner,
    month integer not null check (month > 0),
    organization integer not null references organization,
    name text not null,
    name_key text not null,
    plan text not null check (plan in ('backup', 'archiver', 'personal')),
    used integer not null check (used >= 0),
    committed integer not null check (committed >= 0),
    primary key (partner, month, organization)
) strict, without rowid;
create index usage_month_name on usage_month (partner, month, name_key, organization);
create index usage_month_organization on usage_month (organization, month);

-- A closed statement: the prices it was made by, and what its lines come to. Never changed.
create table statement (
    partner integer not null references partner,
    month integer not null check (month > 0),
    currency text check (length(currency) = 3),
    backup integer,
    archiver integer,
    personal integer,
    lines integer not null check (lines >= 0),
    seats integer not null check (seats >= 0),
    total integer not null check (total >= 0),
    unpriced integer not null check (unpriced >= 0),
    closed_at integer not null,
    primary key (partner, month)
) strict, without rowid;

-- SUB-10: what the billing system's file said of a month, until the next file comes; and which of its names means which organization.
create table billed_row (
    partner integer not null references partner,
    month integer not null check (month > 0),
    name_key text not null,
    name text not null,
    quantity integer not null check (quantity >= 0),
    primary key (partner, month, name_key)
) strict, without rowid;
create table billing_name (
    partner integer not null references partner,
    name_key text not null,
    name text not null,
    organization integer not null references organization,
    primary key (partner, name_key)
) strict, without rowid;
create index billing_name_organization on billing_name (organization);
