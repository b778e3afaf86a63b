//! The seven days are for the password and the second factor (ACC-2, ACC-3), and who has none stands on Home (HOM-1).

use portico::access::stage_model::{Demand, Stage};
use portico::accounts::store::activate;
use portico::kernel::ids::AccountId;
use portico::kernel::time::Span;

use crate::support::estate::ALDERINE;
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const NEW: &str = "another four harbor words";
const IVO: &str = "ivo@harbor.example";
const WEEK: Span = Span::days(7);

/// Ivo, a new colleague, came by his link and chose a password on the first day, and no more.
fn ivo(portal: &Portal) -> Visit {
    let form =
        [("first_name", "Ivo"), ("last_name", "Marsh"), ("email", IVO), ("role", "tech"), ("bcdr", "role"), ("endpoint_backup", "role")];
    portal.sign_in(ADA).post("/employees/new", &form).follow().sees("Added Ivo Marsh");
    let link = portal.link_for(IVO);
    let mut visit = portal.guest();
    visit.post(&link, &[("password", NEW), ("password_again", NEW)]).follow().sees("Set up a second factor");
    visit
}

fn state(portal: &Portal, email: &str) -> String {
    portal.sql("select a.state from account a join identity i on i.id = a.identity where i.email_key = ?1", [email])
}

fn signs_in(portal: &Portal, email: &str) -> Visit {
    let mut visit = portal.guest();
    visit.visit("/sign-in").fill("E-mail", email).fill("Password", NEW).press("Sign in");
    visit
}

/// ACC-2: the password alone does not set an employee's account up: the second factor belongs to it, until the last millisecond of the
/// seven days; then the account lapses, whether or not a job ran.
#[test]
fn the_seven_days_are_for_the_second_factor_too() {
    let portal = Portal::firm();
    ivo(&portal);
    portal.sign_in(SAM).visit("/employees").sees("7 days left for a factor");
    portal.wait_idle(Span(WEEK.0 - 1));
    let mut in_time = signs_in(&portal, IVO);
    in_time.sees("Set up a second factor").set_up_factor();
    in_time.get("/account").status(200).sees("Ivo Marsh");
    portal.wait_idle(Span::days(30)).run_jobs();
    assert_eq!(state(&portal, IVO), "active");

    let portal = Portal::firm();
    ivo(&portal);
    portal.wait_idle(Span(WEEK.0 - 1));
    let mut held = signs_in(&portal, IVO);
    held.sees("Set up a second factor");
    portal.wait_idle(Span(1));
    assert_eq!(state(&portal, IVO), "active", "no job has run");
    held.get("/sign-in/second-factor").status(303);
    signs_in(&portal, IVO).status(422).sees("E-mail or password is not right.");
    portal.sign_in(SAM).visit("/employees").near("Ivo Marsh").sees("set-up lapsed");
    portal.run_jobs();
    assert_eq!(state(&portal, IVO), "deactivated");
    assert_eq!(portal.last_activity(), "deactivated Ivo Marsh: not set up within seven days");
}

/// ACC-4, ACC-15: brought back, such an account gets a letter and seven new days; its password is kept and no link leads around it.
#[test]
fn who_lapsed_without_a_second_factor_comes_back_and_is_asked_again() {
    let portal = Portal::firm();
    ivo(&portal);
    portal.wait_idle(WEEK).run_jobs();
    let account: i64 = portal.sql("select a.id from account a join identity i on i.id = a.identity where i.email_key = ?1", [IVO]);
    let links = portal.sql_count("link where spent_at is null");
    portal.sign_in(ABE).post(&format!("/employees/{account}/reactivation"), &[]).follow().sees("they have seven days to set up");
    assert_eq!(portal.sql_count("link where spent_at is null"), links);
    portal.wait_idle(Span(WEEK.0 - 1));
    let mut visit = signs_in(&portal, IVO);
    visit.sees("invited").press("Accept").sees("Set up a second factor").set_up_factor();
    visit.get("/account").status(200);
    portal.wait_idle(WEEK).run_jobs();
    assert_eq!(state(&portal, IVO), "active");
}

/// Ira, a new user of Alder Dental, chose a password.
fn ira(portal: &Portal) -> Visit {
    let form =
        [("first_name", "Ira"), ("last_name", "Moss"), ("email", "ira@alder.example"), ("access", "full"), ("endpoint_access", "none")];
    portal.sign_in(ABE).post("/organizations/10000001/users/new", &form).status(303);
    let link = portal.link_for("ira@alder.example");
    let mut visit = portal.guest();
    visit.post(&link, &[("password", NEW), ("password_again", NEW)]).follow();
    visit
}

fn require(portal: &Portal, wanted: &str) {
    portal.sign_in(ABE).post("/organizations/10000001/second-factor", &[("wanted", wanted)]).status(303);
}

/// ACC-2, ORG-9: an organization's user has the seven days for a second factor where the organization requires one, and only while it does.
/// One who was set up before it did is asked, and does not lapse.
#[test]
fn an_organizations_users_lapse_only_where_it_requires_one_from_the_beginning() {
    for (before, after, lapses) in
        [("optional", "optional", false), ("required", "required", true), ("required", "optional", false), ("optional", "required", false)]
    {
        let portal = Portal::firm();
        require(&portal, before);
        ira(&portal);
        require(&portal, after);
        portal.wait_idle(WEEK).run_jobs();
        assert_eq!(state(&portal, "ira@alder.example") == "deactivated", lapses, "{before}, then {after}");
        signs_in(&portal, "ira@alder.example").status(if lapses { 422 } else { 200 });
    }
}

/// ACC-14: who became the primary account meanwhile never lapses.
#[test]
fn the_primary_account_does_not_lapse_for_want_of_a_second_factor() {
    let portal = Portal::firm();
    ivo(&portal);
    let account: i64 = portal.sql("select a.id from account a join identity i on i.id = a.identity where i.email_key = ?1", [IVO]);
    portal.sign_in(ADA).post("/employees/primary-account", &[("employee", &account.to_string())]).status(303);
    portal.wait_idle(Span::days(8)).run_jobs();
    assert_eq!(state(&portal, IVO), "active");
    signs_in(&portal, IVO).sees("Set up a second factor");
}

/// Where nobody is asked for one, as in the demo, the password is all there is to set up.
#[test]
fn where_a_second_factor_is_not_asked_for_nothing_waits_for_it() {
    for (demand, waits) in [(Demand::AsRuled, 1), (Demand::Optional, 0)] {
        let portal = Portal::firm();
        portal.lose_factor(TESS);
        portal.execute("update account set state = 'invited', invited_until = since + 604800000 where id = ?1", [TESS.account]);
        portal.write(|tx| activate(tx, AccountId(TESS.account), demand));
        assert_eq!(portal.sql_count("account where state = 'active' and invited_until is not null"), waits, "{demand:?}");
    }
}

/// HOM-1, EMP-2: employees without a second factor stand on the Home of who may do something about them, until they have one.
#[test]
fn home_names_employees_without_a_second_factor() {
    let portal = Portal::firm();
    for member in [SAM, TESS, MALLORY] {
        portal.lose_factor(member);
    }
    for (member, sees) in [(ADA, vec![SAM, TESS]), (ABE, vec![TESS]), (BEA, vec![])] {
        let mut visit = portal.sign_in(member);
        visit.visit("/").status(200);
        for colleague in [SAM, TESS, MALLORY] {
            assert_eq!(visit.text().contains(&colleague.name()), sees.contains(&colleague), "{} on {}'s", colleague.name(), member.name());
        }
        assert_eq!(visit.text().contains("No second factor"), !sees.is_empty());
    }
    portal.sign_in(ABE).visit("/").near("Tess Moreau").press("Manage Tess Moreau").sees("Manage Employees").sees("Tess Moreau");
    let mut tess = portal.at_stage(TESS, Stage::SetUp);
    tess.visit("/").set_up_factor();
    portal.sign_in(ABE).visit("/").does_not_see("No second factor");
    ivo(&portal);
    portal.sign_in(ABE).visit("/").sees("Ivo Marsh").sees("deactivates 29 Nov, in 7 days");
}

/// HOM-1, ORG-9, PAR-1: users without the second factor that their organization requires are counted by organization, for who manages it.
#[test]
fn home_counts_users_without_the_second_factor_that_is_required() {
    let portal = Portal::estate();
    let home = |member: Member| portal.sign_in(member).visit("/").text();
    assert!(!home(ABE).contains("No second factor"));
    for organization in [ALDER_ID, CEDAR_ID] {
        portal.execute("update organization set require_second_factor = 1 where id = ?1", [organization]);
    }
    for (member, alder, cedar) in [(ABE, true, true), (MALLORY, false, true), (TESS, false, false)] {
        let text = home(member);
        assert_eq!(text.contains("3 users of Alder Dental Alderine"), alder, "{}: {text}", member.name());
        assert_eq!(text.contains("1 user of Cedar Clinic Cedarine"), cedar, "{}: {text}", member.name());
    }
    portal.sign_in(ABE).visit("/").press("Users 3 users of Alder Dental Alderine").sees("Olu Adeyemi");
    let mut olu = portal.sign_in(OLU);
    olu.visit("/").sees("Set up a second factor");
    portal.at_stage(NOOR, Stage::SetUp).visit("/").set_up_factor();
    assert!(home(ABE).contains("2 users of Alder Dental"));
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDERINE.organization]);
    assert!(!home(ABE).contains("users of Alder Dental"));
}

/// The mark says what is so, whatever changed it.
#[test]
fn the_mark_of_a_missing_second_factor_is_always_right() {
    let portal = Portal::estate();
    let right = |what: &str| {
        let wrong = portal.sql_count(
            "account a where factor_due <> ((a.organization is null
                or exists (select 1 from organization o where o.id = a.organization and o.require_second_factor = 1))
              and not exists (select 1 from second_factor f where f.identity = a.identity))",
        );
        assert_eq!(wrong, 0, "{what}");
    };
    right("at first");
    require(&portal, "required");
    right("an organization requires it");
    portal.at_stage(OLU, Stage::SetUp).visit("/").set_up_factor();
    right("a user set one up");
    ira(&portal);
    right("a new user");
    portal.lose_factor(TESS);
    right("an employee lost it");
    ivo(&portal).set_up_factor();
    right("a new employee set one up");
    let seen = portal.sign_in(ABE).visit("/organizations/10000001/users/120000000000001").value_of("seen");
    let form = [
        ("first_name", "Olu"),
        ("last_name", "Adeyemi"),
        ("email", NIA.email),
        ("access", "full"),
        ("endpoint_access", "none"),
        ("seen", &seen),
    ];
    portal.sign_in(ABE).post("/organizations/10000001/users/120000000000001", &form).status(303);
    right("an account moved to another identity");
    require(&portal, "optional");
    right("the organization requires it no more");
    assert_eq!(portal.sql_count("account where factor_due = 1"), 1, "Tess alone");
}
/// performance.md: who has none is found by an index that holds nobody else, however many people there are.
#[test]
fn who_has_none_is_found_without_looking_at_everybody() {
    let portal = Portal::firm();
    let connection = portal.connection();
    for (condition, index) in [
        (
            "a.partner in (select partner from partner_ancestor where ancestor = 1) and a.state = 'active' and a.factor_due = 1",
            "account_without_factor",
        ),
        ("a.partner = 1 and a.organization is null and a.state = 'active' and a.factor_due = 1", "account_without_factor"),
        ("a.state = 'active' and a.invited_until <= 5", "account_half_set_up"),
    ] {
        let sql = format!("explain query plan select a.id from account a where {condition} limit 501");
        let plan: String = connection.query_row(&sql, [], |row| row.get(3)).expect("a plan");
        assert!(plan.contains(index), "{condition}: {plan}");
    }
}
