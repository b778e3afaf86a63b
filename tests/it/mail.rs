//! The rules of `mail`, one test a sentence.

use portico::kernel::time::{Span, Timestamp};
use portico::kernel::world::Transport;
use portico::mail::model::{DEAD_LINK, TRY_FOR, next_attempt};

use crate::support::people::*;
use crate::support::portal::Portal;

const IRA: &str = "ira@alder.example";

/// Abe adds Ira Moss to Alder Dental; the letter's id.
fn invite_ira(portal: &Portal) -> i64 {
    let fields = [
        ("first_name", "Ira"),
        ("last_name", "Moss"),
        ("email", IRA),
        ("country_code", ""),
        ("mobile_phone", ""),
        ("access", "full"),
        ("endpoint_access", "none"),
    ];
    portal.sign_in(ABE).post("/organizations/10000001/users/new", &fields).status(303);
    portal.sql("select id from letter where to_email = ?1", [IRA])
}

/// Abe's reset letter, as the job writes it; its id.
fn reset(portal: &Portal, member: Member) -> i64 {
    portal.execute(
        "insert into reset_request (email_key, slug, address, requested_at) values (?1, null, '127.0.0.1', ?2)",
        (member.email, portal.now().0),
    );
    portal.run_jobs();
    portal.sql("select id from letter where to_email = ?1 order by created_at desc limit 1", [member.email])
}

fn opening(letter: i64) -> String {
    format!("/outbox/{letter}/opening")
}

fn state(portal: &Portal, letter: i64) -> String {
    portal.sql("select state from letter where id = ?1", [letter])
}

/// MAI-1
#[test]
fn a_letter_is_in_the_outbox_at_once_and_is_held_by_default() {
    let portal = Portal::firm();
    let letter = invite_ira(&portal);
    let mut visit = portal.sign_in(ABE);
    visit.visit("/outbox").sees("Ira Moss").sees("Set up your account at Alder Dental").sees("Waiting").sees("Letters are held here.");
    portal.run_jobs();
    assert_eq!(state(&portal, letter), "held");
    visit.visit("/outbox").sees("Held here");
    visit.visit("/outbox?receiver=MOSS").sees("Ira Moss");
    visit.visit("/outbox?receiver=m_ss").sees("No letter fits");
    visit.visit("/outbox?state=failed").sees("No letter fits");
}

/// MAI-1, MAI-4
#[test]
fn in_a_folder_each_letter_is_a_whole_message_with_text_and_html() {
    let folder = tempfile::tempdir().expect("a folder");
    let portal = Portal::firm_by(Transport::Folder(folder.path().to_owned()));
    let letter = invite_ira(&portal);
    portal.run_jobs();
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("it lists").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(files, [format!("{letter}.eml").as_str()]);
    let path = folder.path().join(format!("{letter}.eml"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "MAI-3: a letter holds a secret");
    }
    let message = std::fs::read_to_string(path).expect("text");
    let flat = message.replace("=\r\n", "").replace("=3D", "=");
    assert!(message.contains("From: \"Harbor MSP\" <noreply@portico.example>"), "{message}");
    assert!(message.contains("To: \"Ira Moss\" <ira@alder.example>"), "{message}");
    assert!(message.contains("text/plain") && message.contains("text/html"), "{message}");
    assert!(flat.matches(&format!("http://portico.example{}", portal.link_for(IRA))).count() >= 2, "{flat}");
    assert_eq!(state(&portal, letter), "delivered");
}

/// MAI-2
#[test]
fn a_letter_that_cannot_be_delivered_is_tried_for_three_days_and_has_then_failed() {
    let portal = Portal::firm_with_failing_mail();
    let letter = invite_ira(&portal);
    portal.run_jobs();
    let tries = || portal.sql::<i64>("select attempts from letter", []);
    assert_eq!((state(&portal, letter).as_str(), tries()), ("queued", 1));
    portal.run_jobs();
    assert_eq!(tries(), 1, "not before the pause is over");
    portal.wait(Span::minutes(1)).run_jobs();
    assert_eq!(tries(), 2);
    portal.sign_in(ABE).visit("/outbox").sees("The way out for letters is closed.").sees("2 tries failed");
    portal.wait(Span(TRY_FOR.0 - Span::minutes(1).0 - 1)).run_jobs();
    assert_eq!(state(&portal, letter), "queued");
    portal.wait(Span(1)).run_jobs();
    assert_eq!(state(&portal, letter), "failed");
    portal.sign_in(ABE).visit("/").sees("Not delivered").sees("Letter to Ira Moss");
}

/// MAI-2
#[test]
fn the_pauses_grow_and_end_exactly_at_three_days() {
    let start = Timestamp(1_000);
    let pauses: Vec<i64> = (1..=7).filter_map(|failures| next_attempt(start, failures, start)).map(|at| (at - start).0 / 60_000).collect();
    assert_eq!(pauses, [1, 3, 9, 27, 81, 243, 480]);
    let end = start + TRY_FOR;
    assert_eq!(next_attempt(start, 9, end - Span(1)), Some(end));
    assert_eq!(next_attempt(start, 9, end), None);
}

/// MAI-3, LOG-1
#[test]
fn opening_shows_the_link_and_is_an_event_and_the_link_works() {
    let portal = Portal::firm();
    invite_ira(&portal);
    let mut visit = portal.sign_in(ABE);
    visit.visit("/outbox").near("Ira Moss").press("Open").status(200).sees("Hello Ira Moss,");
    let link = portal.link_for(IRA);
    visit.sees(&format!("http://portico.example{link}"));
    assert_eq!(
        portal.last_activity(),
        "opened the letter \u{201c}Harbor MSP: Set up your account at Alder Dental\u{201d} to ira@alder.example"
    );
    portal.guest().visit(&link).sees("ira@alder.example");
}

/// MAI-3
#[test]
fn a_link_that_was_used_or_has_expired_is_shown_no_more_and_its_copy_goes() {
    let portal = Portal::firm();
    let letter = invite_ira(&portal);
    let mut visit = portal.sign_in(ABE);
    portal.wait(Span(Span::days(7).0 - 1));
    visit.post(&opening(letter), &[]).status(200).does_not_see(DEAD_LINK);
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter where sealed_link is not null"), 1);
    portal.wait(Span(1));
    visit.post(&opening(letter), &[]).status(200).sees(DEAD_LINK);
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter where sealed_link is not null"), 0);
    assert_eq!(portal.sql_count("link"), 0);
    visit.post(&opening(letter), &[]).status(200).sees(DEAD_LINK);
}

/// MAI-3
#[test]
fn a_letters_secret_is_nowhere_in_the_database_as_it_is() {
    let portal = Portal::firm();
    invite_ira(&portal);
    let link = portal.link_for(IRA);
    let token = link.rsplit('/').next().expect("a token");
    assert_eq!(portal.mentions(token), Vec::<String>::new());
    assert!(!portal.mentions("Hello Ira Moss").is_empty(), "the search for it finds what is there");
}

/// MAI-3, ACC-15
#[test]
fn a_letter_opens_only_for_who_may_act_on_its_receiver() {
    let portal = Portal::firm();
    let to_abe = reset(&portal, ABE);
    portal.sign_in(ABE).post(&opening(to_abe), &[]).status(404);
    portal.sign_in(SAM).post(&opening(to_abe), &[]).status(200).sees("Reset your password");
    portal.sign_in(ADA).post(&opening(to_abe), &[]).status(200);
    let to_tess = reset(&portal, TESS);
    portal.sign_in(ABE).post(&opening(to_tess), &[]).status(200);
    portal.sign_in(TESS).post(&opening(to_tess), &[]).status(404);
    portal.sign_in(ABE).visit("/outbox").sees("Tess Moreau").sees("Your own reset letter");
}

/// MAI-3
#[test]
fn a_letter_to_the_primary_account_opens_for_nobody_else() {
    let portal = Portal::firm();
    let to_ada = reset(&portal, ADA);
    for member in [SAM, ABE] {
        portal.sign_in(member).visit("/outbox").sees("Ada Lane").sees("Only the primary account opens it").is_not_offered("Open");
        portal.sign_in(member).post(&opening(to_ada), &[]).status(404);
    }
    assert_eq!(portal.sql_count("activity where kind = 'letter.opened'"), 0);
}

/// MAI-3, ACC-15: the highest role among the accounts of the receiver's identity counts.
#[test]
fn a_users_letter_is_closed_to_an_admin_when_the_user_is_an_admin_too() {
    let portal = Portal::firm();
    let letter = invite_ira(&portal);
    portal.execute("update letter set identity = ?1", [ABE.account + 500]);
    portal.sign_in(ABE).visit("/outbox").is_offered("Open");
    portal.execute("update letter set identity = ?1", [SAM.account + 500]);
    portal.sign_in(ABE).post(&opening(letter), &[]).status(404);
    portal.sign_in(ADA).post(&opening(letter), &[]).status(200);
}

/// ALL-1, PAR-1: letters of a partner beneath stay its own.
#[test]
fn letters_of_another_partner_are_not_found() {
    let portal = Portal::firm();
    let of_harbor = invite_ira(&portal);
    let of_tidewater = reset(&portal, CARL);
    portal.sign_in(MALLORY).post(&opening(of_harbor), &[]).status(404);
    portal.sign_in(MALLORY).post(&opening(of_tidewater), &[]).status(200);
    portal.sign_in(ADA).post(&opening(of_tidewater), &[]).status(404);
    portal.sign_in(ADA).visit("/outbox").does_not_see("Carl Dietz").sees("Ira Moss");
    for member in [TESS, BEA, SID, OLU] {
        portal.sign_in(member).get("/outbox").status(404);
    }
}

/// MAI-1
#[test]
fn the_outbox_is_paged_newest_first_without_losing_or_repeating_a_letter() {
    let portal = Portal::firm();
    invite_ira(&portal);
    for number in 1..120 {
        portal.execute(
            "insert into letter (id, partner, kind, to_name, to_email, subject, text, html, state, created_at)
             select id + ?1, partner, kind, 'Nr' || ?1, to_email, subject, text, html, 'held', created_at + ?1 / 3 from letter where to_name = 'Ira Moss'",
            [number],
        );
    }
    let mut visit = portal.sign_in(ABE);
    let met = |body: String| body.split(">Nr").skip(1).filter_map(|rest| rest.split('<').next()?.parse::<i64>().ok()).collect::<Vec<_>>();
    let mut numbers = met(visit.visit("/outbox").body());
    numbers.extend(met(visit.open("Next").body()));
    numbers.extend(met(visit.open("Next").body()));
    assert_eq!(numbers, (1..120).rev().collect::<Vec<_>>());
    assert_eq!(met(visit.open("Previous").body()), (20..70).rev().collect::<Vec<_>>());
}
