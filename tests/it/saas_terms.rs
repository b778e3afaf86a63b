//! Adding an account, having it authorized, changing and cancelling it: SAS-6, SAS-7, SEA-5.

use std::sync::Barrier;

use portico::access::model::Scope;
use portico::access::witness_model::{Manager, Operator};
use portico::kernel::error::Error;
use portico::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use portico::kernel::time::{Span, Timestamp};
use portico::organizations::model::Backups;
use portico::saas::adding_actions;
use portico::saas::adding_model::{Management, Place, Region, Service, Wanted, domain};
use portico::saas::model::{Commitment, Product, Retention};
use portico::saas::store;
use portico::saas::terms_model::{AutoAdd, Conditions, Resale};
use portico::saas::terms_store;
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;

const WIZARD: &str = "/status/saas/add";
const MILLI: Span = Span(1);
/// A year from the tests' 22 November 2026 on.
const YEAR: Span = Span::days(365);

fn manager() -> Manager {
    Manager::operator(&Operator::of_this_machine(), PartnerId(1))
}

fn wanted(commitment: Commitment) -> Wanted {
    Wanted {
        place: Place::Existing(OrganizationId(ALDER_ID)),
        service: Service {
            product: Product::Microsoft365,
            region: Region::Germany,
            domain: "alder.example".to_owned(),
            resale: Resale::ForResale,
        },
        conditions: Conditions { commitment, retention: Retention::Icr, auto_add: AutoAdd::On, licence_cap: Some(20) },
        management: Management::Partner,
    }
}

fn pending(portal: &Portal, commitment: Commitment) -> SaasAccountId {
    portal.write(|tx| adding_actions::add(tx, &manager(), &wanted(commitment))).account.id
}

/// An account that is authorized and linked, with a commitment since now.
fn committed(portal: &Portal, commitment: Commitment) -> SaasAccountId {
    let id = pending(portal, commitment);
    portal.write(|tx| adding_actions::authorize(tx, &manager(), id, 54_000));
    id
}

/// The first three pages, for Alder Dental.
fn three_pages(visit: &mut Visit) -> &mut Visit {
    visit.visit(WIZARD).tick("Alder Dental 100000-01 · 0 SaaS accounts").press("Next");
    visit.fill("Service", "Google Workspace").fill("Domain", "Alder.example").fill("Region", "Germany").press("Next");
    visit.fill("Commitment", "One year").fill("Retention", "TBR").fill("License cap", "20").press("Next")
}

/// SAS-6, S1: by its own words, to the account that waits for its authorization.
#[test]
fn four_pages_add_an_account_that_is_pending_everywhere() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas").press("Add SaaS Protection Organization");
    three_pages(&mut ada).sees("Google Workspace of alder.example").sees("license cap 20").sees("Nothing is created at the vendor");
    assert_eq!(portal.sql_count("saas_account"), 0, "nothing is stored before the last page");
    ada.tick("We do").press("Add SaaS Protection Organization");
    ada.sees("Added Google Workspace of alder.example for Alder Dental.")
        .sees("Pending authorization")
        .sees("One year, from the authorization on");
    assert_eq!(portal.last_activity(), "added Google Workspace of alder.example for Alder Dental: pending authorization");
    let row =
        "partner = 1 and authorized = 0 and vendor_id is null and region = 'Germany' and retention = 'TBR' and commitment = 'one_year'
        and auto_add = 1 and licence_cap = 20 and not_for_resale = 0 and managed_by = 'partner' and committed_until is null";
    assert_eq!(portal.sql_count(&format!("saas_account where organization = {ALDER_ID} and {row}")), 1);
    ada.visit("/status/saas?state=pending_authorization").sees("alder.example").sees("1 of 1 accounts pending");
    ada.visit(&format!("/organizations/{ALDER_ID}")).sees("Pending authorization");
    portal.sign_in(OLU).visit("/status/saas").sees("Pending authorization");
    assert_eq!(portal.sql::<i64>("select services from organization_listing where organization = ?1 and viewer = 1", [ALDER_ID]), 1);
}

/// SAS-6: back and forth without losing input, each page in the address.
#[test]
fn going_back_and_forth_loses_nothing() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    three_pages(&mut ada);
    ada.tick("The organization").tick("New user").fill("First name", "Una").fill("Email", "una@alder.example").press("Back");
    assert_eq!(ada.value_of("License cap"), "20");
    // Who was typed is in no address, from this page on to whichever; not even while one searches.
    let silent = |ada: &Visit| {
        assert!(!ada.url.contains("una") && !ada.url.contains("Una") && !ada.url.contains("form_id"), "{}", ada.url);
        let asks = ada.forms().into_iter().filter(|form| form.method != "post");
        assert!(asks.flat_map(|form| form.fields).all(|field| !field.value.contains("Una") && !field.value.contains("una@")));
    };
    silent(&ada);
    ada.sees("For Alder Dental").fill("License cap", "30").press("Back");
    silent(&ada);
    assert_eq!(ada.value_of("Domain"), "Alder.example");
    ada.press("Back");
    silent(&ada);
    ada.fill("Organization's name or ID", "Birch").press("Search").sees("Birch & Sons");
    silent(&ada);
    ada.press("Next").press("Next");
    assert_eq!(ada.value_of("License cap"), "30", "what was typed before going back");
    ada.press("Next").sees("license cap 30");
    assert_eq!((ada.value_of("First name"), ada.value_of("Email")), ("Una".to_owned(), "una@alder.example".to_owned()));
    assert_eq!(portal.sql_count("saas_account"), 0);
}

/// SAS-6: a page is reached only over those before it, and says what is wrong with them.
#[test]
fn what_is_wrong_is_said_on_its_own_page() {
    let portal = Portal::firm();
    account(&portal, 1, "Alder").linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("{WIZARD}?step=management")).does_not_see("Choose an organization, or").is_offered("Next");
    ada.visit(&format!("{WIZARD}?step=service&from=organization")).sees("Choose an organization, or New organization.");
    ada.visit(&format!("{WIZARD}?step=service&from=organization&organization=new&name=ALDER+dental"))
        .sees("There is already an organization named");
    ada.visit(&format!("{WIZARD}?step=service&from=organization&organization=99999999")).sees("Choose an organization of the list.");
    ada.visit(&format!("{WIZARD}?step=service&from=organization&organization={CEDAR_ID}")).does_not_see("Choose an organization");
    let service = format!("{WIZARD}?step=terms&from=service&organization={BIRCH_ID}");
    ada.visit(&service).sees("Choose what is protected.").sees("Enter the domain alone").sees("Choose where backups are kept.");
    let taken = format!("{service}&product=microsoft_365&region=Germany&domain=alder.example");
    ada.visit(&taken).sees("Microsoft 365 of alder.example is here already: Alder, linked to Alder Dental.");
    ada.visit(&taken.replace("alder.example", "birch.example")).does_not_see("is here already").is_offered("Next");
    let management = taken.replace("alder.example", "birch.example").replace("step=terms&from=service", "step=management&from=terms");
    ada.visit(&format!("{management}&licence_cap=none")).sees("Choose the commitment.").sees("Enter a whole number");
}

/// SAS-6: "commitment and retention (fixed by the organization's other account if it has one)"
#[test]
fn commitment_and_retention_are_those_of_the_organizations_other_account() {
    let portal = Portal::firm();
    let first = pending(&portal, Commitment::MonthToMonth);
    let mut ada = portal.sign_in(ADA);
    let terms = format!("{WIZARD}?step=terms&organization={ALDER_ID}&product=google_workspace&region=Germany&domain=alder.example");
    ada.visit(&terms).sees("As the organization's other account has it.");
    assert_eq!((ada.value_of("Commitment"), ada.value_of("Retention")), ("month_to_month".to_owned(), "ICR".to_owned()));
    let second = |commitment, retention| {
        let mut wanted = wanted(commitment);
        wanted.service.product = Product::GoogleWorkspace;
        wanted.conditions.retention = retention;
        portal.db().write(|tx| adding_actions::add(tx, &manager(), &wanted))
    };
    assert!(second(Commitment::OneYear, Retention::Icr).is_err());
    assert!(second(Commitment::MonthToMonth, Retention::Tbr).is_err());
    assert!(second(Commitment::MonthToMonth, Retention::Icr).is_ok());
    portal.execute("update saas_account set organization = ?2, unlinked_reason = null where id = ?1", [first.0, BIRCH_ID]);
    ada.visit(&terms.replace(&ALDER_ID.to_string(), &CEDAR_ID.to_string())).does_not_see("other account has it");
}

/// SAS-6: organization, account, user and letter in one transaction, or none of them.
#[test]
fn a_new_organization_and_its_new_user_come_with_it_or_nothing_does() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let counts = || ["organization", "saas_account", "account", "letter"].map(|table| portal.sql_count(table));
    let before = counts();
    let fields = [
        ("form_id", "a-form-of-the-test-number-one"),
        ("organization", "new"),
        ("name", "Elm Vets"),
        ("product", "microsoft_365"),
        ("region", "Germany"),
        ("domain", "elm.example"),
        ("commitment", "month_to_month"),
        ("retention", "ICR"),
        ("auto_add", "off"),
        ("managed_by", "organization"),
        ("user", "new"),
        ("first_name", "Una"),
        ("last_name", "Elm"),
    ];
    ada.post(WIZARD, &[&fields[..], &[("email", "no address")]].concat()).status(422).sees("Enter an e-mail address");
    assert_eq!(counts(), before);
    ada.post(WIZARD, &[&fields[..], &[("email", "una@elm.example")]].concat())
        .follow()
        .sees("Una Elm is asked by a letter to authorize it.");
    assert_eq!(counts(), [before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 2], "a welcome letter, and one to authorize");
    let letter: String = portal.sql("select text from letter where to_email = 'una@elm.example' and kind = 'notice'", []);
    assert!(letter.contains("/authorization"), "{letter}");
    assert_eq!(portal.sql::<String>("select access from organization_user order by rowid desc limit 1", []), "full");
    ada.post(WIZARD, &[&fields[..], &[("email", "una@elm.example")]].concat()).follow();
    assert_eq!(portal.sql_count("saas_account"), before[1] + 1, "ALL-7: the same form twice works once");
}

/// SUB-2: nothing is added for an organization whose backups stand still.
#[test]
fn nothing_is_added_for_an_organization_that_is_not_active() {
    let portal = Portal::firm();
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    portal.write(|tx| portico::organizations::store::refresh(tx, OrganizationId(ALDER_ID)));
    let mut ada = portal.sign_in(ADA);
    ada.visit(WIZARD).does_not_see(ALDER).sees("Birch");
    ada.visit(&format!("{WIZARD}?step=service&from=organization&organization={ALDER_ID}")).sees("Alder Dental is suspended.");
    assert!(portal.db().write(|tx| adding_actions::add(tx, &manager(), &wanted(Commitment::OneYear))).is_err());
}

/// SAS-6: "an import with the same partner, product and domain fills it", and begins its year.
#[test]
fn an_import_fills_the_pending_account_and_makes_no_second() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let mut google = account(&portal, 7, "Alder Google");
    google.product = Product::GoogleWorkspace;
    google.domain = "alder.example".to_owned();
    assert_ne!(google.put(&portal), id, "another product is another account");
    let mut other = account(&portal, 8, "Other Domain");
    other.domain = "other.example".to_owned();
    assert_ne!(other.put(&portal), id);
    let mut foreign = account(&portal, 9, "Foreign");
    (foreign.partner, foreign.domain) = (2, "alder.example".to_owned());
    assert_ne!(foreign.put(&portal), id, "another partner's report fills nothing of ours");
    let mut reported = account(&portal, 54_000, "Alder Mail");
    reported.domain = "ALDER.example".to_owned();
    assert_eq!(reported.put(&portal), id);
    let row =
        format!("saas_account where id = {id} and vendor_id = 54000 and authorized = 1 and organization = {ALDER_ID} and licence_cap = 20");
    assert_eq!(portal.sql_count(&row), 1);
    let until: i64 = portal.sql("select committed_until from saas_account where id = ?1", [id]);
    assert_eq!(Timestamp(until), portal.now() + YEAR);
    portal.wait(Span::days(30));
    reported.put(&portal);
    assert_eq!(
        portal.sql::<i64>("select committed_until from saas_account where id = ?1", [id]),
        until,
        "a later import begins no new year"
    );
}

/// SAS-6: "authorizing by hand asks for the customer id", which no other account of the partner has.
#[test]
fn authorizing_by_hand_asks_for_a_customer_id_that_is_free_at_the_partner() {
    let portal = Portal::firm();
    account(&portal, 1, "Other").put(&portal);
    let mut foreign = account(&portal, 54_000, "Foreign");
    foreign.partner = 2;
    foreign.put(&portal);
    let id = pending(&portal, Commitment::OneYear);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/saas/{id}/authorization");
    for wrong in ["", "0", "-4", "abc", "99999999999999999999"] {
        ada.visit(&page).fill("Customer id", wrong).press("Authorize").status(422).sees("Enter the customer id");
    }
    ada.visit(&page).fill("Customer id", "1").press("Authorize").status(422).sees("Other has the customer id 1 already.");
    ada.visit(&page)
        .fill("Customer id", "54000")
        .press("Authorize")
        .sees("Authorized Alder Dental.")
        .sees("54000")
        .sees("until 22 Nov 2027");
    assert_eq!(portal.last_activity(), "authorized Alder Dental under the customer id 54000");
    ada.post(&page, &[("customer_id", "54001")]).status(422).sees("is authorized already");
}

/// SAS-6: the user of the organization consents after signing in; that is kept, said, and changes nothing else.
#[test]
fn a_consent_of_the_organizations_user_is_kept_and_the_partner_is_told() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}"))
        .press("Ask a user")
        .tick("Olu Adeyemi olu@alder.example Active")
        .press("Send letter")
        .sees("Olu Adeyemi is asked by a letter");
    let letter = portal.letter_to(OLU.email);
    assert!(letter.contains(&format!("/saas/{id}/authorization")) && letter.contains("Microsoft 365 of alder.example"), "{letter}");
    let mut olu = portal.sign_in(OLU);
    olu.visit(&format!("/saas/{id}"))
        .press("Authorize")
        .sees("It signs you in nowhere")
        .press("Authorize")
        .sees("Your consent to Alder Dental is kept.");
    assert_eq!(portal.last_activity(), "consented to Alder Dental being backed up");
    assert_eq!(portal.sql_count(&format!("saas_account where id = {id} and authorized = 0 and consent_by = 'Olu Adeyemi'")), 1);
    olu.visit(&format!("/saas/{id}")).does_not_see("Ask a user").is_not_offered("Authorize");
    olu.post(&format!("/saas/{id}/consent"), &[]).status(422).sees("Olu Adeyemi has authorized it already.");
    ada.visit(&format!("/saas/{id}")).sees("Olu Adeyemi consented on 22 Nov 2026.");
    ada.post(&format!("/saas/{id}/consent"), &[]).status(422).sees("Only a user of the organization");
    for outsider in [NOOR, NIA, CARL] {
        portal.sign_in(outsider).get(&format!("/saas/{id}/authorization")).status(404);
        portal.sign_in(outsider).post(&format!("/saas/{id}/consent"), &[]).status(404);
    }
    portal.sign_in(TESS).visit(&format!("/saas/{id}/authorization")).sees("Olu Adeyemi consented").is_not_offered("Authorize");
}

/// SAS-6, USR-8, ORG-8: who was asked and who consented ends with the link, however it ends; the next organization's user is asked anew, and
/// the letter of before leads nowhere.
#[test]
fn a_consent_ends_with_the_link() {
    for by_deletion in [false, true] {
        let portal = Portal::firm();
        let id = pending(&portal, Commitment::OneYear);
        let mut ada = portal.sign_in(ADA);
        ada.post(&format!("/saas/{id}/authorization/letter"), &[("user", &OLU.account.to_string())]).status(303);
        portal.sign_in(OLU).post(&format!("/saas/{id}/consent"), &[]).status(303);
        let said = format!("saas_account where id = {id} and consent_by = 'Olu Adeyemi' and asked_name = 'Olu Adeyemi'");
        assert_eq!(portal.sql_count(&format!("{said} and managed_by = 'organization' and consent_at > 0")), 1);
        if by_deletion {
            portal.write(|tx| {
                portico::organizations::deletion_actions::delete(tx, &manager(), OrganizationId(ALDER_ID), Backups::Keep, ALDER).map(drop)
            });
        } else {
            ada.post(&format!("/organizations/{ALDER_ID}/services/{id}/unlink"), &[]).status(303);
        }
        let nobody = "consent_by is null and consent_at is null and asked_name is null and asked_at is null and managed_by = 'partner'";
        assert_eq!(portal.sql_count(&format!("saas_account where id = {id} and {nobody}")), 1);
        // The alert of before is said once.
        ada.visit("/");
        ada.visit(&format!("/saas/{id}")).does_not_see("Olu").sees("It waits for its authorization.");
        ada.visit("/").does_not_see("Olu Adeyemi consented");
        ada.post(&format!("/status/saas/unmapped/{id}"), &[("organization", &BIRCH_ID.to_string())]).status(303);
        let mut nia = portal.sign_in(NIA);
        nia.visit(&format!("/saas/{id}")).does_not_see("Olu").is_offered("Authorize");
        nia.visit(&format!("/saas/{id}/authorization")).does_not_see("Olu").is_offered("Authorize");
        if !by_deletion {
            portal.sign_in(OLU).get(&format!("/saas/{id}/authorization")).status(404);
            portal.sign_in(OLU).post(&format!("/saas/{id}/consent"), &[]).status(404);
        }
        nia.post(&format!("/saas/{id}/consent"), &[]).status(303);
        ada.visit(&format!("/saas/{id}")).sees("Nia Petrov consented on 22 Nov 2026.");
    }
}

/// MAI-1: the consent reaches whoever asked for it last by a letter, in the same transaction; one who cannot authorize it any more, or does
/// not see the organization (EMP-4), is told nothing, and the primary account is instead.
#[test]
fn the_consent_reaches_whoever_asked_for_it_by_a_letter() {
    let told = |portal: &Portal| -> Vec<String> {
        let db = portal.connection();
        let mut found = db
            .prepare("select to_email from letter where subject like '%authorized Microsoft 365 of alder.example' order by 1")
            .expect("SQL");
        found.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect()
    };
    let ask = |portal: &Portal, by: Member, id: SaasAccountId| {
        let url = format!("/saas/{id}/authorization/letter");
        portal.sign_in(by).visit(&url).tick("Olu Adeyemi olu@alder.example Active").press("Send letter").sees("is asked by a letter");
    };
    let consent = |portal: &Portal, id: SaasAccountId| {
        drop(portal.sign_in(OLU).post(&format!("/saas/{id}/consent"), &[]).status(303).response.clone());
    };
    let cases: [(&str, &[Member]); 5] = [
        ("", &[ABE]),
        ("update account set state = 'deactivated' where id = ?1", &[ADA]),
        ("update employee set role = 'tech' where account = ?1", &[ADA]),
        ("update employee set limited = 1 where account = ?1", &[ADA]),
        ("update employee set role = 'security_admin', limited = 1 where account = ?1", &[ABE]),
    ];
    for (meanwhile, receivers) in cases {
        let portal = Portal::firm();
        let id = pending(&portal, Commitment::OneYear);
        ask(&portal, SAM, id);
        ask(&portal, ABE, id);
        if !meanwhile.is_empty() {
            portal.execute(meanwhile, [ABE.account]);
        }
        consent(&portal, id);
        assert_eq!(told(&portal), receivers.iter().map(|member| member.email).collect::<Vec<_>>(), "{meanwhile}");
        let letter = portal.letter_to(receivers[0].email);
        assert!(
            letter.contains("Olu Adeyemi of Alder Dental has consented to Microsoft 365 of alder.example being backed up."),
            "{letter}"
        );
        assert!(letter.contains(&format!("/saas/{id}/authorization")), "{letter}");
        portal.sign_in(OLU).post(&format!("/saas/{id}/consent"), &[]).status(422);
        assert_eq!(told(&portal).len(), 1, "a second consent is none");
    }
    // Nobody asked by a letter: whoever added it on the pages hears, and of what the operator added the primary account.
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    portal.execute("update saas_account set asked_by = ?2 where id = ?1", (id.0, SAM.account));
    consent(&portal, id);
    assert_eq!(told(&portal), [SAM.email]);
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    consent(&portal, id);
    assert_eq!(told(&portal), [ADA.email]);
}

/// SAS-6, USR-2: only who will see the account is asked to authorize it.
#[test]
fn only_a_user_with_full_access_who_can_sign_in_is_asked() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/saas/{id}/authorization/letter");
    ada.visit(&page).sees("Olu Adeyemi").does_not_see("Noor Haddad").does_not_see("Nia Petrov");
    let ask = |account: i64| portal.db().write(|tx| adding_actions::ask(tx, &manager(), id, portico::kernel::ids::AccountId(account)));
    assert!(ask(NOOR.account).is_err(), "no Full access");
    assert!(ask(NIA.account).is_err(), "of another organization");
    portal.execute("update account set state = 'deactivated', invited_until = null where id = ?1", [OLU.account]);
    assert!(ask(OLU.account).is_err(), "deactivated");
    ada.visit(&page).sees("Nobody can be asked").is_offered("Add Users");
    portal.execute("update account set state = 'active' where id = ?1", [OLU.account]);
    assert!(ask(OLU.account).is_ok());
}

/// SAS-7: "One year may not change to month-to-month before its end; the reverse may at any time." Both sides of the end.
#[test]
fn a_year_becomes_month_to_month_at_its_end_and_not_a_millisecond_before() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    let page = format!("/saas/{id}/terms");
    let change = |to: &str| {
        let mut ada = portal.sign_in(ADA);
        ada.visit(&page).fill("Commitment", to).press("Save Changes");
        ada
    };
    portal.wait(Span(YEAR.0 - 1));
    change("Month to month").status(422).sees("One year is committed until 22 Nov 2027");
    assert_eq!(portal.sql_count("saas_account where commitment = 'one_year'"), 1);
    portal.wait(MILLI);
    change("Month to month").sees("Saved the account's terms.").sees("Month to month");
    assert_eq!(portal.sql_count("saas_account where commitment = 'month_to_month' and committed_until is null"), 1);
    change("One year").sees("Saved the account's terms.");
    let until: i64 = portal.sql("select committed_until from saas_account where id = ?1", [id]);
    assert_eq!(Timestamp(until), portal.now().a_year_later(), "a new year begins now");
    change("Month to month").status(422).sees("committed until 22 Nov 2028");
    let pending = portal.write(|tx| {
        let mut wanted = wanted(Commitment::OneYear);
        (wanted.place, wanted.service.domain) = (Place::Existing(OrganizationId(BIRCH_ID)), "birch.example".to_owned());
        adding_actions::add(tx, &manager(), &wanted)
    });
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{}/terms", pending.account.id)).fill("Commitment", "Month to month").press("Save Changes").sees("Saved");
}

/// SAS-7, LOG-1: retention either way, Auto-add on and off; the same again records nothing.
#[test]
fn retention_and_auto_add_change_either_way_and_are_recorded() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/saas/{id}/terms");
    ada.visit(&page).fill("Retention", "TBR").fill("Auto-add", "Off").press("Save Changes").sees("Time-based retention");
    assert_eq!(portal.last_activity(), "changed the terms of Alder Dental");
    let changes: String = portal.sql("select changes from activity order by seq desc limit 1", []);
    assert!(changes.contains("TBR") && changes.contains("Auto-add"), "{changes}");
    ada.visit(&page).fill("Retention", "ICR").press("Save Changes").sees("Infinite cloud retention");
    let events = portal.sql_count("activity");
    ada.visit(&page).press("Save Changes").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("activity"), events);
    assert_eq!(
        portal.sql::<i64>("select committed_until - ?2 from saas_account where id = ?1", [id.0, portal.now().0]),
        YEAR.0,
        "the year runs on"
    );
}

/// SEA-5: "The cap cannot be set below what is protected." Both sides.
#[test]
fn the_cap_can_be_what_is_protected_and_not_one_less() {
    let portal = Portal::firm();
    pending(&portal, Commitment::OneYear);
    let mut mail = account(&portal, 54_000, "Alder Mail").with_seats(&[
        (SeatType::User, SeatState::Active, 3),
        (SeatType::User, SeatState::Archived, 1),
        (SeatType::Site, SeatState::Active, 2),
        (SeatType::User, SeatState::Unprotected, 4),
    ]);
    mail.domain = "alder.example".to_owned();
    let id = mail.put(&portal);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/saas/{id}/terms");
    ada.visit(&page).sees("5 billable seats are protected now").fill("License cap", "4").press("Save Changes");
    ada.status(422).sees("so the cap cannot be below that");
    assert_eq!(ada.value_of("License cap"), "4", "the form comes back filled in");
    ada.press("Save Changes").status(422);
    ada.fill("License cap", "5").press("Save Changes").sees("5 of 5").sees("Cap reached");
    ada.visit(&page).fill("License cap", "6").press("Save Changes").sees("5 of 6").does_not_see("Cap reached");
    ada.visit(&page).fill("License cap", "").press("Save Changes").sees("5 used, no cap");
}

/// Of two who change the terms at the same time, the second is told.
#[test]
fn of_two_who_change_the_terms_the_second_is_told() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    let (mut ada, mut sam) = (portal.sign_in(ADA), portal.sign_in(SAM));
    let page = format!("/saas/{id}/terms");
    ada.visit(&page);
    sam.visit(&page).fill("License cap", "30").press("Save Changes").sees("Saved");
    ada.fill("License cap", "40").press("Save Changes").status(422).sees("Somebody else changed Alder Dental meanwhile.");
    assert_eq!(portal.sql::<i64>("select licence_cap from saas_account where id = ?1", [id]), 30);
}

/// SAS-7: "Cancel needs the text CANCEL SUBSCRIPTION, a reason, and month-to-month; it destroys the account's backups at once."
#[test]
fn cancelling_needs_the_words_a_reason_and_month_to_month_and_destroys_the_backups_at_once() {
    let portal = Portal::firm();
    pending(&portal, Commitment::MonthToMonth);
    let mut mail = account(&portal, 54_000, "Alder Mail");
    mail.domain = "alder.example".to_owned();
    let id = mail.put(&portal);
    let kept = account(&portal, 2, "Kept").linked(&portal, ALDER_ID);
    let data = |id: SaasAccountId| {
        [
            portal.sql_count(&format!("seat where saas_account = {id} and state <> 'Unprotected'")),
            portal.sql_count(&format!("backup_day where saas_account = {id}")),
            portal.sql_count(&format!("saas_application where saas_account = {id}")),
        ]
    };
    let (before, others) = (data(id), data(kept));
    let mut ada = portal.sign_in(ADA);
    let page = format!("/saas/{id}/cancellation");
    for (typed, reason, sentence) in [
        ("cancel subscription", "They left", "Type CANCEL SUBSCRIPTION in capital letters."),
        ("", "They left", "Type CANCEL SUBSCRIPTION"),
        ("CANCEL SUBSCRIPTION", " ", "Say why it is cancelled."),
    ] {
        let stake = "3 protected seats (3 billable), 10 days of backups of 1 application, 724 GB";
        ada.visit(&page)
            .sees(&format!("destroyed at once: {stake}."))
            .is_offered("Keep it")
            .fill("Reason", reason)
            .fill("Type CANCEL SUBSCRIPTION", typed)
            .press("Cancel subscription");
        ada.status(422).sees(sentence);
        assert_eq!(data(id), before, "nothing was changed");
    }
    ada.visit(&page).fill("Reason", "They left").fill("Type CANCEL SUBSCRIPTION", "CANCEL SUBSCRIPTION").press("Cancel subscription");
    ada.sees("Cancelled Alder Mail: destroyed 3 protected seats (3 billable), 10 days of backups of 1 application, 724 GB.")
        .sees("Cancelled on 22 Nov 2026")
        .does_not_see("Purged")
        .sees("They left");
    assert_eq!(data(id), [0, 0, 0]);
    assert_eq!(data(kept), others, "another account's backups stay");
    assert!(
        portal.last_activity().starts_with("cancelled the subscription of Alder Mail: destroyed 3 protected seats (3 billable), 10 days")
    );
    assert_eq!(
        portal.sql_count(&format!("saas_account where id = {id} and seats_billable = 0 and used_bytes is null and auto_add = 0")),
        1
    );
    ada.is_not_offered("Cancel subscription").is_not_offered("Change");
    ada.sees("No backups any more").does_not_see("Applications show here with the first report");
    ada.sees("The account was cancelled, so its seats stay as they are.").is_not_offered("Change by a file").is_not_offered("Protect");
    ada.visit(&format!("/saas/{kept}")).is_offered("Change by a file").does_not_see("No backups any more");
    ada.post(&page, &[("typed", "CANCEL SUBSCRIPTION"), ("reason", "again")]).status(422).sees("was cancelled already");
}

/// SAS-7: the other half of it.
#[test]
fn an_account_that_is_committed_or_whose_commitment_is_not_known_is_not_cancelled() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    let unknown = account(&portal, 2, "Unknown").linked(&portal, BIRCH_ID);
    let mut ada = portal.sign_in(ADA);
    for (id, sentence) in [(id, "is committed for one year, until 22 Nov 2027"), (unknown, "The commitment of Unknown is not known.")] {
        let page = format!("/saas/{id}/cancellation");
        ada.visit(&format!("/saas/{id}")).sees(sentence).is_not_offered("Cancel subscription");
        ada.visit(&page).sees(sentence).does_not_see("Reason");
        ada.post(&page, &[("typed", "CANCEL SUBSCRIPTION"), ("reason", "They left")]).status(422).sees(sentence);
    }
    assert_eq!(portal.sql_count("saas_account where cancelled_at is not null"), 0);
}

/// An account that was never authorized is taken back, whatever was to be its commitment: there is nothing of it anywhere.
#[test]
fn an_account_that_was_never_authorized_is_taken_back() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}")).press("Take back").sees("was never authorized").does_not_see("CANCEL SUBSCRIPTION");
    ada.press("Take back").status(422).sees("Say why it is taken back.");
    ada.fill("Reason", "Added twice").press("Take back").sees("Took back Alder Dental.");
    assert_eq!(portal.sql_count("saas_account"), 0);
    assert_eq!(portal.sql_count("saas_listing"), 0);
    assert_eq!(portal.last_activity(), "took back Alder Dental, which was never authorized");
    assert_eq!(portal.sql::<i64>("select services from organization_listing where organization = ?1 and viewer = 1", [ALDER_ID]), 0);
}

/// ALL-1: the terms of another partner's account are not found, by whatever way one asks.
#[test]
fn the_terms_of_an_account_out_of_sight_are_not_found() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let look = |partner: i64| portal.db().read(|db| terms_store::find(db, &Scope::all(PartnerId(partner)), id));
    assert!(look(1).is_ok());
    assert!(matches!(look(2), Err(Error::NotFound)) && matches!(look(3), Err(Error::NotFound)));
}

/// SAS-6: a slip in a customer id that was entered by hand is corrected, until an import has filled the account; by who may authorize, and
/// never into another account's.
#[test]
fn a_mistyped_customer_id_is_corrected_until_an_import_fills_the_account() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    account(&portal, 54_009, "Taken Mail").put(&portal);
    let page = format!("/saas/{id}/authorization");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}")).open("Correct").sees("No import has filled it yet");
    ada.fill("Customer id", "54009").press("Correct the customer id").status(422).sees("54009 already");
    ada.fill("Customer id", "54001").press("Correct the customer id").sees("The customer id of Alder Dental is corrected.").sees("54001");
    assert_eq!(portal.last_activity(), "corrected the customer id of Alder Dental");
    ada.visit("/search?q=54001").sees("Alder Dental");
    // From what was seen alone, and only by who may.
    ada.post(&page, &[("customer_id", "54002"), ("instead_of", "54000")]).status(422).sees("it is 54001");
    portal.sign_in(TESS).visit(&page).is_not_offered("Correct the customer id");
    portal.sign_in(TESS).post(&page, &[("customer_id", "54002"), ("instead_of", "54001")]).status(404);
    portal.sign_in(MALLORY).post(&page, &[("customer_id", "54002"), ("instead_of", "54001")]).status(404);
    let committed_until = || portal.sql::<i64>("select committed_until from saas_account where vendor_id = 54001", []);
    assert!(committed_until() > portal.now().0);
    let mut reported = account(&portal, 54_001, "Alder Dental");
    reported.domain = "alder.example".to_owned();
    assert_eq!(reported.put(&portal), id, "an import knows it by the corrected one");
    ada.visit(&format!("/saas/{id}")).is_not_offered("Correct");
    ada.post(&page, &[("customer_id", "54002"), ("instead_of", "54001")]).status(422).sees("was filled by an import");
}

/// ALL-7, SAS-7: who takes a pending account back and sends that twice gets the first answer again.
#[test]
fn taking_an_account_back_twice_is_answered_twice() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::MonthToMonth);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}/cancellation"));
    let form_id =
        ada.forms().iter().flat_map(|form| form.fields.iter()).find(|field| field.name == "form_id").map(|field| field.value.clone());
    let form_id = form_id.expect("a form id");
    let fields = [("form_id", form_id.as_str()), ("reason", "A mistake"), ("typed", "CANCEL SUBSCRIPTION")];
    for _ in 0..2 {
        ada.post(&format!("/saas/{id}/cancellation"), &fields).status(303);
        assert_eq!(ada.location(), "/status/saas");
    }
    assert_eq!(portal.sql_count("activity where kind = 'saas_account.cancelled'"), 1);
    // What is not there for somebody is not there to be cancelled.
    let other = pending(&portal, Commitment::MonthToMonth);
    portal.sign_in(MALLORY).post(&format!("/saas/{other}/cancellation"), &[("reason", "x"), ("typed", "CANCEL SUBSCRIPTION")]).status(404);
    ada.post("/saas/999999999999999/cancellation", &[("reason", "x"), ("typed", "CANCEL SUBSCRIPTION")]).status(404);
}

/// A domain is a name with a dot, and nothing around it.
#[test]
fn a_domain_is_a_name_with_a_dot_and_nothing_around_it() {
    for (typed, kept) in [
        ("Example.COM", "example.com"),
        (" a-b.example ", "a-b.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://Fresh.example/", "fresh.example"),
        ("http://www.a.example", "a.example"),
    ] {
        assert_eq!(domain(typed).as_deref(), Ok(kept));
    }
    for typed in [
        "",
        "example",
        "ftp://example.com",
        "https://a.example/b",
        "jo@example.com",
        "a b.example",
        "-a.example",
        "a..example",
        "1.2.3.4",
        "bücher.example",
        "\u{430}pple.example",
    ] {
        assert!(domain(typed).is_err(), "{typed}");
    }
    assert!(domain(&format!("{}.example", "a".repeat(63))).is_ok());
    assert!(domain(&format!("{}.example", "a".repeat(64))).is_err());
}

/// SAS-2: two people who link the same account at the same moment, a thousand times: one wins, and the other is told who.
#[test]
fn of_two_who_link_the_same_account_at_once_exactly_one_wins_a_thousand_times() {
    const TIMES: usize = 1_000;
    let portal = Portal::firm();
    let id = account(&portal, 1, "Ember").put(&portal).to_string();
    let start = Barrier::new(2);
    let link = |visit: &mut Visit, organization: i64| {
        start.wait();
        visit.post(&format!("/organizations/{organization}/services/link"), &[("saas_account", &id)]);
        (visit.response.status, visit.text())
    };
    let (mut ada, mut sam) = (portal.sign_in(ADA), portal.sign_in(SAM));
    let mut wins = [0, 0];
    for _ in 0..TIMES {
        portal.wait(MILLI);
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| link(&mut ada, ALDER_ID));
            let second = scope.spawn(|| link(&mut sam, BIRCH_ID));
            (first.join().expect("it ends"), second.join().expect("it ends"))
        });
        let ada_won = first.0 == 303;
        let (loser, organization, told) = if ada_won {
            (second, ALDER_ID, "Ember was linked to Alder Dental by Ada Lane")
        } else {
            (first, BIRCH_ID, "Ember was linked to Birch & Sons by Sam Okafor")
        };
        assert!(loser.0 == 422 && loser.1.contains(told), "{loser:?}");
        assert_eq!(portal.sql::<i64>("select organization from saas_account where id = ?1", [&id]), organization);
        wins[usize::from(!ada_won)] += 1;
        portal.write(|tx| store::unlink_all(tx, OrganizationId(organization), Backups::Keep));
    }
    assert_eq!(wins[0] + wins[1], TIMES);
    assert_eq!(portal.sql_count("activity where kind = 'saas_account.linked'"), i64::try_from(TIMES).expect("a number"));
}

/// SAS-7, SUB-5: deleting may end what cancelling may not, but says which year runs on and until when; a month of the year after, nothing.
#[test]
fn deleting_an_organization_names_the_year_that_its_accounts_are_committed_for() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    account(&portal, 2, "Monthly").linked(&portal, ALDER_ID);
    let page = |backups: &str| format!("/organizations/{ALDER_ID}/deletion?backups={backups}");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&page("purge")).sees("Committed for one year: Alder Dental until 22 Nov 2027.").sees("Cancel subscription would refuse");
    ada.does_not_see("Monthly until");
    ada.visit(&page("keep")).sees("Committed for one year: Alder Dental until 22 Nov 2027.").sees("the year runs on");
    let until: i64 = portal.sql("select committed_until from saas_account where id = ?1", [id]);
    portal.wait(Span(until - portal.now().0 - 1));
    portal.sign_in(ADA).visit(&page("purge")).sees("Committed for one year");
    portal.wait(MILLI);
    portal.sign_in(ADA).visit(&page("purge")).does_not_see("Committed for one year");
}

/// ORG-8: nothing of a purged account's terms is left to read, to set or to cancel until a report shows new backups.
#[test]
fn a_purged_account_has_no_terms() {
    let portal = Portal::firm();
    let id = committed(&portal, Commitment::OneYear);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/saas/{id}");
    ada.visit(&page).sees("One year").sees("Auto-add").is_offered("Change");
    ada.visit(&format!("{page}/terms"));
    portal
        .sign_in(SAM)
        .post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", "Alder Dental"), ("backups", "purge")])
        .status(303);
    ada.press("Save Changes").status(422).sees("was purged, so it has no terms until a report shows new backups");
    ada.visit(&page).sees("No terms: its backups were destroyed on 22 Nov 2026").does_not_see("Auto-add").does_not_see("One year");
    ada.is_not_offered("Cancel subscription").is_not_offered("Change");
    ada.post(&format!("{page}/cancellation"), &[("typed", "CANCEL SUBSCRIPTION"), ("reason", "gone")])
        .status(422)
        .sees("was purged already");
    assert_eq!(portal.sql_count("saas_account where auto_add = 0 and licence_cap is null and cancelled_at is null"), 1);
}

/// SAS-6: the last page says whom a letter goes to, and what does not fit together; one user alone is chosen already, and a person who signs in
/// elsewhere already is not added in silence.
#[test]
fn the_last_page_says_what_will_happen_and_the_end_what_did() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    portal.execute("update subscription set plan = 'backup', auto_license = 0, seats = 21 where organization = ?1", [ALDER_ID]);
    three_pages(&mut ada).sees("Under “The organization” the user chosen above gets a letter to authorize it at once");
    ada.sees("The license cap of 20 is lower than the 21 seats that are bought");
    portal.execute("update subscription set seats = 20 where organization = ?1", [ALDER_ID]);
    three_pages(&mut ada).does_not_see("is lower than the");
    let cedar = "organization=new&name=Elm+Vets&product=microsoft_365&region=Germany&domain=elm.example&commitment=one_year&retention=ICR";
    let page = format!("{WIZARD}?step=management&from=terms&auto_add=on&{cedar}");
    ada.visit(&page).tick("The organization").fill("First name", "Nia").fill("Last name", "Elm").fill("Email", NIA.email);
    ada.press("Add SaaS Protection Organization").sees("Nia Elm is asked by a letter to authorize it.");
    ada.sees("Nia Elm signs in with this e-mail elsewhere already");
    ada.visit(&page.replace("elm.example", "oak.example").replace("Elm+Vets", "Oak+Vets")).tick("The organization");
    ada.fill("First name", "Una").fill("Last name", "Oak").fill("Email", "una@oak.example").press("Add SaaS Protection Organization");
    ada.sees("Una Oak is asked").does_not_see("elsewhere already");
}

/// SAS-6, ORG-4: a name that is taken is offered to be chosen, whatever the list began with.
#[test]
fn an_organization_whose_name_was_typed_for_a_new_one_can_be_chosen() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for number in 0..12 {
        ada.post("/organizations", &[("name", &format!("Aaa {number}"))]).status(303);
    }
    let page = format!("{WIZARD}?step=service&from=organization&organization=new&name=birch+%26+SONS");
    ada.visit(&page).sees("Choose it above.").tick("Birch & Sons 100000-02 · 0 SaaS accounts").press("Next").sees("For Birch & Sons");
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [BIRCH_ID]);
    ada.visit(&page).sees("It is suspended; reactivate it first.").does_not_see("Choose it above.");
}

/// SAS-6: whoever consents reads what is agreed with it, on the page and in the letter that leads there.
#[test]
fn the_consent_and_its_letter_say_what_is_agreed() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let agreed = [
        "It is committed for one year, which begins with the authorization.",
        "They are kept in this region: Germany.",
        "No more than 20 licenses can be billed.",
        "New users are protected, and billed, without being asked for.",
    ];
    let mut olu = portal.sign_in(OLU);
    olu.visit(&format!("/saas/{id}/authorization"));
    portal.sign_in(ADA).post(&format!("/saas/{id}/authorization/letter"), &[("user", &OLU.account.to_string())]).status(303);
    let letter: String = portal.sql("select text from letter where kind = 'notice' order by rowid desc limit 1", []);
    for sentence in agreed {
        olu.sees(sentence);
        assert!(letter.contains(sentence), "{letter}");
    }
    let monthly = portal.write(|tx| {
        let service = Service { domain: "monthly.example".to_owned(), ..wanted(Commitment::MonthToMonth).service };
        let conditions = Conditions { auto_add: AutoAdd::Off, licence_cap: None, ..wanted(Commitment::MonthToMonth).conditions };
        let place = Place::Existing(OrganizationId(BIRCH_ID));
        adding_actions::add(tx, &manager(), &Wanted { place, service, conditions, management: Management::Partner })
    });
    let mut nia = portal.sign_in(NIA);
    nia.visit(&format!("/saas/{}/authorization", monthly.account.id)).sees("It goes on from month to month.").sees("There is no cap");
    nia.does_not_see("committed for one year").does_not_see("without being asked for");
}

/// ACC-11, SAS-6, ALL-1: who follows the letter while in another of their accounts is led to the right one; for anybody else it is not there.
#[test]
fn the_letters_link_leads_from_another_account_of_ones_own_to_the_right_one() {
    let portal = Portal::firm();
    let id = pending(&portal, Commitment::OneYear);
    let page = format!("/saas/{id}/authorization");
    portal.sign_in(NIA).get(&page).status(404);
    // Nia has Olu's place at Alder as well.
    let identity: i64 = portal.sql("select identity from account where id = ?1", [NIA.account]);
    portal.execute("update account set identity = ?1 where id = ?2", (identity, OLU.account));
    let mut nia = portal.sign_in(NIA);
    nia.visit(&page).sees("This is for another of your accounts: Alder Dental (Harbor MSP).").sees("Switch account");
    nia.near("Alder Dental").press("Open").status(200);
    assert_eq!(nia.url, page);
    nia.sees("wants to protect");
    // Without Full access there it is not theirs.
    portal.execute("update organization_user set access = 'none' where account = ?1", [OLU.account]);
    let mut again = portal.sign_in(NIA);
    again.get(&page).status(404);
    again.get("/saas/999999999999999/authorization").status(404);
}
