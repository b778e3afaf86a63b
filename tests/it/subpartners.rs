//! Manage Partners (PAR-1, PAR-2, PAR-5, ACC-14), one test a sentence.

use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// Adds a partner beneath the visitor's; its Partner ID.
#[track_caller]
fn add(visit: &mut Visit, name: &str) -> String {
    let email = format!("ivy@{}.example", name.to_lowercase().replace(' ', ""));
    visit.visit("/partners/new").fill("Partner name", name).fill("Country", "Norway");
    visit.fill("First name", "Ivy").fill("Last name", "Marsh").fill("Email", &email).press("Create Partner").status(200);
    visit.sees(&format!("Created {name}, Partner ID P-"));
    visit.url.trim_start_matches("/partners/").to_owned()
}

fn letters(portal: &Portal, email: &str) -> i64 {
    portal.sql("select count(*) from letter where to_email = ?1", [email])
}

/// PAR-1, PAR-2, ACC-14
#[test]
fn a_sub_partner_is_made_with_its_primary_account_who_gets_a_letter() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    assert_eq!(abe.visit("/partners/new").value_of("Country"), "US", "as the partner above has it");
    let id = add(&mut abe, "Nordlys IT");
    abe.sees("Ivy Marsh").sees("Invited").sees("7 days left to set up").sees("Norway").sees(&id);
    assert_eq!(letters(&portal, "ivy@nordlysit.example"), 1);
    assert_eq!(portal.sql_count("partner p join partner_ancestor t on t.partner = p.id where p.name = 'Nordlys IT'"), 2);
    assert_eq!(
        portal.sql::<String>("select e.role from employee e join partner p on p.id = e.partner where p.public_id = ?1", [&id]),
        "primary_account"
    );
    let created = "select count(*) from activity where kind = 'partner.created' and target_name = 'Nordlys IT'";
    assert_eq!(portal.sql::<i64>(created, []), 1);
    abe.visit("/partners").sees("Nordlys IT").sees(TIDEWATER).sees(QUAY).sees("3 partners beneath yours");
    abe.visit("/partners?q=nordl").sees("Nordlys IT").does_not_see(TIDEWATER);
    abe.visit("/organizations").sees("Nordlys IT");
}

/// PAR-1: all or nothing, and what is wrong stands at its field.
#[test]
fn what_is_missing_or_taken_is_said_at_its_field() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/partners/new").fill("Country", "Norway").press("Create Partner").status(422);
    abe.sees("Enter").fill("Partner name", " tidewater it ").fill("First name", "Ivy").fill("Last name", "Marsh");
    abe.fill("Email", "ivy@nordlys.example").press("Create Partner").status(422).sees("There is already a sub-partner named");
    assert_eq!((portal.sql_count("partner"), letters(&portal, "ivy@nordlys.example")), (3, 0));
    abe.fill("Partner name", "Nordlys IT").press("Create Partner").status(200).sees("Created Nordlys IT");
    assert_eq!((portal.sql_count("partner"), letters(&portal, "ivy@nordlys.example")), (4, 1));
}

/// ACC-14: "may be re-invited and its letter opened by the parent's primary account and Security Admins; its link lapses, the account stays
/// Invited", until it is first set up.
#[test]
fn the_primary_account_is_invited_again_and_its_letter_opened_until_it_is_set_up() {
    let portal = Portal::firm();
    let id = add(&mut portal.sign_in(ABE), "Nordlys IT");
    let page = format!("/partners/{id}");
    portal.sign_in(ABE).visit(&page).is_not_offered("Resend letter").is_not_offered("Open the letter");
    let mut abe = portal.sign_in(ABE);
    abe.post(&format!("{page}/letter"), &[]).status(404);
    abe.post(&format!("{page}/letter/opening"), &[]).status(404);

    portal.wait(Span::days(7));
    portal.run_jobs();
    let mut sam = portal.sign_in(SAM);
    sam.visit(&page).sees("Invited").sees("its link has lapsed");
    assert_eq!(portal.sql::<String>("select state from account where last_name = 'Marsh'", []), "invited");
    sam.press("Open the letter").status(200).sees("(this link has been used or has expired)");

    sam.visit(&page).press("Resend letter").sees("Sent Ivy Marsh the set-up letter again.").sees("7 days left to set up");
    assert_eq!(letters(&portal, "ivy@nordlysit.example"), 2);
    sam.press("Open the letter").status(200).sees("Nordlys IT");
    assert!(portal.last_activity().starts_with("opened the letter"), "{}", portal.last_activity());
    let link = sam.body().split("/links/").nth(1).and_then(|rest| rest.split(['"', '<']).next()).expect("a link").to_owned();

    let mut ivy = portal.guest();
    ivy.visit(&format!("/links/{link}")).fill("Password", PASSWORD).fill("Password again", PASSWORD).press("Set up account");
    ivy.set_up_factor();
    ivy.visit("/activity").sees("created the sub-partner Nordlys IT").sees("opened the letter").sees("again");
    sam.visit(&page).sees("Active").is_not_offered("Resend letter").is_not_offered("Open the letter");
    for path in ["letter", "letter/opening"] {
        sam.post(&format!("{page}/{path}"), &[]).status(303).follow().sees("looks after its own accounts");
    }
    assert_eq!(letters(&portal, "ivy@nordlysit.example"), 2);
}

/// ACC-14: a wrong e-mail is mended by the primary account and Security Admins while nobody has set it up; the older link is void.
#[test]
fn a_sub_partner_is_edited_and_its_waiting_primary_account_by_who_may_open_its_letter() {
    let portal = Portal::firm();
    let id = add(&mut portal.sign_in(ABE), "Nordlys IT");
    let edit = format!("/partners/{id}/edit");
    let mut abe = portal.sign_in(ABE);
    abe.visit(&edit).does_not_see("Primary account");
    abe.fill("Partner name", "Nordlys AS")
        .fill("Country", "Denmark")
        .press("Save Changes")
        .sees("Saved.")
        .sees("Nordlys AS")
        .sees("Denmark");
    abe.post(&edit, &[("name", "Nordlys AS"), ("country", "DK"), ("email", "abe@elsewhere.example"), ("seen", "x")]).status(422);
    assert_eq!(portal.sql_count("identity where email = 'abe@elsewhere.example'"), 0);

    let mut sam = portal.sign_in(SAM);
    let old: Vec<u8> = portal.sql("select token_hash from link l join account a on a.id = l.account where a.last_name = 'Marsh'", []);
    sam.visit(&edit).fill("Email", "ivy@nordlys.example").press("Save Changes").sees("ivy@nordlys.example").sees("7 days left");
    assert_eq!(letters(&portal, "ivy@nordlys.example"), 1, "one letter, and to the new address");
    assert_eq!(portal.sql_count("identity where email = 'ivy@nordlysit.example'"), 0);
    let works: i64 = portal.sql("select count(*) from link where token_hash = ?1 and spent_at is null", [old]);
    assert_eq!(works, 0);
    portal.wait(Span::days(8));
    let mut sam = portal.sign_in(SAM);
    sam.visit(&edit).fill("Email", "ivy@nordlysas.example").press("Save Changes").sees("ivy@nordlysas.example").sees("7 days left");
    assert_eq!(letters(&portal, "ivy@nordlysas.example"), 1, "a letter whose link had lapsed comes again as well");
    let mut two = portal.sign_in(SAM);
    two.visit(&edit);
    sam.visit(&edit).fill("Partner name", "Nordlys").press("Save Changes").sees("Saved.");
    two.fill("Partner name", "Another").press("Save Changes").status(422).sees("Somebody else changed");
}

/// PAR-5: granted and revoked by the partner above, and told in the logs of both.
#[test]
fn the_right_to_transfer_is_revoked_and_granted() {
    let portal = Portal::firm();
    let page = format!("/partners/{}", portal.sql::<String>("select public_id from partner where name = ?1", [TIDEWATER]));
    let right = || portal.sql::<i64>("select may_transfer from partner where name = ?1", [TIDEWATER]);
    let mut abe = portal.sign_in(ABE);
    assert_eq!(right(), 1);
    for (wanted, holds) in [("revoked", 0), ("revoked", 0), ("granted", 1)] {
        abe.post(&format!("{page}/transfer-right"), &[("wanted", wanted)]).status(303);
        assert_eq!(right(), holds);
    }
    assert_eq!(portal.sql_count("activity where kind = 'partner.transfer_right_changed'"), 2, "what changed nothing is no event");
    portal.sign_in(MALLORY).visit("/activity").sees("revoked the right of Tidewater IT to transfer");
    portal.sign_in(MALLORY).post(&format!("{page}/transfer-right"), &[("wanted", "granted")]).status(404);
}

/// PAR-1: a sub-partner sees only its own, an ancestor sees down, a sibling nothing; those who may not have no such page.
#[test]
fn an_ancestor_sees_down_and_nobody_sees_up_or_beside() {
    let portal = Portal::firm();
    let deep = add(&mut portal.sign_in(MALLORY), "Low Tide");
    let id = |name: &str| portal.sql::<String>("select public_id from partner where name = ?1", [name]);
    let (harbor, tidewater, quay) = (id(HARBOR), id(TIDEWATER), id(QUAY));

    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit("/partners").sees("Low Tide").does_not_see(QUAY).does_not_see(HARBOR);
    let gone = mallory.get("/partners/P-99999999").status(404).text();
    for other in [&harbor, &quay, &tidewater] {
        assert_eq!(mallory.get(&format!("/partners/{other}")).status(404).text(), gone);
        mallory.get(&format!("/partners/{other}/edit")).status(404);
    }

    let mut ada = portal.sign_in(ADA);
    ada.visit("/partners").sees("Low Tide").sees("beneath Tidewater IT");
    ada.visit(&format!("/partners/{deep}")).sees("Low Tide is directly beneath Tidewater IT, which looks after it.");
    ada.is_not_offered("Edit").is_not_offered("Resend letter").is_not_offered("Open the letter");
    for (path, fields) in [("letter", vec![]), ("letter/opening", vec![]), ("transfer-right", vec![("wanted", "revoked")])] {
        ada.post(&format!("/partners/{deep}/{path}"), &fields).status(303).follow().sees("which looks after it");
    }
    ada.post(&format!("/partners/{deep}/edit"), &[("name", "X"), ("country", "NO")]).status(422);
    assert_eq!(portal.sql_count("partner where name = 'Low Tide' and may_transfer = 1"), 1);

    for member in [TESS, BEA, SID, OLU] {
        portal.sign_in(member).get("/partners").status(404);
    }
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    portal.sign_in(ABE).get("/partners").status(404);
    portal.sign_in(ABE).visit("/").is_not_offered("Manage Partners");
}

/// Totals are those of what the partner's own list says, its sub-partners' included.
#[test]
fn the_totals_are_what_the_partner_holds_and_those_beneath_it() {
    let portal = Portal::estate();
    let id = |name: &str| portal.sql::<String>("select public_id from partner where name = ?1", [name]);
    let count = |sql: &str| portal.sql::<i64>(sql, []);
    let users = "select count(*) from account a where a.partner = 2 and a.organization is not null";
    let services = "select count(*) from saas_account where partner = 2";
    let seats = "select coalesce(sum(seats_billable), 0) from saas_account where partner = 2";
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/partners/{}", id(TIDEWATER)));
    ada.sees("Active organizations 1").sees(&format!("Users {}", count(users)));
    ada.sees(&format!("SaaS accounts {}", count(services))).sees(&format!("Billable seats {}", count(seats)));
    assert!(0 < count(users) && 0 < count(services) && 0 < count(seats));

    portal.execute("update organization_listing set state = 'suspended' where organization = ?1", [CEDAR_ID]);
    ada.visit("/partners").sees("1 suspended");
    // The kept count follows whatever becomes of the rows that it counts.
    let kept = "select coalesce(max(users), 0) from organization_user_count where viewer = 2";
    let listed = "select coalesce(sum(users), 0) from organization_listing where viewer = 2";
    assert_eq!(count(kept), count(listed));
    portal.execute("update organization_listing set users = users + 5 where organization = ?1", [CEDAR_ID]);
    assert_eq!(count(kept), count(listed));
    portal.execute("delete from organization_listing where organization = ?1", [CEDAR_ID]);
    assert_eq!((count(kept), count(listed)), (0, 0));
}

/// ALL-1: a Partner ID that is not beneath one's own is the same as none, where a page of the list goes on too.
#[test]
fn the_list_goes_on_after_nobody_elses_partner() {
    let portal = Portal::firm();
    let mut quinn = portal.sign_in(QUINN);
    add(&mut quinn, "Aardvark IT");
    add(&mut quinn, "Zebra IT");
    let own: String = portal.sql("select public_id from partner where name = 'Aardvark IT'", []);
    quinn.visit(&format!("/partners?after={own}")).sees("Zebra IT").does_not_see("Aardvark IT");
    let page = |visit: &mut Visit, id: &str| visit.visit(&format!("/partners?after={id}")).text().replace(id, "");
    let missing = page(&mut quinn, "P-00000000");
    for id in ["P-40000001", "P-40000002"] {
        assert_eq!(page(&mut quinn, id), missing, "{id}");
    }
}

/// PAR-5: what is neither granting nor revoking changes nothing.
#[test]
fn a_right_is_granted_or_revoked_and_nothing_else() {
    let portal = Portal::firm();
    let path = "/partners/P-40000002/transfer-right";
    portal.sign_in(ADA).post(path, &[("wanted", "garbage")]).status(404);
    assert_eq!(portal.sql_count("partner where may_transfer = 0"), 0);
    portal.sign_in(ADA).post(path, &[("wanted", "revoked")]).status(303);
    assert_eq!(portal.sql_count("partner where may_transfer = 0"), 1);
}
