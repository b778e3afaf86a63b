-- Automatic backups: the switch, and how the last ones went (OPS-1). One row, there from the beginning.

create table upkeep (
    id integer primary key check (id = 1),
    daily integer not null default 1 check (daily in (0, 1)),
    -- When the last daily copy was made.
    made_at integer,
    -- The last try, if it failed.
    failed_at integer,
    failure text,
    -- Since when a copy is asked for on the page.
    asked_at integer
) strict;
insert into upkeep (id) values (1);
