-- DEV-2, DEV-3: managed networks, each linked to one organization at most.

create table network (
    id integer primary key,
    partner integer not null references partner,
    organization integer references organization,
    name text not null,
    name_key text not null,
    group_name text,
    dna_hostname text,
    -- The serial number of its DNA router, by which it is known again.
    dna_serial text not null,
    serial_key text not null,
    linked_at integer,
    unlinked_reason text check (unlinked_reason in ('never_linked', 'by_person', 'organization_deleted', 'organization_transferred')),
    unlinked_detail text,
    unlinked_at integer,
    created_at integer not null,
    search text not null,
    check ((organization is null) = (unlinked_reason is not null))
) strict;
create unique index network_serial on network (partner, serial_key);
create index network_linked on network (organization, name_key) where organization is not null;
create index network_unlinked on network (partner, name_key) where organization is null;

create table import_network (
    import integer not null references import,
    serial_key text not null,
    name text not null,
    group_name text,
    dna_hostname text,
    dna_serial text not null,
    -- Which network the row was compared with.
    network integer,
    primary key (import, serial_key)
) strict, without rowid;
