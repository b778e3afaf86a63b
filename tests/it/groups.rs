//! The rules of access groups, one test a sentence.

use std::collections::BTreeSet;

use portico::access::model::{Reach, Scope, Sight};
use portico::employees;
use portico::groups::store;
use portico::kernel::http::Method;
use portico::kernel::ids::{AccountId, GroupId, OrganizationId, PartnerId};
use portico::kernel::text::FirmName;
use portico::kernel::time::Span;
use portico::organizations::list_model::{Filter, PAGE, Turn};
use portico::organizations::list_store;

use crate::isolation::everything;
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, Tenant};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const HARBOR_ID: PartnerId = PartnerId(1);

/// A group of Harbor MSP's with these organizations and members.
fn group(portal: &Portal, name: &str, organizations: &[i64], members: &[Member]) -> GroupId {
    portal.write(|tx| {
        let group = store::create(tx, HARBOR_ID, &FirmName::parse(name).expect("a name"))?;
        for organization in organizations {
            store::add_organization(tx, HARBOR_ID, group, OrganizationId(*organization))?;
        }
        for member in members {
            store::add_member(tx, HARBOR_ID, group, AccountId(member.account))?;
            employees::store::save_limit(tx, AccountId(member.account), Reach::Groups)?;
        }
        Ok(group)
    })
}

/// The names in the list of organizations.
fn listed(visit: &mut Visit) -> Vec<String> {
    visit.visit("/organizations").status(200);
    visit.links().into_iter().filter_map(|(label, ..)| label.strip_prefix("Edit ").map(ToOwned::to_owned)).collect()
}

/// What may stand on no page for somebody who does not see this tenant's organization. An account of their own partner that is linked to
/// nothing is for all to see, with its name and domain.
fn tells_of(body: &str, tenant: Tenant) -> Option<String> {
    let (body, word) = (body.to_lowercase(), tenant.word.to_lowercase());
    let texts = [
        format!("{word} mail"),
        format!("@{word}.example"),
        format!("{word} seat"),
        format!("ulla {word}"),
        format!("named {word}"),
        format!("actor {word}"),
        format!("created {word}"),
        format!("welcome to {word}"),
        format!("importer {word}"),
        format!("{word}.csv"),
        format!("{word} tickets"),
        format!("{word} group"),
        format!("{word} branch"),
        format!("{word} nightly"),
        format!("pk_{word}"),
        format!("sons {word}"),
        format!("dental {word}"),
        format!("clinic {word}"),
        tenant.invited().to_string(),
        tenant.linked().to_string(),
        tenant.letter().to_string(),
        tenant.organization.to_string(),
        OrganizationId(tenant.organization).shown(),
        tenant.import().to_string(),
    ];
    let spare = [format!("{word} spare"), format!("{word}-spare"), tenant.unlinked().to_string()];
    let beneath = spare.into_iter().filter(|_| tenant.partner != HARBOR_ID.0);
    texts.into_iter().chain(beneath).find(|text| body.contains(text.as_str()))
}

/// Everything that the member can fetch, looked through for what they may not see and for what they may.
fn sees_just(portal: &Portal, member: Member, seen: &[Tenant], hidden: &[Tenant]) {
    let everything = everything(&portal.sign_in(member));
    for tenant in hidden {
        for (place, body) in &everything {
            assert_eq!(tells_of(body, *tenant), None, "{} reads of {} at {place}", member.name(), tenant.word);
        }
    }
    for tenant in seen {
        assert!(everything.iter().any(|(_, body)| tells_of(body, *tenant).is_some()), "{} sees {}", member.name(), tenant.word);
    }
}

/// EMP-4: on no page, search, suggestion, export or letter does a limited Admin read of an organization out of their groups, whosever
/// it is.
#[test]
fn a_limited_admin_reads_of_no_organization_out_of_their_groups() {
    let portal = Portal::estate();
    sees_just(&portal, ABE, &[ALDERINE, BIRCHINE, CEDARINE], &[]);
    group(&portal, "Dentists", &[ALDERINE.organization], &[ABE]);
    sees_just(&portal, ABE, &[ALDERINE], &[BIRCHINE, CEDARINE]);
}

/// EMP-4: the same of a limited Tech.
#[test]
fn a_limited_tech_reads_of_no_organization_out_of_their_groups() {
    let portal = Portal::estate();
    sees_just(&portal, TESS, &[ALDERINE, BIRCHINE, CEDARINE], &[]);
    group(&portal, "Dentists", &[ALDERINE.organization], &[TESS]);
    sees_just(&portal, TESS, &[ALDERINE], &[BIRCHINE, CEDARINE]);
}

/// EMP-4: who is limited and whose groups hold nothing reads of no organization at all; nor does who is in no group any more.
#[test]
fn who_is_limited_to_nothing_reads_of_nobody() {
    let portal = Portal::estate();
    let empty = group(&portal, "Empty", &[], &[ABE, TESS]);
    sees_just(&portal, ABE, &[], &[ALDERINE, BIRCHINE, CEDARINE]);
    sees_just(&portal, TESS, &[], &[ALDERINE, BIRCHINE, CEDARINE]);
    portal.write(|tx| store::delete(tx, empty));
    sees_just(&portal, ABE, &[], &[ALDERINE, BIRCHINE, CEDARINE]);
}

/// EMP-4, PAR-1: an organization of a partner beneath may be in a group; the others of that partner stay out of sight.
#[test]
fn an_organization_of_a_partner_beneath_may_be_in_a_group() {
    let portal = Portal::estate();
    group(&portal, "Clinics", &[CEDARINE.organization], &[ABE]);
    sees_just(&portal, ABE, &[CEDARINE], &[ALDERINE, BIRCHINE]);
    assert_eq!(listed(&mut portal.sign_in(ABE)), [format!("{CEDAR} {}", CEDARINE.word)]);
}

/// EMP-4: the effect is there with the next request, in sessions that were open before.
#[test]
fn a_change_holds_from_the_next_request_on() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    let all = listed(&mut abe);
    assert!(all.len() > 2, "{all:?}");
    let one = group(&portal, "One", &[ALDER_ID], &[ABE]);
    assert_eq!(listed(&mut abe), [ALDER]);
    abe.get(&format!("/organizations/{ALDER_ID}")).status(200);
    abe.get(&format!("/organizations/{BIRCH_ID}")).status(404);
    portal.write(|tx| store::add_organization(tx, HARBOR_ID, one, OrganizationId(BIRCH_ID)));
    assert_eq!(listed(&mut abe), [ALDER, BIRCH]);
    portal.write(|tx| store::remove_organization(tx, one, OrganizationId(ALDER_ID)));
    assert_eq!(listed(&mut abe), [BIRCH]);
    portal.write(|tx| store::delete(tx, one));
    assert_eq!(listed(&mut abe), [""; 0]);
    portal.execute("update employee set limited = 0 where account = ?1", [ABE.account]);
    assert_eq!(listed(&mut abe), all);
}

/// EMP-4: two groups of one employee add up, an organization in both counts once; who shares one of them sees that one alone.
#[test]
fn groups_that_overlap_add_up() {
    let portal = Portal::firm();
    group(&portal, "One", &[ALDER_ID, CEDAR_ID], &[ABE, TESS]);
    group(&portal, "Two", &[ALDER_ID, BIRCH_ID], &[ABE]);
    let mut abe = portal.sign_in(ABE);
    assert_eq!(listed(&mut abe), [ALDER, BIRCH, CEDAR]);
    abe.sees("Active 3");
    let mut tess = portal.sign_in(TESS);
    tess.get("/status/saas").status(200);
    let text = tess.text();
    assert!(!text.contains(BIRCH), "{text}");
    for scope in
        [Scope::new(HARBOR_ID, Sight::Groups(AccountId(ABE.account))), Scope::new(HARBOR_ID, Sight::Groups(AccountId(TESS.account)))]
    {
        let filter = Filter::from(|_| String::new());
        let counts = portal.db().read(|db| list_store::counts(db, &scope, &filter)).expect("counts");
        let whole = portal.db().read(|db| list_store::whole(db, &scope, &filter)).expect("the list");
        assert_eq!(counts[0].1, i64::try_from(whole.len()).expect("a count"));
    }
}

/// EMP-4: groups never limit the primary account and Security Admins; who becomes one sees all, and less again afterwards.
#[test]
fn groups_never_limit_the_primary_account_and_security_admins() {
    let portal = Portal::firm();
    group(&portal, "One", &[ALDER_ID], &[ADA, SAM, ABE]);
    let mut abe = portal.sign_in(ABE);
    assert!(listed(&mut portal.sign_in(ADA)).len() > 2);
    assert!(listed(&mut portal.sign_in(SAM)).len() > 2);
    assert_eq!(listed(&mut abe), [ALDER]);
    portal.execute("update employee set role = 'security_admin' where account = ?1", [ABE.account]);
    assert!(listed(&mut abe).len() > 2);
    abe.get("/imports").status(200);
    portal.execute("update employee set role = 'admin' where account = ?1", [ABE.account]);
    assert_eq!(listed(&mut abe), [ALDER]);
}

/// EMP-4: what a limited employee creates joins all their groups: everybody in them sees it, and nobody beyond.
#[test]
fn an_organization_made_by_a_limited_admin_joins_all_their_groups() {
    let portal = Portal::firm();
    let (one, two) = (group(&portal, "One", &[ALDER_ID], &[ABE, TESS]), group(&portal, "Two", &[BIRCH_ID], &[ABE]));
    let three = group(&portal, "Three", &[BIRCH_ID], &[SID]);
    let mut abe = portal.sign_in(ABE);
    abe.post("/organizations", &[("name", "Elm Garage")]).status(303).follow().status(200).sees("Elm Garage");
    let made: i64 = portal.sql("select id from organization where name = 'Elm Garage'", []);
    let holding =
        |group: GroupId| portal.sql_count(&format!("access_group_organization where access_group = {} and organization = {made}", group.0));
    assert_eq!((holding(one), holding(two), holding(three)), (1, 1, 0));
    assert_eq!(listed(&mut abe), [ALDER, BIRCH, "Elm Garage"]);
    // Who is not limited makes one that is in no group.
    portal.sign_in(SAM).post("/organizations", &[("name", "Fir Foods")]).status(303);
    assert_eq!(portal.sql_count("access_group_organization o join organization x on x.id = o.organization where x.name = 'Fir Foods'"), 0);
}

/// EMP-4: who is in no group could not see what they made, and is told before.
#[test]
fn who_is_in_no_group_makes_nothing() {
    let portal = Portal::firm();
    let one = group(&portal, "One", &[ALDER_ID], &[ABE]);
    portal.write(|tx| store::delete(tx, one));
    let mut abe = portal.sign_in(ABE);
    abe.post("/organizations", &[("name", "Elm Garage")]).status(422).sees("You are in no access group");
    abe.post("/employees/new", &new_tech()).status(422).sees("You are in no access group");
    assert_eq!((portal.sql_count("organization where name = 'Elm Garage'"), portal.sql_count("account where first_name = 'Ivo'")), (0, 0));
}

fn new_tech() -> Vec<(&'static str, &'static str)> {
    vec![
        ("first_name", "Ivo"),
        ("last_name", "Marsh"),
        ("email", "ivo@harbor.example"),
        ("role", "tech"),
        ("bcdr", "role"),
        ("endpoint_backup", "role"),
    ]
}

/// EMP-4: whom a limited Admin adds to the staff is limited by the same groups, from the first click on.
#[test]
fn an_employee_added_by_a_limited_admin_is_limited_by_the_same_groups() {
    let portal = Portal::estate();
    group(&portal, "One", &[ALDERINE.organization], &[ABE]);
    group(&portal, "Two", &[], &[ABE]);
    portal.sign_in(ABE).post("/employees/new", &new_tech()).status(303);
    let ivo: i64 = portal.sql("select id from account where first_name = 'Ivo'", []);
    assert_eq!(portal.sql::<i64>("select limited from employee where account = ?1", [ivo]), 1);
    assert_eq!(portal.sql_count(&format!("access_group_member where account = {ivo}")), 2);
    // The letter may be read by the one who wrote it, and what it leads to shows no more than they see.
    let link = portal.link_for("ivo@harbor.example");
    let mut visit = portal.guest();
    visit.visit(&link).fill("password", PASSWORD).fill("password_again", PASSWORD).press("Set up account");
    portal.execute(
        "insert into second_factor (identity, partner, sealed_secret, last_step, set_up_at)
         select (select identity from account where id = ?1), partner, sealed_secret, 0, set_up_at from second_factor limit 1",
        [ivo],
    );
    let member = Member { first: "Ivo", last: "Marsh", email: "ivo@harbor.example", account: ivo };
    sees_just(&portal, member, &[ALDERINE], &[BIRCHINE, CEDARINE]);
}

/// EMP-4, EMP-2: a limited Admin acts on nobody who sees more: no edit, no letter, no switching; on who sees the same or less, as ever.
#[test]
fn a_limited_admin_acts_on_nobody_who_sees_more() {
    let portal = Portal::firm();
    let one = group(&portal, "One", &[ALDER_ID], &[ABE]);
    let mut abe = portal.sign_in(ABE);
    let at = |rest: &str| format!("/employees/{}{rest}", TESS.account);
    for (path, answer) in [("/deactivation", 303), ("/removal", 303), ("/letter", 303)] {
        abe.post(&at(path), &[]).status(answer).follow().sees("sees organizations that your access groups do not show");
    }
    abe.visit(&at("")).sees("sees organizations that your access groups do not show");
    abe.visit("/employees").is_not_offered("Edit Tess Moreau").is_not_offered("Remove Tess Moreau");
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [TESS.account]), "active");
    // In a group of Abe's: as he sees, so does she.
    portal.write(|tx| {
        store::add_member(tx, HARBOR_ID, one, AccountId(TESS.account))?;
        employees::store::save_limit(tx, AccountId(TESS.account), Reach::Groups)
    });
    abe.visit("/employees").is_offered("Edit Tess Moreau");
    // And in one more that he is not in: no.
    let two = group(&portal, "Two", &[BIRCH_ID], &[TESS]);
    abe.visit("/employees").is_not_offered("Edit Tess Moreau");
    portal.write(|tx| store::delete(tx, two));
    abe.post(&at("/deactivation"), &[]).status(303).follow().sees("Deactivated Tess Moreau");
}

/// MAI-3, EMP-4: a limited Admin opens no letter that leads to somebody who sees more, also not of one whom they brought back themselves
/// (ACC-4); whoever sees all does.
#[test]
fn a_limited_admin_opens_no_letter_that_leads_further() {
    let portal = Portal::firm();
    let one = group(&portal, "One", &[ALDER_ID], &[ABE]);
    portal.sign_in(ADA).post("/employees/new", &new_tech()).status(303);
    portal.wait(Span::days(7));
    let ivo: i64 = portal.sql("select id from account where first_name = 'Ivo'", []);
    let mut abe = portal.sign_in(ABE);
    abe.post(&format!("/employees/{ivo}/reactivation"), &[]).status(303).follow().sees("Reactivated Ivo Marsh").sees("ask somebody above");
    let letter: i64 =
        portal.sql("select id from letter where to_email = 'ivo@harbor.example' order by created_at desc, id desc limit 1", []);
    abe.visit("/outbox").sees("Its receiver sees more than you");
    abe.post(&format!("/outbox/{letter}/opening"), &[]).status(404);
    portal.sign_in(SAM).post(&format!("/outbox/{letter}/opening"), &[]).status(200);
    portal.write(|tx| {
        store::add_member(tx, HARBOR_ID, one, AccountId(ivo))?;
        employees::store::save_limit(tx, AccountId(ivo), Reach::Groups)
    });
    abe.post(&format!("/outbox/{letter}/opening"), &[]).status(200);
}

/// ACC-15, EMP-4: what somebody signs in with may lead to an organization out of sight; a limited Admin acts on such a user's account here
/// and not on what they sign in with.
#[test]
fn a_limited_admin_does_not_reach_further_through_a_user_of_two_organizations() {
    let portal = Portal::firm();
    // Una is invited at both, by one identity.
    let una =
        [("first_name", "Una"), ("last_name", "Vale"), ("email", "una@vale.example"), ("access", "full"), ("endpoint_access", "none")];
    for organization in [ALDER_ID, BIRCH_ID] {
        portal.sign_in(ADA).post(&format!("/organizations/{organization}/users/new"), &una).status(303);
    }
    let account =
        |organization: i64| portal.sql::<i64>("select id from account where first_name = 'Una' and organization = ?1", [organization]);
    let letter = |organization: i64| {
        portal.sql::<i64>("select id from letter where to_email = 'una@vale.example' and organization = ?1", [organization])
    };
    let mut abe = portal.sign_in(ABE);
    abe.post(&format!("/outbox/{}/opening", letter(ALDER_ID)), &[]).status(200);
    let one = group(&portal, "One", &[ALDER_ID], &[ABE]);
    abe.post(&format!("/outbox/{}/opening", letter(ALDER_ID)), &[]).status(404);
    abe.post(&format!("/outbox/{}/opening", letter(BIRCH_ID)), &[]).status(404);
    abe.visit("/outbox").sees("una@vale.example");
    abe.post(&format!("/organizations/{ALDER_ID}/users/{}/letter", account(ALDER_ID)), &[]).follow();
    assert!(abe.text().contains("another account that your access groups do not show"), "{}", abe.text());
    portal.write(|tx| store::add_organization(tx, HARBOR_ID, one, OrganizationId(BIRCH_ID)));
    abe.post(&format!("/outbox/{}/opening", letter(ALDER_ID)), &[]).status(200);
}

/// EMP-4: import, and what else is the whole partner's, is not there for a limited employee: no page, no place in the menu, no way from
/// elsewhere.
#[test]
fn what_is_the_whole_partners_is_not_there_for_limited_employees() {
    let portal = Portal::estate();
    let mut abe = portal.sign_in(ABE);
    abe.get("/imports").status(200);
    abe.get("/addresses").status(200);
    group(&portal, "One", &[ALDERINE.organization], &[ABE]);
    for route in portico::app::routes::all().filter(|route| route.path.starts_with("/imports") || route.path.starts_with("/addresses")) {
        let path = route.path.replace("{import}", &ALDERINE.import().to_string()).replace("{address}", &ALDERINE.address().to_string());
        match route.method {
            Method::Post => abe.post(&path, &[]).status(404),
            _ => abe.get(&path).status(404),
        };
    }
    for page in ["/", "/search?q=import", "/status/saas", "/guides"] {
        abe.visit(page);
        assert!(abe.links().iter().all(|(_, href, _)| !href.starts_with("/imports") && !href.starts_with("/addresses")), "{page}");
    }
}

/// EMP-4, SAS-5: limited employees see accounts that are linked to nothing, are offered organizations in sight alone for them, and do not
/// read which organization was deleted that had one.
#[test]
fn limited_employees_see_unlinked_accounts_and_no_other_organizations_with_them() {
    let portal = Portal::estate();
    portal.execute(
        "update saas_account set domain = 'birchine.example', domain_key = 'birchine.example' where id = ?1",
        [BIRCHINE.unlinked()],
    );
    let mut abe = portal.sign_in(ABE);
    abe.visit("/status/saas/unmapped").sees("Birchine Spare").sees("Birch & Sons Birchine");
    let name: String = portal.sql("select name from organization where id = ?1", [BIRCHINE.organization]);
    portal.execute(
        "update saas_account set unlinked_reason = 'organization_deleted', unlinked_detail = ?2 where id = ?1",
        (BIRCHINE.unlinked(), "Yew Yachts"),
    );
    abe.visit(&format!("/saas/{}", BIRCHINE.unlinked()));
    let told = abe.text().contains("Yew Yachts");
    group(&portal, "One", &[ALDERINE.organization], &[ABE]);
    abe.visit("/status/saas/unmapped").sees("Birchine Spare").does_not_see(&name).does_not_see("Yew Yachts");
    abe.visit(&format!("/status/saas/unmapped/{}?q=birch", BIRCHINE.unlinked())).does_not_see(&name);
    // ALL-1: a place in the list that is none tells nobody whether there is such an account.
    let mut rows_after = |id: i64| abe.visit(&format!("/status/saas/unmapped?after={id}")).links().len();
    assert_eq!(rows_after(BIRCHINE.linked()), rows_after(999_999_999_999_999));
    abe.visit(&format!("/saas/{}", BIRCHINE.unlinked())).status(200).does_not_see("Yew Yachts");
    abe.visit("/").does_not_see("Yew Yachts");
    assert!(told || !abe.text().contains("Yew Yachts"));
    // Linking one to what they see is theirs to do; to what they do not see, it is not.
    abe.post(&format!("/status/saas/unmapped/{}", BIRCHINE.unlinked()), &[("organization", &BIRCHINE.organization.to_string())])
        .status(404);
    abe.post(&format!("/status/saas/unmapped/{}", BIRCHINE.unlinked()), &[("organization", &ALDERINE.organization.to_string())])
        .status(303);
    abe.get(&format!("/saas/{}", BIRCHINE.unlinked())).status(200);
}

/// EMP-4, PAR-1: what a sub-partner holds that is linked to no organization is for nobody whom groups limit, on whatever page, and nobody of
/// them changes it.
#[test]
fn limited_employees_neither_see_nor_change_what_sub_partners_hold_unlinked() {
    let portal = Portal::estate();
    let (own, beneath) = (BIRCHINE.unlinked(), CEDARINE.unlinked());
    let pages = |visit: &mut Visit| {
        let at = |path: String, visit: &mut Visit| visit.visit(&path).text().contains("Cedarine Spare");
        let places =
            ["/status/saas", "/status/saas?q=cedarine+spare", "/status/saas?q=ce", "/status/saas/unmapped", "/search?q=cedarine+spare"];
        let mut found: Vec<bool> = places.iter().map(|place| at((*place).to_owned(), visit)).collect();
        found.push(at(format!("/status/saas?q={}", CEDARINE.unlinked() % 1_000 + 50_500), visit));
        found
    };
    // Whom no group limits sees it: otherwise nothing was tried.
    assert!(pages(&mut portal.sign_in(ABE)).into_iter().filter(|seen| *seen).count() >= 5);
    for groups in [&[ALDERINE.organization] as &[i64], &[]] {
        let portal = Portal::estate();
        group(&portal, "One", groups, &[ABE, TESS]);
        for member in [ABE, TESS] {
            let mut visit = portal.sign_in(member);
            assert_eq!(pages(&mut visit), [false; 6], "{}", member.name());
            visit.visit("/status/saas").sees("2 SaaS accounts");
            visit.get(&format!("/saas/{own}")).status(200);
            visit.get(&format!("/saas/{beneath}")).status(404);
            visit.get(&format!("/saas/{beneath}/seats")).status(404);
            visit.post(&format!("/saas/{beneath}/seats"), &[("action", "Unlicense"), ("seat", "1")]).status(404);
            visit.get(&format!("/saas/{beneath}/cancellation")).status(404);
        }
        let abe = portal.sign_in(ABE);
        let mut first = abe.clone();
        let mut last = abe.clone();
        // ALL-1: a place in the list that is none of theirs tells nobody that it is there.
        first.visit(&format!("/status/saas/unmapped?after={beneath}"));
        last.visit("/status/saas/unmapped?after=999999999999999");
        assert_eq!(first.links(), last.links());
    }
}

/// EMP-4: what is linked to no organization is there to be linked; its seats, terms and end are for those whom no group limits, until it is
/// linked to an organization in sight.
#[test]
fn limited_employees_change_an_unlinked_account_only_once_it_is_linked() {
    let portal = Portal::firm();
    let id = crate::support::saas::account(&portal, 77, "Loose Mail").put(&portal);
    portal.execute("update saas_account set commitment = 'month_to_month', retention = 'ICR' where id = ?1", [id.0]);
    let seat: i64 = portal.sql("select min(id) from seat", []);
    let tries = |visit: &mut Visit| {
        let seat = seat.to_string();
        visit.post(&format!("/saas/{id}/seats"), &[("action", "Pause"), ("seat", &seat)]);
        let terms = portal.db().read(|db| portico::saas::terms_store::find(db, &Scope::all(HARBOR_ID), id)).expect("terms");
        let set = [("commitment", "month_to_month"), ("retention", "TBR"), ("auto_add", "off"), ("seen", &terms.fingerprint())];
        visit.post(&format!("/saas/{id}/terms"), &set);
        visit.post(&format!("/saas/{id}/cancellation"), &[("reason", "Left"), ("typed", "CANCEL SUBSCRIPTION")]);
        portal.sql::<String>("select (select state from seat where id = ?1) || ' ' || retention || ' ' || coalesce(cancelled_at > 0, 0) from saas_account where id = ?2", (seat, id.0))
    };
    group(&portal, "One", &[ALDER_ID], &[ABE, TESS]);
    let mut abe = portal.sign_in(ABE);
    abe.visit(&format!("/saas/{id}")).sees("Loose Mail is linked to no organization. Link it to one of yours first");
    abe.is_offered("Link").is_not_offered("Change by a file").is_not_offered("Cancel subscription").is_not_offered("Pause");
    assert_eq!(tries(&mut abe), "Active ICR 0");
    abe.get(&format!("/saas/{id}/cancellation")).sees("linked to no organization");
    portal
        .sign_in(TESS)
        .post(&format!("/saas/{id}/seats"), &[("action", "Pause"), ("seat", &seat.to_string())])
        .follow()
        .sees("Link it to one of yours first");
    assert_eq!(portal.sql::<String>("select state from seat where id = ?1", [seat]), "Active");
    // Whom no group limits changes it as it is.
    let mut sam = portal.sign_in(SAM);
    sam.visit(&format!("/saas/{id}")).is_offered("Cancel subscription").is_offered("Change by a file");
    sam.post(&format!("/saas/{id}/seats"), &[("action", "Pause"), ("seat", &seat.to_string())]).status(303);
    assert_eq!(portal.sql::<String>("select state from seat where id = ?1", [seat]), "Paused");
    sam.post(&format!("/saas/{id}/seats"), &[("action", "License"), ("seat", &seat.to_string())]).status(303);
    // Linking is theirs to do, and then so is the rest.
    abe.post(&format!("/status/saas/unmapped/{id}"), &[("organization", &ALDER_ID.to_string())]).status(303);
    abe.visit(&format!("/saas/{id}")).is_offered("Cancel subscription").is_offered("Change by a file");
    assert!(tries(&mut abe).ends_with("TBR 1"), "cancelled");
}

/// EMP-4, API-1: the same for a script by a limited employee's key: each seat is refused with the reason.
#[test]
fn a_limited_employees_script_changes_no_seat_of_an_unlinked_account() {
    let portal = Portal::firm();
    let id = crate::support::saas::account(&portal, 77, "Loose Mail").put(&portal);
    portal.execute("update seat set remote_id = main_id", []);
    let remote: String = portal.sql("select min(remote_id) from seat", []);
    portal.sign_in(ABE).visit("/api-keys/new").fill("Name", "Nightly").press("Create API Key").status(200);
    let public: String = portal.sql("select public_key from api_key", []);
    let hash = portico::keys::secret_model::hash(portal.db().vault(), &public, "sk_known");
    portal.execute("update api_key set secret_hash = ?1", [hash]);
    let script = crate::support::script::Script { portal: portal.clone(), public, secret: "sk_known".to_owned() };
    let ask = || {
        let body = serde_json::json!({"seat_type": "User", "action_type": "Pause", "ids": [remote]});
        script.put("/v1/saas/77/Classic:Office365:77/bulkSeatChange", &body)[0]["status"].as_str().expect("text").to_owned()
    };
    group(&portal, "One", &[ALDER_ID], &[ABE]);
    assert_eq!(ask(), "The account is linked to no organization. Link it to one of yours first.");
    portal.sign_in(SAM).post(&format!("/status/saas/unmapped/{id}"), &[("organization", &ALDER_ID.to_string())]).status(303);
    assert_eq!(ask(), "success");
}

/// EMP-4, ORG-4: a name that is taken out of sight is told, and nothing else of the organization.
#[test]
fn a_name_that_is_taken_out_of_sight_is_told() {
    let portal = Portal::firm();
    group(&portal, "One", &[ALDER_ID], &[ABE]);
    portal.sign_in(ABE).post("/organizations", &[("name", BIRCH)]).status(422).sees("There is already an organization named");
}

/// EMP-4: the tabs of a limited employee count what they see, and of very much say that it is more.
#[test]
fn the_tabs_count_what_is_in_sight() {
    let portal = Portal::firm();
    let one = group(&portal, "One", &[ALDER_ID, BIRCH_ID], &[ABE]);
    let mut abe = portal.sign_in(ABE);
    abe.visit("/organizations").sees("Active 2").sees("Suspended 0").sees("2 organizations");
    portal.write(|tx| {
        for number in 0..list_store::TAKEN {
            let name = FirmName::parse(&format!("Firm {number:05}")).expect("a name");
            let id = portico::organizations::store::create(tx, HARBOR_ID, &name, "A test")?;
            portico::subscriptions::store::begin(tx, HARBOR_ID, id)?;
            if number + 2 < list_store::TAKEN {
                store::add_organization(tx, HARBOR_ID, one, id)?;
            }
        }
        Ok(())
    });
    abe.visit("/organizations").sees("Active 5,000").sees("50 of 5,000").does_not_see("5,000+");
    portal.execute("insert into access_group_organization select ?1, id, 1 from organization where name = 'Firm 04999'", [one]);
    abe.visit("/organizations").sees("Active 5,000+").sees("50 of 5,000+");
    portal.sign_in(ADA).visit("/organizations").does_not_see("5,000+");
}

/// EMP-4, LOG-3: a limited Admin's log holds what happened at organizations in sight, and of all else what they did themselves.
#[test]
fn a_limited_admins_log_holds_what_they_may_see() {
    let portal = Portal::firm();
    portal.sign_in(ADA).post("/organizations", &[("name", "Elm Garage")]).status(303);
    portal.sign_in(ADA).post("/organizations", &[("name", "Fir Foods")]).status(303);
    portal.sign_in(ADA).post("/employees/new", &new_tech()).status(303);
    let elm: i64 = portal.sql("select id from organization where name = 'Elm Garage'", []);
    let mut abe = portal.sign_in(ABE);
    abe.visit("/activity").sees("Elm Garage").sees("Fir Foods").sees("Ivo Marsh");
    group(&portal, "Secret name", &[elm], &[ABE]);
    abe.post("/organizations/export", &[]).status(200);
    abe.visit("/activity").sees("Elm Garage").sees("exported the list").does_not_see("Fir Foods").does_not_see("Ivo Marsh");
    abe.visit("/activity?organization=Fir").does_not_see("created the organization Fir Foods");
    abe.post("/organizations", &[("name", "Gorse Games")]).status(303);
    abe.visit("/activity").sees("Gorse Games").does_not_see("Secret name");
    abe.post("/activity/export", &[]).status(200);
    let file = abe.body();
    assert!(file.contains("Elm Garage") && !file.contains("Fir Foods") && !file.contains("Secret name"), "{file}");
}

/// ORG-8, ACC-6: an organization in a group can be deleted, and an employee in one removed; the group forgets them.
#[test]
fn what_goes_leaves_its_groups() {
    let portal = Portal::firm();
    group(&portal, "One", &[ALDER_ID, BIRCH_ID], &[ABE, TESS]);
    let mut sam = portal.sign_in(SAM);
    sam.post(&format!("/organizations/{BIRCH_ID}/deletion"), &[("typed", BIRCH), ("backups", "keep")]).status(303);
    sam.post(&format!("/employees/{}/removal", TESS.account), &[]).status(303);
    assert_eq!((portal.sql_count("access_group_organization"), portal.sql_count("access_group_member")), (1, 1));
    assert_eq!(listed(&mut portal.sign_in(ABE)), [ALDER]);
}

/// EMP-4: a limited Admin deletes an organization of their groups like anybody.
#[test]
fn a_limited_admin_deletes_what_they_see() {
    let portal = Portal::firm();
    group(&portal, "One", &[ALDER_ID, BIRCH_ID], &[ABE]);
    let mut abe = portal.sign_in(ABE);
    abe.post(&format!("/organizations/{BIRCH_ID}/deletion"), &[("typed", BIRCH), ("backups", "keep")]).status(303).follow().status(200);
    assert_eq!(listed(&mut abe), [ALDER]);
}

/// EMP-4: the list of a limited employee has the same orders, pages, searches and counts as one of those organizations alone, whether few
/// are taken one by one or many are met on a walk.
#[test]
fn a_limited_list_is_the_whole_list_without_the_rest() {
    limited_list(60, 100);
    limited_list(1_500, 900);
    limited_list(usize::try_from(list_store::TAKEN).expect("a number") + 1, 300);
}

fn limited_list(held: usize, others: usize) {
    let portal = Portal::firm();
    let group = group(&portal, "Held", &[], &[ABE]);
    portal.write(|tx| {
        for number in 0..held + others {
            let name = if number % 3 == 0 { format!("Firm {number:05}") } else { format!("The firm {number:05}") };
            let id = portico::organizations::store::create(tx, HARBOR_ID, &FirmName::parse(&name).expect("a name"), "A test")?;
            portico::subscriptions::store::begin(tx, HARBOR_ID, id)?;
            tx.execute(
                "update organization_listing set users = ?2 % 3, services = ?2 % 2 where organization = ?1",
                (id, i64::try_from(number).expect("small")),
            )?;
            if number < held {
                store::add_organization(tx, HARBOR_ID, group, id)?;
            }
        }
        Ok(())
    });
    let (all, some) = (Scope::all(HARBOR_ID), Scope::new(HARBOR_ID, Sight::Groups(AccountId(ABE.account))));
    let inside: BTreeSet<i64> = portal
        .db()
        .read(|db| {
            use portico::kernel::db::Read as _;
            db.all("select organization from access_group_organization", [], |row| row.get(0))
        })
        .expect("ids")
        .into_iter()
        .collect();
    for (sort, q) in
        [("", ""), ("-name", ""), ("users", ""), ("-services", ""), ("", "firm"), ("", "irm 0"), ("", "fi"), ("", "nothing like it")]
    {
        let filter = Filter::from(|name| match name {
            "sort" => sort.to_owned(),
            "q" => q.to_owned(),
            _ => String::new(),
        });
        let ids = |scope: &Scope| -> Vec<i64> {
            portal.db().read(|db| list_store::whole(db, scope, &filter)).expect("a list").into_iter().map(|row| row.id.0).collect()
        };
        let expected: Vec<i64> = ids(&all).into_iter().filter(|id| inside.contains(id)).collect();
        assert_eq!(ids(&some), expected, "{sort} {q}");
        let part = |turn| portal.db().read(|db| list_store::part(db, &some, &filter, turn)).expect("a part");
        let first = part(Turn::First);
        assert_eq!(
            first.rows.iter().map(|row| row.id.0).collect::<Vec<_>>(),
            expected.iter().copied().take(PAGE).collect::<Vec<_>>(),
            "{sort} {q}"
        );
        let Some(next) = first.next else { continue };
        let second = part(next);
        assert_eq!(
            second.rows.iter().map(|row| row.id.0).collect::<Vec<_>>(),
            expected.iter().copied().skip(PAGE).take(PAGE).collect::<Vec<_>>(),
            "{sort} {q}"
        );
        assert_eq!(
            part(second.previous.expect("a way back")).rows.iter().map(|row| row.id.0).collect::<Vec<_>>(),
            expected.iter().copied().take(PAGE).collect::<Vec<_>>()
        );
    }
    let counts = portal.db().read(|db| list_store::counts(db, &some, &Filter::from(|_| String::new()))).expect("counts");
    assert_eq!(counts[0].1, i64::try_from(held).expect("a count").min(list_store::TAKEN + 1));
}

/// Puts a group together on its page.
fn make(sam: &mut Visit, name: &str) -> i64 {
    sam.visit("/groups").open("Create Group").fill("Group name", name).press("Create Group").sees(&format!("Created {name}."));
    sam.url.rsplit('/').next().and_then(|id| id.parse().ok()).expect("the page of the new group")
}

/// EMP-4, LOG-1: a group is made, filled, renamed and emptied on its page; each step is an event.
#[test]
fn a_group_is_made_filled_renamed_and_emptied() {
    let portal = Portal::firm();
    let mut sam = portal.sign_in(SAM);
    sam.visit("/groups").sees("There is no access group").sees("Every employee sees every organization");
    let id = make(&mut sam, "Northern team");
    assert_eq!(portal.last_activity(), "created the access group Northern team");
    sam.sees("No organization is in this group").sees("Nobody is in this group");
    sam.open("Add Organizations")
        .tick("Alder Dental 100000-01")
        .tick("Birch & Sons 100000-02")
        .press("Add to Group")
        .sees("Added 2 organizations to the group.")
        .sees(ALDER)
        .sees(BIRCH);
    assert_eq!(portal.last_activity(), "put Birch & Sons into the access group Northern team");
    sam.visit(&format!("/groups/{id}/organizations/new?q=cedar")).sees(CEDAR).does_not_see(ALDER);
    sam.visit(&format!("/groups/{id}/organizations/new?q=alder")).sees("Nothing found");
    sam.visit(&format!("/groups/{id}"))
        .open("Add Employees")
        .sees("Never limited")
        .tick("Tess Moreau tess@harbor.example · Tech Not limited")
        .tick("Sam Okafor sam@harbor.example · Security Admin Never limited")
        .press("Add to Group");
    sam.sees("Added 2 employees to the group.").sees("Never limited");
    sam.open("Rename").fill("Group name", "Southern team").press("Save Changes").sees("Northern team is called Southern team now.");
    assert_eq!(portal.last_activity(), "renamed the access group Northern team to Southern team");
    sam.visit("/groups").sees("Southern team").sees("Tess Moreau").does_not_see("Limited to nothing");
    sam.visit(&format!("/groups/{id}"))
        .press("Take Alder Dental out of the group")
        .sees("Took Alder Dental out of the group.")
        .does_not_see("until they are moved");
    sam.press("Take Birch & Sons out of the group")
        .sees("Tess Moreau sees no organization until they are moved.")
        .sees("This group holds no organization");
    assert_eq!(portal.last_activity(), "took Birch & Sons out of the access group Southern team");
    sam.visit("/groups").sees("Limited to nothing").sees("Tess Moreau");
    portal.sign_in(TESS).visit("/").sees("You are limited to nothing");
    portal.sign_in(ABE).visit("/").does_not_see("limited to nothing");
}

/// EMP-4: the name of a group is the partner's own once; the same name again is a refusal, and no name at all.
#[test]
fn the_names_of_groups_are_unique() {
    let portal = Portal::firm();
    let mut sam = portal.sign_in(SAM);
    let (one, _) = (make(&mut sam, "One"), make(&mut sam, "Two"));
    for name in ["two", " TWO "] {
        sam.post("/groups", &[("name", name)]).status(422).sees("There is already a group named");
        sam.post(&format!("/groups/{one}/name"), &[("name", name)]).status(422).sees("There is already a group named");
    }
    sam.post("/groups", &[("name", "  ")]).status(422).sees("Enter a name");
    sam.post(&format!("/groups/{one}/name"), &[("name", "ONE")]).status(303);
    portal.sign_in(PIA).post("/groups", &[("name", "Two")]).status(303);
    assert_eq!(portal.sql_count("access_group"), 3);
}

/// EMP-4: out of the last group by hand, somebody sees all again, and the dialog says so before; out of another one, what is left.
#[test]
fn who_is_taken_out_of_the_last_group_sees_all() {
    let portal = Portal::firm();
    let (one, two) = (group(&portal, "One", &[ALDER_ID], &[ABE]), group(&portal, "Two", &[BIRCH_ID], &[ABE]));
    let (mut sam, mut abe) = (portal.sign_in(SAM), portal.sign_in(ABE));
    sam.visit(&format!("/groups/{}", one.0))
        .open("Take Abe Winter out of the group")
        .sees("what the other groups hold")
        .press("Take out of Group");
    sam.sees("They see what their other groups hold.");
    assert_eq!(listed(&mut abe), [BIRCH]);
    sam.visit(&format!("/groups/{}", two.0)).open("Take Abe Winter out of the group").sees("Who is in no group sees all organizations");
    assert_eq!(listed(&mut abe), [BIRCH]);
    sam.press("Take out of Group").sees("They see all organizations.");
    assert!(listed(&mut abe).len() > 2);
    assert_eq!(portal.last_activity(), "took Abe Winter (abe@harbor.example) out of the access group Two");
}

/// EMP-4: deleting a group names who will see nothing, asks for its name, and leaves them limited until they are moved or released.
#[test]
fn deleting_a_group_leaves_its_members_limited_to_nothing() {
    let portal = Portal::firm();
    let (one, _) = (group(&portal, "One", &[ALDER_ID], &[ABE, TESS, SAM]), group(&portal, "Two", &[BIRCH_ID], &[TESS]));
    let (mut sam, mut abe) = (portal.sign_in(SAM), portal.sign_in(ABE));
    sam.visit(&format!("/groups/{}", one.0))
        .open("Delete Group")
        .sees("Abe Winter will see no organization at all.")
        .does_not_see("Tess Moreau");
    sam.post(&format!("/groups/{}/deletion", one.0), &[("typed", "Another")]).status(422).sees("Type One to confirm");
    sam.post(&format!("/groups/{}/deletion", one.0), &[("typed", " one ")]).status(303).follow();
    sam.sees("Deleted the group One. Abe Winter sees no organization until they are moved.").sees("Limited to nothing");
    assert_eq!(listed(&mut abe), [""; 0]);
    // Into another group.
    let three = group(&portal, "Three", &[CEDAR_ID], &[]);
    sam.post(&format!("/groups/{}/members", three.0), &[("employee", &ABE.account.to_string())]).status(303);
    assert_eq!(listed(&mut abe), [CEDAR]);
    sam.visit("/groups").does_not_see("Limited to nothing");
    // Or everything.
    sam.post(&format!("/groups/limits/{}/removal", ABE.account), &[]).status(303).follow().sees("Abe Winter sees all organizations");
    assert!(listed(&mut abe).len() > 2);
    assert_eq!(portal.last_activity(), "let Abe Winter (abe@harbor.example) see all organizations");
    sam.post(&format!("/groups/limits/{}/removal", ABE.account), &[]).status(303).follow().sees("sees all organizations already");
}

/// EMP-4: what somebody sees stands beside them in Manage Employees, and which groups hold an organization on its page, for who manages
/// groups; an Admin reads no group's name.
#[test]
fn groups_show_where_they_matter_to_who_manages_them() {
    let portal = Portal::firm();
    group(&portal, "Quiet name", &[ALDER_ID], &[TESS, SAM]);
    group(&portal, "Hollow name", &[], &[SID]);
    let mut sam = portal.sign_in(SAM);
    sam.visit("/employees").sees("Quiet name").sees("Limited to nothing").sees("All organizations").sees("not limited by the role");
    sam.visit(&format!("/organizations/{ALDER_ID}")).sees("Access groups").sees("Quiet name");
    sam.visit(&format!("/organizations/{BIRCH_ID}")).sees("Access groups").does_not_see("Quiet name");
    let mut abe = portal.sign_in(ABE);
    abe.get("/groups").status(404);
    for page in ["/employees", &format!("/organizations/{ALDER_ID}"), "/search?q=groups", "/"] {
        abe.visit(page)
            .does_not_see("Quiet name")
            .does_not_see("Hollow name")
            .does_not_see("Manage Groups")
            .does_not_see("Limited to nothing");
    }
    sam.visit("/search?q=access+groups").sees("Manage Groups");
}

/// A large group is shown fifty a page, there and back, by name.
#[test]
fn a_large_group_is_shown_fifty_a_page() {
    let portal = Portal::firm();
    let group = group(&portal, "Large", &[], &[]);
    portal.write(|tx| {
        for number in 0..120 {
            let name = FirmName::parse(&format!("Firm {number:03}")).expect("a name");
            let id = portico::organizations::store::create(tx, HARBOR_ID, &name, "A test")?;
            portico::subscriptions::store::begin(tx, HARBOR_ID, id)?;
            store::add_organization(tx, HARBOR_ID, group, id)?;
        }
        Ok(())
    });
    let mut sam = portal.sign_in(SAM);
    sam.visit(&format!("/groups/{}", group.0)).sees("120 organizations").sees("Firm 000").sees("Firm 049").does_not_see("Firm 050");
    sam.open("Next").sees("Firm 050").sees("Firm 099").does_not_see("Firm 049").open("Next").sees("Firm 119").does_not_see("Firm 099");
    sam.open("Previous").sees("Firm 050").sees("Firm 099").open("Previous").sees("Firm 000").does_not_see("Firm 050");
}

/// ALL-7: a form sent twice adds once and answers the same.
#[test]
fn a_group_made_twice_by_one_form_is_one() {
    let portal = Portal::firm();
    let mut sam = portal.sign_in(SAM);
    let form_id = [("form_id", "abcdefghijklmnopqrstuvwxyz"), ("name", "Once")];
    let first = sam.post("/groups", &form_id).status(303).location().to_owned();
    assert_eq!(sam.post("/groups", &form_id).status(303).location(), first);
    assert_eq!(portal.sql_count("access_group"), 1);
}

/// MAI-3, EMP-4: a letter that a limited Admin could read leads nowhere once its receiver sees more; a new one goes out.
#[test]
fn who_sees_more_leaves_no_link_behind_that_others_could_have_read() {
    for widen in ["release", "last group", "one group more"] {
        let portal = Portal::firm();
        let (one, two) = (group(&portal, "One", &[ALDER_ID], &[ABE]), group(&portal, "Two", &[BIRCH_ID], &[]));
        portal.sign_in(ABE).post("/employees/new", &new_tech()).status(303);
        let ivo: i64 = portal.sql("select id from account where first_name = 'Ivo'", []);
        let read = portal.link_for("ivo@harbor.example");
        portal.guest().get(&read).status(200);
        portal.wait(Span::seconds(1));
        let mut sam = portal.sign_in(SAM);
        match widen {
            "release" => sam.post(&format!("/groups/limits/{ivo}/removal"), &[]).status(303),
            "last group" => sam.post(&format!("/groups/{}/members/{ivo}/removal", one.0), &[]).status(303),
            _ => sam.post(&format!("/groups/{}/members", two.0), &[("employee", &ivo.to_string())]).status(303),
        };
        portal.guest().get(&read).does_not_see("Choose a password");
        let fresh = portal.link_for("ivo@harbor.example");
        assert_ne!(fresh, read, "{widen}");
        portal.guest().get(&fresh).status(200).sees("Choose a password");
    }
}

/// MAI-3, ACC-15, EMP-4: nor does a user's letter, once the same person is invited where its reader sees nothing.
#[test]
fn a_user_invited_elsewhere_leaves_no_link_behind_that_others_could_have_read() {
    let portal = Portal::firm();
    group(&portal, "One", &[ALDER_ID], &[ABE]);
    let una =
        [("first_name", "Una"), ("last_name", "Vale"), ("email", "una@vale.example"), ("access", "full"), ("endpoint_access", "none")];
    portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/users/new"), &una).status(303);
    let read = portal.link_for("una@vale.example");
    portal.wait(Span::seconds(1));
    portal.sign_in(ADA).post(&format!("/organizations/{BIRCH_ID}/users/new"), &una).status(303);
    portal.guest().get(&read).does_not_see("Choose a password");
    portal.guest().get(&portal.link_for("una@vale.example")).status(200).sees("Choose a password");
}
