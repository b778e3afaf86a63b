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

-- IMP-1, IMP-2: files are parsed and staged in small transactions; one transaction moves them.
create table import (
    id integer primary key,
    partner integer not null references partner,
    account integer references account,
    actor text not null,
    state text not null check (state in ('staging', 'ready', 'refused', 'done')),
    created_at integer not null,
    finished_at integer,
    summary text not null default '{}'
) strict;
create index import_by_partner on import (partner, created_at);
create index import_age on import (created_at);
create index import_by_account on import (account) where account is not null;

create table import_row (
    import integer not null references import,
    number integer not null,
    kind text not null check (kind in ('organization', 'user', 'saas_account', 'seat', 'report')),
    verdict text not null check (verdict in ('new', 'changed', 'unchanged')),
    file text not null,
    line integer not null,
    target integer,
    row_key text not null,
    content text not null,
    primary key (import, number)
) strict, without rowid;
create index import_row_kind on import_row (import, kind, verdict, number);

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
