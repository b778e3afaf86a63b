//! The rules of `keys`, one test a sentence.

use portico::access::model::{Access, Reach, Visitor};
use portico::access::roles_model::{ProductAccess, Products, Right, Role};
use portico::access::witness_model::Operator;
use portico::app::errors;
use portico::kernel::error::Error;
use portico::kernel::http::Method;
use portico::kernel::ids::{AccountId, EventId, KeyId, PartnerId};
use portico::kernel::time::Span;
use portico::upkeep::model::Facts;
use portico::upkeep::restore_actions::{Key, settle};
use serde_json::json;

use crate::command_line::{out, refused, run};
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, SECRET};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;
use crate::support::script::{Script, basic, refusal};
use crate::support::wire;

/// What the page shows once.
#[track_caller]
fn shown(visit: &Visit) -> String {
    let body = visit.body();
    let at = body.find("<code>pk_").map(|at| at + "<code>".len()).expect("a key is shown");
    let all: Vec<&str> = body[at..].split("<code>").map(|piece| piece.split('<').next().unwrap_or_default()).collect();
    let both = all.into_iter().find(|piece| piece.contains(":sk_")).expect("both parts in one line");
    both.to_owned()
}

/// A key for the whole partner, made on the page.
#[track_caller]
fn key_of(portal: &Portal, member: Member) -> Script {
    let mut visit = portal.sign_in(member);
    visit.visit("/api-keys").open("Create API Key").fill("Name", &free(portal, "Nightly")).press("Create API Key").status(200);
    Script::with(portal, &shown(&visit))
}

/// This name, or the next one that no key has.
fn free(portal: &Portal, name: &str) -> String {
    match portal.sql_count("api_key") {
        0 => name.to_owned(),
        others => format!("{name} {}", others + 1),
    }
}

/// The same for one organization.
#[track_caller]
fn key_for(portal: &Portal, member: Member, organization: &str) -> Script {
    let mut visit = portal.sign_in(member);
    visit.visit("/api-keys/new").fill("Name", &free(portal, "Of one")).fill("For", "One organization").fill("Organization", organization);
    visit.press("Create API Key").status(200);
    Script::with(portal, &shown(&visit))
}

const DOMAINS: &str = "/v1/saas/domains";

/// How many accounts a script sees.
#[track_caller]
fn sees(script: &Script) -> usize {
    script.read(DOMAINS).as_array().expect("a bare array").len()
}

fn estate() -> Portal {
    let portal = Portal::firm();
    account(&portal, 1, "One").linked(&portal, ALDER_ID);
    account(&portal, 2, "Two").linked(&portal, BIRCH_ID);
    account(&portal, 3, "Three").put(&portal);
    portal
}

/// API-1: "shown once, stored hashed"; ALL-7.
#[test]
fn a_secret_is_shown_once_and_stored_nowhere() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/api-keys").sees("No API keys yet").open("Create API Key").fill("Name", "Nightly");
    let form = ada.forms().into_iter().find(|form| form.action.ends_with("/api-keys/new")).expect("the form");
    let id = form.fields.iter().find(|field| field.name == "form_id").expect("its id").value.clone();
    let fields = [("form_id", id.as_str()), ("name", "Nightly"), ("reach", "partner"), ("lifetime", "90")];
    ada.post("/api-keys/new", &fields).status(200).sees("The secret is not shown again");
    let both = shown(&ada);
    let (public, secret) = both.split_once(':').expect("both parts");
    assert_eq!(sees(&Script::with(&portal, &both)), 0);
    assert!(portal.mentions(secret).is_empty(), "{:?}", portal.mentions(secret));
    assert!(!portal.mentions(public).is_empty());
    // The same form again leads to the list, and makes no second key.
    ada.post("/api-keys/new", &fields).status(303).follow().sees("made already").sees("Nightly");
    assert!(!ada.body().contains(secret));
    assert_eq!(portal.sql_count("api_key"), 1);
    assert_eq!(portal.last_activity(), "made the API key Nightly for the whole partner");
    // Two keys have nothing in common.
    let other = key_of(&portal, ADA);
    assert!(other.public != public && other.secret != secret && other.secret.len() >= 55);
    assert_eq!(Script { secret: secret.to_owned(), ..other }.status(DOMAINS), 401, "a secret opens its own key alone");
}

/// API-1: "belongs to a partner or one organization".
#[test]
fn a_key_sees_the_whole_partner_or_one_organization() {
    let portal = estate();
    assert_eq!(sees(&key_of(&portal, ADA)), 3);
    for named in ["Alder Dental", "alder dental", "10000001", "100000-01"] {
        let script = key_for(&portal, ADA, named);
        let seen = script.read(DOMAINS);
        assert_eq!(seen[0]["saasCustomerName"], "One", "{named}");
        assert_eq!(seen.as_array().expect("a list").len(), 1);
        assert_eq!(script.status("/v1/saas/1/seats"), 200);
        assert_eq!(script.status("/v1/saas/2/seats"), 404);
        assert_eq!(script.status("/v1/saas/3/seats"), 404, "an account that is linked to nothing is not the organization's");
    }
    let mut ada = portal.sign_in(ADA);
    for nobody in ["", "Alder", "Cedar Clinic", "20000001", "99999999"] {
        ada.visit("/api-keys/new").fill("Name", "No").fill("For", "One organization").fill("Organization", nobody);
        ada.press("Create API Key").status(422);
        assert_eq!(portal.sql_count("api_key where name = 'No'"), 0, "{nobody}");
    }
}

/// API-1: "has an expiry", to the millisecond.
#[test]
fn a_key_is_good_until_its_moment_and_not_at_it() {
    for (choice, span) in [("30 days", Span::days(30)), ("90 days", Span::days(90)), ("365 days", Span::days(365))] {
        let portal = Portal::firm();
        let mut ada = portal.sign_in(ADA);
        ada.visit("/api-keys/new").fill("Name", "Nightly").fill("Good for", choice).press("Create API Key");
        let script = Script::with(&portal, &shown(&ada));
        portal.wait(Span(span.0 - 1));
        assert_eq!(script.status(DOMAINS), 200, "{choice}");
        portal.wait(Span(1));
        assert_eq!(refusal(&script.get(DOMAINS)), (401, "unauthorized".to_owned()), "{choice}");
        portal.sign_in(ADA).visit("/api-keys").sees("Expired");
        assert_eq!(portal.last_activity(), "tried the API key Nightly and was refused: it has expired");
    }
}

/// API-1: a date is the last day, in the zone of whoever enters it; it lies ahead, and no more than two years.
#[test]
fn a_key_can_be_good_until_a_date() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let mut enter = |date: &str| {
        ada.visit("/api-keys/new")
            .fill("Name", &format!("Dated {date}"))
            .fill("Good for", "Until a date")
            .fill("Last day", date)
            .press("Create API Key");
        ada.response.status
    };
    // 2026-11-22 is today; in two years it is 2028-11-21 (one of them has 366 days).
    for (date, status) in [
        ("2026-11-21", 422),
        ("2026-11-22", 200),
        ("2028-11-20", 200),
        ("2028-11-21", 422),
        ("2028-11-22", 422),
        ("", 422),
        ("soon", 422),
        ("2027-02-30", 422),
    ] {
        assert_eq!(enter(date), status, "{date}");
    }
    let until: i64 = portal.sql("select min(expires_at) from api_key", []);
    assert_eq!(portico::kernel::time::Timestamp(until).iso(), "2026-11-23T00:00:00Z");
}

/// The fields of the form are checked, and it comes back filled in.
#[test]
fn a_key_without_name_or_with_strange_choices_is_not_made() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/api-keys/new")
        .fill("Name", " ")
        .fill("Organization", "Alder Dental")
        .press("Create API Key")
        .status(422)
        .sees("Enter a name");
    assert_eq!(ada.value_of("Organization"), "Alder Dental");
    let long = "n".repeat(81);
    ada.visit("/api-keys/new").fill("Name", &long).press("Create API Key").status(422);
    for (reach, lifetime) in [("everything", "90"), ("partner", "91"), ("partner", ""), ("", "90")] {
        ada.post("/api-keys/new", &[("name", "No"), ("reach", reach), ("lifetime", lifetime)]).status(422);
    }
    assert_eq!(portal.sql_count("api_key"), 0);
    ada.visit("/api-keys/new").fill("Name", &"n".repeat(80)).press("Create API Key").status(200);
}

/// API-1: "stops with them". Deactivated, demoted, brought back, risen again.
#[test]
fn a_key_is_worth_what_its_maker_is_worth_at_that_moment() {
    let portal = estate();
    let script = key_of(&portal, ABE);
    assert_eq!(sees(&script), 3);
    for (change, back) in [
        ("update account set state = 'deactivated' where id = ?1", "update account set state = 'active' where id = ?1"),
        (
            "update account set state = 'invited', invited_until = since + 604800000 where id = ?1",
            "update account set state = 'active' where id = ?1",
        ),
        ("update employee set role = 'tech' where account = ?1", "update employee set role = 'admin' where account = ?1"),
        ("update employee set role = 'business' where account = ?1", "update employee set role = 'security_admin' where account = ?1"),
    ] {
        portal.execute(change, [ABE.account]);
        assert_eq!(script.status(DOMAINS), 401, "{change}");
        portal.sign_in(ADA).visit("/api-keys").sees("Stopped");
        portal.execute(back, [ABE.account]);
        assert_eq!(script.status(DOMAINS), 200, "{back}");
        portal.wait(Span::minutes(1));
    }
}

/// API-1, EMP-4: access groups limit their members' keys as they limit the members.
#[test]
fn a_limited_makers_key_is_limited() {
    let portal = estate();
    let (whole, alder, birch) = (key_of(&portal, ABE), key_for(&portal, ABE, ALDER), key_for(&portal, ABE, BIRCH));
    assert_eq!((sees(&whole), sees(&alder), sees(&birch)), (3, 1, 1));
    limit(&portal, ABE, &[ALDER_ID]);
    // What is linked to nothing is anybody's; what is linked to Birch & Sons is not.
    let names: Vec<String> =
        whole.read(DOMAINS).as_array().expect("a list").iter().map(|one| one["saasCustomerName"].to_string()).collect();
    assert_eq!(names, ["\"One\"", "\"Three\""]);
    assert_eq!(whole.get("/v1/saas/2/seats").body, whole.get("/v1/saas/99/seats").body);
    assert_eq!((whole.status("/v1/saas/2/seats"), whole.status("/v1/saas/1/seats")), (404, 200));
    assert_eq!((alder.status(DOMAINS), birch.status(DOMAINS)), (200, 401));
    // Their list shows neither the key of what they cannot see, nor others' keys for the whole partner.
    let of_ada = key_of(&portal, ADA);
    let mut abe = portal.sign_in(ABE);
    abe.visit("/api-keys").sees("Whole partner").sees(ALDER).does_not_see("Birch");
    assert!(!abe.body().contains(&of_ada.public));
    abe.visit("/api-keys/new").fill("Name", "No").fill("For", "One organization").fill("Organization", BIRCH);
    abe.press("Create API Key").status(422);
    // A Security Admin is never limited.
    portal.execute("update employee set role = 'security_admin' where account = ?1", [ABE.account]);
    assert_eq!((sees(&whole), sees(&birch)), (3, 1));
    portal.execute("update employee set role = 'admin' where account = ?1", [ABE.account]);
    portal.execute("delete from access_group_organization", []);
    assert_eq!((sees(&whole), alder.status(DOMAINS)), (1, 401), "a group that is empty limits to nothing");
}

/// Makes somebody a member of a group that holds these organizations.
fn limit(portal: &Portal, member: Member, organizations: &[i64]) {
    portal.execute("insert into access_group (id, partner, name, name_key, created_at) values (7, 1, 'East', 'east', 0)", []);
    portal.execute("insert into access_group_member (account, access_group, partner) values (?1, 7, 1)", [member.account]);
    portal.execute("update employee set limited = 1 where account = ?1", [member.account]);
    for organization in organizations {
        portal.execute("insert into access_group_organization (access_group, organization, partner) values (7, ?1, 1)", [organization]);
    }
}

/// API-1, LOG-1: removing an employee or deleting an organization takes the keys along, and the log says so.
#[test]
fn keys_go_with_their_maker_and_with_their_organization() {
    let portal = estate();
    let (of_abe, of_alder) = (key_of(&portal, ABE), key_for(&portal, ADA, ALDER));
    let of_ada = key_of(&portal, ADA);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/employees/{}/removal", ABE.account)).press("Remove Employee").sees("Removed");
    assert_eq!(portal.last_activity(), "removed Abe Winter (abe@harbor.example) from the staff, with 1 API key");
    assert_eq!((of_abe.status(DOMAINS), of_alder.status(DOMAINS), of_ada.status(DOMAINS)), (401, 200, 200));
    ada.visit(&format!("/organizations/{BIRCH_ID}/deletion")).does_not_see("API key");
    ada.visit(&format!("/organizations/{ALDER_ID}/deletion"))
        .sees("1 API key that is for it alone is deleted")
        .fill("typed", ALDER)
        .press("Yes, Continue")
        .sees("Deleted");
    assert_eq!(
        portal.last_activity(),
        "deleted the organization Alder Dental: 3 users removed, 1 SaaS account unlinked, backups kept, 1 API key deleted"
    );
    assert_eq!((of_alder.status(DOMAINS), of_ada.status(DOMAINS)), (401, 200));
    assert_eq!(portal.sql_count("api_key"), 1);
}

/// SEC-2 and the list's buttons: deactivate, reactivate, regenerate, delete.
#[test]
fn a_key_can_be_switched_off_and_on_made_anew_and_deleted() {
    let portal = estate();
    let script = key_of(&portal, ADA);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/api-keys").open("Deactivate Key").sees("refused from that moment on").press("Deactivate Key").sees("Deactivated Nightly");
    assert_eq!(script.status(DOMAINS), 401);
    ada.visit("/api-keys").sees("Deactivated").press("Reactivate Key").sees("Reactivated Nightly");
    assert_eq!(script.status(DOMAINS), 200);
    ada.visit("/api-keys").open("Regenerate Secret").press("Regenerate Secret").status(200);
    let anew = Script::with(&portal, &shown(&ada));
    assert_eq!((script.status(DOMAINS), anew.status(DOMAINS)), (401, 200));
    assert_eq!((&script.public, script.secret == anew.secret), (&anew.public, false));
    ada.visit("/api-keys").open("Delete Nightly").press("Delete Key").sees("Deleted Nightly").sees("No API keys yet");
    assert_eq!(anew.status(DOMAINS), 401);
    let said: Vec<String> = [
        "deactivated the API key Nightly",
        "reactivated the API key Nightly",
        "made a new secret for the API key Nightly",
        "deleted the API key Nightly",
    ]
    .iter()
    .filter(|sentence| portal.sql_count(&format!("activity where sentence = '{sentence}'")) == 1)
    .map(|sentence| (*sentence).to_owned())
    .collect();
    assert_eq!(said.len(), 4, "{said:?}");
}

/// EMP-2: who made a key does not switch it on again when somebody of a role above switched it off; that role, and those above, do.
#[test]
fn a_key_that_a_superior_switched_off_stays_off_for_its_maker() {
    // Who switches Abe's key off, who tries to switch it on, and whether that works.
    for (off, on, works) in [(ABE, ABE, true), (SAM, ABE, false), (SAM, SAM, true), (SAM, ADA, true), (ADA, SAM, false), (ADA, ADA, true)] {
        let portal = estate();
        let script = key_of(&portal, ABE);
        let id: i64 = portal.sql("select id from api_key", []);
        portal.sign_in(off).post(&format!("/api-keys/{id}/deactivation"), &[]).status(303);
        let mut visit = portal.sign_in(on);
        visit.visit("/api-keys").sees(&format!("by {}", off.name()));
        assert_eq!(visit.offers("Reactivate Key"), works, "{} after {}", on.name(), off.name());
        visit.post(&format!("/api-keys/{id}/reactivation"), &[]);
        if !works {
            visit.follow().sees(&format!("Nightly was deactivated by {} (", off.name())).sees("Only somebody of that role, or one above");
        }
        assert_eq!(script.status(DOMAINS) == 200, works, "{} after {}", on.name(), off.name());
    }
}

/// EMP-2, OPS-1: a key that a restore switched off was switched off by nobody, so its maker may switch it on.
#[test]
fn a_key_that_a_restore_switched_off_is_its_makers_to_switch_on() {
    let portal = estate();
    let script = key_of(&portal, ABE);
    let id: i64 = portal.sql("select id from api_key", []);
    portal.sign_in(ADA).post(&format!("/api-keys/{id}/deactivation"), &[]).status(303);
    portal.sign_in(ADA).post(&format!("/api-keys/{id}/reactivation"), &[]).status(303);
    portal.write(portico::keys::store::switch_all_off);
    portal.sign_in(ABE).visit("/api-keys").press("Reactivate Key").sees("Reactivated Nightly");
    assert_eq!(script.status(DOMAINS), 200);
}

/// EMP-2 for keys: one's own, and those of roles beneath; a secret is made anew by its maker alone.
#[test]
fn whose_key_it_is_decides_who_may_handle_it() {
    let portal = Portal::firm();
    portal.execute("update employee set role = 'admin' where account = ?1", [TESS.account]);
    let cases = [
        // By, maker, whether they may switch it off, whether they may have a new secret.
        (ADA, ADA, true, true),
        (ADA, SAM, true, false),
        (ADA, ABE, true, false),
        (SAM, ADA, false, false),
        (SAM, ABE, true, false),
        (ABE, SAM, false, false),
        (ABE, TESS, false, false),
        (ABE, ABE, true, true),
    ];
    for (by, maker, may_handle, may_regenerate) in cases {
        portal.execute("delete from api_key", []);
        let script = key_of(&portal, maker);
        let id: i64 = portal.sql("select id from api_key", []);
        let mut visit = portal.sign_in(by);
        visit.visit("/api-keys").sees("Nightly");
        assert_eq!(visit.offers("Delete Nightly"), may_handle, "{} on {}'s", by.name(), maker.name());
        assert_eq!(visit.offers("Regenerate Secret"), may_regenerate, "{} on {}'s", by.name(), maker.name());
        visit.post(&format!("/api-keys/{id}/deactivation"), &[]).status(303);
        assert_eq!(script.status(DOMAINS) == 401, may_handle, "{} on {}'s", by.name(), maker.name());
        portal.execute("update api_key set state = 'active'", []);
        let answer = visit.post(&format!("/api-keys/{id}/regeneration"), &[]).response.clone();
        assert_eq!(
            (answer.status == 200, script.status(DOMAINS) == 401),
            (may_regenerate, may_regenerate),
            "{} on {}'s",
            by.name(),
            maker.name()
        );
        visit.post(&format!("/api-keys/{id}/deletion"), &[]).status(303);
        assert_eq!(portal.sql_count("api_key") == 0, may_handle, "{} on {}'s", by.name(), maker.name());
        portal.wait(Span::minutes(1));
    }
}

/// No more keys than anybody looks through.
#[test]
fn a_partner_has_a_hundred_keys_at_most() {
    let portal = Portal::firm();
    let script = key_of(&portal, ADA);
    for number in 1..99 {
        portal.execute(
            "insert into api_key (id, partner, account, name, public_key, secret_hash, state, expires_at, created_at)
             select ?1, partner, account, name, ?2, secret_hash, state, expires_at, created_at from api_key where public_key = ?3",
            (number, format!("pk_{number}"), &script.public),
        );
    }
    key_of(&portal, ADA);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/api-keys/new").fill("Name", "One more").press("Create API Key").status(422).sees("100 keys already");
    assert_eq!(portal.sql_count("api_key"), 100);
}

/// API-1: when a key was last used, to the minute.
#[test]
fn the_last_use_is_noted_at_most_once_a_minute() {
    let portal = estate();
    let script = key_of(&portal, ADA);
    let last = || portal.sql::<Option<i64>>("select last_used_at from api_key", []);
    portal.sign_in(ADA).visit("/api-keys").sees("Never");
    assert_eq!(last(), None);
    script.read(DOMAINS);
    let first = portal.now().0;
    assert_eq!(last(), Some(first));
    portal.wait(Span::seconds(59));
    script.read(DOMAINS);
    assert_eq!(last(), Some(first));
    portal.wait(Span::seconds(1));
    script.read(DOMAINS);
    assert_eq!(last(), Some(first + 60_000));
    Script { secret: "wrong".to_owned(), ..script }.get(DOMAINS);
    portal.wait(Span::minutes(5));
    assert_eq!(last(), Some(first + 60_000), "a refused one is no use");
}

/// SEC-1: failed keys are slowed down by address; a right key is let in all the same, and people sign in.
#[test]
fn wrong_keys_are_slowed_down_by_address() {
    let portal = estate();
    let script = key_of(&portal, ADA);
    let wrong = Script { secret: "sk_wrong".to_owned(), ..script.clone() };
    let unknown = Script { public: "pk_unknown".to_owned(), ..script.clone() };
    let before = portal.sql_count("activity where kind = 'api_key.refused'");
    for number in 0..20 {
        let answer = if number % 2 == 0 { wrong.get(DOMAINS) } else { unknown.get(DOMAINS) };
        assert_eq!(refusal(&answer), (401, "unauthorized".to_owned()), "{number}");
    }
    for answer in [wrong.get(DOMAINS), unknown.get(DOMAINS)] {
        assert_eq!(refusal(&answer), (429, "too_many_requests".to_owned()));
        assert_eq!(answer.header("retry-after"), Some("60"));
    }
    assert_eq!(portal.sql_count("activity where kind = 'api_key.refused'") - before, 20);
    assert_eq!(script.status(DOMAINS), 200);
    portal.guest().sign_in_by_hand(BEA);
    portal.wait(Span::seconds(59));
    assert_eq!(wrong.status(DOMAINS), 429);
    portal.wait(Span::seconds(1));
    assert_eq!(wrong.status(DOMAINS), 401);
}

/// A wrong secret and an unknown key are told apart by nothing, and neither says more than no key at all.
#[test]
fn a_wrong_key_looks_like_an_unknown_one() {
    let portal = Portal::estate();
    let answers: Vec<_> = [
        basic(&ALDERINE.public_key(), "sk_wrong"),
        basic("pk_unknown", SECRET),
        basic("", ""),
        basic(&"p".repeat(9_000), ":::"),
        "Basic".to_owned(),
        "Basic !!!".to_owned(),
        "Bearer abc".to_owned(),
        "Basic /////w==".to_owned(),
        String::new(),
    ]
    .iter()
    .map(|key| portal.guest().send(Method::Get, DOMAINS, &[("authorization", key)], Vec::new()).response.clone())
    .collect();
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (401, &answers[0].body));
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"Portico\", charset=\"UTF-8\""));
        assert_eq!(format!("{:?}", answer.headers), format!("{:?}", answers[0].headers));
    }
    assert_eq!(portal.guest().get(DOMAINS).response.body, answers[0].body);
    assert_eq!(Script::of(&portal, ALDERINE).status(DOMAINS), 200);
}

/// SEC-3: where employees may come from holds for their keys.
#[test]
fn a_key_works_from_where_employees_may_come_from() {
    let portal = estate();
    let script = key_of(&portal, ADA);
    let from = |address: &str| {
        let mut guest = portal.guest();
        guest.from(address.parse().expect("an address"));
        guest.send(Method::Get, DOMAINS, &[("authorization", &basic(&script.public, &script.secret))], Vec::new()).response.status
    };
    assert_eq!((from("192.0.2.7"), from("198.51.100.7")), (200, 200));
    portal.execute(
        "insert into security_setting (partner, password_length, session_idle, session_longest, inactive_days, browser_letter, addresses)
         values (1, 12, 30, 480, 90, 'skip', '192.0.2.0/24')",
        [],
    );
    assert_eq!((from("192.0.2.7"), from("198.51.100.7")), (200, 401));
}

/// A key may ask a thousand times at once, and twenty times a second from then on; others are not held up.
#[test]
fn a_key_that_asks_too_often_waits() {
    let portal = Portal::estate();
    let (script, other) = (Script::of(&portal, ALDERINE), Script::of(&portal, BIRCHINE));
    for number in 0..1_000 {
        assert_eq!(script.status("/v1/saas/0/seats"), 404, "{number}");
    }
    let answer = script.get(DOMAINS);
    assert_eq!(refusal(&answer), (429, "too_many_requests".to_owned()));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(other.status(DOMAINS), 200);
    portal.wait(Span(49));
    assert_eq!(script.status(DOMAINS), 429);
    portal.wait(Span(1));
    assert_eq!((script.status(DOMAINS), script.status(DOMAINS)), (200, 429));
    portal.wait(Span::seconds(1));
    assert_eq!((0..21).filter(|_| script.status(DOMAINS) == 200).count(), 20);
}

/// security.md: no session opens what is for scripts, no key opens what is for people, and no cookie is read or set.
#[test]
fn keys_and_sessions_open_each_their_own() {
    let portal = Portal::estate();
    let script = Script::of(&portal, ALDERINE);
    portal.sign_in(ADA).get(DOMAINS).status(401);
    let key = basic(&script.public, &script.secret);
    for path in ["/", "/organizations", "/api-keys", "/status/saas", "/activity"] {
        portal.guest().send(Method::Get, path, &[("authorization", &key)], Vec::new()).status(303);
    }
    let answer = portal.sign_in(ADA).send(Method::Get, DOMAINS, &[("authorization", &key)], Vec::new()).response.clone();
    assert_eq!((answer.status, answer.header("set-cookie")), (200, None));
    // A page elsewhere cannot send a key, so where a script's change comes from is not asked.
    let id: i64 = portal.sql("select vendor_id from saas_account where id = ?1", [ALDERINE.linked()]);
    let url = format!("/v1/saas/{id}/Classic%3AOffice365%3A{id}/bulkSeatChange");
    portal.execute("update saas_account set external_subscription_id = 'Classic:Office365:' || vendor_id", []);
    let body = json!({"seat_type": "User", "action_type": "Pause", "ids": ["x"]}).to_string().into_bytes();
    portal.guest().send(Method::Put, &url, &[("authorization", &key), ("origin", "https://elsewhere.example")], body).status(200);
}

/// API-1, `portico key create`: a key of the primary account, printed once as `public:secret` and nothing else.
#[test]
fn the_command_line_makes_a_key_of_the_primary_account() {
    let portal = estate();
    let made = |arguments: &[&str]| {
        let output = run(portal.folder(), &[&["key", "create"], arguments].concat(), "");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let said = out(&output);
        assert_eq!(said.lines().count(), 1, "{said}");
        Script::with(&portal, said.trim_end())
    };
    // The program reads the machine's own clock, which is behind the one of this portal or before it.
    let now = portal.now().0;
    let fresh = |script: &Script, days: i64| {
        let changed = portal.execute("update api_key set expires_at = ?1 where public_key = ?2", (now + days * 86_400_000, &script.public));
        assert_eq!(changed, 1);
    };
    let (whole, one) = (made(&["--name", "Nightly"]), made(&["--name", "Alder only", "--organization", "100000-01", "--expires", "1"]));
    let spans: Vec<i64> = [&whole, &one]
        .iter()
        .map(|script| portal.sql("select (expires_at - created_at) / 86400000 from api_key where public_key = ?1", [&script.public]))
        .collect();
    assert_eq!(spans, [365, 1]);
    fresh(&whole, 1);
    fresh(&one, 1);
    assert_eq!((sees(&whole), sees(&one)), (3, 1));
    let actor: String = portal.sql("select actor from activity where kind = 'api_key.made' limit 1", []);
    assert_eq!(actor, "The operator of this machine");
    assert_eq!(portal.sql_count(&format!("api_key where account = {}", ADA.account)), 2);
    let theirs = made(&["--name", "Tidewater", "--partner", "P-40000002"]);
    assert_eq!(portal.sql::<i64>("select account from api_key where public_key = ?1", [&theirs.public]), PIA.account);
    for (arguments, code, words) in [
        (vec!["--name", " "], 1, "Enter a name"),
        (vec!["--name", "No", "--expires", "0"], 1, "1 to 730"),
        (vec!["--name", "No", "--expires", "731"], 1, "1 to 730"),
        (vec!["--name", "No", "--organization", "Cedar Clinic"], 1, "no organization with the ID or the name Cedar Clinic"),
        (vec!["--name", "No", "--partner", "P-1"], 1, "There is no partner with the Partner ID P-1."),
        (vec![], 2, "--name"),
    ] {
        refused(&run(portal.folder(), &[&["key", "create"], arguments.as_slice()].concat(), ""), code, words);
    }
    portal.execute("update account set state = 'deactivated' where id = ?1", [QUINN.account]);
    refused(&run(portal.folder(), &["key", "create", "--name", "No", "--partner", "P-40000003"], ""), 1, "would not work");
    assert_eq!(portal.sql_count("api_key"), 3);
}

/// API-1, security.md: on the wire, PUT gets through, half a body does nothing, and an unknown address is not found whatever is sent there.
#[test]
fn scripts_come_in_through_the_gate() {
    let portal = estate();
    portal.execute("update seat set remote_id = main_id", []);
    let script = key_of(&portal, ADA);
    let served = portal.serve();
    let address: std::net::SocketAddr = served.address.trim_start_matches("http://").parse().expect("an address");
    let id: String = portal.sql("select remote_id from seat limit 1", []);
    let customer: i64 =
        portal.sql("select a.vendor_id from seat t join saas_account a on a.id = t.saas_account where t.remote_id = ?1", [&id]);
    let body = json!({"seat_type": "User", "action_type": "Pause", "ids": [id]}).to_string();
    let head = |path: &str, length: usize| {
        let key = basic(&script.public, &script.secret);
        format!(
            "PUT {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {key}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let path = format!("/v1/saas/{customer}/Classic%3AOffice365%3A{customer}/bulkSeatChange");
    let state = || portal.sql::<String>("select state from seat where remote_id = ?1", [&id]);
    let mut half = wire::Client::connect(address);
    half.send(format!("{}{}", head(&path, body.len()), &body[..body.len() / 2]));
    half.half_close();
    let cut_off = half.reply();
    assert_eq!((cut_off.status, cut_off.field("content-type"), state().as_str()), (400, Some("application/json"), "Active"));
    assert!(cut_off.text().contains(r#""code":"bad_request""#), "{}", cut_off.text());
    let unknown = wire::ask(address, format!("{}{body}", head("/v1/nothing", body.len())));
    assert_eq!((unknown.status, unknown.field("content-type")), (404, Some("application/json")));
    // What the gate itself refuses is told to scripts in their JSON, and to people in a sentence.
    for (asked, status, code) in [
        (head(&path, 300_000), 413, "content_too_large"),
        (format!("BREW {path} HTTP/1.1\r\nHost: {address}\r\n\r\n"), 405, "method_not_allowed"),
        (format!("GET {DOMAINS} HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n"), 421, "misdirected_request"),
        (format!("GET /v1?{} HTTP/1.1\r\nHost: {address}\r\n\r\n", "x".repeat(9_000)), 414, "request_too_long"),
        (format!("GET {DOMAINS} HTTP/2.7\r\nHost: {address}\r\n\r\n"), 505, "version_not_supported"),
    ] {
        let reply = wire::ask(address, &asked);
        assert_eq!((reply.status, reply.field("content-type")), (status, Some("application/json")), "{asked:.60}");
        let told: serde_json::Value = serde_json::from_str(&reply.text()).expect("JSON");
        assert_eq!((told["code"].as_str(), told["message"].as_str().is_some_and(|words| words.ends_with('.'))), (Some(code), true));
        let person = wire::ask(address, asked.replace(" /v1", " /v1x"));
        // Of people's addresses one that does not exist is said to be so, however large its body is.
        let status = if status == 413 { 404 } else { status };
        assert_eq!((person.status, person.field("content-type")), (status, Some("text/plain; charset=utf-8")), "{asked:.60}");
    }
    let reply = wire::ask(address, format!("{}{body}", head(&path, body.len())));
    assert_eq!((reply.status, reply.text().contains("success")), (200, true), "{}", reply.text());
    assert_eq!(state(), "Paused");
    assert_eq!(wire::ask(address, format!("GET {DOMAINS} HTTP/1.1\r\nHost: {address}\r\n\r\n")).status, 401);
}

/// OPS-1: a restore brings keys back that were deleted or made anew meanwhile, so it switches all of them off.
#[test]
fn keys_are_switched_off_by_a_restore() {
    let portal = estate();
    let script = key_of(&portal, ADA);
    let facts = Facts { organizations: 4, head: EventId(7), mark: String::new() };
    for (known, said) in
        [(1, "; 1 session was ended and 0 links voided, and 1 API key switched off"), (0, "; 0 sessions were ended and 0 links voided")]
    {
        let ended = portal.write(|tx| settle(tx, &Operator::of_this_machine(), &facts, Key::Kept));
        assert_eq!(ended.keys, known);
        assert!(portal.last_activity().ends_with(said), "{}", portal.last_activity());
        assert_eq!(script.status(DOMAINS), 401);
    }
    portal.sign_in(ADA).visit("/api-keys").sees("Deactivated").press("Reactivate Key");
    assert_eq!(script.status(DOMAINS), 200);
}

/// api.md: "403 where the key may not use the route at all": where its maker's role lacks the right of the row, or its maker the product
/// that the row is about (EMP-3).
#[test]
fn a_key_may_what_the_role_and_the_products_of_its_maker_allow() {
    let portal = Portal::firm();
    let all = Products { bcdr: ProductAccess::Full, endpoint_backup: ProductAccess::Full };
    let script_with = |role: Role, products: Products| {
        Visitor::Script(Box::new(portico::access::script_model::Script {
            key: KeyId(1),
            key_name: "Nightly".to_owned(),
            only: None,
            last_used_at: None,
            partner: PartnerId(1),
            account: AccountId(ADA.account),
            name: ADA.name(),
            email: ADA.email.to_owned(),
            role,
            reach: Reach::All,
            products,
            address: [127, 0, 0, 1].into(),
        }))
    };
    let script = |role: Role| script_with(role, all);
    let none = Products { bcdr: ProductAccess::NoAccess, endpoint_backup: ProductAccess::NoAccess };
    for (right, products) in [
        (Right::SeeDevices, Products { bcdr: ProductAccess::Full, ..none }),
        (Right::SeeEndpointBackup, Products { bcdr: ProductAccess::NoAccess, ..all }),
    ] {
        assert!(Access::Script(right).admits(&script_with(Role::Admin, products)), "{right:?}");
        assert!(!Access::Script(right).admits(&script_with(Role::Admin, none)), "{right:?}");
        assert!(Access::Script(Right::SeeSaasStatus).admits(&script_with(Role::Admin, none)));
    }
    for role in Role::ALL {
        for right in [Right::SeeSaasStatus, Right::RunPortal, Right::SeeDevices, Right::SeeStatements] {
            assert_eq!(Access::Script(right).admits(&script(*role)), role.may(right), "{role:?} {right:?}");
        }
        for access in [
            Access::Anyone,
            Access::SignedIn,
            Access::AnyEmployee,
            Access::Employee(Right::RunPortal),
            Access::SaasViewer,
            Access::Operating,
        ] {
            assert_eq!(access.admits(&script(*role)), access == Access::Anyone, "{role:?} {access:?}");
        }
    }
    let request = portico::kernel::http::Request {
        method: Method::Get,
        path: DOMAINS.to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
        peer: [127, 0, 0, 1].into(),
    };
    let told = |error: &Error| refusal(&errors::for_script(portal.app.portal(), &request, error));
    assert_eq!(told(&Error::Forbidden("Not with this key.")), (403, "forbidden".to_owned()));
    assert_eq!(told(&Error::Conflict("Somebody was faster.".to_owned())), (409, "conflict".to_owned()));
    assert_eq!(told(&Error::Unavailable { sentence: "Busy.".to_owned(), retry_after: 3 }), (503, "unavailable".to_owned()));
    let broken = errors::for_script(portal.app.portal(), &request, &Error::internal("select secret from everything"));
    assert_eq!(refusal(&broken), (500, "internal_error".to_owned()));
    assert!(!String::from_utf8_lossy(&broken.body).contains("secret"));
}

/// ALL-1: another partner's keys are not found.
#[test]
fn keys_of_another_partner_are_not_found() {
    let portal = Portal::estate();
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit("/api-keys").sees("Cedarine Nightly").does_not_see("Alderine");
    mallory.get(&format!("/api-keys/{}/deletion", ALDERINE.key())).status(404);
    mallory.post(&format!("/api-keys/{}/deletion", ALDERINE.key()), &[]).status(404);
    assert_eq!(Script::of(&portal, ALDERINE).status(DOMAINS), 200);
    // Harbor MSP is above Tidewater IT, and its keys are its own all the same.
    portal.sign_in(ADA).visit("/api-keys").sees("Alderine Nightly").does_not_see("Cedarine");
    assert_eq!(Script::of(&portal, CEDARINE).read(DOMAINS)[0]["saasCustomerName"], "Cedarine Mail");
}

/// API-1: whoever names an organization does not get a key for all of them, and no two keys of the list have the same name.
#[test]
fn a_key_is_what_its_form_says_and_has_a_name_of_its_own() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/api-keys/new").fill("Name", "Nightly").fill("Organization", ALDER).press("Create API Key").status(422);
    ada.sees("This names an organization, and the key would be for the whole partner.");
    assert_eq!((portal.sql_count("api_key"), ada.value_of("Organization")), (0, ALDER.to_owned()));
    ada.fill("For", "One organization").press("Create API Key").status(200);
    assert_eq!(portal.sql_count(&format!("api_key where organization = {ALDER_ID}")), 1);
    for name in ["Nightly", " NIGHTLY "] {
        ada.visit("/api-keys/new").fill("Name", name).press("Create API Key").status(422).sees("There is a key of this name already.");
    }
    ada.visit("/api-keys/new").fill("Name", "Nightly too").press("Create API Key").status(200);
    let body = ada.visit("/api-keys/new").body();
    assert!(body.contains("<option value=\"Birch &amp; Sons\">") && !body.contains("Cedar"), "one's own organizations are offered");
    portal.sign_in(MALLORY).visit("/api-keys/new").fill("Name", "Nightly").press("Create API Key").status(200);
}
