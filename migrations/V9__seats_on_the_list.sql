-- So that a page of the list of organizations is one walk of one index, and one look for each row at the organization itself: what is
-- bought stands beside what is used.
alter table organization_listing add column auto_license integer not null default 0 check (auto_license in (0, 1));
alter table organization_listing add column seats integer;
update organization_listing as l
   set (auto_license, seats) = (select s.auto_license, s.seats from subscription s where s.organization = l.organization);
drop index organization_listing_name;
create index organization_listing_name
    on organization_listing (viewer, state, name_key, organization, plan, users, services, seats_used, auto_license, seats);
