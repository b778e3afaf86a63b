-- What somebody of an organization was asked and consented to ends with its account's link. What followed an account out of one, or into
-- another one, is forgotten.
update saas_account set managed_by = 'partner', asked_by = null, asked_name = null, asked_at = null, consent_by = null, consent_at = null
 where organization is null;
update saas_account set managed_by = 'partner', asked_by = null, asked_name = null, asked_at = null where asked_at < linked_at;
update saas_account set consent_by = null, consent_at = null where consent_at < linked_at;

-- Seats used are what is billed of the seats, once these are known; until then what the vendor reports of the account.
update saas_account set seats_used = seats_billable
 where seats_used <> seats_billable and exists (select 1 from seat t where t.saas_account = saas_account.id);
update organization_listing
   set seats_used = (select coalesce(sum(a.seats_used), 0) from saas_account a where a.organization = organization_listing.organization)
 where exists (select 1 from saas_account a where a.organization = organization_listing.organization);

-- The partner that holds what an event is about, where that is not the actor's own: what somebody above does there is in its log as well.
-- Events of before have none, since an event never changes.
alter table activity add column holder integer;
create index activity_by_holder on activity (holder, seq) where holder is not null;
