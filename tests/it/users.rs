//! The rules of `users`, one test a sentence.

use portico::access::roles_model::{EndpointAccess, OrganizationAccess};
use portico::access::witness_model::{Manager, Operator};
use portico::accounts::model::{Details, Invitation};
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::text::{Email, PersonName};
use portico::kernel::time::Span;
use portico::users;
use portico::users::model::{FullAdministrator, NewUser};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const ALDER_PAGE: &str = "/organizations/10000001";
const ALDER_USERS: &str = "/organizations/10000001/users";
const ADD: &str = "/organizations/10000001/users/new";

fn ira(email: &str) -> Vec<(&str, &str)> {
    vec![
        ("first_name", "Ira"),
        ("last_name", "Moss"),
        ("email", email),
        ("country_code", "49"),
        ("mobile_phone", "1701234567"),
        ("access", "full"),
        ("endpoint_access", "none"),
    ]
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter_mut().filter(|(field, _)| *field == name).for_each(|(_, old)| *old = value);
    fields
}

/// Adds Ira Moss and gives the account's id.
#[track_caller]
fn add_ira(visit: &mut Visit) -> i64 {
    visit.post(ADD, &ira("ira@alder.example")).status(303);
    visit.portal.sql("select a.id from account a join identity i on i.id = a.identity where i.email_key = 'ira@alder.example'", [])
}

fn at(account: i64, rest: &str) -> String {
    format!("{ALDER_USERS}/{account}{rest}")
}

fn new_user(number: usize) -> NewUser {
    NewUser {
        details: Details {
            first_name: PersonName::parse("Many").expect("a name"),
            last_name: PersonName::parse(&format!("Row{number:04}")).expect("a name"),
            email: Email::parse(&format!("row{number}@alder.example")).expect("an e-mail"),
            country_code: None,
            mobile_phone: None,
        },
        access: OrganizationAccess::Full,
        endpoint_access: EndpointAccess::NoAccess,
        full_administrator: FullAdministrator::No,
    }
}

/// As an import brings them: not invited.
fn bring_in(portal: &Portal, count: usize) {
    let manager = Manager::operator(&Operator::of_this_machine(), PartnerId(1));
    let users: Vec<NewUser> = (0..count).map(new_user).collect();
    portal.write(|tx| users::actions::add(tx, &manager, OrganizationId(ALDER_ID), &users, Invitation::Later));
}

/// USR-1, USR-2, USR-6
#[test]
fn an_added_user_shows_at_once_with_what_is_left_of_the_seven_days() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ALDER_PAGE).open("Add Users").sees("Add Organization Users");
    assert_eq!((ada.value_of("Organization Access").as_str(), ada.value_of("Endpoint Backup Access").as_str()), ("full", "none"));
    ada.fill("First name", "Ira").fill("Last name", "Moss").fill("Email", "ira@alder.example");
    ada.fill("Country Code", "49").fill("Mobile Phone Number", "1701234567");
    ada.press("Add Organization User").status(200).sees("Added Ira Moss.");
    assert_eq!(ada.url, ALDER_PAGE);
    ada.sees("Ira Moss").sees("Invited").sees("7 days left to set up").sees("Full access").sees("No Endpoint Backup");
    // What is left is rounded up, so that nobody is told of fewer days than were given, and under two days it is counted in hours.
    for (passed, left) in [
        (Span::seconds(1), "7 days left to set up"),
        (Span(Span::days(1).0 - 1_000), "6 days left to set up"),
        (Span::days(4), "2 days left to set up"),
        (Span::seconds(1), "48 hours left to set up"),
    ] {
        portal.wait(passed);
        ada.visit(ALDER_USERS).sees(left);
    }
    let kept: (String, String) = portal
        .connection()
        .query_row("select country_code, mobile_phone from account where last_name = 'Moss'", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(kept, ("49".to_owned(), "1701234567".to_owned()));
    assert_eq!(portal.sql::<i64>("select users from organization_listing where viewer = 1 and organization = 10000001", []), 4);
    assert_eq!(portal.last_activity(), "added Ira Moss (ira@alder.example)");
}

/// USR-6, MAI-4
#[test]
fn the_welcome_letter_confirms_names_the_sign_in_address_and_says_where_the_status_is() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    add_ira(&mut ada);
    let letter = portal.letter_to("ira@alder.example");
    for words in ["Harbor MSP", "Alder Dental", "confirms", "/p/harbor/sign-in", "Status → SaaS Protection Status", "29 Nov 2026"] {
        assert!(letter.contains(words), "{words:?} is not in: {letter}");
    }
    ada.post(ADD, &with(with(ira("two@alder.example"), "access", "none"), "last_name", "Two")).status(303);
    let letter = portal.letter_to("two@alder.example");
    assert!(!letter.contains("SaaS Protection Status"), "who sees no status is not sent there: {letter}");
}

/// USR-1
#[test]
fn the_phone_takes_digits_only_and_the_country_code_comes_from_the_list() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let before = portal.sql_count("account");
    ada.post(ADD, &with(ira("ira@alder.example"), "mobile_phone", "+49 170")).status(422).sees("Use numbers only");
    assert_eq!(ada.value_of("Mobile Phone Number"), "+49 170");
    ada.post(ADD, &with(ira("ira@alder.example"), "country_code", "9999")).status(422).sees("Choose a country code from the list.");
    ada.post(ADD, &with(ira("not an e-mail"), "first_name", "")).status(422).sees("Enter a name.").sees("Enter an e-mail address");
    assert_eq!(portal.sql_count("account"), before);
    ada.post(ADD, &with(with(ira("ira@alder.example"), "mobile_phone", ""), "country_code", "")).status(303);
}

/// USR-1, ALL-3: too long text is refused in words and stays as it was entered; no browser cuts it unasked.
#[test]
fn too_long_text_is_refused_and_kept_and_never_cut() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let long = "x".repeat(61);
    let sent = with(with(ira("ira@alder.example"), "mobile_phone", "12345678901234567"), "first_name", &long);
    ada.post(ADD, &sent).status(422).sees("A phone number has 4 to 15 digits.").sees("60");
    assert_eq!((ada.value_of("Mobile Phone Number").as_str(), ada.value_of("First name")), ("12345678901234567", long.clone()));
    for page in [ADD, "/organizations/new", "/organizations/10000001"] {
        ada.get(page).status(200);
        assert!(!ada.body().contains("maxlength"), "{page} lets the browser cut what is entered");
    }
}

/// USR-3
#[test]
fn a_second_endpoint_backup_user_is_refused_with_the_name_of_the_first() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(ADD, &with(ira("ira@alder.example"), "endpoint_access", "file_restores")).status(422);
    ada.sees("Finn Becker (finn@alder.example) has Endpoint Backup access already");
    let ira_account = add_ira(&mut ada);
    let fields = with(ira("ira@alder.example"), "endpoint_access", "file_restores");
    edit(&mut ada, ira_account, &fields).status(422).sees("Finn Becker (finn@alder.example)");
    let twice =
        portal.connection().execute("update organization_user set endpoint_access = 'file_restores' where account = ?1", [ira_account]);
    assert!(twice.is_err(), "the database itself refuses a second one");
    ada.post(&at(FINN.account, "/removal"), &[]).status(303);
    edit(&mut ada, ira_account, &fields).status(303);
}

/// USR-3, USR-5
#[test]
fn two_endpoint_backup_users_cannot_be_entered_together_either() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations/10000002/users/new");
    type_user(&mut ada, "Una", "una@birch.example").fill("Endpoint Backup Access", "File restores").tick("Add another organization user");
    ada.press("Add Organization User").status(200).sees("Una Moss");
    type_user(&mut ada, "Udo", "udo@birch.example").fill("Endpoint Backup Access", "File restores").tick("Add another organization user");
    ada.press("Add Organization User").status(422).sees("Una Moss (una@birch.example) has Endpoint Backup access already");
    assert_eq!(portal.sql_count("account where last_name = 'Moss'"), 0);
}

#[track_caller]
fn type_user<'a>(visit: &'a mut Visit, first: &str, email: &str) -> &'a mut Visit {
    visit.fill("First name", first).fill("Last name", "Moss").fill("Email", email)
}

/// USR-5
#[test]
fn the_dialog_stays_open_for_another_user_and_adds_all_together() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ADD);
    for (first, email) in [("Una", "una@alder.example"), ("Udo", "udo@alder.example"), ("Uwe", "uwe@alder.example")] {
        type_user(&mut ada, first, email).tick("Add another organization user").press("Add Organization User").status(200);
        assert_eq!((ada.value_of("First name").as_str(), ada.value_of("Organization Access").as_str()), ("", "full"));
    }
    ada.sees("3 users are entered").sees("Una Moss").sees("Udo Moss").sees("Uwe Moss");
    assert_eq!(portal.sql_count("account where last_name = 'Moss'"), 0, "nobody is added before the end");
    assert_eq!(portal.sql_count("held_email") + portal.sql_count("letter"), 0);
    type_user(&mut ada, "Ute", "ute@alder.example").untick_pick("Udo Moss");
    ada.press("Add Organization User").sees("Added 3 users.");
    let names: String = portal
        .sql("select group_concat(first_name, ' ') from (select first_name from account where last_name = 'Moss' order by first_name)", []);
    assert_eq!(names, "Una Ute Uwe");
    assert_eq!(portal.sql_count("letter"), 3);
}

trait UntickPick {
    fn untick_pick(&mut self, words: &str) -> &mut Self;
}

impl UntickPick for Visit {
    /// A row of a list to tick is labelled by all its words.
    #[track_caller]
    fn untick_pick(&mut self, words: &str) -> &mut Self {
        let label = self
            .forms()
            .iter()
            .flat_map(|form| form.fields.clone())
            .find(|field| field.name == "keep" && field.label.contains(words))
            .unwrap_or_else(|| panic!("nobody called {words} was entered"))
            .label;
        self.untick(&label)
    }
}

/// USR-5
#[test]
fn several_users_are_added_all_or_none() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ADD);
    type_user(&mut ada, "Una", "una@alder.example").tick("Add another organization user").press("Add Organization User").status(200);
    let page = ada.clone();
    // Meanwhile somebody adds Una from elsewhere.
    portal.sign_in(ABE).post(ADD, &with(ira("una@alder.example"), "first_name", "Other")).status(303);
    let before = portal.sql_count("account");
    ada = page;
    type_user(&mut ada, "Udo", "udo@alder.example").press("Add Organization User").status(422);
    ada.sees("Una Moss (una@alder.example): una@alder.example is already a user of this organization.").sees("udo@alder.example");
    assert_eq!(portal.sql_count("account"), before);
    type_user(&mut ada, "Udo", "una@alder.example").untick_pick("Una Moss").press("Add Organization User").status(422);
    ada.sees("una@alder.example is already a user of this organization.");
    ada.fill("Email", "udo@alder.example").press("Add Organization User").sees("Added Udo Moss.");
}

/// USR-5
#[test]
fn an_email_entered_twice_is_in_the_list_above_and_not_yet_a_users() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for last in [true, false] {
        ada.visit(ADD);
        type_user(&mut ada, "Una", "una@alder.example").tick("Add another organization user").press("Add Organization User").status(200);
        type_user(&mut ada, "Udo", "UNA@alder.example");
        if last {
            ada.tick("Add another organization user");
        }
        ada.press("Add Organization User").status(422).sees("is already in the list above.").does_not_see("already a user");
    }
    assert_eq!(portal.sql_count("account where last_name = 'Moss'"), 0);
}

/// USR-6, MAI-1: where letters are held, whoever added somebody is told where the letter waits, and led there if they may open it.
#[test]
fn where_letters_are_held_the_alert_leads_to_the_outbox() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.post(ADD, &ira("ira@alder.example")).follow();
    abe.sees("The letter waits in the Outbox: read it there and pass its link on.").open("Outbox").status(200).sees("ira@alder.example");
    let mut ada = portal.sign_in(ADA);
    let may = ada.get("/outbox").response.status == 200;
    ada.post(ADD, &ira("isa@alder.example")).follow().sees("The letter waits in the Outbox");
    assert_eq!(ada.text().contains("read it there"), may, "only who may open it is told to");
    let sends = Portal::firm_that_sends();
    let mut abe = sends.sign_in(ABE);
    abe.post(ADD, &ira("ira@alder.example")).follow().sees("The welcome letter is written").does_not_see("waits in the Outbox");
}

/// USR-5
#[test]
fn after_others_were_entered_empty_fields_add_nobody_more() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ADD).press("Add Organization User").status(422).sees("Enter a name.");
    type_user(&mut ada, "Una", "una@alder.example").tick("Add another organization user").press("Add Organization User").status(200);
    ada.tick("Add another organization user").press("Add Organization User").status(200).sees("1 user is entered.");
    ada.press("Add Organization User").sees("Added Una Moss.");
    assert_eq!(portal.sql_count("account where last_name = 'Moss'"), 1);
}

/// USR-7
#[test]
fn full_access_makes_an_active_user_super_administrator_and_the_dialog_says_where_lesser_ones_are_made() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let row = |visit: &Visit, name: &str| visit.page().named("tr").iter().map(|row| row.text()).find(|text| text.contains(name)).unwrap();
    ada.visit(ALDER_USERS);
    assert!(row(&ada, "Olu Adeyemi").contains("Super Administrator"));
    assert!(!row(&ada, "Noor Haddad").contains("Super Administrator"));
    assert!(row(&ada, "Finn Becker").contains("No access Endpoint Backup"));
    portal.execute("update subscription set state = 'suspended' where organization = 10000001", []);
    for path in [ALDER_USERS, ALDER_PAGE] {
        ada.visit(path);
        assert!(!row(&ada, "Olu Adeyemi").contains("Super Administrator"), "the access ends with the organization's active state");
    }
    portal.execute("update subscription set state = 'active' where organization = 10000001", []);
    ada.post(&at(OLU.account, "/deactivation"), &[]).status(303);
    ada.visit(ALDER_USERS);
    assert!(!row(&ada, "Olu Adeyemi").contains("Super Administrator"), "the access ends with the account's active state");
    ada.visit(ADD).sees("Lesser administrators are made in the vendor's console");
}

#[track_caller]
fn edit<'a>(visit: &'a mut Visit, account: i64, fields: &[(&str, &str)]) -> &'a mut Visit {
    visit.visit(&at(account, "")).status(200);
    let seen = visit.value_of("seen");
    let mut all = fields.to_vec();
    all.push(("seen", &seen));
    visit.post(&at(account, ""), &all)
}

/// USR-9
#[test]
fn edit_changes_every_field_and_tells_from_what_to_what() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(ALDER_PAGE).open("Edit Olu Adeyemi").sees("Edit Organization User");
    assert_eq!(ada.value_of("Email"), OLU.email);
    ada.fill("First name", "Olumide").fill("Last name", "Ade").fill("Email", "olumide@alder.example");
    ada.fill("Country Code", "44").fill("Mobile Phone Number", "7700900123").fill("Organization Access", "No access");
    ada.press("Save Changes").sees("Saved the changes to Olumide Ade.").sees("olumide@alder.example");
    let changes: String = portal.sql("select changes from activity order by seq desc limit 1", []);
    for words in ["Olu", "Olumide", "Adeyemi", "olu@alder.example", "+44 7700900123", "Full access", "No access"] {
        assert!(changes.contains(words), "{words:?} is not in {changes}");
    }
    let events = portal.sql_count("activity");
    ada.visit(&at(OLU.account, "")).press("Save Changes").sees("Nothing was different for Olumide Ade.");
    assert_eq!(portal.sql_count("activity"), events);
}

/// USR-9
#[test]
fn a_change_made_meanwhile_is_not_lost() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(&at(OLU.account, ""));
    let mut abe = portal.sign_in(ABE);
    abe.visit(&at(OLU.account, "")).fill("First name", "Olumide").press("Save Changes").sees("Saved");
    ada.fill("Last name", "Ade").press("Save Changes").status(422).sees("Somebody else changed Olumide Adeyemi meanwhile");
    assert_eq!(portal.sql::<String>("select first_name || ' ' || last_name from account where id = ?1", [OLU.account]), "Olumide Adeyemi");
}

/// USR-9, ACC-11
#[test]
fn a_changed_e_mail_keeps_the_password_and_voids_what_was_mailed_to_the_old_one() {
    let portal = Portal::firm();
    portal.guest().post("/forgot-password", &[("email", OLU.email)]).status(303);
    portal.run_jobs();
    let old = portal.link_for(OLU.email);
    let mut ada = portal.sign_in(ADA);
    let fields =
        [("first_name", "Olu"), ("last_name", "Adeyemi"), ("email", "new@alder.example"), ("access", "full"), ("endpoint_access", "none")];
    edit(&mut ada, OLU.account, &fields).status(303);
    portal.guest().get(&old).status(404);
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [OLU.account]), "active");
    let mut olu = portal.guest();
    olu.visit("/sign-in").fill("E-mail", "new@alder.example").fill("Password", PASSWORD).press("Sign in");
    assert!(olu.url == "/" || olu.response.status == 404, "{} {}", olu.url, olu.excerpt());
    assert_eq!(portal.sql_count("session where account = 120000000000001"), 1);
}

/// USR-9, ACC-15
#[test]
fn an_e_mail_that_somebody_else_signs_in_with_makes_the_account_theirs_to_accept() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let mut olu = portal.sign_in(OLU);
    let fields = [("first_name", "Olu"), ("last_name", "Adeyemi"), ("email", NIA.email), ("access", "full"), ("endpoint_access", "none")];
    edit(&mut ada, OLU.account, &fields).status(303);
    olu.get("/choose-account").status(303);
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [OLU.account]), "invited");
    let letter = portal.letter_to(NIA.email);
    assert!(letter.contains("Sign in with the password you have") && !letter.contains("/links/"), "{letter}");
    assert_eq!(portal.sql_count("identity where email_key = 'olu@alder.example'"), 0, "nothing is left of the old identity");
    // Lapsed there and brought back, it is still only an invitation.
    portal.wait(Span::days(7)).run_jobs();
    ada.post(&at(OLU.account, "/reactivation"), &[]).status(303);
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [OLU.account]), "invited");
    let fields = with(ira(NIA.email), "first_name", "Noor");
    edit(&mut ada, NOOR.account, &fields).status(422).sees("nia@birch.example is already a user of this organization.");
}

/// USR-9, ACC-11: the same e-mail in other capitals is the same identity, also when that has several accounts.
#[test]
fn an_e_mail_can_be_written_with_other_capitals() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/organizations/10000002/users/new", &ira(OLU.email)).status(303);
    let fields =
        [("first_name", "Olu"), ("last_name", "Adeyemi"), ("email", "Olu@Alder.example"), ("access", "full"), ("endpoint_access", "none")];
    edit(&mut ada, OLU.account, &fields).status(303);
    assert_eq!(portal.sql_count("identity where email = 'Olu@Alder.example'"), 1);
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [OLU.account]), "active");
    assert_eq!(portal.sql_count("account a join identity i on i.id = a.identity where i.email_key = 'olu@alder.example'"), 2);
}

/// USR-9, PAR-1: the outbox is offered as the next step where it holds the letter, not for a sub-partner's users.
#[test]
fn the_outbox_is_offered_where_the_letter_is() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let next = |visit: &mut Visit| visit.follow().text().contains("read it there and pass its link on. Outbox");
    ada.post(ADD, &ira("ira@alder.example")).status(303);
    assert!(next(&mut ada), "{}", ada.excerpt());
    ada.post(&format!("/organizations/{CEDAR_ID}/users/new"), &ira("ira@cedar.example")).status(303);
    assert!(!next(&mut ada), "{}", ada.sees("Added Ira Moss.").excerpt());
    portal.sign_in(PIA).visit("/outbox").sees("ira@cedar.example");
}

/// USR-9, ACC-5
#[test]
fn a_deactivated_user_is_out_in_the_same_instant_and_keeps_the_details() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    let mut ada = portal.sign_in(ADA);
    ada.visit(ALDER_PAGE).open("Options for Olu Adeyemi").open("Deactivate Account").sees("Open sessions end at once");
    ada.press("Deactivate User").sees("Deactivated Olu Adeyemi.");
    olu.get("/choose-account").status(303);
    assert!(olu.location().starts_with("/sign-in"));
    ada.visit(ALDER_USERS).sees("Deactivated").sees("since 22 Nov 2026").sees(OLU.email);
    let mut again = portal.guest();
    again.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in").status(422);
    ada.post(&at(OLU.account, "/deactivation"), &[]).status(303).follow().sees("deactivated already");
    ada.post(&at(OLU.account, "/reactivation"), &[]).status(303);
    olu.get("/choose-account").status(303);
}

/// USR-9, ACC-4
#[test]
fn one_that_was_active_is_active_again_after_reactivating() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(&at(OLU.account, "/reactivation"), &[]).status(303).follow().sees("Olu Adeyemi is not deactivated.");
    ada.post(&at(OLU.account, "/deactivation"), &[]).status(303);
    ada.visit(ALDER_PAGE)
        .open("Options for Olu Adeyemi")
        .press("Reactivate Account")
        .sees("Reactivated Olu Adeyemi. They can sign in again.");
    assert_eq!(portal.sql_count("letter"), 0);
    portal.sign_in(OLU).get("/choose-account").status(200).sees("Switch account");
}

/// USR-9, ACC-3, ACC-4
#[test]
fn one_never_set_up_gets_a_new_letter_and_seven_new_days() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let account = add_ira(&mut ada);
    let first = portal.link_for("ira@alder.example");
    portal.wait(Span::days(7));
    ada.visit(ALDER_USERS).sees("set-up lapsed 29 Nov 2026").open("Options for Ira Moss").is_not_offered("Resend letter");
    ada.press("Reactivate Account").sees("seven days to set up");
    let second = portal.link_for("ira@alder.example");
    assert_ne!(first, second);
    portal.guest().get(&first).status(404);
    portal.wait(Span(Span::days(7).0 - 1));
    portal.guest().get(&second).status(200);
    portal.wait(Span(1));
    portal.guest().get(&second).status(404);
    assert_eq!(portal.sql::<i64>("select count(*) from activity where kind = 'user.reactivated' and target_id = ?1", [account]), 1);
}

/// USR-9, ACC-2
#[test]
fn a_letter_sent_again_starts_the_seven_days_anew_and_voids_the_older_link() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let account = add_ira(&mut ada);
    let first = portal.link_for("ira@alder.example");
    portal.wait(Span::days(6));
    ada.visit(ALDER_PAGE).open("Options for Ira Moss").press("Resend letter").sees("Wrote a letter to Ira Moss.");
    portal.guest().get(&first).status(404);
    portal.wait(Span(Span::days(7).0 - 1));
    let second = portal.link_for("ira@alder.example");
    portal.guest().get(&second).status(200);
    ada.post(&at(OLU.account, "/letter"), &[]).status(303).follow().sees("Olu Adeyemi is set up already and needs no letter.");
    ada.post(&at(account, "/deactivation"), &[]).status(303);
    portal.guest().get(&second).status(404);
    ada.post(&at(account, "/letter"), &[]).status(303).follow().sees("Reactivate the account; that sends a letter.");
}

/// USR-9, USR-10, ACC-6
#[test]
fn a_removed_user_is_gone_and_no_backup_data_is() {
    let portal = Portal::firm();
    portal.execute(
        "insert into saas_account (id, partner, organization, name, name_key, domain, domain_key, product, linked_at, created_at, tags, search)
         values (9, 1, 10000001, 'Alder', 'alder', 'alder.example', 'alder.example', 'microsoft_365', 1, 1, '', '')",
        [],
    );
    portal.execute(
        "insert into seat (id, partner, saas_account, main_id, name, name_key, seat_type, state, state_since, billable)
         values (1, 1, 9, 'olu', 'Olu', 'olu', 'User', 'Active', 1, 1)",
        [],
    );
    let mut olu = portal.sign_in(OLU);
    let mut ada = portal.sign_in(ADA);
    ada.visit(ALDER_PAGE).open("Remove Olu Adeyemi").sees("Remove Olu Adeyemi").sees("No backup data is deleted.");
    ada.sees("cannot be registered again for 24 hours, until 23 Nov 2026").sees("open sessions end at once");
    ada.press("Remove User").sees("Removed Olu Adeyemi. No backup data was deleted.");
    assert!(!ada.page().by_id("users").unwrap().text().contains("Olu"), "{}", ada.excerpt());
    olu.get("/choose-account").status(303);
    assert_eq!(portal.sql_count("account where id = 120000000000001") + portal.sql_count("identity where email = 'olu@alder.example'"), 0);
    assert_eq!((portal.sql_count("saas_account where organization = 10000001"), portal.sql_count("seat where saas_account = 9")), (1, 1));
    let left: Vec<String> = portal.mentions(OLU.email).into_iter().filter(|place| !place.starts_with("activity.")).collect();
    assert_eq!(left, Vec::<String>::new(), "the held e-mail is kept as a hash only");
    ada.get(&at(OLU.account, "")).status(404);
}

/// USR-9, ACC-15, EMP-2
#[test]
fn a_user_who_also_works_here_is_acted_on_only_from_above_their_role() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(ADD, &with(with(ira(SAM.email), "first_name", "Sam"), "last_name", "Okafor")).status(303);
    let account: i64 = portal.sql("select id from account where organization = 10000001 and last_name = 'Okafor'", []);
    let mut abe = portal.sign_in(ABE);
    let letters = portal.sql_count("letter");
    abe.post(&at(account, "/letter"), &[]).status(303).follow().sees("Sam Okafor also works here as Security Admin.");
    abe.visit(ALDER_USERS).open("Options for Sam Okafor").is_offered("Deactivate Account").is_not_offered("Resend letter");
    abe.visit(&at(account, "")).sees("Only somebody above that role may do this.");
    let fields = with(with(ira("abe-has-it@alder.example"), "first_name", "Sam"), "last_name", "Okafor");
    edit(&mut abe, account, &fields).status(422).sees("Only somebody above that role may do this.");
    assert_eq!(portal.sql_count("letter"), letters);
    ada.visit(ALDER_USERS).open("Options for Sam Okafor").press("Resend letter").sees("Wrote a letter to Sam Okafor.");
    // Their own account is nobody's own business.
    let mut sam = portal.sign_in(SAM);
    sam.visit(&at(account, "")).sees("This is your own account.").is_not_offered("Save Changes");
    for step in ["/letter", "/deactivation", "/removal"] {
        sam.post(&at(account, step), &[]).status(303).follow().sees("This is your own account.");
    }
    // Bringing back one that lapsed only sends a letter, so an Admin may (ACC-4); one that was active, not.
    portal.wait(Span::days(7));
    abe.post(&at(account, "/reactivation"), &[]).status(303).follow().sees("Reactivated Sam Okafor. A new letter");
    portal.execute("update account set state = 'deactivated', set_up_at = 1, invited_until = null where id = ?1", [account]);
    abe.post(&at(account, "/reactivation"), &[]).status(303).follow().sees("Sam Okafor also works here as Security Admin.");
}

/// IMP-4
#[test]
fn imported_users_wait_for_their_letter_one_ticked_or_all() {
    let portal = Portal::firm();
    bring_in(&portal, 5);
    let mut ada = portal.sign_in(ADA);
    assert_eq!(portal.sql_count("letter"), 0);
    ada.visit(ALDER_PAGE).sees("5 users wait for the first letter.").sees("Not invited").is_offered("Send letter");
    portal.wait(Span::days(30)).run_jobs();
    ada.visit(ALDER_PAGE).sees("5 users wait for the first letter.");
    ada.open("Options for Many Row0000").press("Send letter").sees("Wrote a letter to Many Row0000.").sees("7 days left to set up");
    ada.visit(ALDER_USERS).tick("Select Many Row0001").tick("Select Many Row0002").press("Send letters").sees("Wrote 2 letters.");
    assert_eq!(portal.sql_count("account where state = 'not_invited'"), 2);
    ada.visit(ALDER_USERS).press("Send letter to all").sees("Wrote 2 letters.");
    assert_eq!((portal.sql_count("account where state = 'not_invited'"), portal.sql_count("letter")), (0, 5));
    ada.visit(ALDER_USERS).is_not_offered("Send letter to all");
}

/// ACC-2, IMP-4
#[test]
fn changing_the_e_mail_of_one_not_invited_sends_no_letter() {
    let portal = Portal::firm();
    bring_in(&portal, 1);
    let account: i64 = portal.sql("select id from account where last_name = 'Row0000'", []);
    let mut ada = portal.sign_in(ADA);
    let moved = with(with(ira(NIA.email), "first_name", "Many"), "last_name", "Row0000");
    edit(&mut ada, account, &moved).status(303);
    assert_eq!(
        (portal.sql_count("letter"), portal.sql::<String>("select state from account where id = ?1", [account])),
        (0, "not_invited".to_owned())
    );
}

/// USR-6, ALL-1
#[test]
fn many_users_are_shown_fifty_a_page_and_none_twice() {
    let portal = Portal::firm();
    bring_in(&portal, 120);
    let mut ada = portal.sign_in(ADA);
    ada.visit(ALDER_PAGE).sees("123").open("Show all 123 users");
    let mut seen = Vec::new();
    let names = |visit: &Visit| -> Vec<String> {
        visit.page().all(|element| element.name == "b").iter().map(|name| name.text()).filter(|name| name.starts_with("Many")).collect()
    };
    seen.extend(names(&ada));
    for _ in 0..2 {
        ada.open("Next");
        seen.extend(names(&ada));
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (120, 120));
    let last = ada.text();
    ada.open("Previous").open("Next");
    assert_eq!(ada.text(), last);
    ada.open("Previous").open("Previous").sees("Adeyemi");
    assert!(!ada.links().iter().any(|(words, _, _)| words == "Previous"));
}

/// ALL-7
#[test]
fn a_form_sent_twice_adds_the_user_once() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let mut fields = ira("ira@alder.example");
    fields.push(("form_id", "abcdefghijklmnopqrstuvwxyz0123456789"));
    ada.post(ADD, &fields).status(303);
    ada.post(ADD, &fields).status(303);
    assert_eq!((portal.sql_count("account where last_name = 'Moss'"), portal.sql_count("letter")), (1, 1));
}

/// ALL-1, USR-8
#[test]
fn nobody_else_meets_an_organizations_users() {
    let portal = Portal::firm();
    for stranger in [MALLORY, NIA, OLU, TESS] {
        let mut visit = portal.sign_in(stranger);
        for path in
            [ALDER_USERS.to_owned(), ADD.to_owned(), at(OLU.account, ""), at(OLU.account, "/removal"), at(OLU.account, "/deactivation")]
        {
            visit.get(&path).status(404);
        }
        for step in ["", "/letter", "/deactivation", "/reactivation", "/removal"] {
            visit.post(&at(OLU.account, step), &ira("x@alder.example")).status(404);
        }
        visit.post(ADD, &ira("x@alder.example")).status(404);
    }
    let mut ada = portal.sign_in(ADA);
    ada.get(&format!("/organizations/{BIRCH_ID}/users/{}", OLU.account)).status(404);
    ada.get(&at(OLU.account, "")).status(200);
    // The partner above may; its users' e-mails rest and live at the partner beneath.
    ada.get(&format!("/organizations/{CEDAR_ID}/users/{}", CARL.account)).status(200);
}

/// USR-4, USR-8
#[test]
fn a_change_of_access_counts_from_the_next_click() {
    let portal = Portal::firm();
    let mut olu = portal.sign_in(OLU);
    olu.get("/choose-account").sees("SaaS Protection Status");
    let mut ada = portal.sign_in(ADA);
    let fields = [("first_name", "Olu"), ("last_name", "Adeyemi"), ("email", OLU.email), ("access", "none"), ("endpoint_access", "none")];
    edit(&mut ada, OLU.account, &fields).status(303);
    olu.get("/choose-account").does_not_see("SaaS Protection Status");
}
