-- SUB-9: a statement of the month that runs is looked at more often than anything in it changes. What its lines come to is kept in rows, as what
-- the lists count by is, and its lines are found in the order of their names.

-- The name that lines are sorted by, and since when nothing is billed any more: the end of the 45 days, or the moment it was deleted.
alter table organization_usage add column name_key text not null default '';
alter table organization_usage add column over integer;
update organization_usage as u
   set (name_key, over) = (select o.name_key, case s.state when 'unsubscribed' then s.since + 3888000000 when 'deleted' then s.since end
                             from organization o join subscription s on s.organization = o.id where o.id = u.organization);
create index organization_usage_name on organization_usage (partner, name_key, organization) where plan is not null or plan_now is not null;
create index organization_usage_over on organization_usage (partner, over) where over is not null;

create trigger organization_usage_renamed after update of name_key on organization when old.name_key <> new.name_key begin
    update organization_usage set name_key = new.name_key where organization = new.id;
end;
create trigger organization_usage_over after update of state, since on subscription
    when (old.state, old.since) is not (new.state, new.since) begin
    update organization_usage
       set over = case new.state when 'unsubscribed' then new.since + 3888000000 when 'deleted' then new.since end
     where organization = new.organization;
end;

-- Lines and seats by plan: what was used most in the month that an organization was last looked at in, and what is used now, which is the most
-- in a later month as long as nothing happens in it.
create table usage_sum (
    partner integer not null references partner,
    month integer not null,
    -- 0: what was used most in that month; 1: what is used at last, and goes on into the next.
    lasting integer not null check (lasting in (0, 1)),
    plan text not null check (plan in ('backup', 'archiver', 'personal')),
    lines integer not null,
    seats integer not null,
    primary key (partner, month, lasting, plan)
) strict, without rowid;
create trigger organization_usage_added after insert on organization_usage begin
    update organization_usage set name_key = (select o.name_key from organization o where o.id = new.organization)
     where organization = new.organization and name_key = '';
    insert into usage_sum (partner, month, lasting, plan, lines, seats)
        select new.partner, new.month, 0, new.plan, 1, max(new.most_used, new.most_committed) where new.plan is not null
        on conflict do update set lines = lines + 1, seats = seats + excluded.seats;
    insert into usage_sum (partner, month, lasting, plan, lines, seats)
        select new.partner, new.month, 1, new.plan_now, 1, max(new.used, new.committed) where new.plan_now is not null
        on conflict do update set lines = lines + 1, seats = seats + excluded.seats;
end;
create trigger organization_usage_gone after delete on organization_usage begin
    update usage_sum set lines = lines - 1, seats = seats - max(old.most_used, old.most_committed)
     where partner = old.partner and month = old.month and lasting = 0 and plan = old.plan;
    update usage_sum set lines = lines - 1, seats = seats - max(old.used, old.committed)
     where partner = old.partner and month = old.month and lasting = 1 and plan = old.plan_now;
    delete from usage_sum where partner = old.partner and month = old.month and lines = 0;
end;
create trigger organization_usage_changed after update of partner, month, plan, plan_now, used, committed, most_used, most_committed
    on organization_usage
    when (old.partner, old.month, old.plan, old.plan_now, max(old.used, old.committed), max(old.most_used, old.most_committed))
  is not (new.partner, new.month, new.plan, new.plan_now, max(new.used, new.committed), max(new.most_used, new.most_committed)) begin
    update usage_sum set lines = lines - 1, seats = seats - max(old.most_used, old.most_committed)
     where partner = old.partner and month = old.month and lasting = 0 and plan = old.plan;
    update usage_sum set lines = lines - 1, seats = seats - max(old.used, old.committed)
     where partner = old.partner and month = old.month and lasting = 1 and plan = old.plan_now;
    insert into usage_sum (partner, month, lasting, plan, lines, seats)
        select new.partner, new.month, 0, new.plan, 1, max(new.most_used, new.most_committed) where new.plan is not null
        on conflict do update set lines = lines + 1, seats = seats + excluded.seats;
    insert into usage_sum (partner, month, lasting, plan, lines, seats)
        select new.partner, new.month, 1, new.plan_now, 1, max(new.used, new.committed) where new.plan_now is not null
        on conflict do update set lines = lines + 1, seats = seats + excluded.seats;
    delete from usage_sum where partner = old.partner and month = old.month and lines = 0;
end;
insert into usage_sum (partner, month, lasting, plan, lines, seats)
    select partner, month, 0, plan, count(*), sum(max(most_used, most_committed)) from organization_usage where plan is not null group by 1, 2, 4
     union all
    select partner, month, 1, plan_now, count(*), sum(max(used, committed)) from organization_usage where plan_now is not null group by 1, 2, 4;

-- SEA-5: how much of their caps accounts use is summed up at each look: from the index alone.
drop index saas_account_capped;
create index saas_account_capped on saas_account (partner, licence_cap, seats_billable, cancelled_at, organization) where licence_cap is not null;
