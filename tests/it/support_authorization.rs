//! Who may ask for the interactions with support (SUP-1), one test a sentence.

use portico::access::stage_model::PROOF_LASTS;
use portico::kernel::ids::{AccountId, EventId};
use portico::kernel::time::Span;
use portico::users::support_model::Support;
use portico::users::support_store;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const ALDER_PAGE: &str = "/organizations/10000001";
const SECURITY: &str = "/account/security";

fn at(member: Member, rest: &str) -> String {
    format!("{ALDER_PAGE}/users/{}/support{rest}", member.account)
}

fn support(portal: &Portal) -> Support {
    portal.db().read(|db| support_store::of_account(db, AccountId(OLU.account))).expect("an answer")
}

fn is_in_force(portal: &Portal) -> bool {
    matches!(support(portal), Support::InForce { .. })
}

/// Makes a PIN for Olu and gives its digits, as the page shows them.
#[track_caller]
fn make_pin(visit: &mut Visit) -> String {
    visit.visit(SECURITY);
    let label = if visit.offers("Make a support PIN") { "Make a support PIN" } else { "Make a new support PIN" };
    visit.press(label).status(200).sees("Your support PIN");
    let text = visit.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    let four = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let pin = words.windows(2).find(|pair| four(pair[0]) && four(pair[1])).expect("eight digits in two groups");
    pin.concat()
}

fn another(pin: &str) -> String {
    pin.bytes().map(|digit| char::from(b'0' + (digit - b'0' + 1) % 10)).collect()
}

/// Olu is authorized, with the PIN confirmed.
fn authorized(portal: &Portal) {
    let pin = make_pin(&mut portal.sign_in(OLU));
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(OLU, ""), &[]).status(303);
    abe.post(&at(OLU, "/pin"), &[("pin", &pin)]).status(303);
    assert!(is_in_force(portal));
}

/// SUP-1: an employee authorizes a user; it holds from the moment their PIN is confirmed.
#[test]
fn an_authorization_holds_once_the_pin_is_confirmed() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    olu.visit(SECURITY).sees("Your provider has not authorized you for support");
    let pin = make_pin(&mut olu);
    let mut abe = portal.sign_in(ABE);
    abe.visit(ALDER_PAGE).open("Options for Olu Adeyemi").open("Authorize for Support").sees("without anybody's approval");
    abe.press("Authorize for Support").sees("Authorized Olu Adeyemi for support.").sees("Support PIN to confirm");
    assert!(matches!(support(&portal), Support::Given { .. }));
    olu.visit(SECURITY).sees("asks for your PIN to be sure that it is you");
    abe.visit(ALDER_PAGE)
        .open("Options for Olu Adeyemi")
        .open("Confirm support PIN")
        .fill("Support PIN", &format!("{} {}", &pin[..4], &pin[4..]));
    abe.press("Confirm support PIN").sees("Confirmed. Olu Adeyemi is authorized for support.").sees("Authorized for support");
    assert!(is_in_force(&portal));
    olu.visit(SECURITY).sees("Authorized for support").sees("queued at once");
    let said = support(&portal).recorded().expect("what a task records");
    assert!(said.contains("authorized by Abe") && said.contains("PIN confirmed by Abe"), "{said}");
}

/// SUP-1: it is taken back at any time, before and after the PIN is confirmed.
#[test]
fn an_authorization_is_withdrawn_confirmed_or_not() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(OLU, ""), &[]).status(303);
    abe.visit(ALDER_PAGE).open("Options for Olu Adeyemi").open("Withdraw support authorization").press("Withdraw authorization");
    abe.sees("Withdrew the support authorization of Olu Adeyemi.").does_not_see("Support PIN to confirm");
    authorized(&portal);
    abe.post(&at(OLU, "/withdrawal"), &[]).status(303);
    assert_eq!(support(&portal), Support::Not);
    abe.post(&at(OLU, "/withdrawal"), &[]);
    abe.follow().sees("Olu Adeyemi is not authorized for support.");
}

/// SUP-1: Endpoint Backup users never, nor those without access, nor who is not active; no card is theirs, and no PIN.
#[test]
fn only_an_active_user_with_full_access_is_authorized() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    for member in [FINN, NOOR] {
        abe.visit(&at(member, "")).sees("has no Full access.").is_not_offered("Authorize for Support");
        abe.post(&at(member, ""), &[]);
        abe.follow().sees("has no Full access.");
        portal.sign_in(member).post("/account/support-pin", &[]).status(404);
        portal.sign_in(member).visit(SECURITY).does_not_see("Support PIN");
    }
    portal.execute("update account set state = 'deactivated' where id = ?1", [OLU.account]);
    abe.post(&at(OLU, ""), &[]);
    abe.follow().sees("Olu Adeyemi is not active.");
    assert_eq!(portal.sql_count("support_authorization"), 0);
    portal.sign_in(ADA).post("/account/support-pin", &[]).status(404);
    assert_eq!(portal.sql_count("support_pin"), 0);
}

/// SUP-1: it ends with the user: deactivated, removed, with another e-mail, without Full access; and so does the PIN.
#[test]
fn an_authorization_ends_with_the_user() {
    let user = format!("{ALDER_PAGE}/users/{}", OLU.account);
    let edits = |access: &'static str, email: &'static str| -> Box<dyn Fn(&mut Visit)> {
        let user = user.clone();
        Box::new(move |abe: &mut Visit| {
            abe.visit(&user).fill("Organization Access", access).fill("Email", email).press("Save Changes").sees("Saved the changes");
        })
    };
    let posts = |path: &'static str| -> Box<dyn Fn(&mut Visit)> {
        let user = user.clone();
        Box::new(move |abe: &mut Visit| {
            abe.post(&format!("{user}/{path}"), &[]).status(303);
        })
    };
    for end in [posts("deactivation"), posts("removal"), edits("none", OLU.email), edits("full", "another@alder.example")] {
        let portal = Portal::firm();
        authorized(&portal);
        make_pin(&mut portal.sign_in(OLU));
        end(&mut portal.sign_in(ABE));
        assert_eq!((portal.sql_count("support_authorization"), portal.sql_count("support_pin")), (0, 0));
        let changes: String = portal.sql("select changes from activity order by seq desc limit 1", []);
        let removed = portal.sql_count(&format!("account where id = {}", OLU.account)) == 0;
        assert!(removed || changes.contains("Support authorization"), "{changes}");
    }
    let portal = Portal::firm();
    authorized(&portal);
    portal.sign_in(ABE).visit(&user).fill("Last name", "Another").press("Save Changes").sees("Saved the changes");
    assert!(is_in_force(&portal), "another name ends nothing");
}

/// SUP-1: an organization that is deleted takes them along.
#[test]
fn authorizations_go_with_their_organization() {
    let portal = Portal::firm();
    authorized(&portal);
    make_pin(&mut portal.sign_in(OLU));
    portal.sign_in(ADA).post(&format!("{ALDER_PAGE}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(303);
    assert_eq!((portal.sql_count("support_authorization"), portal.sql_count("support_pin")), (0, 0));
}

/// SUP-1: a PIN is shown once and kept as a hash; no event, letter or alert holds it. A new one takes its place.
#[test]
fn a_pin_is_shown_once_and_stored_nowhere() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    let first = make_pin(&mut olu);
    olu.visit(SECURITY).does_not_see(&first).does_not_see(&format!("{} {}", &first[..4], &first[4..]));
    assert!(portal.mentions(&first).is_empty(), "{:?}", portal.mentions(&first));
    let second = make_pin(&mut olu);
    assert_eq!(portal.sql_count("support_pin"), 1);
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(OLU, ""), &[]).status(303);
    abe.post(&at(OLU, "/pin"), &[("pin", &first)]).status(422).sees("This is not the support PIN of Olu Adeyemi.");
    abe.post(&at(OLU, "/pin"), &[("pin", &second)]).status(303);
    assert!(portal.mentions(&second).is_empty());
}

/// SUP-1: a confirmed PIN is spent: who knows it now is two people.
#[test]
fn a_pin_confirms_once() {
    let portal = Portal::firm();
    let pin = make_pin(&mut portal.sign_in(OLU));
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(OLU, ""), &[]).status(303);
    abe.post(&at(OLU, "/pin"), &[("pin", &pin)]).status(303);
    abe.post(&at(OLU, "/withdrawal"), &[]).status(303);
    abe.post(&at(OLU, ""), &[]).status(303);
    abe.post(&at(OLU, "/pin"), &[("pin", &pin)]).status(422).sees("has no support PIN that could be confirmed");
    assert!(!is_in_force(&portal));
}

/// SUP-1, SEC-1: after five wrong PINs in a row the next has to wait, a right one too; each is an event that does not say it.
#[test]
fn wrong_pins_are_slowed_down() {
    let portal = Portal::firm();
    let pin = make_pin(&mut portal.sign_in(OLU));
    let wrong = another(&pin);
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(OLU, ""), &[]).status(303);
    let refused = "activity where kind = 'support.pin_refused'";
    for _ in 0..5 {
        abe.post(&at(OLU, "/pin"), &[("pin", &wrong)]).status(422).does_not_see("Too many");
    }
    abe.post(&at(OLU, "/pin"), &[("pin", &wrong)]).status(422).sees("Too many wrong PINs");
    assert_eq!(portal.sql_count(refused), 6);
    // Another employee waits as well, and what waits is no try.
    portal.sign_in(SAM).post(&at(OLU, "/pin"), &[("pin", &pin)]).status(422).sees("Too many wrong PINs");
    assert_eq!(portal.sql_count(refused), 6);
    assert!(portal.mentions(&wrong).is_empty());
    portal.wait(Span(999));
    abe.post(&at(OLU, "/pin"), &[("pin", &pin)]).status(422).sees("Too many wrong PINs");
    portal.wait(Span(1));
    abe.post(&at(OLU, "/pin"), &[("pin", &pin)]).status(303);
    assert!(is_in_force(&portal));
}

/// SUP-1: what is no PIN at all is a refusal of the field, and no try.
#[test]
fn what_is_no_pin_is_refused() {
    let portal = Portal::firm();
    make_pin(&mut portal.sign_in(OLU));
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(OLU, ""), &[]).status(303);
    for typed in ["", "1234567", "123456789", "1234567a", "१२३४५६७८"] {
        abe.post(&at(OLU, "/pin"), &[("pin", typed)]).status(422).sees("A support PIN has 8 digits.");
    }
    assert_eq!(portal.sql_count("activity where kind = 'support.pin_refused'"), 0);
}

/// SEC-2: authorizing somebody, and making a PIN, ask for the password when it was given long ago.
#[test]
fn authorizing_and_making_a_pin_ask_for_the_password_again() {
    let portal = Portal::firm();
    let (mut abe, mut olu) = (portal.sign_in(ABE), portal.sign_in(OLU));
    portal.execute("update session set proved_at = proved_at - ?1", [PROOF_LASTS.0 + 1_000]);
    abe.visit(&at(OLU, "")).press("Authorize for Support").status(200).sees("Enter your password again");
    olu.visit(SECURITY).press("Make a support PIN").status(200).sees("Enter your password again");
    assert_eq!((portal.sql_count("support_authorization"), portal.sql_count("support_pin")), (0, 0));
    olu.fill("Password", PASSWORD).press("Continue").status(200).sees("Your support PIN");
    assert_eq!(portal.sql_count("support_pin"), 1);
}

/// OPS-1: a restored portal takes no PIN of before.
#[test]
fn a_restore_voids_pins() {
    use portico::access::witness_model::Operator;
    use portico::upkeep::model::Facts;
    use portico::upkeep::restore_actions::{Key, settle};
    let portal = Portal::firm();
    make_pin(&mut portal.sign_in(OLU));
    let facts = Facts { organizations: 4, head: EventId(7), mark: String::new() };
    portal.write(|tx| settle(tx, &Operator::of_this_machine(), &facts, Key::Kept));
    assert_eq!(portal.sql_count("support_pin"), 0);
}
