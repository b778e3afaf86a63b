-- A second factor for what people sign in with, recovery codes for when it is lost, and a way back in by letter (ACC-7, ACC-8, ORG-9).

-- The secret is sealed with the key file. Of the codes it makes, only those of a later step than the last accepted one are taken.
create table second_factor (
    identity integer primary key references identity,
    partner integer not null references partner,
    sealed_secret blob not null,
    last_step integer not null,
    set_up_at integer not null
) strict;

-- Each works once; only keyed hashes are kept.
create table recovery_code (
    identity integer not null references identity,
    partner integer not null references partner,
    code_hash blob not null,
    used_at integer,
    primary key (identity, code_hash)
) strict, without rowid;

-- When a code of the second factor was given in a session.
alter table session add column factor_at integer;

-- ACC-8: the password's hash is that of a one-time passcode, good until then (0 once it was used); a second factor has to be set up anew.
alter table identity add column passcode_until integer;
alter table identity add column owes_factor integer not null default 0 check (owes_factor in (0, 1));

-- A letter that carries a one-time passcode, and what keeps the passcode for it: both lists of words grow, so both tables are made anew.
create table link_anew (
    id integer primary key,
    partner integer not null references partner,
    identity integer not null references identity,
    account integer references account,
    purpose text not null check (purpose in ('set_up', 'reset', 'passcode')),
    token_hash blob not null unique,
    created_at integer not null,
    expires_at integer not null,
    spent_at integer
) strict;
insert into link_anew (id, partner, identity, account, purpose, token_hash, created_at, expires_at, spent_at)
    select id, partner, identity, account, purpose, token_hash, created_at, expires_at, spent_at from link;
drop table link;
alter table link_anew rename to link;
create index link_by_identity on link (identity, purpose);
create index link_by_account on link (account);
create index link_expiry on link (expires_at);
create index link_spent on link (spent_at) where spent_at is not null;

create table letter_anew (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    account integer references account,
    identity integer references identity,
    kind text not null check (kind in ('welcome', 'invitation', 'further_account', 'reset', 'passcode', 'notice')),
    to_name text not null,
    to_email text not null,
    subject text not null,
    text text not null,
    html text not null,
    -- MAI-3: the secret link or passcode, sealed with the key file; gone once it is used or expired.
    link integer references link,
    sealed_link blob,
    state text not null check (state in ('held', 'queued', 'delivered', 'failed')),
    attempts integer not null default 0,
    next_attempt_at integer,
    last_error text,
    created_at integer not null,
    delivered_at integer,
    -- A letter is in one pair of hands at a time, and for so long at most; a crash leaves it to the next after that.
    claimed_until integer,
    -- The same at every try, whatever is set meanwhile.
    message_id text,
    -- MAI-2: the three days begin here, if somebody asked for a further try; else when the letter was written.
    trying_since integer
) strict;
insert into letter_anew (id, partner, organization, account, identity, kind, to_name, to_email, subject, text, html, link, sealed_link, state,
                         attempts, next_attempt_at, last_error, created_at, delivered_at, claimed_until, message_id, trying_since)
    select id, partner, organization, account, identity, kind, to_name, to_email, subject, text, html, link, sealed_link, state,
           attempts, next_attempt_at, last_error, created_at, delivered_at, claimed_until, message_id, trying_since from letter;
drop table letter;
alter table letter_anew rename to letter;
create index letter_outbox on letter (partner, created_at, id);
create index letter_queue on letter (next_attempt_at) where state = 'queued';
create index letter_failed on letter (partner, created_at, id) where state = 'failed';
create index letter_by_organization on letter (organization) where organization is not null;
create index letter_by_account on letter (account) where account is not null;
create index letter_by_identity on letter (identity) where identity is not null;
create index letter_by_link on letter (link) where link is not null;
create index letter_held on letter (id) where state = 'held';

-- Fails if a row points at nothing.
create temp table no_stray (found integer check (found = 0)) strict;
insert into no_stray select count(*) from pragma_foreign_key_check;
drop table no_stray;
