-- DEV-6: what an organization is warned about, and, with no organization, what the whole partner is. A row only where something was chosen;
-- without, the rule's default holds.
create table alert_rule (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    rule text not null check (rule in ('seen_warn', 'seen_fail', 'storage_warn', 'storage_fail', 'backup_warn', 'backup_fail', 'offsite_warn',
                                       'offsite_fail', 'screenshot', 'service', 'success', 'unlinked', 'cap')),
    threshold integer not null,
    unit text not null check (unit in ('minutes', 'hours', 'days', 'percent')),
    told text not null check (told in ('primary', 'staff', 'users', 'all', 'nobody'))
) strict;
create unique index alert_rule_once on alert_rule (partner, coalesce(organization, 0), rule);
create index alert_rule_of on alert_rule (organization) where organization is not null;

-- The rules that are true, since when: each had its letter then, and has another only after it was false.
create table alert_raised (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    rule text not null check (rule in ('seen_warn', 'seen_fail', 'storage_warn', 'storage_fail', 'backup_warn', 'backup_fail', 'offsite_warn',
                                       'offsite_fail', 'screenshot', 'service', 'success', 'unlinked', 'cap')),
    since integer not null
) strict;
create unique index alert_raised_once on alert_raised (partner, coalesce(organization, 0), rule);
create index alert_raised_of on alert_raised (organization) where organization is not null;

-- When all rules were last looked at, in the one row that there is.
create table alert_round (
    id integer primary key check (id = 1),
    at integer not null
) strict;
