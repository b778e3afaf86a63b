-- DEV-6: the provider and an organization's own people each set their own alerts, so that neither switches off what the other is told.
alter table alert_rule add column side text not null default 'provider' check (side in ('provider', 'client'));
alter table alert_raised add column side text not null default 'provider' check (side in ('provider', 'client'));
drop index alert_rule_once;
create unique index alert_rule_once on alert_rule (partner, coalesce(organization, 0), side, rule);
drop index alert_raised_once;
create unique index alert_raised_once on alert_raised (partner, coalesce(organization, 0), side, rule);

-- NOT-1: letters of alerts can be switched off; a check cannot be widened in place.
create table notification_wider (
    partner integer not null references partner,
    notice text not null check (notice in ('organization_created', 'account_reactivated', 'user_set_up', 'unsubscribed', 'grace_ending',
                                           'reactivated', 'transfer_asked', 'transferred', 'alert_raised')),
    wanted integer not null check (wanted in (0, 1)),
    primary key (partner, notice)
) strict, without rowid;
insert into notification_wider (partner, notice, wanted) select partner, notice, wanted from notification;
drop table notification;
alter table notification_wider rename to notification;
