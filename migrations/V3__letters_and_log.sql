-- The outbox, the activity log, and imports on their way in.

create table letter (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    account integer references account,
    identity integer references identity,
    kind text not null check (kind in ('welcome', 'invitation', 'further_account', 'reset', 'notice')),
    to_name text not null,
    to_email text not null,
    subject text not null,
    text text not null,
    html text not null,
    -- MAI-3: the secret link, sealed with the key file; gone once it is used or expired.
    link integer references link,
    sealed_link blob,
    state text not null check (state in ('held', 'queued', 'delivered', 'failed')),
    attempts integer not null default 0,
    next_attempt_at integer,
    last_error text,
    created_at integer not null,
    delivered_at integer
) strict;
create index letter_outbox on letter (partner, created_at, id);
create index letter_queue on letter (next_attempt_at) where state = 'queued';
create index letter_failed on letter (partner, created_at, id) where state = 'failed';
create index letter_by_organization on letter (organization) where organization is not null;
create index letter_by_account on letter (account) where account is not null;
create index letter_by_identity on letter (identity) where identity is not null;
create index letter_by_link on letter (link) where link is not null;

-- LOG-2: events have no foreign keys; they outlive what they tell of.
create table activity (
    seq integer primary key autoincrement,
    at integer not null,
    partner integer not null,
    organization integer,
    actor_account integer,
    actor text not null,
    actor_roles text not null,
    address text not null,
    kind text not null,
    target_kind text not null,
    target_id integer,
    target_name text not null,
    sentence text not null,
    changes text not null,
    hash blob not null
) strict;
create index activity_by_partner on activity (partner, seq);
create index activity_by_organization on activity (organization, seq) where organization is not null;
create index activity_by_kind on activity (partner, kind, seq);
create trigger activity_stays before update on activity begin
    select raise(abort, 'an event never changes');
end;
create trigger activity_remains before delete on activity begin
    select raise(abort, 'an event never goes');
end;

-- The last look at the whole chain.
create table chain_check (
    id integer primary key check (id = 1),
    checked_at integer not null,
    events integer not null,
    first_bad integer
) strict;

-- IMP-1, IMP-2: files are parsed, checked and staged in small transactions; one transaction moves what was staged. Only what would
-- change something is staged: what is here just so is counted.
create table import (
    id integer primary key,
    partner integer not null references partner,
    actor text not null,
    state text not null check (state in ('staging', 'ready', 'refused', 'done')),
    created_at integer not null,
    finished_at integer,
    -- The newest event when checking began: if there are later ones, the import looks again before it moves.
    checked_seq integer not null,
    refused integer not null default 0,
    -- Whether the new users get their letters; sent in small batches after the move.
    send_letters integer not null default 0 check (send_letters in (0, 1)),
    -- Up to these ids, in their order, new rows stand in the search indexes already, before they are moved: filling the index takes
    -- longer than everything else and must not hold up other writers.
    indexed_organization integer not null default 0,
    indexed_account integer not null default 0
) strict;
create index import_by_partner on import (partner, created_at);
create index import_age on import (state, created_at);

-- What each file turned out to be; stays as the import's history.
create table import_file (
    import integer not null references import,
    number integer not null,
    name text not null,
    kind text check (kind in ('organizations', 'accounts', 'users', 'seats', 'reports', 'devices', 'assets', 'agents', 'networks',
                              'other_products')),
    new_rows integer not null,
    changed_rows integer not null,
    unchanged_rows integer not null,
    refused_rows integer not null,
    primary key (import, number)
) strict, without rowid;

create table import_problem (
    import integer not null references import,
    number integer not null,
    level text not null check (level in ('refused', 'note')),
    file text not null,
    line integer not null,
    field text not null,
    reason text not null,
    primary key (import, number)
) strict, without rowid;

create table import_organization (
    import integer not null references import,
    organization integer not null,
    verdict text not null check (verdict in ('new', 'changed', 'unchanged')),
    file text not null,
    line integer not null,
    name text not null,
    name_key text not null,
    vendor_id integer,
    contact_first_name text,
    contact_last_name text,
    contact_email text,
    contact_email_key text,
    country text,
    plan text,
    auto_license integer not null,
    seats integer,
    search text not null,
    primary key (import, organization)
) strict, without rowid;
create index import_organization_id on import_organization (organization);

create table import_user (
    import integer not null references import,
    account integer not null,
    verdict text not null check (verdict in ('new', 'changed', 'unchanged')),
    file text not null,
    line integer not null,
    organization integer not null,
    identity integer not null,
    new_identity integer not null check (new_identity in (0, 1)),
    email text not null,
    email_key text not null,
    first_name text not null,
    last_name text not null,
    name_key text not null,
    country_code text,
    mobile_phone text,
    access text not null,
    endpoint_access text not null,
    search text not null,
    primary key (import, account)
) strict, without rowid;
create index import_user_account on import_user (account);
create index import_user_by_organization on import_user (import, organization);

-- Accounts are named by the vendor's id until the move: it may make them.
create table import_account (
    import integer not null references import,
    vendor_id integer not null,
    verdict text not null check (verdict in ('new', 'changed', 'unchanged')),
    file text not null,
    line integer not null,
    name text not null,
    domain text not null,
    product text not null,
    external_subscription_id text,
    retention text,
    seats_used integer not null,
    stats_active integer not null,
    stats_recent integer not null,
    stats_percentage real not null,
    -- Where a new account is linked; null for none.
    organization integer,
    primary key (import, vendor_id)
) strict, without rowid;

create table import_seat (
    import integer not null references import,
    vendor_id integer not null,
    seat_type text not null,
    main_id text not null,
    name text not null,
    state text not null,
    billable integer not null,
    date_added integer,
    remote_id text,
    primary key (import, vendor_id, seat_type, main_id)
) strict, without rowid;

-- The accounts whose full set of seats an import brings.
create table import_seat_list (
    import integer not null references import,
    vendor_id integer not null,
    primary key (import, vendor_id)
) strict, without rowid;

create table import_application (
    import integer not null references import,
    vendor_id integer not null,
    application text not null,
    used_bytes integer not null,
    uningested_services integer not null,
    last_fully_protected text,
    primary key (import, vendor_id, application)
) strict, without rowid;

create table import_day (
    import integer not null references import,
    vendor_id integer not null,
    application text not null,
    day integer not null,
    window_start integer not null,
    window_end integer not null,
    total_services integer not null,
    active_services integer not null,
    backed_services integer not null,
    perfect_services integer not null,
    status text not null,
    primary key (import, vendor_id, application, day)
) strict, without rowid;
