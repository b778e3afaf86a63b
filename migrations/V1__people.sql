-- Who there is: partners and their tree, organizations, identities, their accounts, sessions, mailed links, and what keeps guessing slow.
-- Times are UTC milliseconds. Every tenant's row carries its partner. Foreign keys stay RESTRICT: whoever deletes decides, nothing cascades.

create table partner (
    id integer primary key,
    public_id text not null unique,
    parent integer references partner,
    name text not null,
    name_key text not null,
    country text not null,
    slug text not null unique,
    console_address text,
    created_at integer not null
) strict;

-- One row per (ancestor, partner), each partner being its own ancestor at depth 0.
create table partner_ancestor (
    ancestor integer not null references partner,
    partner integer not null references partner,
    depth integer not null,
    primary key (ancestor, partner)
) strict, without rowid;
create index partner_ancestor_upward on partner_ancestor (partner, depth, ancestor);

-- ACC-11: one identity per e-mail and partner.
create table identity (
    id integer primary key,
    partner integer not null references partner,
    email text not null,
    email_key text not null,
    password_hash text,
    password_set_at integer,
    time_zone text not null default 'UTC',
    theme text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
    last_used_at integer,
    created_at integer not null,
    unique (partner, email_key)
) strict;
create index identity_by_email on identity (email_key, last_used_at);

create table organization (
    id integer primary key,
    partner integer not null references partner,
    name text not null,
    name_key text not null,
    vendor_id integer,
    contact_first_name text,
    contact_last_name text,
    contact_email text,
    contact_email_key text,
    country text,
    custom_branding integer not null default 0 check (custom_branding in (0, 1)),
    require_second_factor integer not null default 0 check (require_second_factor in (0, 1)),
    created_at integer not null,
    created_by text not null,
    deleted_at integer,
    tags text not null,
    search text not null
) strict;
create unique index organization_name on organization (partner, name_key) where deleted_at is null;
create unique index organization_contact on organization (partner, contact_email_key) where deleted_at is null and contact_email_key is not null;
create unique index organization_vendor on organization (partner, vendor_id) where deleted_at is null and vendor_id is not null;

create table subscription (
    organization integer primary key references organization,
    partner integer not null references partner,
    plan text check (plan in ('backup', 'archiver', 'personal')),
    auto_license integer not null default 0 check (auto_license in (0, 1)),
    seats integer check (seats >= 0),
    state text not null check (state in ('active', 'suspended', 'unsubscribed', 'deleted')),
    since integer not null
) strict;

-- One row per (viewing partner, organization): what the list filters and sorts by, beside the indexes that it walks.
create table organization_listing (
    viewer integer not null references partner,
    organization integer not null references organization,
    state text not null check (state in ('active', 'suspended', 'unsubscribed', 'deleted')),
    name_key text not null,
    plan text,
    users integer not null default 0,
    services integer not null default 0,
    seats_used integer not null default 0,
    primary key (viewer, organization)
) strict, without rowid;
create index organization_listing_name on organization_listing (viewer, state, name_key, organization);
create index organization_listing_users on organization_listing (viewer, state, users, name_key, organization, plan);
create index organization_listing_services on organization_listing (viewer, state, services, name_key, organization, plan);
create index organization_listing_seats on organization_listing (viewer, state, seats_used, name_key, organization, plan);
create index organization_listing_plan on organization_listing (viewer, state, plan, name_key, organization);
create index organization_listing_by_organization on organization_listing (organization);

-- Counts on the tabs, kept as rows come and go.
create table organization_count (
    viewer integer not null references partner,
    state text not null check (state in ('active', 'suspended', 'unsubscribed', 'deleted')),
    count integer not null,
    primary key (viewer, state)
) strict, without rowid;
create trigger organization_listing_added after insert on organization_listing begin
    insert into organization_count (viewer, state, count) values (new.viewer, new.state, 1)
        on conflict (viewer, state) do update set count = count + 1;
end;
create trigger organization_listing_moved after update of state on organization_listing when old.state <> new.state begin
    update organization_count set count = count - 1 where viewer = old.viewer and state = old.state;
    insert into organization_count (viewer, state, count) values (new.viewer, new.state, 1)
        on conflict (viewer, state) do update set count = count + 1;
end;
create trigger organization_listing_gone after delete on organization_listing begin
    update organization_count set count = count - 1 where viewer = old.viewer and state = old.state;
end;

create virtual table organization_search using fts5 (tags, search, content = 'organization', content_rowid = 'id', tokenize = 'trigram');
insert into organization_search (organization_search, rank) values ('secure-delete', 1);
-- Rows that an import brings are indexed in small transactions before the one that moves them (V3).
create trigger organization_indexed after insert on organization when not exists (
    select 1 from import_organization r join import i on i.id = r.import
     where r.organization = new.id and r.verdict = 'new' and r.organization <= i.indexed_organization
) begin
    insert into organization_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;
create trigger organization_reindexed after update of tags, search on organization when old.tags <> new.tags or old.search <> new.search begin
    insert into organization_search (organization_search, rowid, tags, search) values ('delete', old.id, old.tags, old.search);
    insert into organization_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;

create table account (
    id integer primary key,
    partner integer not null references partner,
    identity integer not null references identity,
    organization integer references organization,
    first_name text not null,
    last_name text not null,
    name_key text not null,
    country_code text,
    mobile_phone text,
    state text not null check (state in ('not_invited', 'invited', 'active', 'deactivated')),
    since integer not null,
    invited_until integer,
    set_up_at integer,
    last_sign_in_at integer,
    created_at integer not null,
    tags text not null,
    search text not null,
    check (state <> 'invited' or invited_until is not null)
) strict;
create unique index account_of_employee on account (identity) where organization is null;
create unique index account_of_identity on account (identity, organization);
create index account_by_organization on account (organization, name_key, id);
create index account_by_partner on account (partner, name_key, id) where organization is null;
create index account_invited on account (invited_until) where state = 'invited';
-- HOM-1: set-ups that wait, are about to lapse, or have lapsed.
create index account_waiting on account (partner, state, since, id);

create virtual table account_search using fts5 (tags, search, content = 'account', content_rowid = 'id', tokenize = 'trigram');
insert into account_search (account_search, rank) values ('secure-delete', 1);
create trigger account_indexed after insert on account when not exists (
    select 1 from import_user r join import i on i.id = r.import
     where r.account = new.id and r.verdict = 'new' and r.account <= i.indexed_account
) begin
    insert into account_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;
create trigger account_reindexed after update of tags, search on account when old.tags <> new.tags or old.search <> new.search begin
    insert into account_search (account_search, rowid, tags, search) values ('delete', old.id, old.tags, old.search);
    insert into account_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;
create trigger account_unindexed after delete on account begin
    insert into account_search (account_search, rowid, tags, search) values ('delete', old.id, old.tags, old.search);
end;

create table employee (
    account integer primary key references account,
    partner integer not null references partner,
    role text not null check (role in ('primary_account', 'security_admin', 'admin', 'tech', 'business', 'sales_and_marketing')),
    bcdr text not null check (bcdr in ('none', 'full')),
    endpoint_backup text not null check (endpoint_backup in ('none', 'full'))
) strict;
create unique index employee_primary on employee (partner) where role = 'primary_account';

create table organization_user (
    account integer primary key references account,
    partner integer not null references partner,
    organization integer not null references organization,
    access text not null check (access in ('full', 'none')),
    endpoint_access text not null check (endpoint_access in ('file_restores', 'none')),
    owner integer not null default 0 check (owner in (0, 1)),
    full_administrator integer not null default 0 check (full_administrator in (0, 1))
) strict;
-- USR-3
create unique index organization_user_endpoint on organization_user (organization) where endpoint_access = 'file_restores';
create index organization_user_by_organization on organization_user (organization);

-- ACC-6: a removed account's e-mail, as a keyed hash, until it may be used again.
create table held_email (
    partner integer not null references partner,
    email_hash blob not null,
    until integer not null,
    primary key (partner, email_hash)
) strict, without rowid;
create index held_email_until on held_email (until);

-- A session without an account is half a one: it reaches choosing, accepting and set-up only.
create table session (
    id integer primary key,
    token_hash blob not null unique,
    partner integer not null references partner,
    identity integer not null references identity,
    account integer references account,
    created_at integer not null,
    last_seen_at integer not null,
    proved_at integer not null,
    address text not null,
    browser text not null
) strict;
create index session_by_identity on session (identity);
create index session_by_account on session (account);

-- A mailed link: set-up of an account (ACC-2) or reset of a password (ACC-9). Only the token's hash is stored.
create table link (
    id integer primary key,
    partner integer not null references partner,
    identity integer not null references identity,
    account integer references account,
    purpose text not null check (purpose in ('set_up', 'reset')),
    token_hash blob not null unique,
    created_at integer not null,
    expires_at integer not null,
    spent_at integer
) strict;
create index link_by_identity on link (identity, purpose);
create index link_by_account on link (account);
create index link_expiry on link (expires_at);
create index link_spent on link (spent_at) where spent_at is not null;

-- ACC-9: one row whether or not anybody has this e-mail; a job writes the letters.
create table reset_request (
    id integer primary key,
    email_key text not null,
    slug text,
    address text not null,
    requested_at integer not null
) strict;

-- SEC-1: failures per entered e-mail and per address, by keyed hash.
create table sign_in_failure (
    kind text not null check (kind in ('email', 'address')),
    subject blob not null,
    failures integer not null,
    window_from integer not null,
    blocked_until integer not null,
    primary key (kind, subject)
) strict, without rowid;

-- ALL-7: what a form answered when it did its work, kept for a day.
create table form_answer (
    form_hash blob primary key,
    body_hash blob not null,
    location text not null,
    alert text not null,
    answered_at integer not null
) strict, without rowid;
create index form_answer_age on form_answer (answered_at);
