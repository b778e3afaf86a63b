-- What is over says so: a seat whose backups were destroyed when its days were up (SEA-3), an account that was cancelled (SAS-7). And who asked
-- for an account's authorization, so that they hear of the consent (MAI-1).

-- When a seat's backups were seen to be gone: at once, or by the job that looks for those whose days are up.
alter table seat add column destroyed_at integer;
update seat set destroyed_at = data_until
 where state = 'Unprotected' and data_until is not null
   and (data_until = state_since or data_until = (select purged_at from saas_account where id = seat.saas_account));
create index seat_due on seat (data_until, id) where state = 'Unprotected' and destroyed_at is null and data_until is not null;

-- An employee's account; no reference, so that it outlasts them.
alter table saas_account add column asked_by integer;

-- The list of accounts knows one state more. Its check cannot be changed in place, so that it is made anew.
drop trigger saas_account_relisted;
drop view saas_listed;
drop table saas_listing;
delete from saas_tally;
delete from saas_total;
create table saas_listing (
    viewer integer not null references partner,
    saas_account integer not null references saas_account,
    standing text not null check (standing in ('failing', 'some_missed', 'no_recent_data', 'pending_authorization', 'no_data_yet',
                                               'too_little_history', 'protected', 'no_active_services', 'paused', 'suspended',
                                               'unsubscribed', 'purged', 'cancelled')),
    -- Whether the data's age decides as well.
    dated integer not null check (dated in (0, 1)),
    as_of integer,
    name_key text not null,
    product text not null,
    unlinked integer not null check (unlinked in (0, 1)),
    active_services integer not null,
    backed_services integer not null,
    seats_active integer not null,
    seats_kept integer not null,
    seats_unprotected integer not null,
    seats_billable integer not null,
    -- Billable ones at an organization that buys a fixed number; and that number, beside the first of the organization's accounts.
    billable_committed integer not null,
    committed integer,
    -- What the other columns sort by; what is not known sorts below everything that is.
    seats_used integer not null,
    retention text not null,
    protected integer not null,
    used_bytes integer not null,
    primary key (saas_account, viewer)
) strict, without rowid;
create index saas_listing_standing on saas_listing (viewer, standing, name_key, saas_account, as_of, product);
create index saas_listing_age on saas_listing (viewer, standing, as_of, name_key, saas_account, product);
-- Holds all that rows are narrowed and sorted by, for the combinations that are no walk of an index.
create index saas_listing_name on saas_listing (viewer, name_key, saas_account, standing, dated, as_of, product, active_services,
    backed_services, seats_used, retention, protected, used_bytes);
create index saas_listing_product on saas_listing (viewer, product, name_key, saas_account);
create index saas_listing_retention on saas_listing (viewer, retention, name_key, saas_account);
create index saas_listing_seats_used on saas_listing (viewer, seats_used, name_key, saas_account);
create index saas_listing_protected on saas_listing (viewer, protected, name_key, saas_account);
create index saas_listing_used_bytes on saas_listing (viewer, used_bytes, name_key, saas_account);
create index saas_listing_unlinked on saas_listing (viewer, name_key, saas_account) where unlinked = 1;

create trigger saas_listing_added after insert on saas_listing begin
    insert into saas_tally (viewer, standing, product, slot, accounts, active_services, backed_services)
        values (new.viewer, new.standing, new.product, -1, 1, new.active_services, new.backed_services)
        on conflict (viewer, standing, product, slot) do update
           set accounts = accounts + 1, active_services = active_services + excluded.active_services,
               backed_services = backed_services + excluded.backed_services;
    insert into saas_tally (viewer, standing, product, slot, accounts, active_services, backed_services)
        select new.viewer, new.standing, new.product, new.as_of / 300000, 1, new.active_services, new.backed_services where new.dated = 1
        on conflict (viewer, standing, product, slot) do update
           set accounts = accounts + 1, active_services = active_services + excluded.active_services,
               backed_services = backed_services + excluded.backed_services;
    insert into saas_total (viewer, unlinked, seats_active, seats_kept, seats_unprotected, seats_billable, billable_committed, committing,
                            committed)
        values (new.viewer, new.unlinked, new.seats_active, new.seats_kept, new.seats_unprotected, new.seats_billable,
                new.billable_committed, new.committed is not null, coalesce(new.committed, 0))
        on conflict (viewer) do update
           set unlinked = unlinked + excluded.unlinked, seats_active = seats_active + excluded.seats_active,
               seats_kept = seats_kept + excluded.seats_kept, seats_unprotected = seats_unprotected + excluded.seats_unprotected,
               seats_billable = seats_billable + excluded.seats_billable,
               billable_committed = billable_committed + excluded.billable_committed,
               committing = committing + excluded.committing, committed = committed + excluded.committed;
end;
create trigger saas_listing_gone after delete on saas_listing begin
    update saas_tally
       set accounts = accounts - 1, active_services = active_services - old.active_services,
           backed_services = backed_services - old.backed_services
     where viewer = old.viewer and standing = old.standing and product = old.product
       and (slot = -1 or (old.dated = 1 and slot = old.as_of / 300000));
    delete from saas_tally
     where viewer = old.viewer and standing = old.standing and product = old.product and accounts = 0
       and (slot = -1 or (old.dated = 1 and slot = old.as_of / 300000));
    update saas_total
       set unlinked = unlinked - old.unlinked, seats_active = seats_active - old.seats_active, seats_kept = seats_kept - old.seats_kept,
           seats_unprotected = seats_unprotected - old.seats_unprotected, seats_billable = seats_billable - old.seats_billable,
           billable_committed = billable_committed - old.billable_committed, committing = committing - (old.committed is not null),
           committed = committed - coalesce(old.committed, 0)
     where viewer = old.viewer;
end;

-- As in V8; cancelled before everything else, and then nothing is left that should be protected.
create view saas_listed as
    select viewer, saas_account, organization, standing,
           standing in ('failing', 'some_missed', 'too_little_history', 'protected', 'no_active_services', 'paused') as dated,
           as_of, name_key, product, unlinked, active_services, backed_services, seats_active, seats_kept, seats_unprotected,
           seats_billable, billable_committed, committed, seats_used, retention, protected, used_bytes
      from (select p.ancestor as viewer, a.id as saas_account, a.organization as organization,
                   case when a.cancelled_at is not null then 'cancelled'
                        when a.authorized = 0 then 'pending_authorization'
                        when s.state = 'suspended' then 'suspended'
                        when s.state in ('unsubscribed', 'deleted') then 'unsubscribed'
                        when a.as_of is null then case when a.purged_at is not null then 'purged' else 'no_data_yet' end
                        when a.health <> 'no_data' then a.health
                        when a.paused = 1 then 'paused'
                        when a.active_services <= 0 then 'no_active_services'
                        else 'too_little_history' end as standing,
                   a.as_of as as_of, coalesce(o.name_key, a.name_key) as name_key, a.product as product,
                   a.organization is null as unlinked, a.active_services as active_services,
                   min(a.backed_services, a.active_services) as backed_services, a.seats_active as seats_active,
                   a.seats_kept as seats_kept, iif(a.cancelled_at is null, a.seats_unprotected, 0) as seats_unprotected, a.seats_billable as seats_billable,
                   case when s.auto_license = 0 and s.seats is not null then a.seats_billable else 0 end as billable_committed,
                   case when s.auto_license = 0 and s.state <> 'deleted'
                             and a.id = (select min(x.id) from saas_account x where x.organization = a.organization)
                        then s.seats end as committed,
                   a.seats_used as seats_used, coalesce(a.retention, '') as retention,
                   coalesce(a.last_fully_protected, -1) as protected, coalesce(a.used_bytes, -1) as used_bytes
              from saas_account a join partner_ancestor p on p.partner = a.partner
              left join organization o on o.id = a.organization left join subscription s on s.organization = a.organization);

create trigger saas_account_relisted after update on saas_account
    when (old.organization, old.partner) is (new.organization, new.partner)
     and (old.name_key, old.product, old.authorized, old.as_of, old.health, old.active_services, old.backed_services, old.purged_at, old.cancelled_at,
          old.seats_active, old.seats_kept, old.seats_unprotected, old.seats_billable, old.paused, old.seats_used, old.retention,
          old.last_fully_protected, old.used_bytes)
      is not (new.name_key, new.product, new.authorized, new.as_of, new.health, new.active_services, new.backed_services, new.purged_at, new.cancelled_at,
          new.seats_active, new.seats_kept, new.seats_unprotected, new.seats_billable, new.paused, new.seats_used, new.retention,
          new.last_fully_protected, new.used_bytes) begin
    delete from saas_listing where saas_account = new.id;
    insert into saas_listing
        select viewer, saas_account, standing, dated, as_of, name_key, product, unlinked, active_services, backed_services, seats_active,
               seats_kept, seats_unprotected, seats_billable, billable_committed, committed, seats_used, retention, protected, used_bytes
          from saas_listed where saas_account = new.id;
end;
insert into saas_listing
    select viewer, saas_account, standing, dated, as_of, name_key, product, unlinked, active_services, backed_services, seats_active,
               seats_kept, seats_unprotected, seats_billable, billable_committed, committed, seats_used, retention, protected, used_bytes
      from saas_listed order by viewer, name_key;
