-- What a partner asks for each plan, per seat and month, from a month on (SUB-1). A month is years times twelve plus the month from 0;
-- an amount is in the currency's smallest unit, and missing for a plan without a price.
create table price_list (
    partner integer not null references partner,
    month integer not null check (month > 0),
    currency text not null check (length(currency) = 3),
    backup integer check (backup >= 0),
    archiver integer check (archiver >= 0),
    personal integer check (personal >= 0),
    primary key (partner, month)
) strict, without rowid;

-- Seats that cost and protect nobody who works: read by Licenses, by account.
create index seat_idle on seat (saas_account, state, state_since) where seat_type = 'User' and state in ('Archived', 'Paused');
