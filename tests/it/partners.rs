//! The rules of `partners`, one test a sentence.

use portico::access::roles_model::Role;
use portico::access::stage_model::{Demand, Stage};
use portico::kernel::db::Read as _;
use portico::kernel::error::Error;
use portico::kernel::text::{Email, FirmName, PersonName};
use portico::kernel::time::Span;
use portico::partners::actions::set_up;
use portico::partners::model::Founding;

use crate::support::authenticator;
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const SECRET: &str = "the-secret-that-was-printed";
const PAGE: &str = "/set-up/the-secret-that-was-printed";

#[track_caller]
fn fill_in<'a>(visit: &'a mut Visit, partner: &str, email: &str) -> &'a mut Visit {
    visit.visit(PAGE).status(200);
    visit.fill("Partner name", partner).fill("Country", "Norway").fill("First name", "Ada").fill("Last name", "Lane");
    visit.fill("E-mail", email).fill("Password", PASSWORD).fill("Password again", PASSWORD)
}

/// ACC-1: the page makes the operating partner and its primary account, signs in, and leads Home.
#[test]
fn an_empty_portal_is_set_up_through_its_link() {
    let portal = Portal::waiting_for_set_up(SECRET);
    let mut visit = portal.guest();
    visit.visit("/sign-in").sees("This portal is not set up yet.");
    fill_in(&mut visit, "Fjord IT", "ada@fjord.example").press("Set up Portico");
    assert_eq!(visit.url, Stage::SetUp.path());
    assert_eq!(portal.last_activity(), "set up the portal for Fjord IT");
    let secret = visit.set_up_factor();
    visit.visit("/account").sees("Ada Lane").sees("Primary account").sees("Fjord IT");
    assert_eq!(portal.sql::<String>("select name || ' ' || country from partner where parent is null", []), "Fjord IT NO");
    assert_eq!(portal.sql::<String>("select role from employee", []), Role::PrimaryAccount.word());
    assert_eq!(portal.mentions(PASSWORD), Vec::<String>::new());

    let mut again = portal.guest();
    again.visit("/sign-in").does_not_see("not set up yet").fill("E-mail", "ADA@fjord.example").fill("Password", PASSWORD).press("Sign in");
    again.fill("Code", &authenticator::code(&secret, portal.now() + Span::seconds(30))).press("Continue");
    again.visit("/account").sees("Ada Lane");
}

/// ACC-1: without the secret there is no set-up page, for reading or for sending.
#[test]
fn without_the_secret_there_is_no_set_up_page() {
    let portal = Portal::waiting_for_set_up(SECRET);
    for path in ["/set-up", "/set-up/", "/set-up/another", "/set-up/the-secret-that-was-printe"] {
        portal.guest().get(path).status(404);
        portal.guest().post(path, &[("partner", "Fjord IT")]).status(404);
    }
    let without = Portal::empty();
    without.guest().get(PAGE).status(404);
    portal.guest().get(PAGE).status(200);
}

/// ACC-1: nor ever after, with the secret or without.
#[test]
fn after_the_set_up_the_page_does_not_exist() {
    let portal = Portal::waiting_for_set_up(SECRET);
    let (mut first, mut second) = (portal.guest(), portal.guest());
    fill_in(&mut first, "Fjord IT", "ada@fjord.example");
    fill_in(&mut second, "Glacier IT", "gro@glacier.example");
    first.press("Set up Portico");
    second.press("Set up Portico").status(404);
    assert_eq!(portal.sql_count("partner"), 1);
    assert_eq!(portal.sql_count("account"), 1);
    portal.guest().get(PAGE).status(404);
    first.get(PAGE).status(404);
}

/// ACC-1: of many at the same moment one sets the portal up.
#[test]
fn of_many_at_the_same_moment_one_wins() {
    let portal = Portal::waiting_for_set_up(SECRET);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..6)
            .map(|number| {
                let mut visit = portal.guest();
                scope.spawn(move || {
                    let (partner, email) = (format!("Firm {number}"), format!("ada{number}@fjord.example"));
                    let fields = [
                        ("partner", partner.as_str()),
                        ("country", "NO"),
                        ("first_name", "Ada"),
                        ("last_name", "Lane"),
                        ("email", email.as_str()),
                        ("password", PASSWORD),
                        ("password_again", PASSWORD),
                    ];
                    visit.post(PAGE, &fields).response.status
                })
            })
            .collect();
        tries.into_iter().map(|tried| tried.join().expect("no panic")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 5, "{statuses:?}");
    assert_eq!(portal.sql_count("partner"), 1);
}

/// ALL-7: the form sent twice is answered twice with the same session, and sets up once.
#[test]
fn the_set_up_form_sent_twice_leads_into_the_same_portal() {
    let portal = Portal::waiting_for_set_up(SECRET);
    let fields = [
        ("form_id", "a-form-id-of-twenty-signs"),
        ("partner", "Fjord IT"),
        ("country", "NO"),
        ("first_name", "Ada"),
        ("last_name", "Lane"),
        ("email", "ada@fjord.example"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    for _ in 0..2 {
        let mut visit = portal.guest();
        visit.post(PAGE, &fields).status(303);
        visit.visit("/account").status(200).sees("Set up a second factor");
    }
    assert_eq!(portal.sql_count("partner"), 1);
    assert_eq!(portal.sql_count("session"), 1);
}

/// What is wrong is said at its field, what was entered stays, and nothing is made.
#[test]
fn a_wrong_field_brings_the_form_back_filled() {
    let portal = Portal::waiting_for_set_up(SECRET);
    let mut visit = portal.guest();
    fill_in(&mut visit, "Fjord IT", "ada@fjord.example").fill("Password again", "another set of words").press("Set up Portico");
    visit.status(422).sees("This is not the same as above");
    fill_in(&mut visit, "Fjord IT", "not an address").fill("Password", "password").press("Set up Portico");
    visit.status(422).sees("Enter an e-mail address").sees("Use at least 12 characters.");
    assert_eq!(visit.value_of("Partner name"), "Fjord IT");
    assert!(!visit.body().contains("value=\"password\""), "a password never comes back");
    assert_eq!(portal.sql_count("partner"), 0);
    visit.fill("E-mail", "ada@fjord.example").fill("Password", PASSWORD).fill("Password again", PASSWORD).press("Set up Portico");
    visit.set_up_factor();
    visit.visit("/account").sees("Ada Lane");
}

/// ACC-1: the action itself refuses a second time, whoever calls it.
#[test]
fn a_portal_is_set_up_once() {
    let portal = Portal::firm();
    let founding = Founding {
        partner: FirmName::parse("Second").expect("a name"),
        country: "NO".to_owned(),
        first_name: PersonName::parse("Gro").expect("a name"),
        last_name: PersonName::parse("Dahl").expect("a name"),
        email: Email::parse("gro@second.example").expect("an address"),
    };
    let before = portal.sql_count("partner");
    let result = portal.db().write(|tx| set_up(tx, &founding, "hash", |_| unreachable!("nothing is recorded")));
    assert!(matches!(result, Err(Error::Refused(_))));
    assert_eq!(portal.sql_count("partner"), before);
}

/// OPS-6: the operating partner is the one without a parent; only its primary account counts as its operator.
#[test]
fn the_operating_partner_is_the_first() {
    let portal = Portal::firm();
    let operating = portal.db().read(|db| portico::partners::store::operating(db)).expect("a reading").expect("a partner");
    assert_eq!(portal.sql::<String>("select name from partner where id = ?1", [operating]), HARBOR);
    let reads = |member: Member| {
        let identity: i64 = portal.sql("select identity from account where id = ?1", [member.account]);
        portal.sign_in(member);
        portal.db().read(|db| {
            let hash: Vec<u8> =
                db.one("select token_hash from session where identity = ?1 order by id desc limit 1", [identity], |row| row.get(0))?;
            let (visitor, _) = portico::access::store::visitor(db, &hash, std::net::IpAddr::from([127, 0, 0, 1]), Demand::AsRuled)?;
            Ok(portico::access::model::Access::Operating.admits(&visitor))
        })
    };
    assert!(reads(ADA).expect("a reading"));
    for other in [SAM, ABE, PIA, OLU] {
        assert!(!reads(other).expect("a reading"), "{}", other.name());
    }
}

/// PAR-2: the Partner ID is in the account menu of the staff, and not in that of organization users.
#[test]
fn the_partner_id_is_in_the_menu_of_the_staff() {
    let portal = Portal::firm();
    let id: String = portal.sql("select public_id from partner where name = ?1", [HARBOR]);
    for member in [ADA, TESS, SID] {
        portal.sign_in(member).visit("/account").sees(&id);
    }
    portal.sign_in(OLU).visit("/account").does_not_see(&id);
}
