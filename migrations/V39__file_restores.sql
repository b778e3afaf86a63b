-- END-2: restores of files from the datasets of endpoint agents.

create table file_restore (
    id integer primary key,
    partner integer not null references partner,
    organization integer not null references organization,
    agent integer not null references endpoint_agent,
    dataset integer not null references endpoint_dataset,
    -- The backup that files are taken from.
    recovery_point integer not null,
    path text not null,
    note text not null,
    state text not null check (state in ('requested', 'done', 'refused', 'removed')),
    -- Who asked, in words: whoever it was may be gone.
    asked_by text not null,
    asked_at integer not null,
    -- Who took it to the state it is in, and what they wrote.
    changed_by text,
    changed_at integer,
    result text not null default ''
) strict;
create index file_restore_of_organization on file_restore (organization, asked_at desc, id);
create index file_restore_of_agent on file_restore (agent, asked_at desc, id);
create index file_restore_of_dataset on file_restore (dataset);
