-- BRA-1, BRA-5: how a partner's portal looks to its organizations' users, and behind its own people's pages. What is chosen is a draft until
-- it is saved; the row `live` is what is shown, and without one everything is Portico's own. A background's value is a color, a built-in
-- picture's word or a file's name. The style sheets are made when a choice is kept, so that a page only names one.
create table branding (
    partner integer not null references partner,
    stage text not null check (stage in ('live', 'draft')),
    devices_named text not null check (devices_named in ('hostname', 'serial', 'both')),
    portal_kind text not null check (portal_kind in ('none', 'color', 'built_in', 'upload')),
    portal_value text not null,
    clients_kind text not null check (clients_kind in ('none', 'color', 'built_in', 'upload')),
    clients_value text not null,
    logo text,
    accent text,
    title text,
    support text,
    portal_sheet text,
    clients_sheet text,
    preview_sheet text,
    primary key (partner, stage)
) strict, without rowid;

-- What is served under /brand/: its name is a keyed hash of its content and tells nothing else.
create table branding_file (
    name text primary key,
    partner integer not null references partner,
    kind text not null check (kind in ('css', 'svg', 'png', 'jpeg', 'webp')),
    width integer not null,
    height integer not null,
    brightness integer not null,
    bytes blob not null
) strict;
create index branding_file_partner on branding_file (partner);
