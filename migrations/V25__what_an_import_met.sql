-- Which account a staged row was compared with: if it is another one when the import is carried out, the preview no longer holds.
alter table import_account add column account integer;
alter table import_account add column domain_key text;

-- Organizations that use more than was bought with Auto License off; few, and Home names them.
create index organization_listing_over on organization_listing (viewer, name_key, organization) where auto_license = 0 and seats_used > seats;
