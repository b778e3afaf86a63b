-- BRA-3: how a person likes to see devices. Hours after which an old backup is a warning, and a failure.
alter table identity add column devices_by text not null default 'state' check (devices_by in ('state', 'name', 'organization', 'local', 'seen'));
alter table identity add column storage_as text not null default 'percent' check (storage_as in ('percent', 'amounts'));
alter table identity add column backup_warn_hours integer not null default 12 check (backup_warn_hours between 1 and 720);
alter table identity add column backup_fail_hours integer not null default 24 check (backup_fail_hours between 1 and 720);
alter table identity add column devices_per_page integer not null default 25 check (devices_per_page in (10, 25, 50, 100));
