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

-- What of somebody is out of a member's sight: an organization's user in none of the member's groups; an employee who is not limited, or is in
-- a group that the member is not in. Who could act on what such a person signs in with would see as much as they do.
create view identity_beyond (member, identity) as
    select m.account, x.identity
      from employee m cross join account x left join employee e on e.account = x.id
     where case when x.organization is null
                then e.limited = 0 or e.role in ('primary_account', 'security_admin')
                     or exists (select 1 from access_group_member g
                                 where g.account = x.id
                                   and not exists (select 1 from access_group_member h where h.account = m.account and h.access_group = g.access_group))
                else not exists (select 1 from employee_sight s where s.account = m.account and s.organization = x.organization) end;

-- The letters that a member sees in the outbox: those about organizations in their groups, and those to colleagues.
create view letter_in_sight (member, letter) as
    select m.account, l.id
      from employee m cross join letter l
     where case when l.organization is null
                then exists (select 1 from account a join employee e on e.account = a.id where a.identity = l.identity)
                else exists (select 1 from employee_sight s where s.account = m.account and s.organization = l.organization) end;
