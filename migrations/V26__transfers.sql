-- PAR-3 to PAR-7: organizations and SaaS accounts on their way from one partner to another.

create table transfer (
    id integer primary key,
    -- Whose it is until it is carried out.
    partner integer not null references partner,
    -- Nobody, where the Partner ID is none: whoever asked is told the same.
    receiver integer references partner,
    validator integer references partner,
    receiver_id text not null,
    organization integer references organization,
    saas_account integer references saas_account,
    name text not null,
    -- PAR-4: names that the receiver keeps free, once it is validated.
    name_key text,
    email_key text,
    asked_by text not null,
    asked_at integer not null,
    state text not null check (state in ('waiting', 'validated', 'refused', 'withdrawn', 'lapsed', 'done')),
    validated_by text,
    due_at integer,
    ended_by text,
    ended_at integer,
    reason text,
    check ((organization is null) <> (saas_account is null)),
    check (state <> 'validated' or (receiver is not null and due_at is not null))
) strict;
-- One at a time.
create unique index transfer_of_organization on transfer (organization) where state in ('waiting', 'validated') and organization is not null;
create unique index transfer_of_account on transfer (saas_account) where state in ('waiting', 'validated') and saas_account is not null;
create index transfer_by_organization on transfer (organization) where organization is not null;
create index transfer_by_account on transfer (saas_account) where saas_account is not null;
create index transfer_by_partner on transfer (partner, asked_at, id);
create index transfer_by_receiver on transfer (receiver, asked_at, id);
create index transfer_by_validator on transfer (validator, asked_at, id);
create index transfer_due on transfer (due_at, id) where state = 'validated';
create index transfer_lapsing on transfer (asked_at, id) where state = 'waiting';
create index transfer_reserved on transfer (receiver, name_key) where state = 'validated';
