-- SUP-1: which users of organizations may ask for the interactions with support, and the PIN by which such a user shows who they are.

create table support_authorization (
    account integer primary key references account,
    partner integer not null references partner,
    organization integer not null references organization,
    given_by text not null,
    given_at integer not null,
    -- Not in force before the PIN was confirmed.
    confirmed_by text,
    confirmed_at integer,
    check ((confirmed_by is null) = (confirmed_at is null))
) strict;
create index support_authorization_by_organization on support_authorization (organization);

-- Only a keyed hash of it is stored. It is spent by being confirmed: from then on somebody else knows it.
create table support_pin (
    account integer primary key references account,
    partner integer not null references partner,
    pin_hash blob not null,
    made_at integer not null
) strict;
