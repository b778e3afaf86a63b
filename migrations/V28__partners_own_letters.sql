-- NOT-1: how often a partner's own letters are written: Errors, Invoices, General. A row only where one is; without, it is off.
create table digest (
    partner integer not null references partner,
    digest text not null check (digest in ('errors', 'invoices', 'general')),
    every text not null check (every in ('daily', 'weekly', 'monthly')),
    -- What came to be later than this has not been told.
    told_until integer not null,
    -- SUB-12: the edge of the day, week or month, in UTC, at which the next one is due.
    next_at integer not null,
    primary key (partner, digest)
) strict, without rowid;
create index digest_due on digest (next_at, partner, digest);

-- Further letters that can be switched off; a check cannot be widened in place.
create table notification_wider (
    partner integer not null references partner,
    notice text not null check (notice in ('organization_created', 'account_reactivated', 'user_set_up', 'unsubscribed', 'grace_ending',
                                           'reactivated', 'transfer_asked', 'transferred')),
    wanted integer not null check (wanted in (0, 1)),
    primary key (partner, notice)
) strict, without rowid;
insert into notification_wider (partner, notice, wanted) select partner, notice, wanted from notification;
drop table notification;
alter table notification_wider rename to notification;
