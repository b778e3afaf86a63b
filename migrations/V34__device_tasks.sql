-- DEV-7, DEV-9: what is to be done about a device, or restored from it, and what became of it.

create table device_task (
    id integer primary key,
    partner integer not null references partner,
    -- Whose device it was when it was asked for: nobody else sees the task.
    organization integer not null references organization,
    device integer not null references device,
    kind text not null check (kind in ('virtual_machines', 'file_restores', 'local_data', 'networking', 'device_change',
        'device_replacement', 'part_replacement', 'offsite_schedule', 'backup_schedule', 'restore_files', 'restore_machine')),
    -- The recovery point of a restore request. Assets come and go with imports, so it is named and not referenced.
    asset_name text,
    asset_volume text,
    point_at integer,
    note text not null,
    disaster_recovery integer not null check (disaster_recovery in (0, 1)),
    state text not null check (state in ('waiting', 'queued', 'in_progress', 'done', 'refused')),
    asked_by text not null,
    -- Whom a letter tells what came of it; the account may be gone.
    asked_account integer,
    asked_at integer not null,
    -- SUP-1: the authorization by which it was queued at once.
    authorization text,
    approved_by text,
    approved_at integer,
    taken_by text,
    -- The key of the connector that took it; it may be gone.
    taken_key integer,
    taken_at integer,
    progress text,
    progress_at integer,
    ended_by text,
    ended_at integer,
    result text,
    check ((asset_name is null) = (point_at is null)),
    check ((state = 'done' or state = 'refused') = (ended_at is not null)),
    check (state <> 'in_progress' or taken_at is not null)
) strict;
-- The queue: disaster recovery first, then the oldest.
create index device_task_queue on device_task (partner, state, disaster_recovery desc, asked_at, id);
create index device_task_of_organization on device_task (organization, state, asked_at, id);
create index device_task_of_device on device_task (device, asked_at, id);
