-- Device Status counts ages from the newest moment that a partner's data knows: one look at this index.
create index device_newest on device (partner, as_of);
