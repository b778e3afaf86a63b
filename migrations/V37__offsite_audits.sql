-- DEV-8: offsite audits, kept as they were made; one a device and UTC day. Who has the device later does not see those of before.

create table offsite_audit (
    id integer primary key,
    partner integer not null references partner,
    organization integer not null references organization,
    device integer not null references device,
    -- Days since 1970, UTC.
    day integer not null,
    made_at integer not null,
    made_by text not null,
    -- What was found, as JSON of our own.
    report text not null,
    unique (device, organization, day)
) strict;
create index offsite_audit_by_organization on offsite_audit (organization, made_at, id);
