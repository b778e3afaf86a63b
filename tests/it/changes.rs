//! Each change is one event, in the transaction of the change (LOG-1): every form of the portal is sent, filled in as a person would.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::inputs::{adopt, every_form, send};
use crate::support::crawl::shape;
use crate::support::estate::ALDERINE;
use crate::support::html::{Field, Form};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit, tables};

/// What is no change of anything an event would tell of: the log itself, sessions with what slows guessing down, answers of forms, and
/// what is asked for or staged and not done yet.
fn is_aside(table: &str) -> bool {
    table.starts_with("import")
        || ["activity", "chain_check", "form_answer", "reset_request", "session", "sign_in_failure"].contains(&table)
}

/// Every row that counts, by table.
fn dump(portal: &Portal) -> BTreeMap<String, String> {
    let connection = portal.connection();
    let mut out = BTreeMap::new();
    for table in tables(&connection).into_iter().filter(|table| !is_aside(table)) {
        let mut statement = connection.prepare(&format!("select * from \"{table}\" order by 1, 2")).expect("a table");
        let width = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        let text: &mut String = out.entry(table.clone()).or_default();
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..width {
                write!(text, "|{:?}", row.get_ref(column).expect("a value")).expect("text");
            }
            text.push('\n');
        }
    }
    out
}

/// What a person would enter in a field.
fn entered(portal: &Portal, action: &str, field: &Field) -> String {
    let organization = action.split('/').nth(2).unwrap_or_default();
    match field.name.as_str() {
        "typed" => portal.sql_maybe("select name from organization where id = ?1", [organization]).unwrap_or_default(),
        "current_password" | "password" => PASSWORD.to_owned(),
        "new_password" => "another four unrelated words".to_owned(),
        "code" if action.ends_with("/sign-in/code") => portal.fresh_code(TESS),
        "time_zone" => "Europe/Berlin".to_owned(),
        "theme" => "dark".to_owned(),
        "backup_warn_hours" => "6".to_owned(),
        "email" if action.ends_with("/sign-in") || action.ends_with("/forgot-password") => ABE.email.to_owned(),
        name if field.kind == "email" || name.contains("email") => "somebody.new@example.com".to_owned(),
        name if name.contains("phone") => "5551234".to_owned(),
        name if name.contains("name") => format!("{} Zed", field.value),
        _ => field.value.clone(),
    }
}

/// The form as it would be sent: everything filled in, everything to tick ticked.
fn filled(portal: &Portal, action: &str, form: &Form) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = form
        .fields
        .iter()
        .filter(|field| field.kind != "file" && (field.sent || field.kind == "checkbox" && !field.name.contains("another")))
        .map(|field| match field.kind.as_str() {
            "hidden" | "checkbox" | "radio" => (field.name.clone(), field.value.clone()),
            _ if field.read_only => (field.name.clone(), field.value.clone()),
            _ => (field.name.clone(), entered(portal, action, field)),
        })
        .collect();
    if let Some(button) = form.buttons.iter().find(|button| !button.disabled)
        && let Some(name) = &button.name
    {
        fields.push((name.clone(), button.value.clone()));
    }
    fields
}

fn here(from: &Portal) -> Portal {
    let here = Portal::estate();
    // The estate has receipts of organizations that are still there.
    here.execute("delete from receipt", []);
    adopt(&here, from);
    here
}

/// The addresses to which a form is sent, without ids.
fn place(page: &Visit, form: &Form) -> String {
    shape(&page.absolute(&form.action)).trim_end_matches('?').to_owned()
}

/// LOG-1: what changes the portal leaves an event; what changes nothing leaves none, but for what is an event in itself; and a change whose
/// event cannot be kept is not kept either.
#[test]
fn each_change_is_one_event_in_the_same_transaction() {
    let portal = Portal::estate();
    // So that an organization is suggested for it, by name.
    let (id, organization) = (ALDERINE.unlinked(), ALDERINE.organization);
    portal.execute("update saas_account set name = (select name from organization where id = ?2) where id = ?1", [id, organization]);
    let mut changed = BTreeSet::new();
    for (page, form) in every_form(&portal).into_iter().filter(|(_, form)| form.method == "post" && !form.multipart) {
        let (place, action) = (place(&page, &form), page.absolute(&form.action));
        let first = here(&portal);
        let fields = filled(&first, &action, &form);
        let (before, events) = (dump(&first), first.sql_count("activity"));
        let answer = send(&first, &page, &form, &fields);
        let (after, events) = (dump(&first), first.sql_count("activity") - events);
        let itself = ["/sign-in", "/sign-in/code", "/recovery-codes", "/sign-out", "/export", "/opening", "/refusals", "/choose-account"];
        let is_event = itself.iter().any(|end| place.ends_with(end)) || place.contains("/sessions");
        if before == after && !is_event {
            assert_eq!(events, 0, "{place} changed nothing and left events: {}", answer.excerpt());
        }
        if before == after {
            continue;
        }
        changed.insert(place.clone());
        // Several users or accounts in one step are several changes.
        let ticked = form.fields.iter().filter(|field| field.kind == "checkbox").count().max(1);
        // A new partner's log begins with an event of its own.
        let ticked = if place == "/partners" { 2 } else { ticked };
        let most = i64::try_from(ticked).expect("a number");
        assert!(1 <= events && events <= most, "{place} changed something and left {events} events: {}", answer.excerpt());

        let second = here(&portal);
        second.execute("create trigger no_log before insert on activity begin select raise(abort, 'the log is full'); end", []);
        let before = dump(&second);
        let answer = send(&second, &page, &form, &filled(&second, &action, &form));
        assert_eq!(answer.response.status, 500, "{place} goes on without its event: {}", answer.excerpt());
        let after = dump(&second);
        let kept: Vec<&String> = before.keys().filter(|table| before[*table] != after[*table]).collect();
        assert!(kept.is_empty(), "{place} kept {kept:?} without its event");
        assert_eq!(second.sql_count("form_answer"), 0, "{place} took note of its form");
    }
    for place in [
        "/organizations",
        "/organizations/{}/settings",
        "/organizations/{}/deletion",
        "/organizations/{}/devices/link",
        "/organizations/{}/devices/{}/unlink",
        "/organizations/{}/services/link",
        "/organizations/{}/services/{}/unlink",
        "/organizations/{}/users/new",
        "/organizations/{}/users/{}",
        "/organizations/{}/users/{}/letter",
        "/organizations/{}/users/{}/deactivation",
        "/organizations/{}/users/{}/removal",
        "/status/saas/unmapped/{}",
        "/account",
        "/branding/local",
        "/organizations/{}/branding",
        "/account/password",
    ] {
        assert!(changed.contains(place), "{place} was tried: {changed:?}");
    }
}

/// LOG-1: signing in, failing to, signing out, exporting and opening a letter are one event each.
#[test]
fn what_is_an_event_in_itself_is_exactly_one() {
    let portal = Portal::estate();
    let count = |portal: &Portal| portal.sql_count("activity");
    let one_more = |portal: &Portal, what: &str, before: i64| assert_eq!(count(portal), before + 1, "{what}");
    let mut guest = portal.guest();
    for (password, what) in [("not the right words", "a failed sign-in"), (PASSWORD, "a sign-in")] {
        let before = count(&portal);
        guest.get("/sign-in").fill("E-mail", ABE.email).fill("Password", password).press("Sign in");
        one_more(&portal, what, before);
    }
    let before = count(&portal);
    portal.guest().get("/sign-in").fill("E-mail", "nobody@nowhere.example").fill("Password", PASSWORD).press("Sign in");
    one_more(&portal, "a failed sign-in of an unknown address", before);
    let mut ada = portal.sign_in(ADA);
    for (page, button) in [("/organizations", "Export CSV"), ("/status/saas", "Export CSV"), ("/activity", "Export CSV")] {
        let before = count(&portal);
        ada.get(page).press(button);
        one_more(&portal, page, before);
    }
    let before = count(&portal);
    ada.get("/outbox").press("Open");
    one_more(&portal, "a letter opened", before);
    let before = count(&portal);
    ada.press("Sign out");
    one_more(&portal, "a sign-out", before);
}

/// LOG-1: "no secrets": no password, token, hash or link is in the log, whatever was done.
#[test]
fn no_secret_is_in_the_log() {
    let portal = Portal::estate();
    let mut ada = portal.sign_in(ADA);
    ada.get("/account/security")
        .fill("Current password", PASSWORD)
        .fill("New password", "another four unrelated words")
        .press("Change password");
    let mut guest = portal.guest();
    guest.get("/sign-in").fill("E-mail", "my secret pass phrase").fill("Password", PASSWORD).press("Sign in");
    guest.get("/forgot-password").fill("E-mail", OLU.email).press("Send letter");
    portal.run_jobs();
    let link = portal.link_for(OLU.email);
    let token = link.rsplit('/').next().expect("a token");
    let log: Vec<String> = {
        let connection = portal.connection();
        let mut statement =
            connection.prepare("select actor || ' ' || target_name || ' ' || sentence || ' ' || changes from activity").expect("the log");
        statement.query_map([], |row| row.get(0)).expect("the log").collect::<rusqlite::Result<_>>().expect("the log")
    };
    for secret in [PASSWORD, "another four unrelated words", "my secret pass phrase", token, "argon2"] {
        assert!(!log.iter().any(|line| line.contains(secret)), "{secret} is in the log");
    }
    assert!(log.iter().any(|line| line.contains("changed their own password")) && log.len() > 3);
}
