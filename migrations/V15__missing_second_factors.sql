-- HOM-1: who has no second factor and must have one is found without looking at everybody: an account is marked while its identity has none
-- and its place demands one (ACC-7, ORG-9). Triggers keep the mark, since three slices decide what it says.
alter table account add column factor_due integer not null default 0 check (factor_due in (0, 1));

create trigger account_factor_at_first after insert on account
 when new.organization is null or exists (select 1 from organization o where o.id = new.organization and o.require_second_factor = 1) begin
    update account set factor_due = not exists (select 1 from second_factor f where f.identity = new.identity) where id = new.id;
end;
create trigger account_factor_moved after update of identity, organization on account begin
    update account
       set factor_due = (new.organization is null
                         or exists (select 1 from organization o where o.id = new.organization and o.require_second_factor = 1))
                        and not exists (select 1 from second_factor f where f.identity = new.identity)
     where id = new.id;
end;
create trigger second_factor_set_up after insert on second_factor begin
    update account set factor_due = 0 where identity = new.identity and factor_due = 1;
end;
create trigger second_factor_gone after delete on second_factor begin
    update account set factor_due = 1
     where identity = old.identity
       and (organization is null or exists (select 1 from organization o where o.id = account.organization and o.require_second_factor = 1));
end;
create trigger organization_demands after update of require_second_factor on organization
 when old.require_second_factor <> new.require_second_factor begin
    update account
       set factor_due = new.require_second_factor = 1 and not exists (select 1 from second_factor f where f.identity = account.identity)
     where organization = new.id;
end;

update account set factor_due = 1
 where (organization is null or organization in (select id from organization where require_second_factor = 1))
   and identity not in (select identity from second_factor);

create index account_without_factor on account (partner, organization, id) where factor_due = 1 and state = 'active';

-- ACC-2: an account whose password is set keeps its seven days until its second factor is set up too.
create index account_half_set_up on account (invited_until) where state = 'active' and invited_until is not null;
