//! The rules of `employees`, one test a sentence.

use portico::access::model::Actor;
use portico::access::roles_model::{ProductAccess, Products, Right, Role};
use portico::access::state_model::AccountState;
use portico::access::witness_model::Hand;
use portico::accounts::model::{Account, Details, Invitation};
use portico::employees::actions::create;
use portico::employees::model::{Employee, Step};
use portico::kernel::error::{Error, Result};
use portico::kernel::ids::{AccountId, IdentityId, PartnerId};
use portico::kernel::text::{Email, PersonName};
use portico::kernel::time::{Span, Timestamp};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const LIST: &str = "/employees";
const ADD: &str = "/employees/new";
const HAND_OVER: &str = "/employees/primary-account";

fn add(portal: &Portal, email: &str, role: Role, invitation: Invitation) -> Result<AccountId> {
    let details = Details {
        first_name: PersonName::parse("Ivo").expect("a name"),
        last_name: PersonName::parse("Marsh").expect("a name"),
        email: Email::parse(email).expect("an address"),
        country_code: None,
        mobile_phone: None,
    };
    let partner = PartnerId(portal.sql("select id from partner where name = ?1", [HARBOR]));
    let by =
        Actor { partner, account: None, name: "Ada Lane".to_owned(), roles: "Primary account".to_owned(), address: "127.0.0.1".to_owned() };
    portal.db().write(|tx| create(tx, &by, partner, role, &details, invitation))
}

/// ACC-2: a new employee is invited, with a letter that names the link.
#[test]
fn a_new_employee_gets_a_letter_and_seven_days() {
    let portal = Portal::firm();
    let account = add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Send).expect("an employee");
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [account]), "invited");
    assert!(portal.letter_to("ivo@harbor.example").contains(HARBOR));
    portal.guest().get(&portal.link_for("ivo@harbor.example")).status(200);
    assert_eq!(portal.last_activity(), "added Ivo Marsh (ivo@harbor.example) to the staff as Tech");
}

/// An employee may be added without a letter.
#[test]
fn an_employee_may_be_added_without_a_letter() {
    let portal = Portal::firm();
    let account = add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Later).expect("an employee");
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [account]), "not_invited");
    assert_eq!(portal.sql_count("letter where to_email = 'ivo@harbor.example'"), 0);
}

/// EMP-3: products come with the role: Admin and above both, Tech BCDR, the others none.
#[test]
fn products_come_with_the_role() {
    use ProductAccess::{Full, NoAccess};
    let portal = Portal::firm();
    let of = |role| (Products::of(role).bcdr, Products::of(role).endpoint_backup);
    for role in [Role::PrimaryAccount, Role::SecurityAdmin, Role::Admin] {
        assert_eq!(of(role), (Full, Full));
    }
    assert_eq!(of(Role::Tech), (Full, NoAccess));
    assert_eq!(of(Role::Business), (NoAccess, NoAccess));
    assert_eq!(of(Role::SalesAndMarketing), (NoAccess, NoAccess));
    let account = add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Later).expect("an employee");
    assert_eq!(portal.sql::<String>("select bcdr || ' ' || endpoint_backup from employee where account = ?1", [account]), "full none");
}

/// ACC-14: a partner has one primary account.
#[test]
fn a_second_primary_account_is_refused() {
    let portal = Portal::firm();
    let before = portal.sql_count("account");
    assert!(matches!(add(&portal, "ivo@harbor.example", Role::PrimaryAccount, Invitation::Send), Err(Error::Refused(_))));
    assert_eq!(portal.sql_count("account"), before);
}

/// ACC-11: one e-mail is one employee, whatever its case.
#[test]
fn the_same_e_mail_is_no_second_employee() {
    let portal = Portal::firm();
    assert!(matches!(add(&portal, "ABE@harbor.example", Role::Tech, Invitation::Send), Err(Error::Invalid(_))));
    add(&portal, "ivo@harbor.example", Role::Tech, Invitation::Send).expect("another e-mail is fine");
}

/// ACC-14: the primary account is neither deactivated nor removed, and does not lapse.
#[test]
fn the_primary_account_is_never_lost() {
    let portal = Portal::firm();
    for member in [ADA, ABE] {
        let account = portal.db().read(|db| {
            let identity = portico::kernel::ids::IdentityId(portal.sql("select identity from account where id = ?1", [member.account]));
            portico::accounts::store::own(db, identity, AccountId(member.account))
        });
        let account = account.expect("an account");
        let deactivated = portal.db().write(|tx| portico::accounts::actions::deactivate(tx, &account));
        assert_eq!(deactivated.is_ok(), member == ABE, "{deactivated:?}");
    }
    let identity = portico::kernel::ids::IdentityId(portal.sql("select identity from account where id = ?1", [ADA.account]));
    let ada = portal.db().read(|db| portico::accounts::store::own(db, identity, AccountId(ADA.account))).expect("an account");
    assert!(matches!(portal.db().write(|tx| portico::accounts::actions::remove(tx, &ada)), Err(Error::Refused(_))));
    portal.execute("update account set state = 'invited', invited_until = ?2 where id = ?1", (ADA.account, portal.now()));
    portal.run_jobs();
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [ADA.account]), "invited");
}

fn ivo(email: &str) -> Vec<(&str, &str)> {
    vec![
        ("first_name", "Ivo"),
        ("last_name", "Marsh"),
        ("email", email),
        ("country_code", "49"),
        ("mobile_phone", "1701234567"),
        ("role", "tech"),
        ("bcdr", "role"),
        ("endpoint_backup", "role"),
    ]
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter_mut().filter(|(field, _)| *field == name).for_each(|(_, old)| *old = value);
    fields
}

const IVO: &str = "ivo@harbor.example";

/// Adds Ivo Marsh in this role and gives the account's id.
#[track_caller]
fn add_ivo(visit: &mut Visit, role: &str) -> i64 {
    visit.post(ADD, &with(ivo(IVO), "role", role)).status(303);
    visit
        .portal
        .sql("select a.id from account a join identity i on i.id = a.identity where i.email_key = ?1 and a.organization is null", [IVO])
}

fn at(account: i64, rest: &str) -> String {
    format!("{LIST}/{account}{rest}")
}

#[track_caller]
fn edit<'a>(visit: &'a mut Visit, account: i64, fields: &[(&str, &str)]) -> &'a mut Visit {
    visit.visit(&at(account, "")).status(200);
    let seen = visit.value_of("seen");
    let mut all = fields.to_vec();
    all.push(("seen", &seen));
    visit.post(&at(account, ""), &all)
}

/// Tess as she is, to be edited.
fn tess() -> Vec<(&'static str, &'static str)> {
    vec![
        ("first_name", "Tess"),
        ("last_name", "Moreau"),
        ("email", TESS.email),
        ("role", "tech"),
        ("bcdr", "none"),
        ("endpoint_backup", "none"),
    ]
}

fn state(portal: &Portal, account: i64) -> String {
    portal.sql("select state from account where id = ?1", [account])
}

fn role(portal: &Portal, account: i64) -> String {
    portal.sql("select role from employee where account = ?1", [account])
}

#[track_caller]
fn row(visit: &Visit, name: &str) -> String {
    let rows = visit.page().named("tr").iter().map(|row| row.text()).find(|text| text.contains(name));
    rows.unwrap_or_else(|| panic!("no row of {name}: {}", visit.excerpt()))
}

/// product.md, Manage Employees: name, e-mail, phone, role, products, state and last sign-in stand in the list.
#[test]
fn the_list_shows_who_works_here_as_what_and_since_when_they_were_seen() {
    let portal = Portal::firm();
    portal.execute("update employee set bcdr = 'full' where account = ?1", [TESS.account]);
    portal.execute("update account set country_code = '44', mobile_phone = '7700900123' where id = ?1", [TESS.account]);
    let mut guest = portal.guest();
    guest.visit("/sign-in").fill("E-mail", TESS.email).fill("Password", PASSWORD).press("Sign in").give_code(TESS).status(200);
    portal.wait(Span::hours(3));
    let mut ada = portal.sign_in(ADA);
    ada.visit("/").open("Manage Employees").sees("6 employees").sees("You");
    let tess = row(&ada, "Tess Moreau");
    for words in [TESS.email, "+44 7700900123", "Tech", "BCDR", "Active", "since 22 Nov 2026", "3 hours ago"] {
        assert!(tess.contains(words), "{words:?} is not in: {tess}");
    }
    assert!(row(&ada, "Sid Castellan").contains("Never"));
    ada.does_not_see("Mallory").does_not_see("Olu Adeyemi");
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(LIST).sees("Pia Novak").sees("2 employees").does_not_see("Lane");
}

/// EMP-1, EMP-2: the place is in the menu of those who manage employees, and found by nobody else.
#[test]
fn only_who_manages_employees_finds_the_list() {
    let portal = Portal::firm();
    for (member, may) in [(ADA, true), (SAM, true), (ABE, true), (TESS, false), (BEA, false), (SID, false), (OLU, false)] {
        let mut visit = portal.sign_in(member);
        visit.get("/");
        assert_eq!(visit.offers("Manage Employees"), may, "{}", member.name());
        visit.get(LIST).status(if may { 200 } else { 404 });
        visit.get(ADD).status(if may { 200 } else { 404 });
        visit.get(HAND_OVER).status(if member == ADA { 200 } else { 404 });
    }
}

/// ACC-2, EMP-3, LOG-1: the dialog adds an employee with the products of the role, and a letter.
#[test]
fn an_added_employee_shows_at_once_with_the_products_of_the_role() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(LIST).open("Add Employees").sees("Add Employees");
    assert_eq!((ada.value_of("Role").as_str(), ada.value_of("BCDR").as_str()), ("", "role"));
    ada.fill("First name", "Ivo").fill("Last name", "Marsh").fill("Email", IVO).fill("Role", "Tech");
    ada.fill("Country Code", "49").fill("Mobile Phone Number", "1701234567");
    ada.press("Add Employee").status(200).sees("Added Ivo Marsh as Tech.").sees("read it there and pass its link on");
    assert_eq!(ada.url, LIST);
    let row = row(&ada, "Ivo Marsh");
    for words in ["Invited", "7 days left to set up", "Tech", "BCDR", "+49 1701234567", "Never"] {
        assert!(row.contains(words), "{words:?} is not in: {row}");
    }
    assert!(!row.contains("Endpoint Backup"), "{row}");
    assert_eq!(portal.last_activity(), "added Ivo Marsh (ivo@harbor.example) to the staff as Tech");
    assert!(portal.letter_to(IVO).contains("/p/harbor/sign-in"));
    let mut guest = portal.guest();
    guest.visit(&portal.link_for(IVO)).fill("Password", "a harbor full of words").fill("Password again", "a harbor full of words");
    guest.press("Set up account").sees("Welcome, Ivo.").is_not_offered("Manage Employees");
    ada.visit(LIST);
    assert!(self::row(&ada, "Ivo Marsh").contains("Active"));
}

/// EMP-3: products that are chosen are kept, whatever the role has.
#[test]
fn products_that_are_chosen_stand_against_the_role() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(ADD, &with(with(ivo(IVO), "bcdr", "none"), "endpoint_backup", "full")).status(303);
    let of = |email: &str| -> String {
        portal.sql(
            "select e.bcdr || ' ' || e.endpoint_backup from employee e join account a on a.id = e.account
               join identity i on i.id = a.identity where i.email_key = ?1",
            [email],
        )
    };
    assert_eq!(of(IVO), "none full");
    // A new role keeps what was chosen, unless the products are to follow it.
    let account: i64 = portal.sql("select id from account where last_name = 'Marsh'", []);
    edit(&mut ada, account, &with(with(with(ivo(IVO), "role", "admin"), "bcdr", "none"), "endpoint_backup", "full")).status(303);
    assert_eq!(of(IVO), "none full");
    edit(&mut ada, account, &with(ivo(IVO), "role", "admin")).status(303);
    assert_eq!(of(IVO), "full full");
    ada.post(ADD, &with(ivo("x@harbor.example"), "bcdr", "much")).status(422).sees("Choose one of the list.");
}

/// USR-5's way: several are entered one after the other and added together.
#[test]
fn the_dialog_stays_open_for_another_employee_and_adds_all_together() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ADD);
    for (first, email) in [("Una", "una@harbor.example"), ("Udo", "udo@harbor.example")] {
        ada.fill("First name", first).fill("Last name", "Moss").fill("Email", email).fill("Role", "Business");
        ada.tick("Add another employee").press("Add Employee").status(200);
        assert_eq!((ada.value_of("First name").as_str(), ada.value_of("Role").as_str()), ("", ""));
    }
    ada.sees("2 employees are entered").sees("Una Moss").sees("Udo Moss");
    assert_eq!(portal.sql_count("account where last_name = 'Moss'") + portal.sql_count("letter"), 0, "nobody is added before the end");
    ada.fill("First name", "Ute").fill("Last name", "Moss").fill("Email", "ute@harbor.example").fill("Role", "Admin");
    ada.press("Add Employee").sees("Added 3 employees.").sees("The letters wait in the Outbox");
    assert_eq!(
        (portal.sql_count("employee e join account a on a.id = e.account where a.last_name = 'Moss'"), portal.sql_count("letter")),
        (3, 3)
    );
}

/// USR-5's way: all or none.
#[test]
fn several_employees_are_added_all_or_none() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ADD).fill("First name", "Una").fill("Last name", "Moss").fill("Email", "una@harbor.example").fill("Role", "Tech");
    ada.tick("Add another employee").press("Add Employee").status(200);
    portal.sign_in(SAM).post(ADD, &with(ivo("una@harbor.example"), "first_name", "Other")).status(303);
    let before = portal.sql_count("account");
    ada.fill("First name", "Udo").fill("Last name", "Moss").fill("Email", "udo@harbor.example").fill("Role", "Tech");
    ada.press("Add Employee").status(422).sees("Una Moss (una@harbor.example): una@harbor.example is already on your staff.");
    assert_eq!(portal.sql_count("account"), before);
    ada.post(ADD, &ivo("not an e-mail")).status(422).sees("Enter an e-mail address");
    ada.post(ADD, &with(ivo(IVO), "mobile_phone", "+49 1")).status(422).sees("Use numbers only");
    ada.post(ADD, &with(ivo(IVO), "role", "")).status(422).sees("Choose a role.");
    assert_eq!(portal.sql_count("account"), before);
}

/// EMP-2: one gives only roles beneath one's own, by the form and by hand.
#[test]
fn one_gives_only_roles_beneath_ones_own() {
    let portal = Portal::firm();
    let all = ["primary_account", "security_admin", "admin", "tech", "business", "sales_and_marketing"];
    for (place, member) in [ADA, SAM, ABE].into_iter().enumerate() {
        let mut visit = portal.sign_in(member);
        visit.visit(ADD);
        let form = visit.forms().into_iter().find(|form| form.action == ADD).expect("the dialog");
        let offered: Vec<String> = form
            .fields
            .iter()
            .filter(|field| field.name == "role")
            .flat_map(|field| field.options.clone())
            .map(|(value, _)| value)
            .collect();
        assert_eq!(offered[1..], all[place + 1..], "{}", member.name());
        for (rank, role) in all.iter().enumerate() {
            let email = format!("r{place}{rank}@harbor.example");
            let status = visit.post(ADD, &with(ivo(&email), "role", role)).response.status;
            assert_eq!(status, if rank > place { 303 } else { 422 }, "{} makes a {role}", member.name());
            if rank <= place {
                visit.sees("Choose a role beneath your own.");
                edit(&mut visit, TESS.account, &with(tess(), "role", role)).status(422).sees("Choose a role beneath your own.");
            }
            assert_eq!(portal.sql_count(&format!("identity where email = '{email}'")), i64::from(rank > place));
        }
        assert_eq!(self::role(&portal, TESS.account), "tech");
    }
}

const NOW: Timestamp = Timestamp(1_795_328_760_000);

/// Every state an account can be in, with what steps it allows by itself: send a letter, deactivate, reactivate.
const STATES: [(AccountState, bool, bool, bool); 5] = [
    (AccountState::NotInvited, true, true, false),
    (AccountState::Invited { until: NOW }, true, true, false),
    (AccountState::Active { since: NOW, until: None }, false, true, false),
    (AccountState::Lapsed { since: NOW }, false, false, true),
    (AccountState::Deactivated { since: NOW }, false, false, true),
];

fn employee(role: Role, state: AccountState) -> Employee {
    Employee {
        account: Account {
            id: AccountId(7),
            partner: PartnerId(1),
            identity: IdentityId(7),
            organization: None,
            first_name: "Ivo".to_owned(),
            last_name: "Marsh".to_owned(),
            email: IVO.to_owned(),
            country_code: None,
            mobile_phone: None,
            state,
            has_password: false,
            set_up: false,
        },
        role,
        products: Products::of(role),
        last_sign_in: None,
        further: false,
    }
}

/// EMP-2, ACC-4: the whole table, role by role by state by step, written down a second time: one acts beneath one's own role; a set-up that
/// lapsed is brought back by any Admin and above, but for the primary account's; nobody acts on themselves.
#[test]
fn one_acts_only_on_roles_beneath_ones_own() {
    let mut allowed = 0;
    for (actor_rank, actor) in Role::ALL.iter().enumerate() {
        for (rank, role) in Role::ALL.iter().enumerate() {
            for (state, letter, off, on) in STATES {
                for step in Step::ALL {
                    let fits = match step {
                        Step::Edit | Step::Remove => true,
                        Step::SendLetter => letter,
                        Step::Deactivate => off,
                        Step::Reactivate => on,
                        // ACC-8
                        Step::ResetFactor => matches!(state, AccountState::Active { .. }) && actor_rank <= 1,
                    };
                    let above = actor_rank <= 2 && actor_rank < rank;
                    let lapsed = step == Step::Reactivate && matches!(state, AccountState::Lapsed { .. }) && actor_rank <= 2 && rank > 0;
                    let expected = fits && (above || lapsed);
                    let target = employee(*role, state);
                    let hand = |identity| Hand { role: *actor, identity: Some(IdentityId(identity)) };
                    assert_eq!(target.may(hand(8), step), expected, "{actor:?} {step:?} {role:?} {state:?}");
                    assert!(!target.may(hand(7), step), "{actor:?} {step:?} on themselves");
                    allowed += usize::from(expected);
                }
            }
        }
    }
    assert_eq!(allowed, 216, "of 1,080");
}

/// Where the links and the forms of a page lead.
fn led_to(visit: &Visit) -> Vec<String> {
    visit.links().into_iter().map(|(_, href, _)| href).chain(visit.forms().into_iter().map(|form| form.action)).collect()
}

/// EMP-2: the page offers exactly what the action does, person by person and step by step.
#[test]
fn the_buttons_are_those_that_work() {
    let (mut worked, mut refused) = (0, 0);
    for actor in [ADA, SAM, ABE] {
        for (target, _) in STAFF.iter().copied() {
            for (word, path, prepared) in [
                ("Edit", "", "active"),
                ("Remove", "/removal", "active"),
                ("Deactivate Account", "/deactivation", "active"),
                ("Reactivate Account", "/reactivation", "deactivated"),
                ("Resend letter", "/letter", "invited"),
            ] {
                let portal = Portal::firm();
                if actor != target {
                    let until = (prepared == "invited").then(|| portal.now().0 + Span::days(7).0);
                    portal.execute("update account set state = ?2, invited_until = ?3 where id = ?1", (target.account, prepared, until));
                }
                let mut visit = portal.sign_in(actor);
                visit.visit(LIST);
                let mut addresses = led_to(&visit);
                if addresses.contains(&at(target.account, "/options")) {
                    visit.visit(&at(target.account, "/options"));
                    addresses.extend(led_to(&visit));
                    visit.visit(LIST);
                }
                let offered = addresses.contains(&at(target.account, path));
                let before = portal.sql_count("activity");
                if path.is_empty() {
                    let fields = [
                        ("first_name", "New"),
                        ("last_name", "Name"),
                        ("email", target.email),
                        ("role", "sales_and_marketing"),
                        ("bcdr", "role"),
                        ("endpoint_backup", "role"),
                    ];
                    visit.visit(&at(target.account, "")).status(200);
                    let seen = if offered { visit.value_of("seen") } else { "none".to_owned() };
                    let fields: Vec<(&str, &str)> = fields.into_iter().chain([("seen", seen.as_str())]).collect();
                    visit.post(&at(target.account, ""), &fields);
                } else {
                    visit.post(&at(target.account, path), &[]);
                }
                let done = portal.sql_count("activity") == before + 1;
                assert_eq!(offered, done, "{} {word} {}", actor.name(), target.name());
                if done { worked += 1 } else { refused += 1 }
            }
        }
    }
    assert_eq!((worked, refused), (60, 30));
}

/// EMP-2, ACC-15: a step that is refused says why, also to who types the address.
#[test]
fn a_refused_step_says_why_and_changes_nothing() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit(LIST)
        .is_not_offered("Edit Sam Okafor")
        .is_not_offered("Edit Ada Lane")
        .is_not_offered("Edit Abe Winter")
        .is_offered("Edit Tess Moreau");
    for path in ["/deactivation", "/removal"] {
        abe.visit(&at(SAM.account, path)).sees("Sam Okafor works here as Security Admin. Only somebody above that role may do this.");
        abe.post(&at(SAM.account, path), &[]).status(303).follow().sees("Only somebody above that role may do this.");
        abe.post(&at(ADA.account, path), &[]).status(303).follow().sees("Ada Lane is the primary account, which nobody else can change.");
        abe.post(&at(ABE.account, path), &[]).status(303).follow().sees("This is your own account. Somebody else has to change it.");
        abe.post(&at(MALLORY.account, path), &[]).status(404);
        abe.post(&at(OLU.account, path), &[]).status(404);
    }
    assert_eq!(
        (state(&portal, SAM.account), state(&portal, ABE.account), state(&portal, ADA.account)),
        ("active".to_owned(), "active".to_owned(), "active".to_owned())
    );
    abe.post(&at(TESS.account, "/deactivation"), &[]).status(303);
    assert_eq!(state(&portal, TESS.account), "deactivated");
}

/// EMP-2, EMP-3, LOG-1: edit changes every field, the role among them, and tells from what to what.
#[test]
fn edit_changes_every_field_and_tells_from_what_to_what() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(LIST).open("Edit Tess Moreau").sees("Edit Employee");
    assert_eq!((ada.value_of("Email").as_str(), ada.value_of("Role").as_str()), (TESS.email, "tech"));
    ada.fill("First name", "Tessa").fill("Last name", "More").fill("Email", "tessa@harbor.example").fill("Country Code", "44");
    ada.fill("Mobile Phone Number", "7700900123")
        .fill("Role", "Admin")
        .fill("BCDR", "Full access")
        .fill("Endpoint Backup", "As the role has it");
    ada.press("Save Changes").sees("Saved the changes to Tessa More.").sees("tessa@harbor.example");
    let changes: String = portal.sql("select changes from activity order by seq desc limit 1", []);
    for words in
        ["Tessa", "Moreau", "tessa@harbor.example", "+44 7700900123", "Tech", "Admin", "No access", "Full access", "Endpoint Backup"]
    {
        assert!(changes.contains(words), "{words:?} is not in {changes}");
    }
    assert_eq!(portal.sql::<String>("select kind from activity order by seq desc limit 1", []), "employee.changed");
    let events = portal.sql_count("activity");
    ada.visit(&at(TESS.account, "")).press("Save Changes").sees("Nothing was different for Tessa More.");
    assert_eq!(portal.sql_count("activity"), events);
    let mut tess = portal.guest();
    tess.visit("/sign-in")
        .fill("E-mail", "tessa@harbor.example")
        .fill("Password", PASSWORD)
        .press("Sign in")
        .give_code(TESS)
        .status(200)
        .is_offered("Manage Employees");
}

/// A change made meanwhile is not lost.
#[test]
fn a_change_made_meanwhile_is_not_lost() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(&at(TESS.account, ""));
    portal.sign_in(ABE).visit(&at(TESS.account, "")).fill("First name", "Tessa").press("Save Changes").sees("Saved");
    ada.fill("Last name", "More").press("Save Changes").status(422).sees("Somebody else changed Tessa Moreau meanwhile");
    assert_eq!(portal.sql::<String>("select first_name || ' ' || last_name from account where id = ?1", [TESS.account]), "Tessa Moreau");
}

/// EMP-2: a new role ends their sessions, up and down (security.md, "Sessions"), and what they sign in to has it; another's go on.
#[test]
fn a_new_role_ends_the_sessions_and_holds_from_the_next_sign_in_on() {
    let portal = Portal::firm();
    let (mut ada, mut tess_is_in, mut sid) = (portal.sign_in(ADA), portal.sign_in(TESS), portal.sign_in(SID));
    tess_is_in.get("/organizations").status(404);
    edit(&mut ada, TESS.account, &with(tess(), "role", "admin")).status(303);
    tess_is_in.get("/guides").status(303);
    tess_is_in.renew(TESS);
    tess_is_in.get("/organizations").status(200).is_offered("Manage Employees");
    edit(&mut ada, TESS.account, &with(tess(), "role", "business")).status(303);
    tess_is_in.get("/guides").status(303);
    tess_is_in.renew(TESS);
    tess_is_in.get("/organizations").status(404);
    tess_is_in.get("/status/saas").status(404);
    tess_is_in.get("/").status(200).sees("Business");
    sid.get("/").status(200);
}

/// EMP-3: other products, and everything else but the role, end no session.
#[test]
fn other_products_end_no_session() {
    let portal = Portal::firm();
    let (mut ada, mut visit) = (portal.sign_in(ADA), portal.sign_in(TESS));
    edit(&mut ada, TESS.account, &with(with(tess(), "bcdr", "full"), "last_name", "Moreau-Lane")).status(303);
    visit.get("/guides").status(200).sees("Tess Moreau-Lane");
}

/// ACC-12: an e-mail that another product uses may be given to an employee, and cannot be changed afterwards: the field says why.
#[test]
fn an_employees_email_that_another_product_uses_stays() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/addresses", &[("email", TESS.email), ("product", "Tickets")]).status(303);
    ada.visit(&at(TESS.account, "")).sees("is also used in Tickets, so it cannot be changed here.");
    edit(&mut ada, TESS.account, &with(tess(), "email", "tess@elsewhere.example")).status(422).sees("is also used in Tickets");
    edit(&mut ada, TESS.account, &with(tess(), "first_name", "Tessa")).status(303);
    ada.post("/addresses", &[("email", IVO), ("product", "Tickets")]).status(303);
    add_ivo(&mut ada, "tech");
    let listed: i64 = portal.sql("select id from other_product_address where email_key = ?1", [TESS.email]);
    ada.post(&format!("/addresses/{listed}/removal"), &[]).status(303);
    let renamed = with(with(tess(), "email", "tess@elsewhere.example"), "first_name", "Tessa");
    edit(&mut ada, TESS.account, &renamed).status(303);
    assert_eq!(portal.sql_count("identity where email = 'tess@elsewhere.example'"), 1);
}

/// ACC-5
#[test]
fn a_deactivated_employee_is_out_in_the_same_instant_and_keeps_the_details() {
    let portal = Portal::firm();
    let (mut ada, mut tess) = (portal.sign_in(ADA), portal.sign_in(TESS));
    tess.get("/status/saas").status(200);
    ada.visit(LIST).open("Options for Tess Moreau").open("Deactivate Account").sees("Open sessions end at once");
    ada.press("Deactivate Employee").sees("Deactivated Tess Moreau.");
    tess.get("/status/saas").status(303);
    assert!(tess.location().starts_with("/sign-in"));
    let line = row(&ada, "Tess Moreau");
    assert!(line.contains("Deactivated") && line.contains(TESS.email) && line.contains("Tech"), "{line}");
    let mut again = portal.guest();
    again.visit("/sign-in").fill("E-mail", TESS.email).fill("Password", PASSWORD).press("Sign in").status(422);
    ada.open("Options for Tess Moreau").press("Reactivate Account").sees("Reactivated Tess Moreau. They can sign in again.");
    tess.get("/status/saas").status(303);
    again
        .visit("/sign-in")
        .fill("E-mail", TESS.email)
        .fill("Password", PASSWORD)
        .press("Sign in")
        .give_code(TESS)
        .status(200)
        .is_offered("SaaS Protection Status");
    let kinds: String =
        portal.sql("select group_concat(kind, ' ') from (select kind from activity where target_id = ?1 order by seq)", [TESS.account]);
    assert_eq!(kinds, "employee.deactivated employee.reactivated");
}

/// ACC-3, ACC-4, MAI-3: at seven days the link is dead; any Admin brings the account back whatever its role, and may not read its letter.
#[test]
fn a_lapsed_security_admin_is_brought_back_by_an_admin_who_cannot_read_the_letter() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let account = add_ivo(&mut ada, "security_admin");
    let first = portal.link_for(IVO);
    let mut abe = portal.sign_in(ABE);
    portal.wait(Span(Span::days(7).0 - 1_000));
    portal.guest().get(&first).status(200);
    abe.visit(LIST).is_not_offered("Options for Ivo Marsh");
    abe.visit(&at(account, "/options")).is_not_offered("Reactivate Account").is_not_offered("Resend letter");
    abe.post(&at(account, "/reactivation"), &[]).status(303).follow().sees("Only somebody above that role may do this.");
    portal.wait(Span::seconds(2));
    portal.guest().get(&first).status(404);
    abe.visit(LIST).sees("set-up lapsed 29 Nov 2026").open("Options for Ivo Marsh").press("Reactivate Account");
    abe.sees("Reactivated Ivo Marsh. A new letter is written").sees("ask somebody above their role to pass its link on");
    assert_eq!(state(&portal, account), "invited");
    let letter: i64 = portal.sql("select id from letter where to_email = ?1 order by created_at desc limit 1", [IVO]);
    let opening = format!("/outbox/{letter}/opening");
    abe.visit("/outbox").sees("Only roles above Security Admin open it");
    abe.post(&opening, &[]).status(404);
    let mut sam = portal.sign_in(SAM);
    sam.post(&opening, &[]).status(404);
    ada.post(&opening, &[]).status(200).sees(&portal.link_for(IVO));
    // Once somebody switched it off, it is no lapse any more.
    ada.post(&at(account, "/deactivation"), &[]).status(303);
    abe.post(&at(account, "/reactivation"), &[]).status(303).follow().sees("Only somebody above that role may do this.");
}

/// HOM-1, EMP-2, ACC-4: Home names colleagues whose set-up is nearly over, and those whose set-up lapsed, to who may do something about it.
#[test]
fn home_names_colleagues_who_are_not_set_up() {
    let portal = Portal::firm();
    let (mut ada, mut abe) = (portal.sign_in(ADA), portal.sign_in(ABE));
    add_ivo(&mut ada, "security_admin");
    ada.follow();
    portal.wait(Span::days(5));
    ada.visit("/").does_not_see("Ivo Marsh");
    portal.wait(Span(1));
    ada.visit("/").sees("About to lapse").sees("Ivo Marsh").sees("deactivates 29 Nov");
    abe.visit("/").does_not_see("Ivo Marsh");
    portal.wait(Span::days(2));
    for visit in [&mut ada, &mut abe] {
        visit.visit("/").sees("Lapsed").sees("Ivo Marsh").sees("Security Admin");
    }
    portal.sign_in(TESS).visit("/").does_not_see("Ivo Marsh");
    abe.near("Ivo Marsh")
        .open("Reactivate Ivo Marsh")
        .open("Options for Ivo Marsh")
        .press("Reactivate Account")
        .sees("Reactivated Ivo Marsh.");
    abe.visit("/").does_not_see("Ivo Marsh");
}

/// ACC-2
#[test]
fn a_letter_sent_again_starts_the_seven_days_anew_and_voids_the_older_link() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    let account = add_ivo(&mut abe, "tech");
    let first = portal.link_for(IVO);
    portal.wait(Span::days(6));
    abe.visit(LIST).open("Options for Ivo Marsh").press("Resend letter").sees("Wrote a letter to Ivo Marsh.").sees("7 days left to set up");
    portal.guest().get(&first).status(404);
    portal.wait(Span(Span::days(7).0 - 1_000));
    let second = portal.link_for(IVO);
    portal.guest().get(&second).status(200);
    let mut twin = portal.sign_in(ADA);
    twin.post(&at(account, "/deactivation"), &[]).status(303);
    portal.guest().get(&second).status(404);
    twin.post(&at(account, "/letter"), &[]).status(303).follow().sees("Ivo Marsh is deactivated. Reactivate the account;");
    twin.post(&at(account, "/reactivation"), &[]).status(303).follow().sees("Reactivated Ivo Marsh. A new letter is written");
    portal.wait(Span(Span::days(7).0 - 1_000));
    let third = portal.link_for(IVO);
    portal.guest().get(&third).status(200);
    portal.wait(Span::seconds(2));
    portal.guest().get(&third).status(404);
    abe.post(&at(TESS.account, "/letter"), &[]).status(303).follow().sees("Tess Moreau is set up already and needs no letter.");
    assert_eq!(portal.sql_count(&format!("activity where kind = 'employee.invited' and target_id = {account}")), 1);
}

/// ACC-6: a removed employee is gone, and the e-mail rests for 24 hours, to the second.
#[test]
fn a_removed_employee_is_gone_and_the_e_mail_rests_for_24_hours() {
    let portal = Portal::firm();
    let (mut ada, mut tess) = (portal.sign_in(ADA), portal.sign_in(TESS));
    ada.visit(LIST).open("Remove Tess Moreau").sees("cannot be registered again for 24 hours, until 23 Nov 2026").sees("Activity Log");
    ada.press("Remove Employee").sees("Removed Tess Moreau.").sees("5 employees");
    tess.get("/").status(303);
    assert_eq!(
        portal.sql_count(&format!("account where id = {}", TESS.account))
            + portal.sql_count("identity where email = 'tess@harbor.example'"),
        0
    );
    assert_eq!(portal.last_activity(), "removed Tess Moreau (tess@harbor.example) from the staff");
    ada.get(&at(TESS.account, "")).status(404);
    portal.wait(Span(Span::hours(24).0 - 1_000));
    ada.post(ADD, &with(ivo(TESS.email), "role", "tech")).status(422).sees("It can be used again from 23 Nov 2026");
    portal.wait(Span::seconds(2));
    ada.post(ADD, &with(ivo(TESS.email), "role", "tech")).status(303);
}

/// ALL-7: a form sent twice does its work once, a removal too.
#[test]
fn a_form_sent_twice_does_its_work_once() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let mut fields = ivo(IVO);
    fields.push(("form_id", "abcdefghijklmnopqrstuvwxyz0123456789"));
    for _ in 0..2 {
        ada.post(ADD, &fields).status(303).follow().sees("Added Ivo Marsh as Tech.");
    }
    assert_eq!((portal.sql_count("account where last_name = 'Marsh'"), portal.sql_count("letter")), (1, 1));
    for _ in 0..2 {
        ada.post(&at(TESS.account, "/removal"), &[("form_id", "bcdefghijklmnopqrstuvwxyz0123456789a")])
            .status(303)
            .follow()
            .sees("Removed Tess Moreau.");
    }
    assert_eq!(portal.sql_count("activity where kind = 'employee.removed'"), 1);
}

/// ACC-14: the primary account hands itself over to another active employee, and becomes Security Admin.
#[test]
fn the_primary_account_hands_itself_over() {
    let portal = Portal::firm();
    let (mut ada, mut sam, mut abe) = (portal.sign_in(ADA), portal.sign_in(SAM), portal.sign_in(ABE));
    sam.visit(LIST).is_not_offered("Options for Ada Lane");
    sam.visit(&at(ADA.account, "/options")).is_not_offered("Hand over the primary account");
    sam.post(HAND_OVER, &[("employee", &SAM.account.to_string())]).status(404);
    portal.execute("update account set state = 'deactivated' where id = ?1", [TESS.account]);
    ada.visit(LIST)
        .open("Options for Ada Lane")
        .open("Hand over the primary account")
        .does_not_see("Tess Moreau (")
        .does_not_see("Ada Lane (");
    ada.press("Hand Over").status(422).sees("Choose an employee.");
    ada.fill("New primary account", "Abe Winter (abe@harbor.example), Admin").press("Hand Over");
    ada.sees("Abe Winter is the primary account now. You are Security Admin.").is_not_offered("Options for Ada Lane");
    assert_eq!((role(&portal, ADA.account), role(&portal, ABE.account)), ("security_admin".to_owned(), "primary_account".to_owned()));
    assert_eq!(portal.sql::<String>("select bcdr || endpoint_backup from employee where account = ?1", [ABE.account]), "fullfull");
    assert_eq!(portal.sql::<String>("select kind from activity order by seq desc limit 1", []), "primary_account.handed_over");
    ada.get(HAND_OVER).status(404);
    ada.post(HAND_OVER, &[("employee", &SAM.account.to_string())]).status(404);
    abe.get(LIST).status(303);
    abe.renew(ABE);
    abe.visit(LIST).is_offered("Edit Ada Lane").open("Options for Abe Winter").is_offered("Hand over the primary account");
    ada.visit(LIST).is_not_offered("Edit Abe Winter");
    assert_eq!(portal.sql_count("employee where partner = 1 and role = 'primary_account'"), 1);
}

/// ACC-14, ALL-1: it can go only to somebody active on the own staff.
#[test]
fn the_primary_account_goes_to_nobody_else() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let invited = add_ivo(&mut ada, "admin");
    portal.execute("update account set state = 'deactivated' where id = ?1", [TESS.account]);
    for (account, words) in [
        (invited, "Ivo Marsh is not active."),
        (TESS.account, "Tess Moreau is not active."),
        (ADA.account, "Ada Lane is the primary account already."),
    ] {
        ada.post(HAND_OVER, &[("employee", &account.to_string())]).status(422).sees(words);
    }
    for account in [MALLORY.account, OLU.account, 999_999_999_999_999] {
        ada.post(HAND_OVER, &[("employee", &account.to_string())]).status(404);
    }
    assert_eq!(role(&portal, ADA.account), "primary_account");
    ada.post(HAND_OVER, &[("employee", &SAM.account.to_string())]).status(303);
    assert_eq!(role(&portal, SAM.account), "primary_account");
}

/// MAI-3, ACC-15: who rises gets a new letter, since people now beneath them could have read the old one.
#[test]
fn who_rises_leaves_no_link_behind_that_others_could_have_read() {
    let portal = Portal::firm();
    let (mut ada, mut abe) = (portal.sign_in(ADA), portal.sign_in(ABE));
    let account = add_ivo(&mut abe, "tech");
    let read_by_abe = portal.link_for(IVO);
    edit(&mut ada, account, &with(ivo(IVO), "role", "business")).status(303).follow().does_not_see("A new letter");
    portal.guest().get(&read_by_abe).status(200);
    portal.wait(Span(1));
    edit(&mut ada, account, &with(ivo(IVO), "role", "security_admin")).status(303).follow().sees("A new letter is written.");
    portal.guest().get(&read_by_abe).status(404);
    portal.guest().get(&portal.link_for(IVO)).status(200);
    // One who has a password keeps it; a reset letter that is out is void.
    portal.guest().post("/forgot-password", &[("email", TESS.email)]).status(303);
    portal.run_jobs();
    let reset = portal.link_for(TESS.email);
    portal.guest().get(&reset).status(200);
    let letters = portal.sql_count("letter");
    edit(&mut ada, TESS.account, &with(tess(), "role", "admin")).status(303);
    portal.guest().get(&reset).status(404);
    assert_eq!(portal.sql_count("letter"), letters);
    // And so for a new primary account.
    portal.guest().post("/forgot-password", &[("email", SAM.email)]).status(303);
    portal.run_jobs();
    let reset = portal.link_for(SAM.email);
    portal.guest().get(&reset).status(200);
    ada.post(HAND_OVER, &[("employee", &SAM.account.to_string())]).status(303);
    portal.guest().get(&reset).status(404);
}

/// ACC-8, MAI-3: nobody rises while a one-time passcode is out that others could have read.
#[test]
fn nobody_rises_while_a_one_time_passcode_is_out() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    portal.execute("update identity set passcode_until = ?2 where email = ?1", (TESS.email, portal.now().0 + 1_000));
    let words = "Tess Moreau still has to choose a password after Reset MFA.";
    edit(&mut ada, TESS.account, &with(tess(), "role", "admin")).status(422).sees(words);
    ada.post(HAND_OVER, &[("employee", &TESS.account.to_string())]).status(422).sees(words);
    edit(&mut ada, TESS.account, &with(tess(), "role", "business")).status(303);
    portal.execute("update identity set passcode_until = null where email = ?1", [TESS.email]);
    edit(&mut ada, TESS.account, &with(tess(), "role", "admin")).status(303);
    ada.post(HAND_OVER, &[("employee", &TESS.account.to_string())]).status(303);
    assert_eq!(role(&portal, TESS.account), "primary_account");
}

/// MAI-3, ACC-15: a client's user who joins the staff leaves no link behind either.
#[test]
fn a_user_who_joins_the_staff_is_set_up_by_the_newer_letter_only() {
    let portal = Portal::firm();
    let (mut ada, mut abe) = (portal.sign_in(ADA), portal.sign_in(ABE));
    let user = [("first_name", "Ivo"), ("last_name", "Marsh"), ("email", IVO), ("access", "full"), ("endpoint_access", "none")];
    abe.post("/organizations/10000001/users/new", &user).status(303);
    let read_by_abe = portal.link_for(IVO);
    portal.guest().get(&read_by_abe).status(200);
    portal.wait(Span(1));
    add_ivo(&mut ada, "security_admin");
    portal.guest().get(&read_by_abe).status(404);
    let letter: i64 = portal.sql("select id from letter where to_email = ?1 and organization is not null", [IVO]);
    abe.post(&format!("/outbox/{letter}/opening"), &[]).status(404);
    portal.guest().get(&portal.link_for(IVO)).status(200);
}

/// ACC-15: one who has a password here already gets no link, and accepts.
#[test]
fn a_user_with_a_password_accepts_the_place_on_the_staff() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(ADD, &with(with(ivo(OLU.email), "first_name", "Olu"), "last_name", "Adeyemi")).status(303);
    let letter = portal.letter_to(OLU.email);
    assert!(letter.contains("Sign in with the password you have") && !letter.contains("/links/"), "{letter}");
    let mut olu = portal.guest();
    olu.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in").sees("Harbor MSP").sees("Tech");
    olu.press("Accept").status(200);
    assert_eq!(portal.sql_count("account a join employee e on e.account = a.id where a.last_name = 'Adeyemi' and a.state = 'active'"), 1);
}

/// The search of the list and of the top bar finds employees, for those who manage them and for nobody else.
#[test]
fn employees_are_found_by_who_manages_them() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    for (words, found) in [("moreau", true), ("tess m", true), ("moreau te", true), ("TESS@harbor", true), ("castellan", false)] {
        abe.visit(&format!("{LIST}?q={}", words.replace(' ', "+").replace('@', "%40")));
        assert_eq!(abe.text().contains("Tess") && abe.text().contains("1 found"), found, "{words}: {}", abe.excerpt());
    }
    abe.visit(&format!("{LIST}?role=business")).sees("Bea Lindqvist").sees("1 found").does_not_see("Tess Moreau");
    abe.visit(&format!("{LIST}?q=nobody")).sees("Nobody found").open("Show all").sees("6 employees");
    for path in ["/search?q=Moreau", "/search/suggestions?q=te"] {
        for (member, may) in [(ADA, true), (SAM, true), (ABE, true), (TESS, false), (BEA, false), (OLU, false), (MALLORY, false)] {
            let mut visit = portal.sign_in(member);
            let link = visit.visit(path).links().into_iter().find(|(_, href, _)| href.starts_with("/employees?q="));
            assert_eq!(link.is_some(), may, "{} {path}", member.name());
            if let Some((_, href, _)) = link {
                visit.visit(&href).status(200).sees("Tess Moreau").sees("1 found");
            }
        }
    }
}

/// Fifty a page, and none twice.
#[test]
fn a_large_staff_is_shown_fifty_a_page() {
    let portal = Portal::firm();
    let by = Actor {
        partner: PartnerId(1),
        account: None,
        name: "Ada Lane".to_owned(),
        roles: "Primary account".to_owned(),
        address: "127.0.0.1".to_owned(),
    };
    portal.write(|tx| {
        for number in 0..114 {
            let details = Details {
                first_name: PersonName::parse("Many").expect("a name"),
                last_name: PersonName::parse(&format!("Row{number:04}")).expect("a name"),
                email: Email::parse(&format!("row{number}@harbor.example")).expect("an address"),
                country_code: None,
                mobile_phone: None,
            };
            create(tx, &by, PartnerId(1), Role::Tech, &details, Invitation::Later)?;
        }
        Ok(())
    });
    let mut ada = portal.sign_in(ADA);
    let names = |visit: &Visit| -> Vec<String> {
        let all = visit.page().all(|element| element.name == "b");
        all.iter().map(|name| name.text()).filter(|name| name.starts_with("Many")).collect()
    };
    let mut seen = names(ada.visit(&format!("{LIST}?role=tech")).sees("50 of 115"));
    for _ in 0..2 {
        seen.extend(names(ada.open("Next")));
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (114, 114));
    assert!(!ada.offers("Next"));
    let last = ada.text();
    ada.open("Previous").open("Next");
    assert_eq!(ada.text(), last);
}

/// EMP-3: No access to a product closes what is about it, whatever the role; other rights stay.
#[test]
fn no_access_to_a_product_closes_what_is_about_it() {
    let (full, none) = (ProductAccess::Full, ProductAccess::NoAccess);
    for (bcdr, endpoint_backup) in [(full, full), (full, none), (none, full), (none, none)] {
        let products = Products { bcdr, endpoint_backup };
        assert_eq!(products.open(Right::SeeDevices), bcdr == full);
        assert_eq!(products.open(Right::SeeEndpointBackup), endpoint_backup == full);
        assert!(products.open(Right::SeeSaasStatus) && products.open(Right::ManageOrganizations));
    }
}
