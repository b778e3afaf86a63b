-- NOT-1: which letters a partner wants written to its organizations' people. A row only where it was chosen; without, the letter's default
-- holds, so that a new kind of letter needs no row.
create table notification (
    partner integer not null references partner,
    notice text not null check (notice in ('organization_created', 'account_reactivated', 'user_set_up', 'unsubscribed', 'grace_ending')),
    wanted integer not null check (wanted in (0, 1)),
    primary key (partner, notice)
) strict, without rowid;
