//! The rules of + New Organization, one test a sentence.

use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const PAGE: &str = "/organizations/new-organization";
const TIDEWATER_ID: i64 = 2;

/// All fields of a firm's, as somebody would send them.
fn firm<'a>(name: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("first_name", "Una"),
        ("last_name", "Elm"),
        ("email", email),
        ("country", "NO"),
        ("partner", "P-HARBOR"),
        ("plan", "backup"),
        ("name", name),
        ("auto_license", "on"),
    ]
}

/// The fields with some changed, or left out where the new value is nothing.
fn with<'a>(portal: &Portal, fields: Vec<(&'a str, &'a str)>, changes: &[(&'a str, Option<&'a str>)]) -> Vec<(String, String)> {
    let own: String = portal.sql("select public_id from partner where id = 1", []);
    let mut all: Vec<(String, String)> = fields
        .into_iter()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
        .map(|(name, value)| (name.to_owned(), if value == "P-HARBOR" { own.clone() } else { value.to_owned() }))
        .collect();
    all.extend(changes.iter().filter_map(|(name, value)| value.map(|value| ((*name).to_owned(), value.to_owned()))));
    all
}

#[track_caller]
fn send<'v>(visit: &'v mut Visit, fields: Vec<(&str, &str)>, changes: &[(&str, Option<&str>)]) -> &'v mut Visit {
    let fields = with(&visit.portal.clone(), fields, changes);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visit.post(PAGE, &fields)
}

/// Plan, Auto License and seats of the organization with this name, with its partner.
fn stands(portal: &Portal, name: &str) -> (String, bool, Option<i64>, i64) {
    portal
        .connection()
        .query_row(
            "select s.plan, s.auto_license, s.seats, o.partner from organization o join subscription s on s.organization = o.id
              where o.name = ?1 and o.deleted_at is null",
            [name],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn partner_id(portal: &Portal, partner: i64) -> String {
    portal.sql("select public_id from partner where id = ?1", [partner])
}

/// ORG-2, S3: by the how-to's own words, from the list to the new organization's page.
#[test]
fn a_new_organization_has_contact_country_partner_and_plan() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/organizations").press("+ New Organization").sees("Create New Organization");
    abe.fill("First Name", "Una").fill("Last Name", "Elm").fill("Email address", "una@elm.example").fill("Select Plan", "Backup");
    abe.fill("Organization name", "Elm Garage").untick("Auto License").fill("Number of seats", "12").press("Save");
    abe.status(200).sees("Created Elm Garage.").sees("Una Elm (una@elm.example) is the contact, and no user yet.");
    assert_eq!(stands(&portal, "Elm Garage"), ("backup".to_owned(), false, Some(12), 1));
    assert_eq!(abe.value_of("Contact first name"), "Una");
    assert_eq!(abe.value_of("Contact e-mail"), "una@elm.example");
    assert_eq!(portal.last_activity(), "created the organization Elm Garage");
    abe.visit("/organizations?q=una@elm").sees("Elm Garage").sees("0 / 12");
    let country: String =
        portal.sql("select country || ' ' || (select country from partner where id = 1) from organization where name = 'Elm Garage'", []);
    assert_eq!(country.split(' ').next(), country.split(' ').nth(1), "the partner's country by default");
}

/// ORG-2: each field that is empty is named, all at once, and what was entered stays; nothing is created.
#[test]
fn an_error_names_every_empty_field() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let before = portal.sql_count("organization");
    let empty = [
        ("first_name", Some(" ")),
        ("last_name", None),
        ("email", Some("")),
        ("country", Some("")),
        ("plan", Some("")),
        ("name", Some("  ")),
    ];
    send(&mut ada, firm("", ""), &empty).status(422);
    for label in ["First Name", "Last Name", "Email address", "Country", "Select Plan", "Organization name"] {
        ada.sees(&format!("{label} is empty."));
    }
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[("auto_license", None)]).status(422).sees("Number of seats is empty.");
    assert_eq!(ada.value_of("Organization name"), "Elm Garage");
    ada.does_not_see("First Name is empty");
    assert_eq!(portal.sql_count("organization"), before);
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[]).status(303);
    assert_eq!(portal.sql_count("organization"), before + 1);
}

/// ORG-2, ORG-4: an e-mail and a name that exist already are named, both at once; another partner's do not count.
#[test]
fn an_error_names_the_e_mail_and_the_name_that_exist_already() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[]).status(303);
    send(&mut ada, firm("ELM garage", "UNA@elm.example"), &[]).status(422);
    ada.sees("There is already an organization named “ELM garage”").sees("an organization whose contact has the e-mail “UNA@elm.example”");
    assert_eq!(ada.value_of("Email address"), "UNA@elm.example");
    send(&mut ada, firm("Elm Two", "una@elm.example"), &[]).status(422).does_not_see("There is already an organization named");
    send(&mut ada, firm("Elm Garage", "una2@elm.example"), &[]).status(422).does_not_see("has the e-mail");
    let tidewater = partner_id(&portal, TIDEWATER_ID);
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[("partner", Some(&tidewater))]).status(303);
    assert_eq!(portal.sql_count("organization where name = 'Elm Garage'"), 2);
}

/// ORG-3, ORG-2, SUB-1: a personal plan is named after the contact, told apart where the name is taken, and is one seat; what is hidden
/// does not apply.
#[test]
fn a_personal_plan_is_named_after_its_contact_and_is_one_seat() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let hidden = [("plan", Some("personal")), ("name", Some("Not this")), ("auto_license", Some("on")), ("seats", Some("40"))];
    send(&mut ada, firm("", "una@elm.example"), &hidden).status(303);
    ada.follow().sees("Created Una Elm.");
    assert_eq!(stands(&portal, "Una Elm"), ("personal".to_owned(), false, Some(1), 1));
    assert_eq!(portal.sql_count("organization where name = 'Not this'"), 0);
    for (email, name) in [("una2@elm.example", "Una Elm (2)"), ("una3@elm.example", "Una Elm (3)")] {
        send(&mut ada, firm("", email), &hidden).status(303);
        ada.follow().sees(&format!("Created {name}."));
        assert_eq!(stands(&portal, name).0, "personal");
    }
    let long = "x".repeat(60);
    for (email, ending) in [("long@elm.example", "x"), ("long2@elm.example", " (2)")] {
        let contact = [("first_name", Some(long.as_str())), ("last_name", Some(long.as_str())), ("plan", Some("personal"))];
        send(&mut ada, firm("", email), &contact).status(303);
        let name: String = portal.sql("select name from organization where contact_email = ?1", [email]);
        assert!(name.chars().count() <= 120 && name.ends_with(ending), "{name}");
    }
}

/// ORG-2, SUB-7: with Auto License the number of seats does not apply; without, it is asked for, on both sides of what can be bought.
#[test]
fn seats_count_only_without_auto_license() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    send(&mut ada, firm("Elm One", "one@elm.example"), &[("seats", Some("not a number"))]).status(303);
    assert_eq!(stands(&portal, "Elm One"), ("backup".to_owned(), true, None, 1));
    for (seats, status) in [("0", 422), ("1", 303), ("1000000", 303), ("1000001", 422), ("2.5", 422), ("-1", 422)] {
        let (name, email) = (format!("Elm {seats}"), format!("{}@elm.example", seats.replace('-', "m")));
        let changes = [("auto_license", None), ("seats", Some(seats)), ("plan", Some("archiver"))];
        send(&mut ada, firm(&name, &email), &changes).status(status);
    }
    assert_eq!(stands(&portal, "Elm 1"), ("archiver".to_owned(), false, Some(1), 1));
}

/// ORG-2: the country is the chosen partner's unless it was changed; without scripts a button takes it over and loses nothing.
#[test]
fn the_country_follows_the_partner() {
    let portal = Portal::firm();
    portal.execute("update partner set country = case id when 1 then 'NO' when 2 then 'IE' else country end", []);
    let mut ada = portal.sign_in(ADA);
    let tidewater = partner_id(&portal, TIDEWATER_ID);
    ada.visit(PAGE);
    assert_eq!(ada.value_of("Country"), "NO");
    let own = partner_id(&portal, 1);
    let drawn = [("drawn_for", Some(own.as_str())), ("redraw", Some("1")), ("partner", Some(tidewater.as_str()))];
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &drawn).status(200);
    assert_eq!(ada.value_of("Country"), "IE");
    assert_eq!((ada.value_of("Organization name"), ada.value_of("First Name")), ("Elm Garage".to_owned(), "Una".to_owned()));
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[&drawn[..], &[("country", Some("DE"))]].concat()).status(200);
    assert_eq!(ada.value_of("Country"), "DE", "chosen by hand");
    assert_eq!(portal.sql_count("organization where name = 'Elm Garage'"), 0, "nothing is saved by it");
    ada.press("Save").status(200).sees("Created Elm Garage.");
    assert_eq!(stands(&portal, "Elm Garage").3, TIDEWATER_ID);
}

/// PAR-1, ALL-1: for itself and for partners beneath; a sub-partner only for itself, and no other Partner ID is told from none.
#[test]
fn one_creates_for_oneself_and_for_partners_beneath() {
    let portal = Portal::firm();
    let (own, tidewater) = (partner_id(&portal, 1), partner_id(&portal, TIDEWATER_ID));
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE).sees(TIDEWATER).sees(QUAY);
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[("partner", Some(&tidewater))]).status(303);
    assert_eq!(stands(&portal, "Elm Garage").3, TIDEWATER_ID);
    portal.sign_in(MALLORY).visit("/organizations?q=elm").sees("Elm Garage");

    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(PAGE).sees(TIDEWATER).does_not_see(HARBOR).does_not_see(QUAY).sees("Select Partner");
    let mut answers = Vec::new();
    for foreign in [own.as_str(), &partner_id(&portal, 3), "P-00000000", ""] {
        send(&mut mallory, firm("Elm Two", "two@elm.example"), &[("partner", Some(foreign))]).status(422);
        mallory.sees("Choose a partner of the list.");
        answers.push(mallory.text());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "the same words for all");
    send(&mut mallory, firm("Elm Two", "two@elm.example"), &[("partner", Some(&tidewater))]).status(303);
    assert_eq!(stands(&portal, "Elm Two").3, TIDEWATER_ID);
}

/// EMP-4: what a limited employee creates joins all their groups; partners beneath are not offered, nor taken.
#[test]
fn what_a_limited_admin_creates_joins_their_groups() {
    let portal = Portal::estate();
    let group = crate::support::estate::ALDERINE.group();
    portal.execute("insert into access_group_member (account, access_group, partner) values (?1, ?2, 1)", (ABE.account, group));
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    let mut abe = portal.sign_in(ABE);
    abe.visit(PAGE).sees(HARBOR).does_not_see(TIDEWATER);
    let tidewater = partner_id(&portal, TIDEWATER_ID);
    send(&mut abe, firm("Elm Garage", "una@elm.example"), &[("partner", Some(&tidewater))])
        .status(422)
        .sees("Choose a partner of the list.");
    send(&mut abe, firm("Elm Garage", "una@elm.example"), &[("send_sign_in", Some("on"))]).status(303);
    abe.follow().sees("Created Elm Garage.").sees("Owner");
    let joined = format!(
        "access_group_organization g join organization o on o.id = g.organization where o.name = 'Elm Garage' and g.access_group = {group}"
    );
    assert_eq!(portal.sql_count(&joined), 1);
    // Told names are the exception of ALL-1: that it is taken, and nothing more.
    let birch = crate::support::estate::BIRCHINE;
    let taken: String = portal.sql("select name from organization where id = ?1", [birch.organization]);
    send(&mut abe, firm(&taken, "contact@birchine.example"), &[]).status(422).sees(&format!("already an organization named “{taken}”"));
    abe.sees("has the e-mail “contact@birchine.example”").does_not_see(&birch.organization.to_string());
    abe.does_not_see("Birchine Contact");
}

/// SUB-8: with Send sign in the contact is the first user, Full access, Owner, and gets the letter whose link sets the password.
#[test]
fn send_sign_in_makes_the_contact_the_owner() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[("send_sign_in", Some("on"))]).status(303);
    ada.follow().sees("The sign-in letter to Una Elm is written").sees("Owner").sees("Full access").is_not_offered("Send sign in");
    let letter = portal.letter_to("una@elm.example");
    assert!(letter.contains("The sign-in address is") && letter.contains("Set your password with this link"), "{letter}");
    let mut una = portal.guest();
    una.visit(&portal.link_for("una@elm.example"))
        .fill("Password", "another four harbor words")
        .fill("Password again", "another four harbor words");
    una.press("Set up account").visit("/account").sees("Una Elm").sees("Elm Garage");
    assert_eq!(portal.sql_count("organization_user where owner = 1 and access = 'full' and full_administrator = 0"), 1);
}

/// SUB-8: without it the contact is a contact only, until Send sign in is chosen on the organization's page; once.
#[test]
fn the_contact_stays_a_contact_until_send_sign_in_is_chosen() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    send(&mut ada, firm("Elm Garage", "una@elm.example"), &[]).status(303);
    ada.follow().is_offered("Send sign in");
    let id: i64 = portal.sql("select id from organization where name = 'Elm Garage'", []);
    assert_eq!(portal.sql_count(&format!("organization_user where organization = {id}")), 0);
    assert_eq!(portal.sql_count("letter where to_email = 'una@elm.example'"), 0);
    portal.wait(Span::days(1));
    ada.renew(ADA);
    ada.visit(&format!("/organizations/{id}")).press("Send sign in").sees("Una Elm is the Owner now.").is_not_offered("Send sign in");
    assert_eq!(portal.sql_count("letter where to_email = 'una@elm.example'"), 1);
    ada.post(&format!("/organizations/{id}/sign-in"), &[]).status(303);
    ada.follow().sees("has an Owner, or its contact is one of its users already.");
    assert_eq!(portal.sql_count(&format!("organization_user where organization = {id}")), 1);
}

/// SUB-8: there is nobody to send it to while the contact is not known, is a user, or the organization is switched off.
#[test]
fn send_sign_in_needs_a_contact_who_is_no_user_yet() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let page = format!("/organizations/{ALDER_ID}");
    portal.execute("update organization set contact_first_name = null, contact_last_name = null, contact_email = null, contact_email_key = null where id = ?1", [ALDER_ID]);
    ada.visit(&page).is_not_offered("Send sign in");
    ada.post(&format!("{page}/sign-in"), &[]).status(303);
    ada.follow().sees("Enter first name, last name and e-mail of the contact first");
    ada.visit(&page)
        .fill("Contact first name", "Olu")
        .fill("Contact last name", "Adeyemi")
        .fill("Contact e-mail", OLU.email)
        .press("Save Changes");
    ada.is_not_offered("Send sign in");
    ada.fill("Contact e-mail", "boss@alder.example").press("Save Changes").is_offered("Send sign in");
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    ada.visit(&page).is_not_offered("Send sign in");
    ada.post(&format!("{page}/sign-in"), &[]).status(303);
    ada.follow().sees("is not active. Reactivate it first.");
    assert_eq!(portal.sql_count("organization_user where owner = 1"), 0);
}

/// ACC-6: an e-mail that rests after a removal is refused for the sign-in, with nothing created; not for a contact alone.
#[test]
fn a_resting_e_mail_is_refused_for_the_sign_in_and_nothing_is_created() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(&format!("/organizations/{ALDER_ID}/users/{}/removal", NOOR.account), &[]).status(303);
    let fields = || firm("Elm Garage", NOOR.email);
    send(&mut ada, fields(), &[("send_sign_in", Some("on"))]).status(422).sees("cannot be");
    assert_eq!(portal.sql_count("organization where name = 'Elm Garage'"), 0);
    send(&mut ada, fields(), &[]).status(303);
}

/// EMP-1, ALL-1: nobody else finds the page.
#[test]
fn nobody_else_finds_create_new_organization() {
    let portal = Portal::firm();
    for member in [TESS, BEA, SID, OLU] {
        let mut visit = portal.sign_in(member);
        visit.get(PAGE).status(404);
        send(&mut visit, firm("Sneaky", "una@elm.example"), &[]).status(404);
        visit.post(&format!("/organizations/{ALDER_ID}/sign-in"), &[]).status(404);
    }
    let mut mallory = portal.sign_in(MALLORY);
    mallory.post(&format!("/organizations/{ALDER_ID}/sign-in"), &[]).status(404);
    assert_eq!(portal.sql_count("organization where name = 'Sneaky'"), 0);
    portal.sign_in(ABE).get(PAGE).status(200);
}

/// ALL-7: sent twice, it is created once.
#[test]
fn a_form_sent_twice_creates_one() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let id = ("form_id", Some("a-form-id-of-twenty-signs"));
    for _ in 0..2 {
        send(&mut ada, firm("Elm Garage", "una@elm.example"), &[id]).status(303);
    }
    assert_eq!(portal.sql_count("organization where name = 'Elm Garage'"), 1);
}

/// PAR-3: the box in Edit Organization User; it needs Full access, shows on the list, and is an event.
#[test]
fn full_administrator_is_a_box_in_edit_organization_user() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let edit = format!("/organizations/{ALDER_ID}/users/{}", OLU.account);
    ada.visit(&edit).tick("Full administrator").press("Save Changes").sees("Saved the changes to Olu Adeyemi.").sees("Full administrator");
    let changes: String = portal.sql("select changes from activity order by seq desc limit 1", []);
    assert!(changes.contains("Full administrator"), "{changes}");
    ada.visit(&edit).fill("Organization Access", "No access").press("Save Changes").status(422);
    ada.sees("A full administrator has Full access on the left.");
    ada.untick("Full administrator").press("Save Changes").status(200);
    assert_eq!(portal.sql_count("organization_user where full_administrator = 1"), 0);
    ada.visit(&format!("/organizations/{ALDER_ID}/users/new")).is_not_offered("Full administrator");
}
