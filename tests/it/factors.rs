//! The rules of `factors`, one test a sentence.

use portico::access::model::Access;
use portico::access::stage_model::Stage;
use portico::app::routes;
use portico::kernel::http::Method;
use portico::kernel::text;
use portico::kernel::time::{Span, Timestamp};
use portico::kernel::totp::Secret;

use crate::support::authenticator::{code, codes_around, secret_of, typed};
use crate::support::people::*;
use crate::support::portal::{Portal, SESSION_COOKIE, START, Visit};
use crate::support::qr;

const WRONG: &str = "This code is not right.";
const NEW: &str = "five other unrelated harbor words";

/// Somebody who gave the password and is asked for a code.
#[track_caller]
fn asked(portal: &Portal, member: Member) -> Visit {
    let mut visit = portal.guest();
    visit.visit("/sign-in").fill("E-mail", member.email).fill("Password", PASSWORD).press("Sign in");
    assert!(visit.url.starts_with("/sign-in/code"), "{}: {}", visit.url, visit.excerpt());
    visit
}

#[track_caller]
fn is_in(visit: &mut Visit, member: Member) {
    visit.visit("/account").status(200).sees(&member.name());
}

/// It leads to this page of the way in, and to no other.
#[track_caller]
fn is_held_at(visit: &mut Visit, path: &str) {
    visit.visit("/account");
    assert!(visit.url.starts_with(path), "{}: {}", visit.url, visit.excerpt());
}

/// RFC 6238, appendix B, the last six of its eight digits; the portal's crate and the tests' own app agree.
#[test]
fn codes_are_those_of_rfc_6238() {
    let key = b"12345678901234567890";
    let secret = Secret::of(key).expect("twenty bytes");
    for (seconds, expected) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        let at = Timestamp(seconds * 1_000);
        assert_eq!(secret.code_at(at).as_deref(), Some(expected));
        assert_eq!(code(key, at), expected);
        assert_eq!(secret.step_of(expected, at), Some(seconds / 30));
    }
    assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(typed(&text::groups_of_four(&secret.text(), ' ')), key);
}

/// RFC 4648, section 10.
#[test]
fn base_32_is_that_of_rfc_4648() {
    for (plain, written) in
        [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")]
    {
        assert_eq!(text::base32(plain.as_bytes()), written);
        assert_eq!(typed(written), plain.as_bytes());
    }
}

/// ACC-7: the code of the step before or after is taken, to the second, and none beyond.
#[test]
fn a_code_is_taken_one_step_early_or_late_and_no_more() {
    // A step begins at START.
    assert_eq!(START.0 % 30_000, 0);
    for (shift, taken) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
        let portal = Portal::firm();
        let mut visit = asked(&portal, ADA);
        visit.fill("Code", &code(&secret_of(ADA), START + Span::seconds(shift))).press("Continue");
        if taken {
            is_in(&mut visit, ADA);
        } else {
            visit.status(422).sees(WRONG);
            is_held_at(&mut visit, "/sign-in/code");
        }
    }
    // And the clock one second before the step's end is still in it.
    let portal = Portal::firm();
    let mut visit = asked(&portal, ADA);
    portal.wait(Span(59_999));
    visit.fill("Code", &code(&secret_of(ADA), START)).press("Continue");
    is_in(&mut visit, ADA);
    let portal = Portal::firm();
    let mut visit = asked(&portal, ADA);
    portal.wait(Span::seconds(60));
    visit.fill("Code", &code(&secret_of(ADA), START)).press("Continue").status(422).sees(WRONG);
}

/// ACC-7: no code is accepted twice, nor one of an earlier step than the last.
#[test]
fn a_code_works_once_and_an_older_one_no_more_after_it() {
    let portal = Portal::firm();
    let [before, now, after] = codes_around(&secret_of(ADA), portal.now());
    let mut first = asked(&portal, ADA);
    first.fill("Code", &now).press("Continue");
    is_in(&mut first, ADA);
    let mut second = asked(&portal, ADA);
    for spent in [&now, &before] {
        second.fill("Code", spent).press("Continue").status(422).sees(WRONG);
    }
    second.fill("Code", &after).press("Continue");
    is_in(&mut second, ADA);
}

/// A code may be typed in groups; anything that is none is refused in a sentence.
#[test]
fn a_code_may_be_typed_in_groups() {
    let portal = Portal::firm();
    let mut visit = asked(&portal, ADA);
    for nonsense in ["", "12345", "abcdef", "+12345", "1234567", &"9".repeat(5_000)] {
        visit.post("/sign-in/code", &[("code", nonsense)]).status(422).sees(WRONG);
        portal.execute("delete from sign_in_failure", []);
    }
    let right = portal.fresh_code(ADA);
    visit.visit("/sign-in/code").fill("Code", &format!(" {} {} ", &right[..3], &right[3..])).press("Continue");
    is_in(&mut visit, ADA);
}

/// The session gets a new token with the code, and the old one is nobody's.
#[test]
fn the_session_gets_a_new_token_with_the_code() {
    let portal = Portal::firm();
    let mut visit = asked(&portal, ADA);
    let mut stolen = visit.clone();
    let before = visit.cookie(SESSION_COOKIE).expect("half a session").to_owned();
    visit.give_code(ADA);
    is_in(&mut visit, ADA);
    assert_ne!(visit.cookie(SESSION_COOKIE), Some(before.as_str()));
    stolen.get("/account").status(303);
    assert!(stolen.location().starts_with("/sign-in"));
    stolen.get("/sign-in/code").status(303);
}

/// SEC-1: wrong codes are slowed down like wrong passwords, and the right password does not wipe their count.
#[test]
fn guessing_the_code_is_slowed_down_and_the_password_does_not_help() {
    let portal = Portal::firm();
    for _ in 0..5 {
        asked(&portal, ADA).fill("Code", "000000").press("Continue").status(422).sees(WRONG).does_not_see("try again");
    }
    let mut visit = asked(&portal, ADA);
    visit.fill("Code", "000000").press("Continue").status(422).sees("You can try again in 1 second.");
    let right = portal.fresh_code(ADA);
    visit.fill("Code", &right).press("Continue").status(422).sees("You can try again in 1 second.");
    portal.wait_idle(Span(999));
    visit.fill("Code", &right).press("Continue").status(422);
    portal.wait_idle(Span(1));
    visit.fill("Code", &right).press("Continue");
    is_in(&mut visit, ADA);
    // A success wipes the slate.
    asked(&portal, ADA).fill("Code", "000000").press("Continue").status(422).does_not_see("try again");
    assert_eq!(portal.sql_count("activity where kind = 'session.sign_in_failed' and sentence like '%wrong code%'"), 7);
}

/// Half a session lives ten minutes.
#[test]
fn the_code_can_be_given_for_ten_minutes() {
    for (wait, fine) in [(Span(Span::minutes(10).0 - 1), true), (Span::minutes(10), false)] {
        let portal = Portal::firm();
        let mut visit = asked(&portal, ADA);
        portal.wait_idle(wait);
        visit.get("/sign-in/code").status(if fine { 200 } else { 303 });
    }
}

/// ACC-7: at each stage nothing but its own page is reached; with a positive control for each page.
#[test]
fn at_each_stage_nothing_but_its_own_page_is_reached() {
    for stage in [Stage::Code, Stage::Password, Stage::SetUp] {
        let portal = Portal::firm();
        let mut visit = portal.at_stage(ABE, stage);
        visit.visit("/organizations");
        assert_eq!(visit.url.split('?').next(), Some(stage.path()), "{stage:?}");
        visit.status(200);
        for route in routes::all().filter(|route| !route.path.contains('{')) {
            let own = route.path == stage.path() || matches!(route.access, Access::Anyone | Access::AnySession);
            if !own {
                match route.method {
                    Method::Get => visit.get(route.path),
                    _ => visit.post(route.path, &[]),
                };
                visit.status(303);
                assert!(visit.location().starts_with("/sign-in"), "{stage:?} reaches {}", route.path);
            }
        }
        assert_eq!(portal.sql_count("organization"), 4, "nothing was made");
        visit.visit(stage.path()).press("Sign in as somebody else").sees("You are signed out.");
    }
}

/// ACC-7: an employee without a second factor sets one up at the next sign-in, before anything else, and needs it from then on.
#[test]
fn an_employee_sets_a_second_factor_up_before_anything_else() {
    let portal = Portal::firm();
    portal.lose_factor(ABE);
    let mut visit = portal.guest();
    visit.visit("/organizations").fill("E-mail", ABE.email).fill("Password", PASSWORD).press("Sign in").sees("Set up a second factor");
    let offered = visit.offered_secret();
    let svg = visit.page().named("svg").into_iter().find(|svg| svg.has_class("qr")).expect("a QR code").clone();
    assert!(svg.attr("aria-label").is_some_and(|label| label.contains("QR code")));
    visit.get("/organizations").status(303);
    visit.visit("/sign-in/second-factor?next=%2Forganizations");
    assert_eq!(visit.offered_secret(), offered, "the page drawn again offers the same");
    visit.fill("Code", "000000").press("Confirm").status(422).sees("This is not the code of this moment.");
    assert_eq!(visit.offered_secret(), offered);
    assert_eq!(portal.sql_count("second_factor where identity = 110000000000503"), 0, "nothing is kept before a code was given");
    visit.fill("Code", &code(&offered, portal.now())).press("Confirm").status(200);
    let codes = visit.recovery_codes();
    assert_eq!(codes.len(), 10);
    visit.press("I have kept them").sees("Alder Dental");
    assert_eq!(portal.last_activity(), "set up a second factor");
    for secret in codes.iter().map(String::as_str).chain([text::base32(&offered).as_str()]) {
        assert_eq!(portal.mentions(secret), Vec::<String>::new());
    }
    let mut again = portal.guest();
    again.visit("/sign-in").fill("E-mail", ABE.email).fill("Password", PASSWORD).press("Sign in");
    again.fill("Code", &code(&offered, portal.now())).press("Continue").status(422).sees(WRONG);
    again.fill("Code", &code(&offered, portal.now() + Span::seconds(30))).press("Continue");
    is_in(&mut again, ABE);
}

/// ACC-7: what a camera reads off the QR code is what an app takes: whose it is, at whom, and the very key that stands beside it; its codes
/// are accepted. For names of any length and in any script.
#[test]
fn a_camera_reads_the_key_off_the_qr_code() {
    for partner in ["Harbor MSP", "IT", "Größer & Söhne: IT/Netz 100%", "Контора"] {
        let portal = Portal::firm();
        portal.execute("update partner set name = ?1 where id = 1", [partner]);
        let mut visit = portal.at_stage(ABE, Stage::SetUp);
        visit.visit("/sign-in/second-factor");
        let svg = visit.page().named("svg").into_iter().find(|svg| svg.has_class("qr")).expect("a QR code").clone();
        let read = qr::read(&svg);
        let rest = read.strip_prefix("otpauth://totp/").unwrap_or_else(|| panic!("{read}"));
        let (label, query) = rest.split_once('?').expect("what follows the label");
        let decoded = percent_encoding::percent_decode_str(label).decode_utf8().expect("UTF-8");
        let issuer = partner.replace(':', " ");
        assert_eq!(decoded, format!("{issuer}:{}", ABE.email));
        assert_eq!(label.matches(':').count(), 1, "{label}");
        let fields: Vec<(String, String)> = form_urlencoded::parse(query.replace('+', "%2B").as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let secret = text::base32(&visit.offered_secret());
        assert_eq!(fields, [("secret".to_owned(), secret.clone()), ("issuer".to_owned(), issuer)]);
        let app = crate::support::authenticator::typed(&secret);
        assert_eq!(app.len(), 20, "160 bits");
        visit.fill("Code", &code(&app, portal.now())).press("Confirm").status(200).sees("Your recovery codes");
    }
}

/// ACC-7: the longest name and the longest e-mail still make a code, so that nobody is kept out by what they are called.
#[test]
fn the_longest_names_make_a_code_too() {
    let portal = Portal::firm();
    portal.execute("update partner set name = ?1 where id = 1", ["\u{1f3e2}".repeat(120)]);
    let email = format!("{}@harbor.example", "\u{5cb8}".repeat(239));
    portal.lose_factor(ABE);
    portal.execute("update identity set email = ?2 where id = ?1", (ABE.account + 500, &email));
    let mut visit = portal.guest();
    visit.begin_session_with(ABE.email, Some(ABE.account), portico::access::stage_model::Proof::Password);
    visit.visit("/sign-in/second-factor").status(200);
    assert!(visit.page().named("svg").iter().any(|svg| svg.has_class("qr")));
    visit.set_up_factor();
}

/// ACC-7: "organization users may otherwise": one without is let in; one who has set it up is asked.
#[test]
fn an_organization_user_may_have_one_and_is_asked_from_then_on() {
    let portal = Portal::firm();
    let mut olu = portal.guest();
    olu.sign_in_by_hand(OLU);
    is_in(&mut olu, OLU);
    let mut other = portal.sign_in(OLU);
    olu.visit("/account/security").sees("Second factor").press("Set up").sees("Set up a second factor");
    let secret = olu.offered_secret();
    let right = code(&secret, portal.now());
    olu.fill("Current password", "wrong wrong wrong")
        .fill("Code", &right)
        .press("Confirm")
        .status(422)
        .sees("This is not your current password.");
    is_in(&mut other, OLU);
    olu.fill("Current password", PASSWORD).fill("Code", &right).press("Confirm").status(200).sees("Your recovery codes");
    // ACC-13
    other.get("/account").status(303);
    olu.press("I have kept them").sees("10 of 10 recovery codes left.");
    let mut again = portal.guest();
    again.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in");
    is_held_at(&mut again, "/sign-in/code");
    again.fill("Code", &code(&secret, portal.now() + Span::seconds(30))).press("Continue");
    is_in(&mut again, OLU);
}

/// ACC-7: each recovery code lets in once, in whatever case it is typed; the page says how many are left.
#[test]
fn a_recovery_code_works_once() {
    let portal = Portal::firm();
    portal.lose_factor(ABE);
    let mut visit = portal.at_stage(ABE, Stage::SetUp);
    visit.visit("/");
    let secret = visit.offered_secret();
    visit.fill("Code", &code(&secret, portal.now())).press("Confirm");
    let codes = visit.recovery_codes();
    for (used, typed) in [codes[0].to_lowercase(), codes[1].replace('-', ""), format!(" {} ", codes[2])].iter().enumerate() {
        let mut lost = portal.guest();
        lost.visit("/sign-in").fill("E-mail", ABE.email).fill("Password", PASSWORD).press("Sign in").open("Use a recovery code");
        lost.fill("Recovery code", typed).press("Continue").sees(&format!("of which {} are left", 9 - used));
        is_in(&mut lost, ABE);
        assert!(portal.sql_count("activity where kind = 'recovery_code.used'") > 0);
    }
    let mut lost = portal.guest();
    lost.visit("/sign-in").fill("E-mail", ABE.email).fill("Password", PASSWORD).press("Sign in").open("Use a recovery code");
    for wrong in [codes[0].as_str(), "AAAA-AAAA"] {
        lost.fill("Recovery code", wrong).press("Continue").status(422).sees(WRONG);
    }
    visit.visit("/account/security").sees("7 of 10 recovery codes left.");
}

/// ACC-7: new codes void the old ones, ask for the password, and are shown once.
#[test]
fn new_recovery_codes_void_the_old_ones() {
    let portal = Portal::firm();
    let mut visit = portal.at_stage(ABE, Stage::SetUp);
    visit.visit("/");
    let secret = visit.offered_secret();
    visit.fill("Code", &code(&secret, portal.now())).press("Confirm");
    let old = visit.recovery_codes();
    visit.visit("/account/recovery-codes").fill("Current password", "wrong wrong wrong").press("Make new codes").status(422);
    visit.fill("Current password", PASSWORD).press("Make new codes").status(200);
    let new = visit.recovery_codes();
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    assert_eq!(portal.last_activity(), "made new recovery codes");
    visit.visit("/account/security");
    assert!(visit.recovery_codes().is_empty());
    let mut lost = portal.guest();
    lost.visit("/sign-in").fill("E-mail", ABE.email).fill("Password", PASSWORD).press("Sign in").open("Use a recovery code");
    lost.fill("Recovery code", &old[0]).press("Continue").status(422);
    lost.fill("Recovery code", &new[0]).press("Continue");
    is_in(&mut lost, ABE);
    // Who has no second factor has no codes to make.
    let mut olu = portal.sign_in(OLU);
    olu.visit("/account/recovery-codes")
        .fill("Current password", PASSWORD)
        .press("Make new codes")
        .status(422)
        .sees("Set up a second factor first");
}

/// The codes can be saved as a file, from the page that shows them and by whom they belong to; the event comes first.
#[test]
fn recovery_codes_can_be_saved_as_a_file() {
    let portal = Portal::firm();
    let mut visit = portal.at_stage(ABE, Stage::SetUp);
    visit.visit("/");
    let secret = visit.offered_secret();
    visit.fill("Code", &code(&secret, portal.now())).press("Confirm");
    let (codes, sealed) = (visit.recovery_codes(), visit.value_of("sealed"));
    visit.press("Save as a file").status(200);
    assert!(visit.response.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
    let file = visit.body();
    assert!(codes.iter().all(|code| file.contains(code)) && file.contains(ABE.email) && file.contains(HARBOR), "{file}");
    assert_eq!(portal.last_activity(), "saved their recovery codes as a file");
    let mut tess = portal.sign_in(TESS);
    tess.post("/recovery-codes", &[("sealed", &sealed)]).status(422);
    assert!(!tess.body().contains(&codes[0]));
}

/// ACC-13: replacing it ends the old app's codes, the old recovery codes, and all other sessions.
#[test]
fn a_second_factor_is_replaced_whole() {
    let portal = Portal::firm();
    let (mut visit, mut other) = (portal.sign_in(ABE), portal.sign_in(ABE));
    visit.visit("/account/security").press("Replace");
    let secret = visit.offered_secret();
    assert_ne!(secret, secret_of(ABE));
    visit.fill("Current password", PASSWORD).fill("Code", &portal.fresh_code(ABE)).press("Confirm").status(422);
    is_in(&mut other, ABE);
    visit
        .fill("Current password", PASSWORD)
        .fill("Code", &code(&secret, portal.now()))
        .press("Confirm")
        .status(200)
        .sees("Your recovery codes");
    assert_eq!(portal.last_activity(), "replaced their second factor");
    other.get("/account").status(303);
    is_in(&mut visit, ABE);
    let mut again = asked(&portal, ABE);
    again.fill("Code", &code(&secret_of(ABE), portal.now())).press("Continue").status(422);
    again.fill("Code", &code(&secret, portal.now() + Span::seconds(30))).press("Continue");
    is_in(&mut again, ABE);
}

/// A password reset never skips the second factor (security.md).
#[test]
fn a_reset_password_does_not_skip_the_second_factor() {
    let portal = Portal::firm();
    portal.guest().post("/forgot-password", &[("email", ABE.email)]).status(303);
    portal.run_jobs();
    let mut visit = portal.guest();
    visit.post(&portal.link_for(ABE.email), &[("password", NEW), ("password_again", NEW)]).status(303);
    visit.visit("/sign-in").fill("E-mail", ABE.email).fill("Password", NEW).press("Sign in");
    is_held_at(&mut visit, "/sign-in/code");
    visit.give_code(ABE);
    is_in(&mut visit, ABE);
}

/// Portals of before: open sessions of employees are held at the set-up page at the next click, and go on from there.
#[test]
fn an_open_session_without_a_second_factor_is_held_and_goes_on() {
    let portal = Portal::firm();
    let mut visit = portal.at_stage(ABE, Stage::SetUp);
    portal.wait_idle(Span::minutes(25));
    visit.visit("/organizations").sees("Set up a second factor").fill("Current password", PASSWORD);
    visit.set_up_factor();
    assert_eq!(visit.url, "/organizations");
    visit.status(200);
}

/// ORG-9: from then on its users set one up at their next step; open sessions are held; other organizations' are not.
#[test]
fn an_organization_asks_its_users_for_a_second_factor_from_their_next_click() {
    let portal = Portal::firm();
    let (mut olu, mut nia) = (portal.sign_in(OLU), portal.sign_in(NIA));
    is_in(&mut olu, OLU);
    let mut abe = portal.sign_in(ABE);
    let page = format!("/organizations/{ALDER_ID}");
    abe.visit(&page).sees("Enable multifactor authentication for the organization");
    abe.post(&format!("{page}/second-factor"), &[("wanted", "required")])
        .follow()
        .sees("Users of Alder Dental set up a second factor at their next step.");
    assert_eq!(portal.last_activity(), "enabled multifactor authentication for Alder Dental");
    is_held_at(&mut olu, "/sign-in/second-factor");
    is_in(&mut nia, NIA);
    olu.set_up_factor();
    is_in(&mut olu, OLU);
    let mut noor = portal.guest();
    noor.visit("/sign-in").fill("E-mail", NOOR.email).fill("Password", PASSWORD).press("Sign in").sees("Set up a second factor");
    abe.post(&format!("{page}/second-factor"), &[("wanted", "optional")]).follow().sees("A second factor is optional");
    noor.visit("/account").sees("Noor Haddad");
    abe.post(&format!("{page}/second-factor"), &[("wanted", "whatever")]).follow().sees("Choose whether");
    let mallory = portal.sign_in(MALLORY).post(&format!("{page}/second-factor"), &[("wanted", "required")]).response.status;
    assert_eq!(mallory, 404);
}

/// ORG-9: with several accounts it is required if any active one of them requires it.
#[test]
fn one_account_that_requires_it_is_enough() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    portal.execute("update organization set require_second_factor = 1 where id = ?1", [BIRCH_ID]);
    is_in(&mut olu, OLU);
    portal.execute(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, state, since, created_at, tags, search)
         select 120000000000099, partner, identity, ?1, first_name, last_name, name_key, 'active', since, created_at, tags, search from account where id = ?2",
        (BIRCH_ID, OLU.account),
    );
    is_held_at(&mut olu, "/sign-in/second-factor");
    portal.execute("update account set state = 'deactivated' where id = 120000000000099", []);
    is_in(&mut olu, OLU);
}

const RESET: &str = "/organizations/10000001/users/120000000000001/second-factor";

/// The passcode of the newest letter to an address, as its receiver reads it.
#[track_caller]
fn passcode_for(portal: &Portal, email: &str) -> String {
    portal.link_for(email).strip_prefix("/links/").expect("a secret").to_owned()
}

/// ACC-8: a Security Admin and the primary account may; nobody else, and not to themselves or to whom is above.
#[test]
fn who_may_reset_and_who_may_not() {
    for (member, status) in [(ADA, 200), (SAM, 200), (ABE, 404), (TESS, 404), (BEA, 404), (SID, 404), (NIA, 404), (MALLORY, 404)] {
        let portal = Portal::firm();
        let mut visit = portal.sign_in(member);
        visit.get(RESET).status(status);
        let answer = visit.post(RESET, &[]).response.status;
        assert_eq!(answer, if status == 200 { 303 } else { 404 }, "{}", member.name());
        assert_eq!(portal.sql_count("letter where kind = 'passcode'"), i64::from(status == 200), "{}", member.name());
    }
    let portal = Portal::firm();
    portal.sign_in(ADA).visit(&format!("/organizations/{ALDER_ID}")).open("Options for Olu Adeyemi").is_offered("Reset MFA");
    portal.sign_in(ABE).visit(&format!("/organizations/{ALDER_ID}")).open("Options for Olu Adeyemi").is_not_offered("Reset MFA");
    // ACC-15: Olu also works here as Security Admin, so that Sam may not.
    portal.execute(
        "insert into account (id, partner, identity, first_name, last_name, name_key, state, since, created_at, tags, search)
         select 110000000000099, partner, identity, first_name, last_name, name_key, 'active', since, created_at, tags, search from account where id = ?1",
        [OLU.account],
    );
    portal.execute("insert into employee (account, partner, role, bcdr, endpoint_backup) values (110000000000099, 1, 'security_admin', 'none', 'none')", []);
    portal.sign_in(SAM).post(RESET, &[]).follow().sees("Only somebody above that role may do this.");
    assert_eq!(portal.sql_count("letter where kind = 'passcode'"), 0);
    portal.sign_in(ADA).post(RESET, &[]).follow().sees("The letter with a one-time passcode is written");
}

/// ACC-8, EMP-2: employees are reset by a Security Admin or the primary account, and only by whom they are beneath; never by themselves.
#[test]
fn an_employee_is_reset_by_who_is_above_them() {
    let at = |member: Member| format!("/employees/{}/second-factor", member.account);
    for (by, whom, may) in
        [(ADA, SAM, true), (ADA, TESS, true), (SAM, ABE, true), (SAM, TESS, true), (SAM, ADA, false), (SAM, SAM, false), (ADA, ADA, false)]
    {
        let portal = Portal::firm();
        let mut theirs = portal.sign_in(whom);
        let mut visit = portal.sign_in(by);
        visit.post(&at(whom), &[]).status(303);
        assert_eq!(portal.sql_count("letter where kind = 'passcode'"), i64::from(may), "{} {}", by.name(), whom.name());
        assert_eq!(portal.sql_count(&format!("second_factor where identity = {}", whom.account + 500)), i64::from(!may));
        theirs.get("/account").status(if may { 303 } else { 200 });
    }
    let portal = Portal::firm();
    for member in [ABE, TESS, BEA, SID, OLU, MALLORY] {
        portal.sign_in(member).post(&at(TESS), &[]).status(404);
    }
    portal.sign_in(ABE).visit("/employees").open("Options for Tess Moreau").is_offered("Deactivate Account").is_not_offered("Reset MFA");
    portal
        .sign_in(SAM)
        .visit(&at(TESS))
        .sees("Reset MFA of Tess Moreau")
        .press("Reset MFA")
        .sees("The letter with a one-time passcode is written");
    assert_eq!(portal.last_activity(), "reset how Tess Moreau signs in and sent a one-time passcode");
    let passcode = passcode_for(&portal, TESS.email);
    let mut tess = portal.guest();
    tess.visit("/sign-in").fill("E-mail", TESS.email).fill("Password", &passcode).press("Sign in");
    tess.fill("New password", NEW).fill("New password again", NEW).press("Set password");
    tess.set_up_factor();
    is_in(&mut tess, TESS);
}

/// ACC-8: old password, second factor and sessions end at once; the passcode leads to a new password, then a new second factor, then in.
#[test]
fn a_reset_leads_through_a_new_password_and_a_new_second_factor() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    olu.visit("/account/second-factor");
    let old = olu.offered_secret();
    olu.fill("Current password", PASSWORD).fill("Code", &code(&old, portal.now())).press("Confirm");
    let codes = olu.recovery_codes();
    portal
        .sign_in(SAM)
        .visit(RESET)
        .sees("Reset MFA of Olu Adeyemi")
        .press("Reset MFA")
        .sees("The letter with a one-time passcode is written");
    olu.get("/account").status(303);
    assert_eq!(
        portal.sql_count("second_factor where identity = 120000000000501")
            + portal.sql_count("recovery_code where identity = 120000000000501"),
        0
    );
    let mut visit = portal.guest();
    visit.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in").status(422);
    let passcode = passcode_for(&portal, OLU.email);
    assert_eq!(portal.mentions(&passcode), Vec::<String>::new(), "sealed in the letter, hashed in the identity");
    visit
        .fill("E-mail", OLU.email)
        .fill("Password", &passcode.to_lowercase().replace('-', " "))
        .press("Sign in")
        .sees("Choose a new password");
    is_held_at(&mut visit, "/sign-in/password");
    visit
        .fill("New password", "short")
        .fill("New password again", "short")
        .press("Set password")
        .status(422)
        .sees("Use at least 12 characters.");
    for seen in [passcode.clone(), passcode.to_lowercase()] {
        visit.fill("New password", &seen).fill("New password again", &seen).press("Set password").status(422);
        visit.sees("This is the one-time passcode.");
    }
    visit.fill("New password", NEW).fill("New password again", NEW).press("Set password").sees("Set up a second factor");
    is_held_at(&mut visit, "/sign-in/second-factor");
    let new = visit.set_up_factor();
    assert_ne!(new, old);
    is_in(&mut visit, OLU);
    let mut again = portal.guest();
    again.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", &passcode).press("Sign in").status(422);
    again.fill("E-mail", OLU.email).fill("Password", NEW).press("Sign in").open("Use a recovery code");
    again.fill("Recovery code", &codes[0]).press("Continue").status(422);
    again.visit("/sign-in/code").fill("Code", &code(&new, portal.now() + Span::seconds(30))).press("Continue");
    is_in(&mut again, OLU);
}

/// ACC-8: a passcode works once and for 24 hours, to the millisecond; a newer one takes its place.
#[test]
fn a_passcode_works_once_for_24_hours() {
    for (wait, fine) in [(Span(Span::hours(24).0 - 1), true), (Span::hours(24), false)] {
        let portal = Portal::firm();
        portal.sign_in(ADA).post(RESET, &[]).status(303);
        let passcode = passcode_for(&portal, OLU.email);
        portal.wait(wait);
        let mut visit = portal.guest();
        visit.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", &passcode).press("Sign in").status(if fine { 200 } else { 422 });
        let mut twice = portal.guest();
        twice.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", &passcode).press("Sign in").status(422);
    }
    let portal = Portal::firm();
    portal.sign_in(ADA).post(RESET, &[]).status(303);
    let first = passcode_for(&portal, OLU.email);
    portal.wait(Span::seconds(1));
    portal.sign_in(ADA).post(RESET, &[]).status(303);
    let second = passcode_for(&portal, OLU.email);
    assert_ne!(first, second);
    let mut visit = portal.guest();
    visit.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", &first).press("Sign in").status(422);
    visit.fill("E-mail", OLU.email).fill("Password", &second).press("Sign in").status(200).sees("Choose a new password");
}

/// ACC-8: a reset letter asked for meanwhile sets a password, and the second factor is owed all the same.
#[test]
fn a_reset_letter_meanwhile_does_not_skip_the_new_second_factor() {
    let portal = Portal::firm();
    portal.sign_in(ADA).post(RESET, &[]).status(303);
    portal.wait(Span::seconds(1));
    portal.guest().post("/forgot-password", &[("email", OLU.email)]).status(303);
    portal.run_jobs();
    let mut visit = portal.guest();
    visit.post(&portal.link_for(OLU.email), &[("password", NEW), ("password_again", NEW)]).status(303);
    visit.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", NEW).press("Sign in").sees("Set up a second factor");
    visit.set_up_factor();
    is_in(&mut visit, OLU);
}

/// MAI-3: the letter with a passcode is opened by those who may reset, and says nothing once it was used or its time is over.
#[test]
fn a_passcodes_letter_is_for_those_who_may_reset() {
    let portal = Portal::firm();
    portal.sign_in(ADA).post(RESET, &[]).status(303);
    let passcode = passcode_for(&portal, OLU.email);
    let letter: i64 = portal.sql("select id from letter where kind = 'passcode'", []);
    let open = format!("/outbox/{letter}/opening");
    portal.sign_in(ABE).post(&open, &[]).status(404);
    portal.sign_in(SAM).post(&open, &[]).status(200).sees(&passcode);
    portal.sign_in(ABE).visit("/outbox").sees("Only a Security Admin opens it");
    let mut visit = portal.guest();
    visit.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", &passcode).press("Sign in").status(200);
    portal.sign_in(SAM).post(&open, &[]).status(200).does_not_see(&passcode).sees("this passcode has been used or has expired");
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter where sealed_link is not null"), 0);
}

/// ACC-8: no address takes a passcode for a link.
#[test]
fn a_passcode_is_no_link() {
    let portal = Portal::firm();
    portal.sign_in(ADA).post(RESET, &[]).status(303);
    portal.guest().get(&portal.link_for(OLU.email)).status(404);
}

/// ACC-6, ORG-8: a removed account's second factor goes with it.
#[test]
fn a_second_factor_goes_with_its_identity() {
    for all in [false, true] {
        let portal = Portal::firm();
        let mut olu = portal.sign_in(OLU);
        olu.visit("/account/second-factor");
        let secret = olu.offered_secret();
        olu.fill("Current password", PASSWORD).fill("Code", &code(&secret, portal.now())).press("Confirm").status(200);
        let mut ada = portal.sign_in(ADA);
        if all {
            ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(303);
        } else {
            ada.post("/organizations/10000001/users/120000000000001/removal", &[]).status(303);
        }
        assert_eq!(portal.sql_count("identity where id = 120000000000501"), 0);
        assert_eq!(portal.sql_count("recovery_code"), 0);
        assert_eq!(portal.sql_count("second_factor where identity = 120000000000501"), 0);
        assert!(portal.sql_count("second_factor") > 0, "others' stay");
    }
}

/// ACC-2: a new employee's set-up link leads on to the second factor.
#[test]
fn a_set_up_link_leads_on_to_the_second_factor() {
    let portal = Portal::firm();
    portal.execute("update organization set require_second_factor = 1 where id = ?1", [ALDER_ID]);
    let fields =
        [("first_name", "Ira"), ("last_name", "Moss"), ("email", "ira@alder.example"), ("access", "full"), ("endpoint_access", "none")];
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/users/new"), &fields).status(303);
    let mut ira = portal.guest();
    ira.visit(&portal.link_for("ira@alder.example")).fill("Password", NEW).fill("Password again", NEW).press("Set up account");
    ira.sees("Set up a second factor");
    ira.set_up_factor();
    ira.visit("/account").sees("Ira Moss");
}

/// ALL-7: a new password sent twice at the same moment is set once, and both answers carry the one session that is in.
#[test]
fn a_double_click_on_a_new_password_signs_nobody_out() {
    let portal = Portal::firm();
    portal.sign_in(SAM).post(RESET, &[]).follow().sees("The letter with a one-time passcode is written");
    let passcode = passcode_for(&portal, OLU.email);
    let mut olu = portal.guest();
    olu.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", &passcode).press("Sign in").sees("Choose a new password");
    olu.fill("New password", NEW).fill("New password again", NEW);
    let answers: Vec<Visit> = std::thread::scope(|scope| {
        // Both are on their way before either is done.
        let clicks: Vec<_> = portal.write(|_| {
            let clicks = (0..2)
                .map(|_| {
                    scope.spawn({
                        let mut click = olu.clone();
                        move || click.press("Set password").clone()
                    })
                })
                .collect();
            std::thread::sleep(std::time::Duration::from_millis(700));
            Ok(clicks)
        });
        clicks.into_iter().map(|click| click.join().expect("an answer")).collect()
    });
    assert_eq!(answers[0].cookie(SESSION_COOKIE), answers[1].cookie(SESSION_COOKIE));
    for mut answer in answers {
        answer.visit("/sign-in/second-factor").status(200).sees("Set up a second factor");
    }
}

/// Who gives both the password and a code must be right in both before the factor is taken away.
#[test]
fn a_wrong_code_beside_the_right_password_removes_no_second_factor() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    olu.visit("/account/second-factor").fill("Current password", PASSWORD);
    let secret = olu.set_up_factor();
    portal.wait(Span::minutes(1));
    let removal = "/account/second-factor/removal";
    olu.visit(removal).fill("Current password", PASSWORD).fill("Or a code", "000000").press("Remove").status(422);
    olu.sees("This code is not right.");
    olu.visit(removal).fill("Current password", PASSWORD).fill("Or a code", "abc").press("Remove").status(422);
    olu.sees("Enter the six digits");
    let code = code(&secret, portal.now());
    olu.visit(removal).fill("Current password", "wrong wrong wrong").fill("Or a code", &code).press("Remove").status(422);
    olu.sees("This is not your current password.");
    olu.visit(removal).fill("Current password", PASSWORD).fill("Or a code", &code).press("Remove").sees("The second factor is removed");
}
