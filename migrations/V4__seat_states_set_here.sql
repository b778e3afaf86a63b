-- A seat's state that was set here rather than by the vendor, such as by a purge: since when. Imports leave it alone for a while.

alter table seat add column set_at integer;
