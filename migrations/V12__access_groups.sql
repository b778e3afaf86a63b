-- EMP-4: access groups, each a set of organizations and a set of employees who see just those.

create table access_group (
    id integer primary key,
    partner integer not null references partner,
    name text not null,
    name_key text not null,
    created_at integer not null,
    unique (partner, name_key)
) strict;

-- Organizations of the partner, or of one beneath it.
create table access_group_organization (
    access_group integer not null references access_group,
    organization integer not null references organization,
    partner integer not null references partner,
    primary key (access_group, organization)
) strict, without rowid;
create index access_group_of_organization on access_group_organization (organization, access_group);

create table access_group_member (
    account integer not null references employee,
    access_group integer not null references access_group,
    partner integer not null references partner,
    primary key (account, access_group)
) strict, without rowid;
create index access_group_member_by_group on access_group_member (access_group, account);

-- Set when somebody comes into a group, and kept when the group is deleted: who is limited and in no group sees nothing.
alter table employee add column limited integer not null default 0 check (limited in (0, 1));

-- The organizations that an employee's groups hold; twice where two groups hold the same one. Whether that limits them, `limited` and
-- their role say.
create view employee_sight (account, organization) as
    select m.account, o.organization from access_group_member m join access_group_organization o on o.access_group = m.access_group;
