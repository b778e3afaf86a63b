-- Sub-partners (PAR-1, PAR-5): whether a partner's people may ask for transfers, which the partner above decides; and how many users a
-- viewer's organizations have, kept beside the counts of the organizations, so that a list of partners is no walk of all they hold.

alter table partner add column may_transfer integer not null default 1 check (may_transfer in (0, 1));

create table organization_user_count (
    viewer integer primary key references partner,
    users integer not null
) strict;
insert into organization_user_count (viewer, users) select viewer, sum(users) from organization_listing group by viewer;
create trigger organization_users_added after insert on organization_listing when new.users <> 0 begin
    insert into organization_user_count (viewer, users) values (new.viewer, new.users)
        on conflict (viewer) do update set users = users + excluded.users;
end;
create trigger organization_users_changed after update of users on organization_listing when old.users <> new.users begin
    insert into organization_user_count (viewer, users) values (new.viewer, new.users - old.users)
        on conflict (viewer) do update set users = users + excluded.users;
end;
create trigger organization_users_gone after delete on organization_listing when old.users <> 0 begin
    update organization_user_count set users = users - old.users where viewer = old.viewer;
end;
