-- What a partner sets to guard its people's accounts, the browsers that people are known by, and the e-mails that other products use.

-- SEC-3: one row a partner once it has changed anything; without one the code's defaults hold. Times in minutes and days; addresses one a
-- line, none for everywhere.
create table security_setting (
    partner integer primary key references partner,
    password_length integer not null,
    session_idle integer not null,
    session_longest integer not null,
    inactive_days integer not null,
    browser_letter text not null check (browser_letter in ('send', 'skip')),
    addresses text not null
) strict;

-- SEC-1: a browser that somebody signed in with keeps a token; only its hash is stored.
create table known_browser (
    identity integer not null references identity,
    token_hash blob not null,
    partner integer not null references partner,
    last_used_at integer not null,
    primary key (identity, token_hash)
) strict, without rowid;

-- ORG-9: the organizations that require a second factor, without a walk through the others.
create index organization_second_factor on organization (partner, name_key, id) where require_second_factor = 1 and deleted_at is null;

-- ACC-12: e-mails that other products use, each with its product.
create table other_product_address (
    id integer primary key,
    partner integer not null references partner,
    email text not null,
    email_key text not null,
    product text not null,
    product_key text not null,
    created_at integer not null
) strict;
create unique index other_product_address_once on other_product_address (partner, email_key, product_key);

-- The same on their way in.
create table import_other_product (
    import integer not null references import,
    email_key text not null,
    product_key text not null,
    email text not null,
    product text not null,
    primary key (import, email_key, product_key)
) strict, without rowid;
