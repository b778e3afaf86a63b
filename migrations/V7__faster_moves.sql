-- So that an import holds the write lock for as short as can be: while its rows are moved in, what triggers do row by row is done set
-- by set, and a listing's row is found by its organization without an index of its own.

-- Holds the import whose rows are being moved in, within its one transaction only.
create table import_moving (
    import integer primary key references import
) strict;

drop trigger organization_indexed;
create trigger organization_indexed after insert on organization when not exists (select 1 from import_moving) begin
    insert into organization_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;
drop trigger account_indexed;
create trigger account_indexed after insert on account when not exists (select 1 from import_moving) begin
    insert into account_search (rowid, tags, search) values (new.id, new.tags, new.search);
end;

-- The same rows with the organization first.
create table organization_listing_new (
    viewer integer not null references partner,
    organization integer not null references organization,
    state text not null check (state in ('active', 'suspended', 'unsubscribed', 'deleted')),
    name_key text not null,
    plan text,
    users integer not null default 0,
    services integer not null default 0,
    seats_used integer not null default 0,
    primary key (organization, viewer)
) strict, without rowid;
insert into organization_listing_new (viewer, organization, state, name_key, plan, users, services, seats_used)
    select viewer, organization, state, name_key, plan, users, services, seats_used from organization_listing order by organization, viewer;
drop table organization_listing;
alter table organization_listing_new rename to organization_listing;
create index organization_listing_name on organization_listing (viewer, state, name_key, organization);
create index organization_listing_users on organization_listing (viewer, state, users, name_key, organization, plan);
create index organization_listing_services on organization_listing (viewer, state, services, name_key, organization, plan);
create index organization_listing_seats on organization_listing (viewer, state, seats_used, name_key, organization, plan);
create index organization_listing_plan on organization_listing (viewer, state, plan, name_key, organization);
create trigger organization_listing_added after insert on organization_listing when not exists (select 1 from import_moving) begin
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

-- Fails if a row of the new table points at nothing.
create table foreign_key_failure (row integer check (row is null)) strict;
insert into foreign_key_failure select 1 from pragma_foreign_key_check('organization_listing') limit 1;
drop table foreign_key_failure;
