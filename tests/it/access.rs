//! The rules of `access`, one test a sentence.

use std::net::IpAddr;

use portico::access::actions::refusal;
use portico::access::model::browser;
use portico::access::roles_model::Role;
use portico::access::stage_model::Demand;
use portico::access::throttle_model::{LONGEST_PAUSE, pause_after};
use portico::kernel::random::Tokens;
use portico::kernel::secret::{Hasher, PasswordCost};
use portico::kernel::time::Span;
use portico::page::local;

use crate::support::people::*;
use crate::support::portal::{Portal, SESSION_COOKIE, Visit, temporary_folder};

const WRONG: &str = "E-mail or password is not right.";

/// Tries to sign in as a person would, from the sign-in page.
#[track_caller]
fn try_to_sign_in(visit: &mut Visit, email: &str, password: &str) {
    visit.visit("/sign-in").fill("E-mail", email).fill("Password", password).press("Sign in");
    if let Some(member) =
        [ADA, ABE, TESS, PIA, MALLORY].into_iter().find(|member| visit.url.starts_with("/sign-in/code") && asks(visit, *member))
    {
        visit.give_code(member);
    }
}

/// Whether it is this member whose code is asked for.
fn asks(visit: &Visit, member: Member) -> bool {
    visit.own_account() == member.account
}

#[track_caller]
fn is_in(visit: &mut Visit, name: &str) {
    visit.visit("/account").status(200).sees(name);
}

#[track_caller]
fn is_out(visit: &mut Visit) {
    visit.get("/account").status(303);
    assert!(visit.location().starts_with("/sign-in"), "{}", visit.location());
}

/// Gives Olu's identity a second account, at Birch & Sons, in this state.
fn second_account_of_olu(portal: &Portal, state: &str) -> i64 {
    let account = 120_000_000_000_099_i64;
    portal.execute(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, state, since, invited_until, created_at, tags, search)
         select ?1, a.partner, a.identity, ?2, a.first_name, a.last_name, a.name_key, ?3, a.since,
                case when ?3 = 'invited' then ?4 end, a.created_at, a.tags, a.search
           from account a where a.id = ?5",
        (account, BIRCH_ID, state, portal.now() + Span::days(7), OLU.account),
    );
    portal.execute(
        "insert into organization_user (account, partner, organization, access, endpoint_access)
         select ?1, partner, ?2, 'full', 'none' from organization_user where account = ?3",
        (account, BIRCH_ID, OLU.account),
    );
    account
}

/// ACC-11: one active account and nothing to accept leads straight in, under a new token.
#[test]
fn the_right_password_leads_straight_in_with_a_new_token() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, ADA.email, PASSWORD);
    is_in(&mut visit, "Ada Lane");
    let first = visit.cookie(SESSION_COOKIE).expect("a session").to_owned();
    assert_eq!(portal.sql::<String>("select kind from activity order by seq desc limit 1", []), "session.signed_in");
    assert_eq!(portal.mentions(&first), Vec::<String>::new(), "the token itself is stored nowhere");

    let mut again = portal.guest();
    try_to_sign_in(&mut again, &ADA.email.to_uppercase(), PASSWORD);
    is_in(&mut again, "Ada Lane");
    assert_ne!(again.cookie(SESSION_COOKIE), Some(first.as_str()));
}

/// A session that signs in again is replaced.
#[test]
fn signing_in_again_ends_the_session_that_was_there() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let before = visit.clone();
    visit.post("/sign-in", &[("email", ADA.email), ("password", PASSWORD)]).status(303);
    is_out(&mut before.clone());
    visit.follow().give_code(ADA);
    is_in(&mut visit, "Ada Lane");
}

/// SEC-1: unknown, wrong and deactivated answer alike, in status, headers and page.
#[test]
fn unknown_wrong_and_deactivated_are_refused_alike() {
    let portal = Portal::firm();
    portal.execute("update account set state = 'deactivated' where id = ?1", [TESS.account]);
    let mut answers = Vec::new();
    for (email, password) in [("nobody@else.example", PASSWORD), (ABE.email, "four other harbor words"), (TESS.email, PASSWORD)] {
        let mut visit = portal.guest();
        try_to_sign_in(&mut visit, email, password);
        visit.status(422).sees(WRONG).does_not_see("try again");
        assert_eq!(visit.value_of("E-mail"), email);
        assert_eq!(visit.cookie(SESSION_COOKIE), None);
        let form_id =
            visit.forms()[0].fields.iter().find(|field| field.name == "form_id").map(|field| field.value.clone()).expect("a form id");
        answers.push((visit.response.headers.clone(), visit.body().replace(email, "E").replace(&form_id, "F")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    let failed: i64 = portal.sql_count("activity where kind = 'session.sign_in_failed' and partner = 1");
    assert_eq!(failed, 3, "a failure for an unknown e-mail belongs to the operating partner");
}

/// ACC-3, ACC-5: an invited, lapsed or not yet invited account is no way in, whatever the password.
#[test]
fn only_an_active_account_leads_in() {
    let portal = Portal::firm();
    for state in ["not_invited", "deactivated"] {
        portal.execute("update account set state = ?2 where id = ?1", (NIA.account, state));
        let mut visit = portal.guest();
        try_to_sign_in(&mut visit, NIA.email, PASSWORD);
        visit.status(422).sees(WRONG);
    }
    portal.execute("update account set state = 'invited', invited_until = ?2 where id = ?1", (NIA.account, portal.now()));
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, NIA.email, PASSWORD);
    visit.status(422).sees(WRONG);
    portal.execute("update account set state = 'active', invited_until = null where id = ?1", [NIA.account]);
    try_to_sign_in(&mut visit, NIA.email, PASSWORD);
    is_in(&mut visit, "Nia Petrov");
}

/// ACC-5: whoever is deactivated is out with the next request.
#[test]
fn a_deactivated_accounts_session_is_over_at_once() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(OLU);
    is_in(&mut visit, "Olu Adeyemi");
    portal.execute("update account set state = 'deactivated' where id = ?1", [OLU.account]);
    is_out(&mut visit);
}

/// A user of an organization that is not active is neither let in nor kept in.
#[test]
fn a_suspended_organizations_users_are_out() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(OLU);
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    is_out(&mut visit);
    try_to_sign_in(&mut visit, OLU.email, PASSWORD);
    visit.status(422).sees(WRONG);
}

/// SEC-1: five failures are free, the sixth costs a second, and each further one twice as long, up to fifteen minutes.
#[test]
fn pauses_double_from_the_sixth_failure_to_fifteen_minutes() {
    assert_eq!([0, 1, 5, 6, 7, 8, 15].map(pause_after), [0, 0, 0, 1, 2, 4, 512].map(Span::seconds));
    assert_eq!([16, 17, 1_000_000, i64::MAX].map(pause_after), [LONGEST_PAUSE; 4]);
}

/// SEC-1: during a pause not even the right password is looked at, and the answer is the same; afterwards it leads in and wipes the slate.
#[test]
fn a_pause_refuses_the_right_password_too_and_ends_by_itself() {
    for (known, email) in [(true, ADA.email), (false, "nobody@else.example")] {
        let portal = Portal::firm();
        let mut visit = portal.guest();
        for _ in 0..5 {
            try_to_sign_in(&mut visit, email, "wrong wrong wrong");
            visit.status(422).sees(WRONG).does_not_see("try again");
        }
        try_to_sign_in(&mut visit, email, "wrong wrong wrong");
        visit.status(422).sees("E-mail or password is not right. You can try again in 1 second.");
        try_to_sign_in(&mut visit, email, PASSWORD);
        visit.status(422).sees("You can try again in 1 second.");
        portal.wait_idle(Span(999));
        try_to_sign_in(&mut visit, email, PASSWORD);
        visit.status(422).sees("You can try again in 1 second.");
        portal.wait_idle(Span(1));
        if known {
            try_to_sign_in(&mut visit, email, PASSWORD);
            is_in(&mut visit, "Ada Lane");
            let mut other = portal.guest();
            try_to_sign_in(&mut other, email, "wrong wrong wrong");
            other.status(422).does_not_see("try again");
        } else {
            try_to_sign_in(&mut visit, email, PASSWORD);
            visit.status(422).sees("You can try again in 2 seconds.");
        }
    }
}

/// SEC-1: twenty failures a minute from one address, whatever the e-mails; the next minute is free again.
#[test]
fn an_address_fails_twenty_times_a_minute() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    for number in 0..20 {
        try_to_sign_in(&mut visit, &format!("person{number}@else.example"), "wrong wrong wrong");
        visit.status(422).sees(WRONG);
    }
    visit.sees("You can try again in 60 seconds.");
    try_to_sign_in(&mut visit, ADA.email, PASSWORD);
    visit.status(422).sees("You can try again in 60 seconds.");
    portal.wait_idle(Span::minutes(1));
    try_to_sign_in(&mut visit, ADA.email, PASSWORD);
    is_in(&mut visit, "Ada Lane");
}

/// SEC-1: successes are no failures, however many there are.
#[test]
fn signing_in_often_is_no_failure() {
    let portal = Portal::firm();
    for _ in 0..25 {
        let mut visit = portal.guest();
        try_to_sign_in(&mut visit, ADA.email, PASSWORD);
        is_in(&mut visit, "Ada Lane");
    }
}

/// SEC-1: failures are kept in the database, under a hash, and forgotten after a day.
#[test]
fn failures_outlive_the_process_and_are_pruned_after_a_day() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, "somebody@else.example", "wrong wrong wrong");
    assert_eq!(portal.sql_count("sign_in_failure"), 2);
    portal.wait_idle(Span(Span::days(1).0 - 1)).run_jobs();
    assert_eq!(portal.sql_count("sign_in_failure"), 2);
    portal.wait_idle(Span(1)).run_jobs();
    assert_eq!(portal.sql_count("sign_in_failure"), 0);
}

/// The wait is told in whole seconds, never less than what is left.
#[test]
fn the_refusal_names_the_wait() {
    assert_eq!(refusal("No.", Span(0)), "No.");
    assert_eq!(refusal("No.", Span(1)), "No. You can try again in 1 second.");
    assert_eq!(refusal("No.", Span(3_001)), "No. You can try again in 4 seconds.");
    assert_eq!(refusal("No.", Span::minutes(15)), "No. You can try again in 15 minutes.");
}

/// ACC-11: a partner's own address lets its people in, and nobody else's; an unknown slug is the same page and the same refusal.
#[test]
fn a_partners_own_address_serves_that_partner() {
    let portal = Portal::firm();
    let slug: String = portal.sql("select slug from partner where name = ?1", [HARBOR]);
    for (slug, email, led_in) in [(slug.as_str(), ADA.email, true), (slug.as_str(), MALLORY.email, false), ("nosuchslug", ADA.email, false)]
    {
        let mut visit = portal.guest();
        visit.visit(&format!("/p/{slug}/sign-in")).status(200).sees("Sign in").does_not_see(HARBOR);
        visit.fill("E-mail", email).fill("Password", PASSWORD).press("Sign in");
        if led_in {
            visit.give_code(ADA);
            is_in(&mut visit, "Ada Lane");
        } else {
            visit.status(422).sees(WRONG).status(422);
        }
    }
    let page = |slug: &str| {
        let mut visit = portal.guest();
        let body = visit.visit(&format!("/p/{slug}/sign-in")).body();
        let form_id =
            visit.forms()[0].fields.iter().find(|field| field.name == "form_id").map(|field| field.value.clone()).expect("a form id");
        body.replace(&form_id, "F").replace(slug, "S")
    };
    assert_eq!(page(&slug), page("nosuchslug"));
}

/// ACC-11: `/sign-in` asks for the password of the identity last used with this e-mail.
#[test]
fn of_two_identities_the_one_last_used_is_asked() {
    let portal = Portal::firm();
    portal.execute("update identity set email = 'ada@harbor.example', email_key = 'ada@harbor.example' where email_key = ?1", [PIA.email]);
    portal.execute(
        "update identity set last_used_at = ?2 where id = (select identity from account where id = ?1)",
        (PIA.account, portal.now()),
    );
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, ADA.email, PASSWORD);
    is_in(&mut visit, "Pia Novak");
    portal.execute(
        "update identity set last_used_at = ?2 where id = (select identity from account where id = ?1)",
        (ADA.account, portal.now() + Span(1)),
    );
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, ADA.email, PASSWORD);
    is_in(&mut visit, "Ada Lane");
}

/// ACC-11: several active accounts are offered as "Organization (Partner)"; until one is chosen nothing else is reached.
#[test]
fn several_accounts_are_offered_and_one_is_chosen() {
    let portal = Portal::firm();
    second_account_of_olu(&portal, "active");
    let mut visit = portal.guest();
    visit.visit("/sign-in?next=%2Faccount%2Fsecurity").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in");
    visit.status(200).sees("Choose an account").sees("Alder Dental (Harbor MSP)").sees("Birch & Sons (Harbor MSP)");
    let chooser = visit.clone();
    is_out(&mut visit);
    let mut visit = chooser;
    visit.near("Birch & Sons").press("Open");
    visit.status(200).sees("Where you are signed in");
    is_in(&mut visit, "Birch & Sons");
    visit.visit("/choose-account").sees("Switch account").near("Alder Dental").press("Open");
    is_in(&mut visit, "Alder Dental");
}

/// ACC-11: a deactivated account is not offered, and cannot be taken by its id; nor can anybody else's.
#[test]
fn what_is_not_offered_cannot_be_chosen() {
    let portal = Portal::firm();
    let other = second_account_of_olu(&portal, "deactivated");
    let mut visit = portal.sign_in(OLU);
    visit.visit("/choose-account").does_not_see(BIRCH);
    for account in [other, NIA.account, MALLORY.account, 999] {
        visit.post("/choose-account", &[("account", &account.to_string())]).status(404);
        visit.post("/choose-account/acceptance", &[("account", &account.to_string())]).status(404);
    }
    is_in(&mut visit, ALDER);
}

/// ACC-15: a further account is offered to accept after the password; accepting leads into it.
#[test]
fn an_invited_further_account_is_accepted_at_the_next_sign_in() {
    let portal = Portal::firm();
    let second = second_account_of_olu(&portal, "invited");
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, OLU.email, PASSWORD);
    visit.sees("Birch & Sons (Harbor MSP)").sees("accept until").near("Birch & Sons").press("Accept");
    is_in(&mut visit, BIRCH);
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [second]), "active");
    assert_eq!(portal.sql_count("activity where kind = 'account.accepted'"), 1);
}

/// ACC-15: even when the other accounts are inactive; such a session reaches only accepting.
#[test]
fn whoever_has_only_something_to_accept_reaches_only_that() {
    let portal = Portal::firm();
    second_account_of_olu(&portal, "invited");
    portal.execute("update account set state = 'deactivated' where id = ?1", [OLU.account]);
    let mut visit = portal.guest();
    try_to_sign_in(&mut visit, OLU.email, PASSWORD);
    visit.sees(BIRCH).does_not_see(ALDER);
    let chooser = visit.clone();
    is_out(&mut visit);
    visit.get("/outbox").status(303);
    let mut visit = chooser;
    visit.press("Accept");
    is_in(&mut visit, BIRCH);
}

/// ACC-3: a further account can be accepted to the last millisecond of its seven days, and not later.
#[test]
fn a_further_account_lapses_like_any_other() {
    for (wait, offered) in [(Span(Span::days(7).0 - 1), true), (Span::days(7), false)] {
        let portal = Portal::firm();
        let second = second_account_of_olu(&portal, "invited");
        portal.wait(wait);
        let mut visit = portal.sign_in(OLU);
        visit.visit("/choose-account");
        if offered {
            visit.sees(BIRCH);
        } else {
            visit.does_not_see(BIRCH);
        }
        visit.post("/choose-account/acceptance", &[("account", &second.to_string())]).status(if offered { 303 } else { 404 });
    }
}

/// A session nobody used for thirty minutes is over; one in use lives on, but not past eight hours.
#[test]
fn sessions_end_by_idleness_and_by_age() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    portal.wait_idle(Span(Span::minutes(30).0 - 1));
    is_in(&mut visit, "Ada Lane");
    portal.wait_idle(Span(Span::minutes(30).0 - 1));
    is_in(&mut visit, "Ada Lane");
    portal.wait_idle(Span::minutes(30));
    is_out(&mut visit);

    let mut visit = portal.sign_in(ADA);
    for _ in 0..23 {
        portal.wait_idle(Span::minutes(20));
        is_in(&mut visit, "Ada Lane");
    }
    portal.wait_idle(Span(Span::minutes(20).0 - 1));
    is_in(&mut visit, "Ada Lane");
    portal.wait_idle(Span(1));
    is_out(&mut visit);
}

/// A session in which no account is chosen lives ten minutes.
#[test]
fn a_half_session_lives_ten_minutes() {
    let portal = Portal::firm();
    let mut visit = portal.half_signed_in(OLU);
    portal.wait_idle(Span(Span::minutes(10).0 - 1));
    visit.get("/choose-account").status(200);
    portal.wait_idle(Span(1));
    visit.get("/choose-account").status(303);
}

/// Signing out ends the session itself, not only the cookie.
#[test]
fn signing_out_ends_the_session() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let mut copy = visit.clone();
    visit.visit("/account").press("Sign out").sees("You are signed out.");
    assert_eq!(visit.cookie(SESSION_COOKIE), None);
    is_out(&mut copy);
    assert_eq!(portal.sql_count("session"), 0);
    assert_eq!(portal.last_activity(), "signed out");
}

/// Whoever was sent to sign in comes back to where they wanted to go, and never to another place than ours.
#[test]
fn signing_in_leads_back_to_a_path_of_ours_alone() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    visit.visit("/account/security?x=1").sees("Sign in").fill("E-mail", ADA.email).fill("Password", PASSWORD).press("Sign in");
    visit.give_code(ADA);
    assert_eq!(visit.url, "/account/security?x=1");
    for outside in
        ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "elsewhere", "/a\r\nb", "/sign-in", "", "/\t/x"]
    {
        assert_eq!(local(outside), "/", "{outside:?}");
        let mut visit = portal.guest();
        visit.post("/sign-in", &[("email", ADA.email), ("password", PASSWORD), ("next", outside)]).status(303);
        assert_eq!(visit.location(), "/sign-in/code");
        let code = portal.fresh_code(ADA);
        visit.post("/sign-in/code", &[("code", &code), ("next", outside)]).status(303);
        assert_eq!(visit.location(), "/");
    }
    assert_eq!(local("/organizations/7?tab=users"), "/organizations/7?tab=users");
}

/// EMP-2: one acts only on roles beneath one's own.
#[test]
fn roles_act_only_on_roles_beneath_them() {
    use Role::{Admin, Business, PrimaryAccount, SalesAndMarketing, SecurityAdmin, Tech};
    let beneath: [(Role, &[Role]); 6] = [
        (PrimaryAccount, &[SecurityAdmin, Admin, Tech, Business, SalesAndMarketing]),
        (SecurityAdmin, &[Admin, Tech, Business, SalesAndMarketing]),
        (Admin, &[Tech, Business, SalesAndMarketing]),
        (Tech, &[]),
        (Business, &[]),
        (SalesAndMarketing, &[]),
    ];
    for (role, may) in beneath {
        for other in Role::ALL {
            assert_eq!(role.may_act_on(*other), may.contains(other), "{role:?} on {other:?}");
        }
    }
}

/// A browser is named in a few words, whatever it says of itself.
#[test]
fn browsers_are_named_shortly() {
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let edge =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
    assert_eq!(browser(firefox), "Firefox on Linux");
    assert_eq!(browser(edge), "Edge on Windows");
    assert_eq!(browser(phone), "Safari on iPhone");
    assert_eq!(browser("<script>"), "Unknown browser");
}

/// ACC-15: an account that waits to be accepted is entered by accepting it, not by choosing it.
#[test]
fn an_invited_account_is_not_entered_unaccepted() {
    let portal = Portal::firm();
    let second = second_account_of_olu(&portal, "invited").to_string();
    let mut visit = portal.sign_in(OLU);
    visit.post("/choose-account", &[("account", &second)]).status(404);
    is_in(&mut visit, ALDER);
    visit.post("/choose-account/acceptance", &[("account", &second)]).status(303);
    is_in(&mut visit, BIRCH);
}

/// A password that is changed while the old one is being checked does not let the old one in.
#[test]
fn a_password_changed_meanwhile_lets_the_old_one_in_no_more() {
    use portico::access::actions::{Admission, Attempt, Outcome, admit, finish};
    for changed in [false, true] {
        let portal = Portal::firm();
        let attempt = Attempt {
            email: ABE.email,
            slug: None,
            address: std::net::IpAddr::from([127, 0, 0, 1]),
            browser: "Test",
            demand: Demand::AsRuled,
            browser_token: &[1; 32],
        };
        let Admission::Check(Some(candidate)) = portal.write(|tx| admit(tx, &attempt)) else { panic!("the password may be checked") };
        if changed {
            portal.execute("update identity set password_hash = 'another' where email = ?1", [ABE.email]);
        }
        let outcome = portal.write(|tx| finish(tx, &attempt, Some(&candidate), &[1; 32], None));
        assert_eq!(matches!(outcome, Outcome::In { .. }), !changed, "{outcome:?}");
        assert_eq!(portal.sql_count("session"), i64::from(!changed));
    }
}

/// SEC-1: failures are kept in the database: who has to wait waits on after a restart, for an e-mail and from an address.
#[test]
fn who_has_to_wait_waits_on_after_a_restart() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    for _ in 0..6 {
        try_to_sign_in(&mut visit, ADA.email, "wrong wrong wrong");
    }
    for number in 0..14 {
        try_to_sign_in(&mut visit, &format!("nobody{number}@else.example"), "wrong wrong wrong");
    }
    portal.db().checkpoint().expect("the log is emptied");
    let folder = temporary_folder();
    std::fs::copy(portal.db().path(), folder.path().join("portico.db")).expect("a copy");
    drop((visit, portal));
    let restarted = Portal::of_folder(folder);
    let mut from_there = restarted.guest();
    for (email, from) in [(ADA.email, [192, 0, 2, 7]), (ABE.email, [127, 0, 0, 1])] {
        from_there.from(IpAddr::from(from));
        try_to_sign_in(&mut from_there, email, PASSWORD);
        from_there.status(422).sees("You can try again in");
    }
    restarted.wait_idle(Span::minutes(1));
    for member in [ADA, ABE] {
        let mut visit = restarted.guest();
        try_to_sign_in(&mut visit, member.email, PASSWORD);
        is_in(&mut visit, &member.name());
    }
}

/// SEC-1: an e-mail that nobody has costs the time of one that somebody has: the password is hashed either way.
#[test]
fn an_unknown_e_mail_costs_the_time_of_a_known_one() {
    let portal = Portal::firm().with_password_cost(PasswordCost::Full);
    let hash = Hasher::start(PasswordCost::Full).and_then(|hasher| hasher.hash(PASSWORD, Tokens)).expect("a hash");
    portal.execute("update identity set password_hash = ?1", [hash]);
    let quickest = |email: &str| {
        let once = |_| {
            portal.execute("delete from sign_in_failure", []);
            let mut visit = portal.guest();
            let began = std::time::Instant::now();
            visit.post("/sign-in", &[("email", email), ("password", "wrong wrong wrong")]).status(422);
            began.elapsed()
        };
        (0..7).map(once).min().expect("seven tries")
    };
    let (known, unknown) = (quickest(ABE.email), quickest("nobody@else.example"));
    assert!(known < unknown * 2 && unknown < known * 2, "known {known:?}, unknown {unknown:?}");
}

/// Pia's partner makes an identity of a colleague's e-mail at Harbor, with a password of its own, and uses it at its own address.
fn taken_elsewhere(portal: &Portal, email: &str) -> Visit {
    let (identity, account) = (999_000_000_000_001_i64, 999_000_000_000_002_i64);
    portal.execute(
        "insert into identity (id, partner, email, email_key, password_hash, created_at)
         select ?1, 2, ?2, ?2, password_hash, created_at from identity where id = ?3",
        (identity, email, MALLORY.account + 500),
    );
    portal.execute(
        "insert into account (id, partner, identity, first_name, last_name, name_key, state, since, set_up_at, created_at, tags, search)
         select ?1, 2, ?2, first_name, last_name, name_key, 'active', since, since, created_at, tags, search from account where id = ?3",
        (account, identity, MALLORY.account),
    );
    portal.execute(
        "insert into employee (account, partner, role, bcdr, endpoint_backup) values (?1, 2, 'sales_and_marketing', 'none', 'none')",
        [account],
    );
    let mut elsewhere = portal.guest();
    elsewhere
        .visit("/p/tidewater/sign-in")
        .fill("E-mail", email)
        .fill("Password", PASSWORD)
        .press("Sign in")
        .sees("Set up a second factor");
    elsewhere
}

/// SEC-1, ACC-11: failures against an identity are forgiven by its own success alone, not by that of an identity which another partner made
/// of the same e-mail.
#[test]
fn another_partners_identity_of_the_same_email_forgives_nothing() {
    let portal = Portal::firm();
    let wrong = |visit: &mut Visit| {
        visit
            .visit("/p/harbor/sign-in")
            .fill("E-mail", TESS.email)
            .fill("Password", "wrong wrong wrong")
            .press("Sign in")
            .status(422)
            .text()
    };
    let mut guesser = portal.guest();
    for _ in 0..5 {
        assert!(!wrong(&mut guesser).contains("try again"));
    }
    taken_elsewhere(&portal, TESS.email);
    assert!(wrong(&mut guesser).contains("You can try again in 1 second."));
    portal.wait_idle(Span::seconds(1));
    portal.guest().visit("/p/harbor/sign-in").fill("E-mail", TESS.email).fill("Password", PASSWORD).press("Sign in").give_code(TESS);
    assert!(!wrong(&mut guesser).contains("try again"), "their own success forgives");
}

/// ACC-11: at `/sign-in` the identity last used is meant, but one that was signed in to from this very browser comes first.
#[test]
fn a_browser_finds_its_own_identity_whoever_used_the_email_last() {
    let portal = Portal::firm();
    let mut tess = portal.guest();
    tess.sign_in_by_hand(TESS);
    portal.wait_idle(Span::minutes(1));
    taken_elsewhere(&portal, TESS.email);
    let newest = || portal.sql::<i64>("select partner from session where created_at = (select max(created_at) from session)", []);
    portal.wait_idle(Span::minutes(1));
    tess.press("Sign out");
    tess.visit("/sign-in").fill("E-mail", TESS.email).fill("Password", PASSWORD).press("Sign in").give_code(TESS);
    is_in(&mut tess, "Tess Moreau");
    assert_eq!(newest(), 1);
    portal.wait_idle(Span::minutes(1));
    taken_again(&portal);
    portal.guest().visit("/sign-in").fill("E-mail", TESS.email).fill("Password", PASSWORD).press("Sign in").sees("Set up a second factor");
    assert_eq!(newest(), 2, "a browser that nobody knows means the identity last used");
}

/// The other identity is used once more.
fn taken_again(portal: &Portal) {
    portal.execute("update identity set last_used_at = ?1 where id = 999000000000001", [portal.now()]);
}
