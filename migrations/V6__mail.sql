-- Letters that arrive: how the operating partner set their way out, how it goes, and who has a letter in hand.

-- MAI-1: one row, of the operating partner. The password is sealed with the key file, for just this server and user.
create table mail_setting (
    partner integer primary key references partner,
    delivery text not null check (delivery in ('hold', 'smtp')),
    host text not null,
    port integer not null,
    security text not null check (security in ('starttls', 'tls', 'none')),
    user text not null,
    sealed_password blob,
    authority text not null,
    from_address text not null,
    from_name text not null
) strict;

-- MAI-2: how it goes. While the way out is closed, nothing is tried before `pause_until`.
create table mail_status (
    partner integer primary key references partner,
    last_success_at integer,
    last_failure_at integer,
    last_failure text,
    failing_since integer,
    failures integer not null default 0,
    pause_until integer,
    -- The test letter: until when it may take, and what came of the last one.
    test_until integer,
    tested_at integer,
    test_ok integer check (test_ok in (0, 1)),
    test_said text
) strict;

-- A letter is in one pair of hands at a time, and for so long at most; a crash leaves it to the next after that.
alter table letter add column claimed_until integer;
-- The same at every try, whatever is set meanwhile.
alter table letter add column message_id text;
-- MAI-2: the three days begin here, if somebody asked for a further try; else when the letter was written.
alter table letter add column trying_since integer;
create index letter_held on letter (id) where state = 'held';
