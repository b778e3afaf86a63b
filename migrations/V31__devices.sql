-- Backup appliances (BCDR), what they protect, and the same on its way in.

create table device (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    -- By which it is known again.
    serial text not null,
    serial_key text not null,
    name text not null,
    name_key text not null,
    model text,
    location text,
    provider text,
    last_seen integer,
    client_name text,
    hidden integer not null check (hidden in (0, 1)),
    service_plan text,
    registered_at integer,
    service_until integer,
    warranty_until integer,
    -- The vendor sends kilobytes of what lies on the device, and bytes of everything else.
    local_used_kb integer,
    local_free_kb integer,
    offsite_bytes integer,
    managed_bytes integer,
    internal_ip text,
    tickets integer not null,
    reseller text,
    -- As the vendor counts them.
    agents integer not null,
    shares integer not null,
    alerts integer not null,
    uptime_seconds integer,
    -- DEV-5: http or https, checked when it came in.
    web_address text,
    linked_at integer,
    unlinked_reason text check (unlinked_reason in ('never_linked', 'by_person', 'organization_deleted', 'organization_transferred')),
    unlinked_detail text,
    unlinked_at integer,
    created_at integer not null,
    -- Hostname and serial number, one a line.
    search text not null,
    -- Kept when reports come in, so that the status page is one walk: the newest moment that the data knows, how full the device is in
    -- tenths of a percent, and of the assets that are neither paused nor archived the number, the moments of the newest snapshot and of
    -- that of the one furthest behind, the same offsite, those whose newest backup failed, that have none, or whose newest screenshot
    -- failed, and when the newest screenshot was taken.
    as_of integer,
    local_permille integer,
    active_assets integer not null default 0,
    newest_snapshot integer,
    oldest_snapshot integer,
    newest_offsite integer,
    oldest_offsite integer,
    failed_backups integer not null default 0,
    without_snapshot integer not null default 0,
    failed_screenshots integer not null default 0,
    newest_screenshot integer,
    check ((organization is null) = (unlinked_reason is not null))
) strict;
create unique index device_serial on device (partner, serial_key);
create index device_linked on device (organization, name_key) where organization is not null;
create index device_unlinked on device (partner, name_key) where organization is null;
create index device_by_name on device (partner, name_key, id);
create index device_searched on device (partner, search, organization);

create table asset (
    id integer primary key,
    partner integer not null references partner,
    device integer not null references device,
    -- 32 hex digits, by which it is known again on its device.
    volume text not null,
    vendor_id integer not null,
    kind text not null check (kind in ('agent', 'share')),
    name text not null,
    name_key text not null,
    local_ip text,
    os text,
    protected_count integer not null,
    unprotected_count integer not null,
    -- One a line.
    protected_names text not null,
    unprotected_names text not null,
    agent_version text,
    paused integer not null check (paused in (0, 1)),
    archived integer not null check (archived in (0, 1)),
    latest_offsite integer,
    local_snapshots integer not null,
    last_snapshot integer,
    screenshot_at integer,
    screenshot_ok integer check (screenshot_ok in (0, 1)),
    -- Kept to be served again, and never loaded or linked (ALL-5).
    screenshot_url text,
    fqdn text,
    unique (device, volume)
) strict;
create index asset_list on asset (device, name_key, id);

-- The recovery points that an asset's newest report tells of.
create table asset_backup (
    asset integer not null references asset,
    -- Its place in the report, 0 being the newest.
    place integer not null,
    at integer not null,
    -- The vendor's words: "success" and others.
    status text not null,
    error text,
    verification text,
    -- A JSON array of type and message.
    verification_errors text not null,
    screenshot text,
    screenshot_image text,
    primary key (asset, place)
) strict, without rowid;

create table import_device (
    import integer not null references import,
    serial_key text not null,
    verdict text not null check (verdict in ('new', 'changed', 'unchanged')),
    file text not null,
    line integer not null,
    -- The one here that it was compared with, and where a new one is linked.
    device integer,
    organization integer,
    report text not null,
    primary key (import, serial_key)
) strict, without rowid;

-- The devices whose assets an import brings: all of them, or some.
create table import_asset_list (
    import integer not null references import,
    serial_key text not null,
    complete integer not null check (complete in (0, 1)),
    primary key (import, serial_key)
) strict, without rowid;

create table import_asset (
    import integer not null references import,
    serial_key text not null,
    volume text not null,
    report text not null,
    primary key (import, serial_key, volume)
) strict, without rowid;
