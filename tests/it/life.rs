//! The life of a subscription: suspended, unsubscribed, reactivated, over.

use portico::access::witness_model::{Clockwork, Manager, Operator};
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::queue::Queue;
use portico::kernel::time::{Span, Timestamp, Zone};
use portico::organizations::deletion_actions;
use portico::saas;
use portico::seats::actions as seats;
use portico::seats::model::{SeatState, SeatType};
use portico::subscriptions::life_model::{LETTERS_AT, Operation, Refusal, after, letter_due, next_letter};
use portico::subscriptions::life_store;
use portico::subscriptions::model::{State, WINDOW};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;
use crate::support::source::sources;

const ALDER_PAGE: &str = "/organizations/10000001";
const MILLISECOND: Span = Span(1);

/// What Alder Dental is stored as.
fn state(portal: &Portal) -> String {
    portal.sql("select state from subscription where organization = ?1", [ALDER_ID])
}

/// Takes a step by its form, as somebody does who has the dialog open.
fn take(visit: &mut Visit, operation: Operation) -> String {
    let path = format!("{ALDER_PAGE}/{}", operation.noun());
    visit.post(&path, &[("typed", ALDER), ("backups", "purge")]);
    assert_eq!(visit.response.status, 303, "{path}");
    visit.location().to_owned()
}

/// Harbor MSP with Alder Dental in a state, brought there through the portal.
fn in_state(state: State) -> (Portal, Visit) {
    let portal = Portal::firm();
    account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    match state {
        State::Active => {}
        State::Suspended => drop(take(&mut ada, Operation::Suspend)),
        State::Unsubscribed => drop(take(&mut ada, Operation::Unsubscribe)),
        State::Deleted => drop(take(&mut ada, Operation::Delete)),
    }
    (portal, ada)
}

/// SUB-13: the whole table, allowed and refused, by the forms themselves.
#[test]
fn every_state_allows_just_what_it_allows() {
    use Operation::{Delete, Reactivate, Suspend, Unsubscribe};
    let allowed = |state, operation| match (state, operation) {
        (State::Active, Suspend) => Some(State::Suspended),
        (State::Active | State::Suspended, Unsubscribe) => Some(State::Unsubscribed),
        (State::Suspended | State::Unsubscribed, Reactivate) => Some(State::Active),
        (State::Active | State::Suspended | State::Unsubscribed, Delete) => Some(State::Deleted),
        _ => None,
    };
    for before in State::ALL.iter().copied() {
        for operation in Operation::ALL.iter().copied() {
            let (portal, mut ada) = in_state(before);
            assert_eq!(state(&portal), before.word());
            let expected = allowed(before, operation);
            assert_eq!(after(before, operation).ok(), expected, "{before:?} {operation:?}");
            let changes = portal.sql_count("subscription_change");
            take(&mut ada, operation);
            assert_eq!(state(&portal), expected.unwrap_or(before).word(), "{before:?} {operation:?}");
            assert_eq!(portal.sql_count("subscription_change"), changes + i64::from(expected.is_some()), "{before:?} {operation:?}");
            let alert = ada.follow().text();
            let refusal = after(before, operation).err().map(|refusal| refusal.sentence(ALDER));
            assert!(refusal.is_none_or(|sentence| alert.contains(&sentence)), "{before:?} {operation:?}: {alert}");
        }
    }
    assert_eq!(after(State::Unsubscribed, Suspend), Err(Refusal::Unsubscribed));
}

/// SUB-13: the card offers what the state allows, and the dialog of anything else says why not.
#[test]
fn the_card_offers_just_what_the_state_allows() {
    for (state, offered) in [
        (State::Active, ["Suspend", "Unsubscribe"].as_slice()),
        (State::Suspended, &["Reactivate", "Unsubscribe"]),
        (State::Unsubscribed, &["Reactivate"]),
    ] {
        let (_, mut ada) = in_state(state);
        ada.visit(ALDER_PAGE);
        for operation in [Operation::Suspend, Operation::Unsubscribe, Operation::Reactivate] {
            let shown = operation.shown();
            let is_offered = ada.offers(shown);
            assert_eq!(is_offered, offered.contains(&shown), "{state:?} {shown}");
            ada.visit(&format!("{ALDER_PAGE}/{}", operation.noun()));
            assert_eq!(ada.offers("Yes, Continue"), is_offered, "{state:?} {shown}");
            ada.visit(ALDER_PAGE);
        }
    }
    let (_, mut ada) = in_state(State::Suspended);
    ada.visit(&format!("{ALDER_PAGE}/suspension")).sees("Alder Dental is suspended already");
    let (_, mut ada) = in_state(State::Deleted);
    ada.get(ALDER_PAGE).status(404);
    ada.get(&format!("{ALDER_PAGE}/reactivation")).status(404);
}

/// SUB-2, SUB-6: the dialog counts what it will do, the alert says what it did, and each step is an event and a kept change.
#[test]
fn suspending_says_what_it_does_and_does_it() {
    let portal = Portal::firm();
    account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
    let mut olu = portal.sign_in(OLU);
    let mut ada = portal.sign_in(ADA);
    ada.visit(ALDER_PAGE).open("Suspend");
    ada.sees("All backups stop: 1 SaaS account (3 protected seats)")
        .sees("2 users can no longer sign in to it, and 1 open session ends.")
        .sees("Billing goes on as it is (Backup)");
    ada.press("Yes, Continue");
    ada.sees("Suspended Alder Dental.").sees("Backups of 1 SaaS account (3 protected seats) have stopped").sees("1 open session ended");
    ada.sees("Nothing by itself: backups rest");
    assert_eq!(portal.last_activity(), "suspended Alder Dental");
    // SUB-2: at the very next click, and for good.
    olu.get("/").status(303);
    assert!(olu.location().starts_with("/sign-in"));
    assert_eq!(portal.sql_count(&format!("session where account = {}", OLU.account)), 0);
    let mut again = portal.guest();
    again.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in");
    again.status(422);
    portal.sign_in(ADA).visit("/status/saas").sees("Suspended");
    // SUB-4
    portal.wait(Span::hours(1));
    ada.visit(ALDER_PAGE).open("Reactivate");
    ada.sees("Backups resume: 1 SaaS account").press("Yes, Continue");
    ada.sees("Reactivated Alder Dental.");
    olu.get("/").status(303);
    let mut again = portal.guest();
    again.sign_in_by_hand(OLU);
    again.visit("/").status(200);
    let changes = portal.db().read(|db| life_store::changes(db, OrganizationId(ALDER_ID))).expect("changes");
    let steps: Vec<_> = changes.iter().map(|change| (change.was, change.became, change.at == change.done_at)).collect();
    assert_eq!(steps, [(State::Active, State::Suspended, true), (State::Suspended, State::Active, true)]);
    assert!(changes.iter().all(|change| change.actor == "Ada Lane (ada@harbor.example)"));
    let named: String = portal.sql("select kind from activity where seq = ?1", [changes[0].event]);
    assert_eq!(named, "subscription.suspended");
}

/// SUB-2, USR-7: the same credentials end with the state, and come back with it.
#[test]
fn super_administrators_are_none_while_it_is_suspended() {
    let (portal, mut ada) = in_state(State::Active);
    let administrators =
        |portal: &Portal| portal.db().read(|db| saas::store::super_administrators(db, OrganizationId(ALDER_ID))).expect("a list").len();
    assert_eq!(administrators(&portal), 1);
    take(&mut ada, Operation::Suspend);
    assert_eq!(administrators(&portal), 0);
    take(&mut ada, Operation::Reactivate);
    assert_eq!(administrators(&portal), 1);
}

/// SUB-2, SUB-3: seats are not protected meanwhile, whoever asks, and are again afterwards; pausing goes on.
#[test]
fn no_seat_is_protected_while_backups_rest() {
    for operation in [Operation::Suspend, Operation::Unsubscribe] {
        let portal = Portal::firm();
        let id = account(&portal, 7, "Alder Mail")
            .with_seats(&[(SeatType::User, SeatState::Unprotected, 1), (SeatType::User, SeatState::Active, 1)])
            .linked(&portal, ALDER_ID);
        let seat: i64 = portal.sql("select id from seat where state = 'Unprotected'", []);
        let seats = format!("/saas/{id}/seats");
        let fields = [("action", "License"), ("seat", &*seat.to_string())];
        let mut ada = portal.sign_in(ADA);
        take(&mut ada, operation);
        ada.post(&seats, &fields).status(303);
        ada.follow().sees("so its backups have stopped and no seat can be protected");
        assert_eq!(portal.sql_count("seat where state = 'Unprotected'"), 1);
        take(&mut ada, Operation::Reactivate);
        ada.post(&seats, &fields).status(303);
        assert_eq!(portal.sql_count("seat where state = 'Unprotected'"), 0);
    }
}

/// SUB-3: whoever reads the listing for what is not deleted says `not_over!`, so that nobody forgets the 45 days.
#[test]
fn no_read_forgets_the_end_of_the_45_days() {
    let mut asked = 0;
    for source in sources("src").iter().filter(|source| source.path != "kernel/db/sight.rs") {
        asked += usize::from(source.code.contains("not_over!("));
        let forgets = source.strings.iter().find(|text| text.contains("l.state <> 'deleted'"));
        assert!(forgets.is_none(), "{}: {forgets:?}", source.path);
    }
    assert!(4 < asked, "who asks was found: {asked}");
}

/// SUB-2, SEA-5: Auto-add protects nobody whom an import discovers meanwhile; afterwards it does.
#[test]
fn auto_add_protects_nobody_while_backups_rest() {
    for operation in [Operation::Suspend, Operation::Unsubscribe] {
        let portal = Portal::firm();
        let id = account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
        portal.execute("update saas_account set auto_add = 1", []);
        portal.execute("update subscription set auto_license = 1, seats = null where organization = ?1", [ALDER_ID]);
        let by = Manager::operator(&Operator::of_this_machine(), PartnerId(1));
        let newcomer = |name: &str| {
            portal.write(|tx| {
                let known = seats::known_to_auto_add(tx, &by, id)?;
                let mut list = account(&portal, 7, "Alder Mail").reported_seats();
                let mut new = list[0].clone();
                new.main_id = format!("{name}@aldermail.example");
                new.state = SeatState::Unprotected;
                new.remote_id = Some(name.to_owned());
                list.push(new);
                portico::seats::store::replace(tx, PartnerId(1), id, &list)?;
                seats::auto_add(tx, &by, id, &known)
            })
        };
        take(&mut portal.sign_in(ADA), operation);
        assert_eq!(newcomer("ann"), 0);
        take(&mut portal.sign_in(ADA), Operation::Reactivate);
        assert_eq!(newcomer("bob"), 1);
    }
}

/// SUB-3, SUB-4: one millisecond before the edge everything comes back; at the edge it is over, though no job ran.
#[test]
fn an_unsubscribed_organization_can_come_back_until_the_45_days_are_over() {
    let (portal, mut ada) = in_state(State::Unsubscribed);
    portal.wait(Span(WINDOW.0 - 1));
    ada.renew(ADA);
    ada.visit(ALDER_PAGE).is_offered("Reactivate");
    ada.visit("/organizations?tab=unsubscribed").sees(ALDER);
    ada.visit("/").sees("Unsubscribed").sees(ALDER);
    take(&mut ada, Operation::Reactivate);
    assert_eq!(state(&portal), "active");
    assert_eq!(portal.sql_count("seat where state = 'Active'"), 3, "everything is as it was");

    let (portal, mut ada) = in_state(State::Unsubscribed);
    portal.wait(WINDOW);
    ada.renew(ADA);
    assert_eq!(state(&portal), "unsubscribed", "no job ran");
    ada.get(ALDER_PAGE).status(404);
    ada.get(&format!("{ALDER_PAGE}/users")).status(404);
    ada.get(&format!("{ALDER_PAGE}/reactivation")).status(404);
    ada.post(&format!("{ALDER_PAGE}/services/link"), &[]).status(404);
    assert_eq!(take(&mut ada, Operation::Reactivate), "/organizations?tab=deleted");
    ada.follow().sees("Alder Dental is deleted for good");
    assert_eq!(state(&portal), "unsubscribed");
    ada.visit("/organizations?tab=unsubscribed").does_not_see(ALDER);
    ada.visit("/organizations?tab=deleted").sees("1 organization whose 45 days are over is being destroyed at this moment.");
    ada.visit("/search?q=alder+dent").does_not_see("User of Alder Dental");
    ada.visit("/").does_not_see("Unsubscribed");
}

/// SUB-3, SUB-12: destroyed once, as of the very moment, however late; with a receipt of what, when, and by whose request (SUB-11).
#[test]
fn at_the_end_of_the_window_everything_is_destroyed_and_a_receipt_is_kept() {
    let (portal, mut ada) = in_state(State::Unsubscribed);
    let begun = portal.now();
    portal.wait(Span(WINDOW.0 - 1));
    portal.run_jobs();
    assert_eq!(state(&portal), "unsubscribed", "not a millisecond too early");
    portal.wait(Span::days(7) + MILLISECOND);
    portal.run_jobs();
    let due = begun + WINDOW;
    assert_eq!(state(&portal), "deleted");
    assert_eq!(portal.sql::<i64>("select deleted_at from organization where id = ?1", [ALDER_ID]), due.0);
    assert_eq!(portal.sql_count("account where organization = 10000001"), 0);
    assert_eq!(portal.sql_count("backup_day"), 0);
    assert_eq!(portal.sql_count("seat where state = 'Unprotected'"), 3);
    let change: (i64, i64, String) = portal
        .connection()
        .query_row("select at, done_at, actor from subscription_change where became = 'deleted'", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .expect("a change");
    assert_eq!(change, (due.0, portal.now().0, "Portico".to_owned()));
    let sentence = portal.sql::<String>("select sentence from activity where kind = 'organization.deleted'", []);
    assert!(sentence.contains(&format!("whose 45 days ended on {}", Zone::utc().exact(due))), "{sentence}");
    ada.renew(ADA);
    ada.visit("/organizations?tab=deleted").open("Receipt of Alder Dental");
    ada.sees("Alder Mail").sees("Unsubscribed by Ada Lane (ada@harbor.example)").sees(&Zone::utc().exact(due));
    ada.sees("by Portico").sees("Seats whose backups are gone 3").sees("Days of history 10").sees("Users removed 3");
    // SUB-12: once.
    let events = portal.sql_count("activity");
    portal.run_jobs();
    assert_eq!(portal.sql_count("activity"), events);
    assert_eq!(portal.sql_count("receipt"), 1);
}

/// SUB-11, ORG-8: Delete under Subscriptions leaves a receipt as well; the trash can destroys nothing and leaves none.
#[test]
fn only_a_purge_leaves_a_receipt() {
    let (_, mut ada) = in_state(State::Deleted);
    ada.visit(&format!("/receipts/{ALDER_ID}")).sees("Delete, by Ada Lane").sees("Alder Mail");
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(&format!("{ALDER_PAGE}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(303);
    ada.get(&format!("/receipts/{ALDER_ID}")).status(404);
    ada.visit("/organizations?tab=deleted").sees(ALDER).is_not_offered("Receipt of Alder Dental");
}

/// SUB-12: in the order of their due times, once.
#[test]
fn what_fell_due_is_carried_out_in_the_order_of_its_due_time() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/organizations/10000002/unsubscription", &[]).status(303);
    portal.wait(Span::hours(1));
    ada.post(&format!("{ALDER_PAGE}/unsubscription"), &[]).status(303);
    portal.wait(Span::hours(1));
    ada.post("/organizations/20000001/unsubscription", &[]).status(303);
    portal.wait(Span(WINDOW.0 - Span::minutes(30).0));
    portal.run_jobs();
    let ended = || -> Vec<String> {
        let connection = portal.connection();
        let mut statement =
            connection.prepare("select target_name from activity where kind = 'organization.deleted' order by seq").expect("sql");
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("rows")
    };
    assert_eq!(ended(), [BIRCH, ALDER]);
    portal.wait(Span::days(7));
    portal.run_jobs();
    assert_eq!(ended(), [BIRCH, ALDER, CEDAR]);
    assert!(!portal.write(|tx| deletion_actions::delete_over(tx, &Clockwork::ticking(), &mut Queue::default())));
}

fn letters(portal: &Portal) -> Vec<(String, String)> {
    let connection = portal.connection();
    let mut statement = connection
        .prepare("select to_email, subject from letter where subject like '%left until%' order by created_at, to_email")
        .expect("sql");
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").collect::<Result<_, _>>().expect("rows")
}

/// SUB-11: 45, 14, 3 and 1 days left, to the users who had access and to whoever of the partner may bring it back; once each.
#[test]
fn letters_say_how_long_it_can_still_come_back() {
    let (portal, _) = in_state(State::Unsubscribed);
    let receivers = [ABE.email, ADA.email, FINN.email, OLU.email, SAM.email];
    for (passed, left) in [(0, "45 days"), (31, "14 days"), (42, "3 days"), (44, "1 day")] {
        portal.execute("delete from letter", []);
        let due = Timestamp(portal.sql::<i64>("select since from subscription where organization = ?1", [ALDER_ID])) + Span::days(passed);
        if portal.now() < due {
            portal.wait((due - MILLISECOND) - portal.now());
            portal.run_jobs();
            assert_eq!(letters(&portal), [], "a millisecond before {left}");
            portal.wait(MILLISECOND);
        }
        portal.run_jobs();
        let subject = format!("Harbor MSP: {left} left until the backups of Alder Dental are destroyed");
        assert_eq!(letters(&portal), receivers.map(|email| (email.to_owned(), subject.clone())));
        portal.run_jobs();
        assert_eq!(letters(&portal).len(), receivers.len(), "once");
    }
    assert_eq!(portal.sql_count("subscription where next_letter_at is not null"), 0);
}

/// SUB-11, SUB-12: after some time switched off only the most urgent one that is due; none when it came back, and none at the end.
#[test]
fn only_the_most_urgent_letter_is_written_after_a_while() {
    let (portal, mut ada) = in_state(State::Unsubscribed);
    portal.wait(Span::days(42) + Span::hours(20));
    portal.run_jobs();
    let subjects: Vec<String> = letters(&portal).into_iter().map(|(_, subject)| subject).collect();
    assert_eq!(subjects.len(), 5);
    assert!(subjects.iter().all(|subject| subject.contains("2 days left")), "{subjects:?}");
    ada.renew(ADA);
    take(&mut ada, Operation::Reactivate);
    portal.wait(Span::days(2));
    portal.run_jobs();
    assert_eq!(letters(&portal).len(), 5, "it came back");
    let (portal, _) = in_state(State::Unsubscribed);
    portal.wait(WINDOW);
    portal.run_jobs();
    assert_eq!(letters(&portal), []);
}

/// NOT-1: the organization's users are left out where the partner wants it so; its own people and the log hear of it all the same.
#[test]
fn users_are_not_written_to_where_notification_settings_say_so() {
    for (notice, passed) in [("unsubscribed", 0), ("grace_ending", 31)] {
        let portal = Portal::firm();
        portal.execute("insert into notification (partner, notice, wanted) values (1, ?1, 0)", [notice]);
        take(&mut portal.sign_in(ADA), Operation::Unsubscribe);
        if 0 < passed {
            portal.run_jobs();
            assert_eq!(letters(&portal).len(), 5, "the first is another one");
            portal.execute("delete from letter", []);
        }
        portal.wait(Span::days(passed));
        portal.run_jobs();
        let told: Vec<String> = letters(&portal).into_iter().map(|(email, _)| email).collect();
        assert_eq!(told, [ABE.email, ADA.email, SAM.email]);
        let sentence: String =
            portal.sql("select sentence from activity where kind = 'subscription.reminded' order by seq desc limit 1", []);
        assert!(sentence.starts_with("told 3 people that Alder Dental can come back"), "{sentence}");
    }
}

/// SUB-11: both sides of each threshold, to the millisecond.
#[test]
fn a_letter_is_due_from_its_very_moment_on() {
    let since = Timestamp(1_000_000);
    let end = since + WINDOW;
    for (place, days) in LETTERS_AT.into_iter().enumerate() {
        let moment = end - Span::days(days);
        assert_eq!(letter_due(since, moment), Some(days));
        let before = place.checked_sub(1).map(|before| LETTERS_AT[before]);
        assert_eq!(letter_due(since, moment - MILLISECOND), before);
        assert_eq!(next_letter(since, moment - MILLISECOND), Some(moment));
        assert_eq!(next_letter(since, moment), LETTERS_AT.get(place + 1).map(|next| end - Span::days(*next)));
    }
    assert_eq!(letter_due(since, end - MILLISECOND), Some(1));
    assert_eq!(letter_due(since, end), None);
}

/// EMP-4: who does not see the organization does not hear of it either.
#[test]
fn a_limited_admin_hears_of_their_own_organizations_only() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    take(&mut ada, Operation::Unsubscribe);
    portal.run_jobs();
    assert!(letters(&portal).iter().all(|(email, _)| email != ABE.email));
    assert!(letters(&portal).iter().any(|(email, _)| email == SAM.email));
}

/// SUB-3, ORG-5: the tab shows date and days left, and begins with what ends next.
#[test]
fn the_tab_unsubscribed_begins_with_what_ends_next() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/organizations/10000002/unsubscription", &[]).status(303);
    portal.wait(Span::days(3));
    take(&mut ada, Operation::Unsubscribe);
    let order = |visit: &mut Visit, path: &str| {
        let text = visit.visit(path).text();
        text.find(BIRCH).expect("Birch") < text.find(ALDER).expect("Alder")
    };
    let end = portal.now() - Span::days(3) + WINDOW;
    ada.visit("/organizations?tab=unsubscribed").sees(&Zone::utc().date(end)).sees("42 days left").sees("45 days left");
    assert!(order(&mut ada, "/organizations?tab=unsubscribed"), "Birch ends first");
    assert!(!order(&mut ada, "/organizations?tab=unsubscribed&sort=name"));
    assert!(!order(&mut ada, "/organizations?tab=unsubscribed&sort=-end"));
    ada.visit("/").sees("42 days left").sees("45 days left");
    let mut export = portal.sign_in(ADA);
    export.post("/organizations/export", &[("tab", "unsubscribed")]).status(200);
    assert!(export.body().lines().next().is_some_and(|line| line.trim_end().ends_with(",Ends")));
    assert!(export.body().contains(&end.iso()));
}

/// ORG-5, SUB-6: ticked rows are suspended together after a preview, each with its result; the same form again does nothing more (ALL-7).
#[test]
fn ticked_organizations_are_suspended_and_reactivated_together() {
    let portal = Portal::firm();
    account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    take(&mut portal.sign_in(ADA), Operation::Suspend);
    take(&mut portal.sign_in(ADA), Operation::Reactivate);
    ada.visit("/organizations").tick("Select Alder Dental").tick("Select Birch & Sons").tick("Select Cedar Clinic");
    // Somebody else was faster with one of them.
    portal.sign_in(ABE).post("/organizations/10000002/suspension", &[]).status(303);
    ada.press("Suspend");
    ada.sees("Suspend 2 organizations")
        .sees("Alder Dental: 1 SaaS account (3 protected seats), 2 users")
        .sees("Birch & Sons is suspended already");
    assert_eq!(portal.sql_count("subscription where state = 'suspended'"), 1, "nothing happened yet");
    let mut again = ada.clone();
    ada.press("Yes, Continue");
    ada.sees("Suspended 2 of 3 organizations; 1 stayed as before, each with its reason below.");
    ada.sees("Birch & Sons is suspended already").sees(ALDER).sees(CEDAR);
    assert_eq!(portal.sql_count("subscription where state = 'suspended'"), 3);
    let changes = portal.sql_count("subscription_change");
    again.press("Yes, Continue");
    again.sees("Suspended 2 of 3 organizations");
    assert_eq!(portal.sql_count("subscription_change"), changes, "once");
    portal.wait(Span::hours(1));
    ada.renew(ADA);
    ada.visit("/organizations?tab=suspended").tick("Select Alder Dental").tick("Select Birch & Sons").press("Reactivate");
    ada.press("Yes, Continue").sees("Reactivated 2 organizations.");
    assert_eq!(portal.sql_count("subscription where state = 'active'"), 3);
}

/// ALL-1: what is out of sight is named by nothing but the ID that was sent, and stays as it is.
#[test]
fn nobody_changes_in_bulk_what_they_do_not_see() {
    let portal = Portal::firm();
    let mut mallory = portal.sign_in(MALLORY);
    let fields = [("operation", "suspend"), ("organization", "10000001"), ("organization", "20000001")];
    mallory.post("/organizations/states/review", &fields).status(200).sees("There is no such organization.").does_not_see(ALDER);
    mallory.post("/organizations/states", &fields).status(303);
    mallory.follow().sees("Suspended 1 of 2 organizations").does_not_see(ALDER).sees(CEDAR);
    assert_eq!(state(&portal), "active");
    assert_eq!(portal.sql_count("subscription where state = 'suspended'"), 1);
    // Delete and Unsubscribe are nothing for many at once.
    for operation in ["delete", "unsubscribe", ""] {
        mallory.post("/organizations/states", &[("operation", operation), ("organization", "20000001")]).status(303);
        assert_eq!(portal.sql_count("subscription where state = 'suspended'"), 1, "{operation}");
    }
}

/// SUB-4, SUB-6: one organization that cannot be changed is named and left as it was, and keeps none of the others from it.
#[test]
fn one_that_fails_keeps_none_of_the_others_from_it() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let all = [("organization", "10000001"), ("organization", "10000002"), ("organization", "20000001")];
    let fields = |operation: &'static str| [&[("operation", operation)], &all[..]].concat();
    ada.post("/organizations/states", &fields("suspend")).status(303);
    portal.execute(
        "create trigger stuck before insert on subscription_change when new.organization = 10000002 begin select raise(abort, 'stuck'); end",
        [],
    );
    ada.post("/organizations/states", &fields("reactivate")).status(303);
    ada.follow().sees("Reactivated 2 of 3 organizations").sees("Birch & Sons could not be changed and was left as it was.");
    assert_eq!(portal.sql::<i64>("select organization from subscription where state = 'suspended'", []), BIRCH_ID);
    assert_eq!(portal.sql_count("organization_listing where organization = 10000002 and state <> 'suspended'"), 0, "wholly as it was");
    assert_eq!(portal.sql_count("letter where to_email = 'nia@birch.example'"), 0, "and nobody was told otherwise");
    portal.execute("drop trigger stuck", []);
    ada.post("/organizations/states", &fields("reactivate")).status(303);
    assert_eq!(portal.sql_count("subscription where state = 'suspended'"), 0);
}

/// SUB-5, SUB-11: what the dialogs say will be destroyed is what the receipt says was.
#[test]
fn dialog_and_receipt_count_the_same_seats() {
    for by_hand in [true, false] {
        let portal = Portal::firm();
        let seats =
            [(SeatType::User, SeatState::Active, 3), (SeatType::User, SeatState::Paused, 2), (SeatType::User, SeatState::Unprotected, 4)];
        account(&portal, 7, "Alder Mail").with_seats(&seats).linked(&portal, ALDER_ID);
        // Of one that was unprotected lately there still are.
        portal.execute(
            "update seat set data_until = ?1 where id = (select min(id) from seat where state = 'Unprotected')",
            [(portal.now() + Span::days(100)).0],
        );
        let mut ada = portal.sign_in(ADA);
        if by_hand {
            ada.visit(&format!("{ALDER_PAGE}/deletion?backups=purge")).sees("Backup data of 6 seats is purged");
            take(&mut ada, Operation::Delete);
        } else {
            ada.visit(&format!("{ALDER_PAGE}/unsubscription")).sees("as of now those of 6 seats").sees("(3 protected seats)");
            take(&mut ada, Operation::Unsubscribe);
            portal.wait(WINDOW);
            portal.run_jobs();
        }
        assert_eq!(portal.sql::<i64>("select sum(seats) from receipt_account", []), 6, "by hand: {by_hand}");
    }
}
