-- What devices raise alarm about, and the virtual machines that run on them from a backup, as the vendor reports them; and both on their
-- way in.

create table device_alert (
    device integer not null references device,
    -- Its place in the report.
    place integer not null,
    kind text not null,
    threshold integer,
    unit text,
    triggered_at integer,
    sent_at integer,
    primary key (device, place)
) strict, without rowid;

create table vm_restore (
    device integer not null references device,
    place integer not null,
    vendor_id integer not null,
    asset_vendor_id integer,
    cpus integer,
    ram integer,
    sockets integer,
    time_zone text,
    network_name text,
    storage_bus text,
    model_type text,
    mac_address text,
    primary key (device, place)
) strict, without rowid;

-- All alerts, or all running restores, of a device, as a JSON array.
create table import_device_part (
    import integer not null references import,
    serial_key text not null,
    kind text not null,
    report text not null,
    primary key (import, serial_key, kind)
) strict, without rowid;

-- Files of two more kinds are kept, and SQLite takes no word into a check but by making the table anew.
create table import_file_anew (
    import integer not null references import,
    number integer not null,
    name text not null,
    kind text check (kind in ('organizations', 'accounts', 'users', 'seats', 'reports', 'devices', 'assets', 'device_alerts', 'vm_restores',
                              'agents', 'networks', 'other_products')),
    new_rows integer not null,
    changed_rows integer not null,
    unchanged_rows integer not null,
    refused_rows integer not null,
    primary key (import, number)
) strict, without rowid;
insert into import_file_anew select import, number, name, kind, new_rows, changed_rows, unchanged_rows, refused_rows from import_file;
drop table import_file;
alter table import_file_anew rename to import_file;
