-- END-1: endpoint agents, each tied to its organization, and the datasets that they own.

create table endpoint_agent (
    id integer primary key,
    partner integer not null references partner,
    organization integer not null references organization,
    -- The vendor's, by which it is known again.
    uuid text not null,
    short_code text,
    agent_type text,
    hostname text not null,
    name_key text not null,
    -- What the vendor calls the organization beside its name.
    client_name text,
    last_snapshot integer,
    last_screenshot integer,
    screenshot_success integer check (screenshot_success in (0, 1)),
    mac text,
    serial text,
    -- Kept when files come in: the newest backup of any kind, the last ten, oldest first (g good, s screenshot failed, r failed, - not told),
    -- and the newest screenshot.
    last_backup integer,
    strip text not null default '',
    shot_at integer,
    shot_success integer check (shot_success in (0, 1)),
    created_at integer not null,
    search text not null
) strict;
create unique index endpoint_agent_uuid on endpoint_agent (partner, uuid);
create index endpoint_agent_code on endpoint_agent (partner, short_code) where short_code is not null;
create index endpoint_agent_list on endpoint_agent (organization, name_key, id);

create table endpoint_dataset (
    id integer primary key,
    partner integer not null references partner,
    agent integer not null references endpoint_agent,
    -- None for the dataset of an agent that has backups and of which no asset was told yet.
    asset_uuid text,
    name text not null,
    status text,
    asset_type text,
    -- As the vendor writes it.
    last_backup text,
    screenshot_success integer check (screenshot_success in (0, 1)),
    reseller_id integer,
    backup_success integer check (backup_success in (0, 1)),
    last_screenshot_url text,
    hostname text,
    mac_address text,
    external_ip text,
    agent_code text,
    protected_volume text,
    created_at integer not null
) strict;
create unique index endpoint_dataset_asset on endpoint_dataset (partner, asset_uuid) where asset_uuid is not null;
create index endpoint_dataset_of_agent on endpoint_dataset (agent, id);

create table endpoint_backup (
    partner integer not null references partner,
    dataset integer not null references endpoint_dataset,
    -- As the vendor orders them.
    number integer not null,
    at integer not null,
    success integer check (success in (0, 1)),
    screenshot_success integer check (screenshot_success in (0, 1)),
    primary key (dataset, number)
) strict, without rowid;

-- What a purge destroyed besides.
alter table receipt add column agents integer not null default 0;
alter table receipt add column datasets integer not null default 0;

create table import_endpoint_agent (
    import integer not null references import,
    uuid text not null,
    -- Which agent the row was compared with, and where a new one belongs.
    agent integer,
    organization integer,
    short_code text,
    agent_type text,
    hostname text not null,
    client_name text,
    last_snapshot integer,
    last_screenshot integer,
    screenshot_success integer,
    mac text,
    serial text,
    primary key (import, uuid)
) strict, without rowid;

create table import_endpoint_asset (
    import integer not null references import,
    asset_uuid text not null,
    dataset integer,
    organization integer,
    name text not null,
    status text,
    asset_type text,
    last_backup text,
    screenshot_success integer,
    reseller_id integer,
    backup_success integer,
    last_screenshot_url text,
    hostname text,
    mac_address text,
    external_ip text,
    agent_code text,
    protected_volume text,
    -- As JSON.
    backups text not null,
    primary key (import, asset_uuid)
) strict, without rowid;
