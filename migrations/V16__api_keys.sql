-- Keys with which scripts come in (API-1), and until when the backups of an unprotected seat are kept (SEA-3).

-- Only a keyed hash of the secret is stored. A key is of a whole partner, or of one of its organizations; it can do what its maker can.
create table api_key (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    account integer not null references account,
    name text not null,
    public_key text not null unique,
    secret_hash blob not null,
    state text not null check (state in ('active', 'deactivated')),
    expires_at integer not null,
    created_at integer not null,
    last_used_at integer
) strict;
create index api_key_by_partner on api_key (partner, created_at, id);
create index api_key_by_account on api_key (account);
create index api_key_by_organization on api_key (organization) where organization is not null;

-- Past when they are gone; unknown for a seat that was never seen protected.
alter table seat add column data_until integer;
