-- DEV-7: a task can be withdrawn by who asked, and put back into the queue when its connector fell silent: which take it is tells a late
-- report of an earlier one apart. It keeps the device's name of its day, and what it is found by. A check cannot be widened in place.
create table device_task_wider (
    id integer primary key,
    partner integer not null references partner,
    -- Whose device it was when it was asked for: nobody else sees the task.
    organization integer not null references organization,
    device integer not null references device,
    -- What the device was called then.
    device_name text not null,
    device_serial text not null,
    kind text not null check (kind in ('virtual_machines', 'file_restores', 'local_data', 'networking', 'device_change',
        'device_replacement', 'part_replacement', 'offsite_schedule', 'backup_schedule', 'restore_files', 'restore_machine')),
    -- The recovery point of a restore request. Assets come and go with imports, so it is named and not referenced.
    asset_name text,
    asset_volume text,
    point_at integer,
    note text not null,
    -- What a search looks through, without case: device, asset, who asked, note.
    search text not null,
    disaster_recovery integer not null check (disaster_recovery in (0, 1)),
    state text not null check (state in ('waiting', 'queued', 'in_progress', 'done', 'refused', 'withdrawn')),
    asked_by text not null,
    -- Whom a letter tells what came of it; the account may be gone.
    asked_account integer,
    asked_at integer not null,
    -- SUP-1: the authorization by which it was queued at once.
    authorization text,
    approved_by text,
    approved_at integer,
    -- How many times a connector took it.
    takes integer not null default 0 check (takes >= 0),
    taken_by text,
    -- The key of the connector that took it last; it may be gone.
    taken_key integer,
    taken_at integer,
    progress text,
    progress_at integer,
    ended_by text,
    ended_at integer,
    result text,
    check ((asset_name is null) = (point_at is null)),
    check ((state = 'done' or state = 'refused' or state = 'withdrawn') = (ended_at is not null)),
    check (state <> 'in_progress' or (taken_at is not null and takes > 0))
) strict;
insert into device_task_wider
    select t.id, t.partner, t.organization, t.device, d.name, d.serial, t.kind, t.asset_name, t.asset_volume, t.point_at, t.note,
           lower(d.name || ' ' || d.serial || ' ' || coalesce(t.asset_name, '') || ' ' || t.asked_by || ' ' || t.note),
           t.disaster_recovery, t.state, t.asked_by, t.asked_account, t.asked_at, t.authorization, t.approved_by, t.approved_at,
           t.taken_at is not null, t.taken_by, t.taken_key, t.taken_at, t.progress, t.progress_at, t.ended_by, t.ended_at, t.result
      from device_task t join device d on d.id = t.device;
drop table device_task;
alter table device_task_wider rename to device_task;
-- The queue: disaster recovery first, then the oldest.
create index device_task_queue on device_task (partner, state, disaster_recovery desc, asked_at, id);
create index device_task_of_organization on device_task (organization, state, asked_at, id);
create index device_task_of_device on device_task (device, asked_at, id);

-- DEV-8: audits keep it as well.
alter table offsite_audit add column device_name text not null default '';
alter table offsite_audit add column device_serial text not null default '';
update offsite_audit set (device_name, device_serial) = (select name, serial from device where id = offsite_audit.device);
