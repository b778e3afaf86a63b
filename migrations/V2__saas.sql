-- SaaS accounts, their seats, and the days of their backups as they were reported.

create table saas_account (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    vendor_id integer,
    name text not null,
    name_key text not null,
    domain text not null,
    domain_key text not null,
    product text not null check (product in ('microsoft_365', 'google_workspace')),
    external_subscription_id text,
    region text,
    retention text check (retention in ('ICR', 'TBR')),
    commitment text check (commitment in ('one_year', 'month_to_month')),
    authorized integer not null default 1 check (authorized in (0, 1)),
    seats_used integer not null default 0,
    linked_at integer,
    unlinked_reason text check (unlinked_reason in ('never_linked', 'by_person', 'organization_deleted', 'received_by_transfer')),
    unlinked_detail text,
    unlinked_at integer,
    purged_at integer,
    -- What the vendor counts itself (backupStats), kept to be served again.
    stats_active integer,
    stats_recent integer,
    stats_percentage real,
    -- Kept when reports come in, so that the status page is one index walk: when the data was true, and its summary.
    as_of integer,
    used_bytes integer,
    active_services integer not null default 0,
    backed_services integer not null default 0,
    perfect_services integer not null default 0,
    last_fully_protected integer,
    -- Ten days, newest last, one letter each: g good, a some missed, r none, - no data.
    strip text not null default '----------',
    -- What the newest data shows, before its age and the subscription's state are looked at; severity sorts worst first.
    health text not null default 'no_data' check (health in ('protected', 'some_missed', 'failing', 'no_data')),
    severity integer not null default 0,
    created_at integer not null,
    tags text not null,
    search text not null,
    check ((organization is null) = (unlinked_reason is not null))
) strict;
create unique index saas_account_vendor on saas_account (partner, vendor_id) where vendor_id is not null;
create index saas_account_linked on saas_account (organization, name_key) where organization is not null;
create index saas_account_unlinked on saas_account (partner, name_key) where organization is null;
create index saas_account_worst on saas_account (partner, severity desc, name_key, id);
create index saas_account_domain on saas_account (partner, domain_key);

create virtual table saas_account_search using fts5 (tags, search, content = 'saas_account', content_rowid = 'id', tokenize = 'trigram');
insert into saas_account_search (saas_account_search, rank) values ('secure-delete', 1);
create trigger saas_account_indexed after insert on saas_account begin
    insert into saas_account_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;
create trigger saas_account_reindexed after update of tags, search on saas_account when old.tags <> new.tags or old.search <> new.search begin
    insert into saas_account_search (saas_account_search, rowid, tags, search) values ('delete', old.id, old.tags, old.search);
    insert into saas_account_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;
create trigger saas_account_unindexed after delete on saas_account begin
    insert into saas_account_search (saas_account_search, rowid, tags, search) values ('delete', old.id, old.tags, old.search);
end;

create table saas_application (
    saas_account integer not null references saas_account,
    application text not null,
    used_bytes integer not null default 0,
    uningested_services integer not null default 0,
    -- Epoch milliseconds as text, or the vendor's bucket such as OVER_10_DAYS_AGO.
    last_fully_protected text,
    primary key (saas_account, application)
) strict, without rowid;

-- One row per account, application and UTC day of the window's later end.
create table backup_day (
    saas_account integer not null references saas_account,
    application text not null,
    day integer not null,
    window_start integer not null,
    window_end integer not null,
    total_services integer not null,
    active_services integer not null,
    backed_services integer not null,
    perfect_services integer not null,
    status text not null check (status in ('Perfect', 'Backup With Issues', 'Insufficient History')),
    primary key (saas_account, application, day)
) strict, without rowid;

create table seat (
    id integer primary key,
    partner integer not null references partner,
    saas_account integer not null references saas_account,
    main_id text not null,
    name text not null,
    name_key text not null,
    seat_type text not null,
    state text not null check (state in ('Active', 'Paused', 'Archived', 'Unprotected')),
    state_since integer not null,
    billable integer not null check (billable in (0, 1)),
    date_added integer,
    remote_id text,
    unique (saas_account, seat_type, main_id)
) strict;
create index seat_list on seat (saas_account, seat_type, state, name_key, id);
