//! The rules of transfers, one test a sentence.

use portico::kernel::time::{Span, Timestamp};

use crate::support::estate::{ALDERINE, CEDARINE, DOGWOODINE, Tenant};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const TIDEWATER_ID: i64 = 2;
pub const QUAY_ID: i64 = 3;
const ASK: &str = "/account/transfer";
const WHY: &[(&str, &str)] = &[("reason", "It was a mistake")];

/// Something of everything, with no transfer under way, and nothing purged yet.
pub fn estate() -> Portal {
    let portal = Portal::estate();
    portal.execute("delete from transfer", []);
    portal.execute("delete from receipt", []);
    portal
}

fn public_id(portal: &Portal, partner: i64) -> String {
    portal.sql("select public_id from partner where id = ?1", [partner])
}

/// The first moment of December 2026: what is validated in November is carried out then.
fn cut_off() -> Timestamp {
    Timestamp::from_rfc3339("2026-12-01T00:00:00Z").expect("a moment")
}

/// Lets time pass until this moment; everybody who is signed in stays so.
fn wait_until(portal: &Portal, moment: Timestamp) {
    portal.wait(moment - portal.now());
}

fn make_owner(portal: &Portal, member: Member) {
    portal.execute("update organization_user set owner = 1 where account = ?1", [member.account]);
}

/// Asks as the Owner of the member's organization; the transfer's id.
#[track_caller]
pub fn ask(portal: &Portal, member: Member, receiver: i64) -> i64 {
    make_owner(portal, member);
    let id = public_id(portal, receiver);
    portal
        .sign_in(member)
        .post(ASK, &[("receiver_id", &id)])
        .status(303)
        .follow()
        .sees("The transfer is asked for, and waiting to be validated.");
    portal.sql("select id from transfer where state = 'waiting' order by asked_at desc limit 1", [])
}

#[track_caller]
fn validate(portal: &Portal, by: Member, transfer: i64) {
    portal.sign_in(by).post(&format!("/transfers/{transfer}/validation"), &[]).status(303).follow().sees("Validated.");
}

fn state(portal: &Portal, transfer: i64) -> String {
    portal.sql("select state from transfer where id = ?1", [transfer])
}

/// Cedar Clinic asked for, validated by the partner above both, and carried out.
#[track_caller]
pub fn cedar_to_quay(portal: &Portal) -> i64 {
    let transfer = ask(portal, CARL, QUAY_ID);
    validate(portal, ADA, transfer);
    wait_until(portal, cut_off());
    portal.run_jobs();
    transfer
}

fn holder_of(portal: &Portal, tenant: Tenant) -> i64 {
    portal.sql("select partner from organization where id = ?1", [tenant.organization])
}

fn at(transfer: i64) -> String {
    format!("/transfers/{transfer}")
}

/// PAR-3: the Owner and full administrators ask, under Account Settings, Personal Details; nobody else finds it.
#[test]
fn an_owner_or_full_administrator_asks_under_personal_details() {
    for column in ["owner", "full_administrator"] {
        let portal = estate();
        let mut carl = portal.sign_in(CARL);
        carl.visit("/account").does_not_see("Transfer to another partner");
        carl.visit(ASK).is_not_offered("Ask for transfer").sees("The Owner or a full administrator of an organization asks");
        carl.post(ASK, &[("receiver_id", "P-1")]).status(422);
        portal.execute(&format!("update organization_user set {column} = 1 where account = ?1"), [CARL.account]);
        carl.visit("/account").sees("Transfer to another partner").sees("1 SaaS account: Cedarine Mail (cedarine.example)");
        carl.fill("Partner ID", &public_id(&portal, QUAY_ID))
            .press("Ask for transfer")
            .sees("The transfer is asked for, and waiting to be validated.");
        carl.sees("Waiting").sees("lapses on").sees("Stays behind").is_offered("Withdraw");
        assert_eq!(portal.sql_count("transfer"), 1);
        assert!(portal.last_activity().starts_with("asked for the transfer of Cedar Clinic"), "{}", portal.last_activity());
    }
    let portal = estate();
    for member in [ADA, TESS, NOOR] {
        portal.sign_in(member).visit(ASK).is_not_offered("Ask for transfer");
        portal.sign_in(member).post(ASK, &[("receiver_id", "P-1")]).status(422);
        portal.sign_in(member).post("/account/transfer/withdrawal", WHY).status(303);
        assert_eq!(portal.sql_count("transfer"), 0);
    }
}

/// PAR-3: whoever asks sees the same for a Partner ID that is none, and so does the holder's staff.
#[test]
fn an_unknown_partner_id_is_answered_like_a_known_one() {
    let mut seen = Vec::new();
    for known in [true, false] {
        let portal = estate();
        make_owner(&portal, CARL);
        let real = public_id(&portal, QUAY_ID);
        let id = if known { real.clone() } else { "P-00000000".to_owned() };
        let mut carl = portal.sign_in(CARL);
        carl.post(ASK, &[("receiver_id", &id)]).status(303).follow();
        let transfer: i64 = portal.sql("select id from transfer", []);
        let mut pia = portal.sign_in(PIA);
        let texts = [carl.text(), pia.visit("/transfers").text(), pia.visit(&at(transfer)).text()];
        seen.push(texts.map(|text| text.replace(&id, "PARTNER")));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(!seen[0].concat().contains(QUAY), "the name is not told");
}

/// PAR-3: what is entered is a Partner ID, in any case, of another partner; one transfer of a thing at a time.
#[test]
fn what_cannot_be_asked_for_is_refused_in_the_form() {
    let portal = estate();
    make_owner(&portal, CARL);
    let mut carl = portal.sign_in(CARL);
    carl.post(ASK, &[("receiver_id", " ")]).status(422).sees("Enter the Partner ID of the new partner");
    carl.post(ASK, &[("receiver_id", &public_id(&portal, TIDEWATER_ID))]).status(422).sees("belongs to this partner already");
    let quay = public_id(&portal, QUAY_ID);
    carl.post(ASK, &[("receiver_id", &format!("  {} ", quay.to_lowercase()))]).status(303);
    assert_eq!(portal.sql::<i64>("select receiver from transfer", []), QUAY_ID);
    carl.post(ASK, &[("receiver_id", &quay)]).status(422).sees("is under way already");
    assert_eq!(portal.sql_count("transfer"), 1);
}

/// PAR-4: the nearest common ancestor validates, or the receiver where that is one of the two; it gets a letter, and nobody else can. So nobody
/// is given what they did not agree to, a partner above by one beneath it no more than any other.
#[test]
fn the_nearest_common_ancestor_validates_or_the_receiver() {
    let portal = estate();
    let sisters = ask(&portal, CARL, QUAY_ID);
    portal.letter_to(ADA.email);
    for (member, status) in [(MALLORY, 200), (QUINN, 200), (ADA, 200)] {
        portal.sign_in(member).get(&at(sisters)).status(status);
    }
    for member in [MALLORY, QUINN] {
        let mut visit = portal.sign_in(member);
        visit.visit(&at(sisters)).is_not_offered("Validate");
        visit.post(&format!("{}/validation", at(sisters)), &[]).status(303).follow().sees("is not yours to validate");
    }
    validate(&portal, ADA, sisters);

    let portal = estate();
    let down = ask(&portal, OLU, TIDEWATER_ID);
    portal.letter_to(PIA.email);
    portal.sign_in(ADA).visit(&at(down)).is_not_offered("Validate").is_offered("Withdraw");
    portal.sign_in(QUINN).get(&at(down)).status(404);
    validate(&portal, MALLORY, down);

    let portal = estate();
    let up = ask(&portal, CARL, 1);
    portal.sign_in(PIA).visit(&at(up)).is_not_offered("Validate").is_offered("Withdraw");
    portal.sign_in(PIA).post(&format!("{}/validation", at(up)), &[]).status(303).follow().sees("is not yours to validate");
    assert_eq!(state(&portal, up), "waiting");
    validate(&portal, ADA, up);
}

/// PAR-4, ALL-1, EMP-4: only both sides and the validator find a transfer, and of them nobody whom access groups limit.
#[test]
fn a_transfer_is_found_by_those_concerned_alone() {
    let portal = estate();
    let transfer = ask(&portal, OLU, TIDEWATER_ID);
    let mut quinn = portal.sign_in(QUINN);
    quinn.visit("/transfers").does_not_see(ALDERINE.word);
    for step in ["", "/validation", "/refusal", "/withdrawal"] {
        let path = format!("{}{step}", at(transfer));
        let answer = if step.is_empty() { quinn.get(&path) } else { quinn.post(&path, &[]) };
        answer.status(404);
    }
    for member in [TESS, BEA, SID, OLU] {
        portal.sign_in(member).get("/transfers").status(404);
    }
    portal.sign_in(ABE).get(&at(transfer)).status(200);
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    portal.sign_in(ABE).get(&at(transfer)).status(404);
    portal.sign_in(ABE).get("/transfers").status(404);
    assert_eq!(state(&portal, transfer), "waiting");
}

/// PAR-4: what nobody validates can be validated until the sixtieth day is over, and not a millisecond longer, whether or not a job ran.
#[test]
fn an_unvalidated_request_lapses_after_sixty_days() {
    for (span, lapsed) in [(Span(Span::days(60).0 - 1), false), (Span::days(60), true)] {
        let portal = estate();
        let transfer = ask(&portal, CARL, QUAY_ID);
        portal.wait(span);
        let mut ada = portal.sign_in(ADA);
        if lapsed {
            ada.visit(&at(transfer)).sees("Lapsed").is_not_offered("Validate");
            ada.post(&format!("{}/validation", at(transfer)), &[]).status(303).follow().sees("is over: lapsed");
            portal.run_jobs();
            assert_eq!(state(&portal, transfer), "lapsed");
            assert!(portal.sql_count("activity where sentence like '%lapse: not validated within 60 days'") > 0);
            ask(&portal, CARL, QUAY_ID);
        } else {
            portal.run_jobs();
            validate(&portal, ADA, transfer);
        }
    }
}

/// PAR-4: it is carried out at the first moment of the next month, not before, and once.
#[test]
fn it_is_carried_out_on_the_first_day_of_the_next_month() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    assert_eq!(portal.sql::<i64>("select due_at from transfer", []), cut_off().0);
    wait_until(&portal, cut_off() - Span(1));
    portal.run_jobs();
    assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), ("validated", TIDEWATER_ID));
    portal.wait(Span(1));
    portal.run_jobs();
    assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), ("done", QUAY_ID));
    let events = portal.sql_count("activity where kind like 'organization.%ed' and organization = 20000001");
    portal.run_jobs();
    assert_eq!(portal.sql_count("activity where kind like 'organization.%ed' and organization = 20000001"), events);

    // Validated at the last moment of a month, it is due a moment later; at the first, a month later.
    for (moment, due) in [("2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z"), ("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")] {
        let portal = estate();
        wait_until(&portal, Timestamp::from_rfc3339(moment).expect("a moment") - Span(1));
        let transfer = ask(&portal, CARL, QUAY_ID);
        portal.wait(Span(1));
        validate(&portal, ADA, transfer);
        let expected = Timestamp::from_rfc3339(due).expect("a moment");
        assert_eq!(portal.sql::<i64>("select due_at from transfer", []), expected.0, "validated at {moment}");
    }
}

/// PAR-4: either side withdraws until the cut-off date, and not at it; the validator alone cannot.
#[test]
fn either_side_withdraws_until_the_cut_off_date() {
    for member in [MALLORY, QUINN] {
        let portal = estate();
        let transfer = ask(&portal, CARL, QUAY_ID);
        validate(&portal, ADA, transfer);
        let path = format!("{}/withdrawal", at(transfer));
        portal.sign_in(ADA).post(&path, WHY).status(303).follow().sees("Only the two sides withdraw");
        wait_until(&portal, cut_off() - Span(1));
        portal
            .sign_in(member)
            .visit(&at(transfer))
            .press("Withdraw")
            .sees("nothing moves")
            .fill("Reason", "No")
            .press("Yes, Continue")
            .sees("Withdrew the transfer of Cedar Clinic");
        portal.wait(Span(1));
        portal.run_jobs();
        assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), ("withdrawn", TIDEWATER_ID));
        ask(&portal, CARL, QUAY_ID);
    }
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    wait_until(&portal, cut_off());
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(&at(transfer)).is_not_offered("Withdraw");
    mallory.post(&format!("{}/withdrawal", at(transfer)), WHY).status(303).follow().sees("The cut-off date of the transfer");
    portal.run_jobs();
    assert_eq!(state(&portal, transfer), "done");
}

/// PAR-4: the organization's own people take it back too; the validator may refuse.
#[test]
fn the_asker_withdraws_and_the_validator_refuses() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    portal
        .sign_in(CARL)
        .visit("/account")
        .press("Withdraw")
        .fill("Reason", "We stay after all")
        .press("Yes, Continue")
        .sees("Withdrew the transfer")
        .sees("We stay after all")
        .is_offered("Ask for transfer");
    assert_eq!(state(&portal, transfer), "withdrawn");
    portal.sign_in(CARL).post("/account/transfer/withdrawal", WHY).follow().sees("is over: withdrawn");
    let transfer = ask(&portal, CARL, QUAY_ID);
    portal
        .sign_in(ADA)
        .visit(&at(transfer))
        .press("Refuse")
        .fill("Reason", "Not ours")
        .press("Yes, Continue")
        .sees("Refused the transfer of Cedar Clinic");
    assert_eq!(state(&portal, transfer), "refused");
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!(holder_of(&portal, CEDARINE), TIDEWATER_ID);
}

/// PAR-4: names that the receiver has already are refused at validation.
#[test]
fn a_name_or_e_mail_that_the_receiver_has_is_refused_at_validation() {
    for (column, key, sentence) in [
        ("name", "name_key", "has an organization of this name already"),
        ("contact_email", "contact_email_key", "has an organization with the same contact e-mail already"),
    ] {
        let portal = estate();
        let transfer = ask(&portal, CARL, QUAY_ID);
        let taken: (String, String) = portal
            .connection()
            .query_row(&format!("select {column}, {key} from organization where id = ?1"), [CEDAR_ID], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("Cedar Clinic's");
        portal.execute(&format!("update organization set {column} = ?1, {key} = ?2 where id = ?3"), (&taken.0, &taken.1, DOGWOOD_ID));
        let mut ada = portal.sign_in(ADA);
        ada.visit(&at(transfer)).sees(sentence).is_not_offered("Validate").is_offered("Refuse");
        ada.post(&format!("{}/validation", at(transfer)), &[]).status(303).follow().sees(sentence);
        assert_eq!(state(&portal, transfer), "waiting");
        portal.execute(&format!("update organization set {column} = 'free', {key} = 'free' where id = ?1"), [DOGWOOD_ID]);
        validate(&portal, ADA, transfer);
    }
}

/// PAR-4, ORG-4: from validation on the receiver keeps the names free, until the transfer ends.
#[test]
fn names_are_reserved_at_the_receiver_from_validation_on() {
    let portal = estate();
    let name: String = portal.sql("select name from organization where id = ?1", [CEDAR_ID]);
    let email: String = portal.sql("select contact_email from organization where id = ?1", [CEDAR_ID]);
    let transfer = ask(&portal, CARL, QUAY_ID);
    let own = public_id(&portal, QUAY_ID);
    let fields = |name: &str, email: &str| {
        vec![
            ("first_name", "Una".to_owned()),
            ("last_name", "Elm".to_owned()),
            ("email", email.to_owned()),
            ("country", "NO".to_owned()),
            ("partner", own.clone()),
            ("plan", "backup".to_owned()),
            ("auto_license", "on".to_owned()),
            ("name", name.to_owned()),
        ]
    };
    let create = |visit: &mut Visit, name: &str, email: &str, status: u16| {
        let fields = fields(name, email);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visit.post("/organizations/new-organization", &fields).status(status);
    };
    let mut quinn = portal.sign_in(QUINN);
    validate(&portal, ADA, transfer);
    quinn.post("/organizations", &[("name", &name.to_uppercase())]).status(422).sees("There is already an organization named");
    create(&mut quinn, &name, "una@elm.example", 422);
    create(&mut quinn, "Elm Garage", &email, 422);
    create(&mut quinn, "Elm Garage", "una@elm.example", 303);
    let page = format!("/organizations/{DOGWOOD_ID}");
    quinn.visit(&page).fill("Organization name", &name).press("Save Changes").status(422);
    quinn.visit(&page).fill("Contact e-mail", &email).press("Save Changes").status(422);
    portal.sign_in(MALLORY).visit(&format!("/organizations/{CEDAR_ID}")).press("Save Changes").status(200);
    portal.sign_in(QUINN).post(&format!("{}/withdrawal", at(transfer)), WHY).status(303);
    quinn.post("/organizations", &[("name", &name)]).status(303);
}

/// PAR-6: a receiver that holds one of the vendor's ids is a refusal at validation; one that came in between ends the transfer.
#[test]
fn a_vendor_id_that_the_receiver_holds_stops_it() {
    let sentence = "holds a SaaS account with the same customer id already";
    let take = |portal: &Portal| {
        portal.execute(
            "update saas_account set vendor_id = (select vendor_id from saas_account where id = ?1) where id = ?2",
            (CEDARINE.linked(), DOGWOODINE.unlinked()),
        );
    };
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    take(&portal);
    portal.sign_in(ADA).post(&format!("{}/validation", at(transfer)), &[]).follow().sees(sentence);
    assert_eq!(state(&portal, transfer), "waiting");

    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    take(&portal);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), ("refused", TIDEWATER_ID));
    portal.sign_in(MALLORY).visit(&at(transfer)).sees(sentence);
    assert!(portal.letter_to(QUINN.email).contains(sentence));
}

/// PAR-6, SAS-4: organization, users and subscription belong to the new partner; SaaS accounts arrive unlinked, with their seats; groups,
/// keys and letters stay behind. The old partner sees nothing but its log.
#[test]
fn everything_that_goes_belongs_to_the_new_partner() {
    let portal = estate();
    portal.execute("update subscription set plan = 'backup', auto_license = 0, seats = 9 where organization = ?1", [CEDAR_ID]);
    let users = portal.sql_count(&format!("organization_user where organization = {CEDAR_ID}"));
    cedar_to_quay(&portal);

    for table in ["organization", "subscription"] {
        let key = if table == "organization" { "id" } else { "organization" };
        assert_eq!(portal.sql::<i64>(&format!("select partner from {table} where {key} = ?1"), [CEDAR_ID]), QUAY_ID, "{table}");
    }
    for table in ["organization_user", "account"] {
        assert_eq!(portal.sql_count(&format!("{table} where organization = {CEDAR_ID} and partner = {QUAY_ID}")), users, "{table}");
    }
    assert_eq!(portal.sql_count(&format!("identity where partner = {TIDEWATER_ID} and email = '{}'", CARL.email)), 0);
    assert_eq!(portal.sql_count(&format!("access_group_organization where organization = {CEDAR_ID}")), 0);
    assert_eq!(portal.sql_count(&format!("api_key where organization = {CEDAR_ID}")), 0);
    assert_eq!(portal.sql_count(&format!("letter where organization = {CEDAR_ID} and partner = {TIDEWATER_ID}")), 0);

    let account = CEDARINE.linked();
    assert_eq!(portal.sql_count(&format!("saas_account where id = {account} and partner = {QUAY_ID} and organization is null")), 1);
    assert_eq!(portal.sql_count(&format!("seat where saas_account = {account} and partner = {QUAY_ID}")), 1);
    let mut quinn = portal.sign_in(QUINN);
    quinn.visit("/status/saas/unmapped").sees("Cedarine Mail").sees("Received by transfer from Tidewater IT");
    quinn.visit("/organizations?q=cedar").sees("Cedar Clinic");
    quinn
        .visit(&format!("/organizations/{CEDAR_ID}"))
        .sees("9 bought")
        .sees("Carl Dietz")
        .sees("received Cedar Clinic Cedarine from Tidewater IT");
    quinn.does_not_see("created Cedarine");
    quinn.visit("/search?q=carl").sees("Carl Dietz");
    quinn.visit(&format!("/saas/{account}")).sees("Cedarine Seat");

    let mut mallory = portal.sign_in(MALLORY);
    for path in [format!("/organizations/{CEDAR_ID}"), format!("/saas/{account}")] {
        mallory.get(&path).status(404);
    }
    mallory.visit("/organizations").does_not_see("Cedar Clinic");
    mallory.visit("/search?q=cedarine").does_not_see("Cedarine Mail").does_not_see("Carl Dietz");
    mallory.visit("/status/saas").does_not_see("Cedarine Mail");
    mallory.visit("/activity").sees("transferred Cedar Clinic Cedarine to Quay Systems");
    portal.sign_in(ADA).visit("/organizations?q=cedar").sees("Cedar Clinic");
    assert_eq!(counts(&portal), counted_anew(&portal), "the tabs' counts");
    for (left, right) in [("saas_listing", "saas_listed"), ("saas_listed", "saas_listing")] {
        let beyond =
            format!("(select viewer, saas_account, unlinked from {left} except select viewer, saas_account, unlinked from {right})");
        assert_eq!(portal.sql_count(&beyond), 0, "{left} beyond {right}");
    }
    let users = "(select viewer, users from organization_user_count where users <> 0 except
                  select viewer, sum(users) from organization_listing group by viewer)";
    assert_eq!(portal.sql_count(users), 0, "the counts of users");
}

fn counts(portal: &Portal) -> Vec<(i64, String, i64)> {
    rows(portal, "select viewer, state, count from organization_count where count <> 0 order by 1, 2")
}

fn counted_anew(portal: &Portal) -> Vec<(i64, String, i64)> {
    rows(
        portal,
        "select p.ancestor, s.state, count(*) from organization o join subscription s on s.organization = o.id
           join partner_ancestor p on p.partner = o.partner group by 1, 2 order by 1, 2",
    )
}

fn rows(portal: &Portal, sql: &str) -> Vec<(i64, String, i64)> {
    let connection = portal.connection();
    let mut statement = connection.prepare(sql).expect("a statement");
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
    found.map(|row| row.expect("a row")).collect()
}

/// PAR-6: who has no other account at the old partner keeps what they sign in with; their open sessions have ended.
#[test]
fn a_user_keeps_what_they_sign_in_with() {
    let portal = estate();
    let mut carl = portal.sign_in(CARL);
    cedar_to_quay(&portal);
    carl.get("/account").status(303);
    let mut carl = portal.guest();
    carl.visit("/sign-in").fill("E-mail", CARL.email).fill("Password", PASSWORD).press("Sign in");
    carl.visit("/account").sees("Carl Dietz").sees(QUAY).does_not_see(TIDEWATER);
}

/// PAR-6, ORG-10: an organization with custom branding on is seen in the look of the partner it went to, and no more in that of the one it left.
#[test]
fn a_transferred_organization_is_seen_in_its_new_partners_look() {
    let portal = estate();
    for (partner, title) in [(TIDEWATER_ID, "Tidewater Care"), (QUAY_ID, "Quay Care")] {
        portal.execute(
            "insert into branding (partner, stage, devices_named, portal_kind, portal_value, clients_kind, clients_value, title, clients_sheet)
             values (?1, 'live', 'hostname', 'none', '', 'none', '', ?2, 'look.css')",
            (partner, title),
        );
    }
    portal.execute("update organization set custom_branding = 1 where id = ?1", [CEDARINE.organization]);
    portal.sign_in(CARL).visit("/").sees("Tidewater Care");
    cedar_to_quay(&portal);
    let mut carl = portal.guest();
    carl.visit("/sign-in").fill("E-mail", CARL.email).fill("Password", PASSWORD).press("Sign in");
    carl.visit("/").sees("Quay Care").does_not_see("Tidewater Care");
}

/// PAR-6, ACC-11: who has another account at the old partner, or is known to the new one, is invited anew there; the other account stays.
#[test]
fn who_is_needed_here_or_known_there_is_invited_anew() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    let identity: i64 = portal.sql("select identity from account where id = ?1", [CARL.account]);
    portal.execute(
        "insert into account (id, partner, identity, first_name, last_name, name_key, state, since, set_up_at, created_at, tags, search)
         select 7, partner, identity, first_name, last_name, name_key, 'active', since, since, created_at, tags, search from account where id = ?1",
        [CARL.account],
    );
    portal.execute("insert into employee (account, partner, role, bcdr, endpoint_backup) values (7, 2, 'tech', 'none', 'none')", []);
    validate(&portal, ADA, transfer);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!(portal.sql::<i64>("select partner from identity where id = ?1", [identity]), TIDEWATER_ID, "stays with the other account");
    assert_eq!(portal.sql::<String>("select state from account where id = ?1", [CARL.account]), "invited");
    let link = portal.link_for(CARL.email);
    portal.guest().visit(&link).sees("Cedar Clinic");

    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    portal.execute(
        "insert into identity (id, partner, email, email_key, password_hash, created_at) values (8, 3, ?1, ?1, 'x', 0)",
        [CARL.email],
    );
    validate(&portal, ADA, transfer);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!(portal.sql::<i64>("select identity from account where id = ?1", [CARL.account]), 8);
    assert_eq!(
        portal.sql_count(&format!("identity where partner = {TIDEWATER_ID} and email = '{}'", CARL.email)),
        0,
        "nothing is left of it"
    );
    assert!(portal.letter_to(CARL.email).contains("Sign in with the password you have"));
}

/// PAR-6: who could not sign in cannot afterwards either.
#[test]
fn a_deactivated_user_stays_so() {
    let portal = estate();
    portal.execute("update account set state = 'deactivated' where id = ?1", [CEDARINE.invited()]);
    portal.execute(
        "insert into identity (id, partner, email, email_key, created_at) select 8, 3, i.email, i.email_key, 0 from identity i
          join account a on a.identity = i.id where a.id = ?1",
        [CEDARINE.invited()],
    );
    cedar_to_quay(&portal);
    let now: (i64, String) = portal
        .connection()
        .query_row("select identity, state from account where id = ?1", [CEDARINE.invited()], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("the account");
    assert_eq!(now, (8, "deactivated".to_owned()));
}

/// PAR-6, SUB-3: state and countdown go on.
#[test]
fn state_and_countdown_go_on() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    let since = portal.now();
    portal.execute("update subscription set state = 'unsubscribed', since = ?2 where organization = ?1", (CEDAR_ID, since));
    portal.execute("update organization_listing set state = 'unsubscribed' where organization = ?1", [CEDAR_ID]);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!(state(&portal, transfer), "done");
    assert_eq!(portal.sql::<i64>("select since from subscription where state = 'unsubscribed' and organization = ?1", [CEDAR_ID]), since.0);
    portal.sign_in(QUINN).visit("/organizations?tab=unsubscribed").sees("Cedar Clinic");
    assert_eq!(counts(&portal), counted_anew(&portal));
}

/// SUB-3, SUB-12: an organization whose 45 days end by the cut-off date ends where it is; one whose days end later goes, and ends at the
/// new partner, also when both fell due while nothing ran.
#[test]
fn what_ends_by_the_cut_off_date_ends_at_the_old_partner() {
    let moment = |text: &str| Timestamp::from_rfc3339(text).expect("a moment");
    // Forty-five days after the eighteenth of December it is February.
    for (late, holder, outcome) in [(Span(0), TIDEWATER_ID, "refused"), (Span(1), QUAY_ID, "done")] {
        let portal = estate();
        wait_until(&portal, moment("2026-12-17T00:00:00Z"));
        let transfer = ask(&portal, CARL, QUAY_ID);
        wait_until(&portal, moment("2026-12-18T00:00:00Z") + late);
        portal.sign_in(MALLORY).post(&format!("/organizations/{CEDAR_ID}/unsubscription"), &[]).status(303);
        wait_until(&portal, moment("2027-01-10T00:00:00Z"));
        validate(&portal, ADA, transfer);
        wait_until(&portal, moment("2027-02-04T00:00:00Z"));
        portal.run_jobs();
        assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), (outcome, holder));
        assert_eq!(portal.sql::<String>("select state from subscription where organization = ?1", [CEDAR_ID]), "deleted");
        assert_eq!(counts(&portal), counted_anew(&portal));
    }
}

/// PAR-6, SUB-9: the months before the cut-off date are billed by the old partner, the others by the new one; also when it is late.
#[test]
fn each_month_is_billed_by_the_partner_of_that_month() {
    for late in [Span(0), Span::days(40)] {
        let portal = estate();
        let plan = format!("/organizations/{CEDAR_ID}/plan");
        portal.sign_in(MALLORY).visit(&plan).fill("Plan", "Backup").tick("Auto License").press("Save plan").status(200);
        let transfer = ask(&portal, CARL, QUAY_ID);
        validate(&portal, ADA, transfer);
        wait_until(&portal, cut_off() + late);
        portal.run_jobs();
        assert_eq!(state(&portal, transfer), "done");
        let lines = rows(
            &portal,
            "select u.month - 24322, p.name, u.used from usage_month u join partner p on p.id = u.partner where u.organization = 20000001 order by 1",
        );
        let november = (0, TIDEWATER.to_owned(), 1);
        let expected = if late == Span(0) { vec![november] } else { vec![november, (1, QUAY.to_owned(), 0)] };
        assert_eq!(lines, expected);
        assert_eq!(portal.sql::<i64>("select partner from organization_usage where organization = ?1", [CEDAR_ID]), QUAY_ID);
    }
}

/// HOM-1: Home names what is one's own to validate, and nothing else of transfers.
#[test]
fn home_names_the_transfers_to_validate() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    for member in [ADA, SAM, ABE] {
        portal.sign_in(member).visit("/").sees("from Tidewater IT to Quay Systems").is_offered("Validate Cedar Clinic Cedarine");
    }
    for member in [TESS, MALLORY, QUINN] {
        portal.sign_in(member).visit("/").does_not_see("from Tidewater IT to Quay Systems");
    }
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    portal.sign_in(ABE).visit("/").does_not_see("from Tidewater IT to Quay Systems");
    validate(&portal, ADA, transfer);
    portal.sign_in(ADA).visit("/").does_not_see("from Tidewater IT to Quay Systems");
}

/// PAR-5: whose right was taken away is told whom to ask, and the partner above enters the transfer itself.
#[test]
fn a_revoked_right_leaves_it_to_the_partner_above() {
    let portal = estate();
    let mut ada = portal.sign_in(ADA);
    portal.execute("update partner set may_transfer = 0 where id = ?1", [TIDEWATER_ID]);
    make_owner(&portal, CARL);
    let quay = public_id(&portal, QUAY_ID);
    for page in ["/account", ASK] {
        portal.sign_in(CARL).visit(page).sees("Contact the partner above").is_not_offered("Ask for transfer");
    }
    portal.sign_in(CARL).post(ASK, &[("receiver_id", &quay)]).status(422).sees("Contact the partner above");
    let account = format!("/saas/{}", CEDARINE.linked());
    portal.sign_in(MALLORY).post(&format!("{account}/transfer"), &[("receiver_id", &quay)]).status(422).sees("Contact the partner above");
    assert_eq!(portal.sql_count("transfer"), 0);

    ada.visit(&format!("/organizations/{CEDAR_ID}")).press("Transfer").fill("Partner ID", &quay).press("Ask for transfer");
    ada.sees("Validated. Cedar Clinic Cedarine is transferred on 1 Dec 2026");
    let transfer: i64 = portal.sql("select id from transfer", []);
    portal.sign_in(MALLORY).visit(&at(transfer)).sees("Cedar Clinic");
    assert_eq!(state(&portal, transfer), "validated", "whose it is to validate does so in the same step");
    assert_eq!(portal.sql_count(&format!("letter where to_email = '{}' and subject like '%waits for you'", ADA.email)), 0);

    portal.sign_in(MALLORY).post(&format!("{}/withdrawal", at(transfer)), WHY).status(303);
    // Nor for what is beneath whose right was taken away.
    portal.execute("update partner set may_transfer = (id <> 1)", []);
    portal.sign_in(CARL).post(ASK, &[("receiver_id", &quay)]).status(422).sees("Contact the partner above");
    let path = format!("/organizations/{CEDAR_ID}/transfer");
    portal.sign_in(ADA).post(&path, &[("receiver_id", &quay)]).status(422).sees("Contact the partner above");
    portal.execute("update partner set may_transfer = 1", []);
    ask(&portal, CARL, QUAY_ID);
}

/// PAR-5, PAR-4: what a partner above enters is validated in the same step where that is its own to do; names that are taken are refused there,
/// and nothing is entered. What somebody else validates waits.
#[test]
fn what_a_partner_above_enters_is_validated_at_once_or_refused() {
    let portal = estate();
    let mut ada = portal.sign_in(ADA);
    let path = format!("/organizations/{CEDAR_ID}/transfer");
    let quay = public_id(&portal, QUAY_ID);
    portal.execute(
        "update organization set name_key = (select name_key from organization where id = ?1) where id = ?2",
        [CEDAR_ID, DOGWOOD_ID],
    );
    ada.post(&path, &[("receiver_id", &quay)]).status(422).sees("has an organization of this name already");
    assert_eq!(portal.sql_count("transfer"), 0);
    portal.execute("update organization set name_key = 'free' where id = ?1", [DOGWOOD_ID]);
    ada.visit(&path).sees("you validate it in the same step");
    ada.post(&path, &[("receiver_id", &public_id(&portal, 1))]).status(303).follow().sees("Validated.");
    let own: i64 = portal.sql("select id from transfer", []);
    assert_eq!(state(&portal, own), "validated");
    ada.post(&format!("{}/withdrawal", at(own)), WHY).status(303);
    ada.post(&path, &[("receiver_id", "P-00000000")]).status(303).follow().sees("waiting to be validated");
    assert_eq!(portal.sql_count("transfer where state = 'waiting'"), 1);
}

/// PAR-3: of its own organizations a partner enters no transfer: their people ask.
#[test]
fn a_partner_enters_no_transfer_of_its_own_organizations() {
    let portal = estate();
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(&format!("/organizations/{CEDAR_ID}")).is_not_offered("Transfer Cedar Clinic Cedarine");
    let path = format!("/organizations/{CEDAR_ID}/transfer");
    mallory.post(&path, &[("receiver_id", &public_id(&portal, QUAY_ID))]).status(422).sees("The Owner or a full administrator");
    assert_eq!(portal.sql_count("transfer"), 0);
}

/// PAR-7: a single SaaS account goes in the same way, and its organization stays.
#[test]
fn a_single_account_is_transferred_and_its_organization_stays() {
    let portal = estate();
    let account = CEDARINE.linked();
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(&format!("/saas/{account}")).press("Transfer").sees("It arrives linked to no organization");
    mallory
        .fill("Partner ID", &public_id(&portal, QUAY_ID))
        .press("Ask for transfer")
        .sees("The transfer is asked for, and waiting to be validated.");
    let transfer: i64 = portal.sql("select id from transfer", []);
    validate(&portal, ADA, transfer);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), ("done", TIDEWATER_ID));
    assert_eq!(portal.sql_count(&format!("seat where saas_account = {account} and partner = {QUAY_ID}")), 1);
    assert_eq!(portal.sql::<i64>("select services from organization_listing where viewer = 2 and organization = ?1", [CEDAR_ID]), 0);
    mallory.renew(MALLORY);
    mallory.get(&format!("/saas/{account}")).status(404);
    mallory.visit("/activity").sees("transferred Cedarine Mail to Quay Systems");
    portal.sign_in(QUINN).visit(&format!("/saas/{account}")).sees("Received by transfer from Tidewater IT");
    for member in [TESS, BEA, CARL] {
        portal.sign_in(member).get(&format!("/saas/{}/transfer", ALDERINE.linked())).status(404);
    }
}

/// PAR-6, PAR-7: an account goes with its organization, also when it was asked for by itself before; not the other way round.
#[test]
fn an_account_goes_with_its_organization() {
    let portal = estate();
    let path = format!("/saas/{}/transfer", CEDARINE.linked());
    let quay = public_id(&portal, QUAY_ID);
    portal.sign_in(MALLORY).post(&path, &[("receiver_id", &quay)]).status(303);
    let single: i64 = portal.sql("select id from transfer", []);
    portal.wait(Span::minutes(1));
    let whole = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, whole);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!((state(&portal, whole).as_str(), state(&portal, single).as_str()), ("done", "refused"));

    let portal = estate();
    ask(&portal, CARL, QUAY_ID);
    portal.sign_in(MALLORY).post(&path, &[("receiver_id", &quay)]).status(422).sees("this account goes with it");
}

/// SUB-12: after months switched off, what fell due is carried out once, in the order of its cut-off date, and logged with it.
#[test]
fn what_fell_due_while_switched_off_happens_once_and_in_order() {
    let portal = estate();
    let first = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, first);
    wait_until(&portal, cut_off() + Span::hours(1));
    let second = ask(&portal, OLU, TIDEWATER_ID);
    validate(&portal, PIA, second);
    portal.wait(Span::days(90));
    portal.run_jobs();
    portal.run_jobs();
    assert_eq!((state(&portal, first), state(&portal, second)), ("done".to_owned(), "done".to_owned()));
    let done = rows(&portal, "select seq, target_name, at from activity where kind = 'organization.transferred' order by seq");
    assert_eq!(done.len(), 2);
    assert!(done[0].1.starts_with("Cedar") && done[1].1.starts_with("Alder"), "{done:?}");
    assert_eq!(done[0].2, portal.now().0, "when it was done");
    let due: String = portal.sql("select changes from activity where kind = 'organization.transferred' order by seq limit 1", []);
    assert!(due.contains(&cut_off().iso()), "and when it was due: {due}");
}

/// PAR-6: an organization that was deleted meanwhile is not transferred, and both sides hear why.
#[test]
fn a_deleted_organization_is_not_transferred() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    let typed: String = portal.sql("select name from organization where id = ?1", [CEDAR_ID]);
    portal.sign_in(MALLORY).post(&format!("/organizations/{CEDAR_ID}/deletion"), &[("typed", &typed), ("backups", "keep")]).status(303);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!(state(&portal, transfer), "refused");
    portal.sign_in(QUINN).visit(&at(transfer)).sees("was deleted meanwhile");
}

/// ORG-8: a deleted organization is on its way nowhere: its name is free at the receiver, and nothing says who had asked.
#[test]
fn a_deleted_organization_ends_its_transfer_and_is_forgotten_there() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.post(&format!("/organizations/{CEDAR_ID}/deletion"), &[("typed", "Cedar Clinic Cedarine"), ("backups", "purge")]).status(303);
    assert_eq!(state(&portal, transfer), "refused");
    let kept = "select asked_by || coalesce(name_key, '') || coalesce(email_key, '') from transfer";
    assert_eq!(portal.sql::<String>(kept, []), "Somebody of the organization");
    portal.sign_in(QUINN).visit(&at(transfer)).sees("It was deleted meanwhile.").does_not_see(CARL.email);
}

/// PAR-3: of every Partner ID of the right form the same is said; what is none is refused at its field.
#[test]
fn what_is_no_partner_id_is_refused() {
    let portal = estate();
    make_owner(&portal, CARL);
    for wrong in ["hello", "P-1234567", "P-123456789", "P-1234567X", "=CMD"] {
        portal.sign_in(CARL).post(ASK, &[("receiver_id", wrong)]).status(422).sees("Enter the Partner ID of the new partner");
    }
    portal.sign_in(CARL).post(ASK, &[("receiver_id", " p-00000001 ")]).status(303);
    assert_eq!(portal.sql_count("transfer where state = 'waiting'"), 1);
}

/// PAR-4: each step says before what it will do; refusing and withdrawing take a reason, which the other side reads on the page and in a letter.
#[test]
fn each_step_is_confirmed_and_the_reason_reaches_the_other_side() {
    for (step, by, label, others) in [
        ("refusal", ADA, "Refuse", vec![PIA, QUINN]),
        ("withdrawal", PIA, "Withdraw", vec![QUINN]),
        ("withdrawal", QUINN, "Withdraw", vec![PIA]),
    ] {
        let portal = estate();
        let transfer = ask(&portal, CARL, QUAY_ID);
        if step == "withdrawal" {
            validate(&portal, ADA, transfer);
        }
        portal.execute("delete from letter", []);
        let mut visit = portal.sign_in(by);
        visit.visit(&at(transfer)).press(label).sees("stays with Tidewater IT: nothing moves").sees("It can be asked for again");
        visit.press("Yes, Continue").status(422).sees("Say why in a few words");
        assert_eq!(portal.sql_count("transfer where state in ('waiting', 'validated')"), 1);
        visit.fill("Reason", "The contract was not signed").press("Yes, Continue");
        for other in others {
            assert!(portal.letter_to(other.email).contains("The reason given: The contract was not signed"), "{}", other.email);
            portal.sign_in(other).visit(&at(transfer)).sees("The contract was not signed");
        }
        assert_eq!(portal.sql_count(&format!("letter where to_email = '{}'", by.email)), 0, "who did it knows");
        portal.sign_in(CARL).visit("/account").sees("The contract was not signed").is_offered("Ask for transfer");
    }
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&at(transfer))
        .press("Validate")
        .sees("goes from Tidewater IT to Quay Systems on 1 Dec 2026")
        .sees("are kept free at Quay Systems");
    assert_eq!(state(&portal, transfer), "waiting", "nothing happened yet");
    ada.press("Yes, Continue").sees("Validated.");
    // Of a step that is not theirs, everybody is told why.
    portal.sign_in(QUINN).visit(&format!("{}/refusal", at(transfer))).sees("is not yours to validate").is_not_offered("Yes, Continue");
}

/// NOT-1, PAR-4: the losing partner's admins hear when it is asked for, not only at validation, but for whoever asked and whom groups limit.
#[test]
fn the_losing_partners_admins_hear_of_the_request() {
    let portal = estate();
    ask(&portal, CARL, QUAY_ID);
    for member in [PIA, MALLORY] {
        let letter = portal.letter_to(member.email);
        assert!(letter.contains("asked for the transfer of Cedar Clinic Cedarine to the partner P-"), "{letter}");
        assert!(!letter.contains(QUAY), "the name is not told");
    }
    let portal = estate();
    let account = format!("/saas/{}/transfer", CEDARINE.linked());
    portal.execute("delete from letter", []);
    portal.sign_in(MALLORY).post(&account, &[("receiver_id", &public_id(&portal, QUAY_ID))]).status(303);
    assert_eq!(portal.sql_count(&format!("letter where to_email = '{}'", MALLORY.email)), 0, "who asked knows");
    assert_eq!(portal.sql_count(&format!("letter where to_email = '{}'", PIA.email)), 1);
    let portal = estate();
    portal.execute("delete from letter", []);
    portal.execute("update employee set limited = 1 where account = ?1", [MALLORY.account]);
    ask(&portal, CARL, QUAY_ID);
    assert_eq!(portal.sql_count(&format!("letter where to_email = '{}'", MALLORY.email)), 0);
    let portal = estate();
    portal.execute("delete from letter", []);
    portal.sign_in(MALLORY).visit("/notification-settings").untick("Transfer asked for").press("Save").sees("Saved.");
    ask(&portal, CARL, QUAY_ID);
    assert_eq!(portal.sql_count("letter where partner = 2"), 0);
    assert_eq!(portal.sql_count("activity where kind = 'transfer.asked' and partner = 2"), 1, "the event is there all the same");
}

/// NOT-1, PAR-6: the users hear from their new partner whose they are and where they sign in, unless it has that switched off.
#[test]
fn users_hear_who_looks_after_them_now() {
    for wanted in [true, false] {
        let portal = estate();
        if !wanted {
            portal.execute("insert into notification (partner, notice, wanted) values (?1, 'transferred', 0)", [QUAY_ID]);
        }
        cedar_to_quay(&portal);
        let told = portal.sql_count(&format!("letter where partner = {QUAY_ID} and to_email = '{}'", CARL.email));
        assert_eq!(told, i64::from(wanted));
        if wanted {
            let letter = portal.letter_to(CARL.email);
            assert!(letter.contains("is looked after by Quay Systems from now on, and no longer by Tidewater IT"), "{letter}");
            assert!(letter.contains("/p/quay/sign-in") && letter.contains(CARL.email), "{letter}");
        }
        let quinn = portal.letter_to(QUINN.email);
        assert!(quinn.contains("Cedar Clinic Cedarine came to you from Tidewater IT"), "{quinn}");
        assert!(quinn.contains(&format!("/organizations/{CEDAR_ID}")), "{quinn}");
        assert!(portal.letter_to(PIA.email).contains("went to Quay Systems, and is no longer yours"));
    }
}

/// PAR-4: a name that is taken at the cut-off date after all ends the transfer with the reason, and both sides hear it.
#[test]
fn a_name_that_is_taken_after_all_ends_it() {
    let portal = estate();
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    portal.execute(
        "update organization set name_key = (select name_key from organization where id = ?1) where id = ?2",
        [CEDAR_ID, DOGWOOD_ID],
    );
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!((state(&portal, transfer).as_str(), holder_of(&portal, CEDARINE)), ("refused", TIDEWATER_ID));
    for member in [PIA, QUINN] {
        assert!(portal.letter_to(member.email).contains("has an organization of this name already"), "{}", member.email);
    }
}

/// SUB-12, PAR-6: one that cannot be carried out is wholly taken back and ended with letters to both sides, and the next one has its turn.
#[test]
fn one_that_fails_keeps_no_other_from_its_turn() {
    let portal = estate();
    let first = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, first);
    portal.wait(Span::minutes(1));
    let second = ask(&portal, OLU, TIDEWATER_ID);
    validate(&portal, PIA, second);
    portal.execute(
        &format!("create trigger stuck before update of partner on subscription when new.organization = {CEDAR_ID} begin select raise(abort, 'stuck'); end"),
        [],
    );
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!((state(&portal, first).as_str(), state(&portal, second).as_str()), ("refused", "done"));
    assert_eq!(holder_of(&portal, CEDARINE), TIDEWATER_ID);
    assert_eq!(portal.sql_count(&format!("account where organization = {CEDAR_ID} and partner <> {TIDEWATER_ID}")), 0, "wholly taken back");
    for member in [PIA, QUINN] {
        let told = format!("letter where to_email = '{}' and text like '%It could not be carried out. The operator%'", member.email);
        assert_eq!(portal.sql_count(&told), 1, "{}", member.email);
    }
}

/// PAR-4: an import uses no name that is kept free: a row is refused, an account stays unlinked, and what was checked before is out of date.
#[test]
fn an_import_takes_no_name_that_is_kept_free() {
    let portal = estate();
    let name: String = portal.sql("select name from organization where id = ?1", [CEDAR_ID]);
    let email: String = portal.sql("select contact_email from organization where id = ?1", [CEDAR_ID]);
    let file = format!("name,contact_email\n{name},una@elm.example\nElm Garage,{email}\nElm Two,two@elm.example\n");
    let mut quinn = portal.sign_in(QUINN);
    let before = bring(&mut quinn, &file);
    let transfer = ask(&portal, CARL, QUAY_ID);
    validate(&portal, ADA, transfer);
    quinn.post(&format!("{before}/completion"), &[]).follow();
    assert_eq!(portal.sql_count(&format!("organization where partner = {QUAY_ID} and name = '{name}'")), 0, "{}", quinn.text());
    for refused in [format!("name\n{name}\n"), format!("name,contact_email\nElm Garage,{email}\n")] {
        let page = bring(&mut quinn, &refused);
        quinn.sees("is kept free for an organization that is on its way here by transfer");
        quinn.post(&format!("{page}/completion"), &[]).follow();
    }
    assert_eq!(portal.sql_count(&format!("organization where partner = {QUAY_ID} and name in ('{name}', 'Elm Garage')")), 0);
    let fine = bring(&mut quinn, "name,contact_email\nElm Two,two@elm.example\n");
    quinn.post(&format!("{fine}/completion"), &[]).follow();
    assert_eq!(portal.sql_count(&format!("organization where partner = {QUAY_ID} and name = 'Elm Two'")), 1);
    wait_until(&portal, cut_off());
    portal.run_jobs();
    assert_eq!(state(&portal, transfer), "done");
}

/// Brings organizations as a file; the import's page.
fn bring(visit: &mut Visit, file: &str) -> String {
    visit.upload("/imports", &[], &[("files", "organizations.csv", file.as_bytes())]).status(303);
    let page = visit.location().to_owned();
    visit.follow();
    page
}
