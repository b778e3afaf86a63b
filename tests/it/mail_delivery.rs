//! Letters that arrive (MAI-1, MAI-2): by a real mail server on loopback, which also misbehaves.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use portico::app::jobs;
use portico::kernel::smtp::{Patience, Security, Stage, Stop, Trouble};
use portico::kernel::time::Span;
use portico::kernel::world::{GivenSender, GivenServer, Transport};
use portico::mail::delivery_actions::LEASE;
use portico::mail::model::{LINK_HAS_EXPIRED, TRY_FOR};
use portico::mail::settings_model::{BROKEN_IN_A_ROW, PUT_OFF_IN_A_ROW, Verdict, closed_for, verdict};

use crate::support::mail_server::{Act, MailServer, Shown, Step, Tls, authority};
use crate::support::people::*;
use crate::support::portal::Portal;

/// Harbor MSP, whose command line names this server.
fn sends_through(server: &MailServer, security: Security) -> Portal {
    sends_as(server, security, |_| {})
}

fn sends_as(server: &MailServer, security: Security, change: impl FnOnce(&mut GivenServer)) -> Portal {
    let mut given =
        GivenServer { host: "localhost".to_owned(), port: server.port(), security, user: None, password_file: None, authority_file: None };
    change(&mut given);
    let sender = GivenSender { address: Some("portal@harbor.example".to_owned()), name: None };
    Portal::firm_from(Transport::Smtp(Box::new(given)), sender)
}

/// A file beside the portal's database.
fn file(portal_folder: &tempfile::TempDir, name: &str, content: &str) -> std::path::PathBuf {
    let path = portal_folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

/// So many letters without a link, the first due first; their ids.
fn letters(portal: &Portal, count: i64) -> Vec<i64> {
    (1..=count)
        .map(|number| {
            let id = 700_000_000_000_000 + number;
            portal.execute(
                "insert into letter (id, partner, kind, to_name, to_email, subject, text, html, state, next_attempt_at, created_at)
                 values (?1, 1, 'notice', 'Nr ' || ?2, 'nr' || ?2 || '@alder.example', 'Letter ' || ?2, 'Text ' || ?2, '<p>Text</p>', 'queued', ?3 + ?2, ?3)",
                (id, number, portal.now().0 - 1_000),
            );
            id
        })
        .collect()
}

fn state(portal: &Portal, letter: i64) -> String {
    portal.sql("select state from letter where id = ?1", [letter])
}

fn error(portal: &Portal, letter: i64) -> String {
    portal.sql("select coalesce(last_error, '') from letter where id = ?1", [letter])
}

fn closed(portal: &Portal) -> Option<String> {
    portal.sql_maybe("select last_failure from mail_status where failing_since is not null", [])
}

/// MAI-1
#[test]
fn a_letter_arrives_over_starttls_with_text_and_html_from_the_one_sender() {
    let server = MailServer::plain().tls(Tls::Starts).start();
    let folder = tempfile::tempdir().expect("a folder");
    let portal = sends_as(&server, Security::StartTls, |given| given.authority_file = Some(file(&folder, "ca.pem", authority())));
    let letter = letters(&portal, 1)[0];
    portal.run_jobs();
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1, "{}", error(&portal, letter));
    let mail = &arrived[0];
    assert!(mail.encrypted);
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("portal@harbor.example", "nr1@alder.example"));
    assert_eq!(mail.header("From"), "\"Harbor MSP\" <portal@harbor.example>");
    assert_eq!(mail.header("To"), "\"Nr 1\" <nr1@alder.example>");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("Message-ID"), format!("<{letter}@harbor.example>"));
    assert_eq!(mail.header("Date"), "Sun, 22 Nov 2026 06:25:59 +0000", "the moment it was written");
    assert!(mail.message.contains("text/plain") && mail.message.contains("text/html") && mail.message.contains("Text 1"));
    assert_eq!(state(&portal, letter), "delivered");
    assert_eq!(closed(&portal), None);
    let heard = server.heard();
    assert_eq!(
        heard.iter().filter(|command| command.starts_with("EHLO")).count(),
        2,
        "what was said before TLS is worth nothing: {heard:?}"
    );
}

/// MAI-1
#[test]
fn a_letter_arrives_over_tls_from_the_first_byte() {
    let server = MailServer::plain().tls(Tls::First).start();
    let folder = tempfile::tempdir().expect("a folder");
    let portal = sends_as(&server, Security::Tls, |given| given.authority_file = Some(file(&folder, "ca.pem", authority())));
    let letter = letters(&portal, 1)[0];
    portal.run_jobs();
    assert!(server.arrived()[0].encrypted);
    assert_eq!(state(&portal, letter), "delivered");
}

/// MAI-1: the name, the authority and the dates of a certificate are checked; nothing is said to a server that is not trusted.
#[test]
fn a_server_with_a_wrong_certificate_gets_nothing() {
    let cases = [
        (Shown::OtherName, true, "its certificate is for another name"),
        (Shown::Expired, true, "its certificate has expired"),
        (Shown::OtherAuthority, true, "authority that is not trusted here"),
        // Without an own authority the public ones count, and none of them signed it.
        (Shown::Good, false, "authority that is not trusted here"),
    ];
    for (tls, security) in [(Tls::Starts, Security::StartTls), (Tls::First, Security::Tls)] {
        for (shown, own, why) in cases {
            let server = MailServer::plain().tls(tls).shows(shown).wants("PLAIN", "harbor", "a password").start();
            let folder = tempfile::tempdir().expect("a folder");
            let portal = sends_as(&server, security, |given| {
                given.authority_file = own.then(|| file(&folder, "ca.pem", authority()));
                given.user = Some("harbor".to_owned());
                given.password_file = Some(file(&folder, "password", "a password\n"));
            });
            let letter = letters(&portal, 1)[0];
            portal.run_jobs();
            assert!(error(&portal, letter).contains(why), "{shown:?} {tls:?}: {}", error(&portal, letter));
            assert_eq!((state(&portal, letter).as_str(), server.arrived().len()), ("queued", 0));
            let said = server.heard();
            assert!(said.iter().all(|command| command.starts_with("EHLO") || command == "STARTTLS"), "{said:?}");
        }
    }
}

/// MAI-1: whoever takes STARTTLS out of the answer, or answers before TLS what should come after it, gets nothing.
#[test]
fn encryption_cannot_be_stripped() {
    let cases = [
        (MailServer::plain(), "offers no encryption"),
        (MailServer::plain().tls(Tls::Starts).at(Step::StartTls, Act::Say("454 4.7.0 not now")), "not ready"),
        (MailServer::plain().tls(Tls::Starts).at(Step::StartTls, Act::Say("220 go on\r\n250 welcome")), "said more than it was asked"),
    ];
    for (making, why) in cases {
        let server = making.start();
        let folder = tempfile::tempdir().expect("a folder");
        let portal = sends_as(&server, Security::StartTls, |given| given.authority_file = Some(file(&folder, "ca.pem", authority())));
        let letter = letters(&portal, 1)[0];
        portal.run_jobs();
        assert!(error(&portal, letter).contains(why), "{}", error(&portal, letter));
        let said = server.heard();
        assert!(said.iter().all(|command| command.starts_with("EHLO") || command == "STARTTLS"), "{said:?}");
    }
}

/// MAI-1
#[test]
fn portico_signs_in_by_plain_or_login_and_waits_where_it_is_refused() {
    for mechanisms in ["PLAIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"] {
        let server = MailServer::plain().wants(mechanisms, "harbor", "four \u{fc}mlaut words").start();
        let folder = tempfile::tempdir().expect("a folder");
        let password = file(&folder, "password", "wrong\n");
        let portal = sends_as(&server, Security::Plain, |given| {
            (given.user, given.password_file) = (Some("harbor".to_owned()), Some(password.clone()));
        });
        let all = letters(&portal, 3);
        portal.run_jobs();
        assert!(
            error(&portal, all[0]).contains("did not take the user name and the password. It said: \u{201c}535 5.7.8"),
            "{}",
            error(&portal, all[0])
        );
        assert_eq!(server.conversations(), 1, "the others were not tried as well");
        assert_eq!(portal.sql_count("letter where state = 'queued'"), 3, "a wrong password fails no letter");
        // The file is read anew.
        std::fs::write(&password, "four \u{fc}mlaut words\n").expect("a file");
        portal.wait(closed_for(1)).run_jobs();
        assert_eq!(server.arrived().len(), 3);
        assert_eq!(server.arrived()[0].user.as_deref(), Some("harbor"));
        assert_eq!(closed(&portal), None);
    }
    let server = MailServer::plain().wants("CRAM-MD5", "harbor", "a password").start();
    let folder = tempfile::tempdir().expect("a folder");
    let portal = sends_as(&server, Security::Plain, |given| {
        (given.user, given.password_file) = (Some("harbor".to_owned()), Some(file(&folder, "password", "a password")));
    });
    letters(&portal, 1);
    portal.run_jobs();
    assert!(closed(&portal).expect("closed").contains("offers no way to sign in"));
}

/// MAI-1: several letters go over one conversation, each to its own receiver, and only once.
#[test]
fn many_letters_go_over_one_conversation() {
    let server = MailServer::plain().start();
    let portal = sends_through(&server, Security::Plain);
    letters(&portal, 40);
    portal.run_jobs().run_jobs();
    let arrived = server.arrived();
    assert_eq!((arrived.len(), server.conversations()), (40, 1));
    let receivers: Vec<String> = arrived.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(receivers, (1..=40).map(|number| format!("nr{number}@alder.example")).collect::<Vec<_>>(), "the first due goes first");
}

/// MAI-2: a server that ends the conversation after each letter, politely or not, is no trouble.
#[test]
fn a_server_may_take_one_letter_a_conversation() {
    for act in [Act::Drop, Act::Say("421 4.7.0 one letter at a time")] {
        let server = MailServer::plain()
            .manner(move |moment| if moment.step == Step::Sender && moment.taken > moment.conversation { act.clone() } else { Act::Well })
            .start();
        let portal = sends_through(&server, Security::Plain);
        letters(&portal, 4);
        portal.run_jobs();
        assert_eq!((server.arrived().len(), server.conversations()), (4, 4));
        assert_eq!(portal.sql_count("letter where attempts > 1"), 0);
        assert_eq!(closed(&portal), None);
    }
}

/// MAI-2: a refusal for now, at any point, is tried again and arrives once.
#[test]
fn what_is_refused_for_now_is_tried_again_and_arrives_once() {
    for (step, closes) in [
        (Step::Greeting, true),
        (Step::Hello, true),
        (Step::Sender, true),
        (Step::Receiver, false),
        (Step::Data, false),
        (Step::End, false),
    ] {
        let times = AtomicUsize::new(0);
        let server = MailServer::plain()
            .manner(move |moment| {
                let refuses = moment.step == step && times.fetch_add(1, Ordering::SeqCst) == 0;
                if refuses { Act::Say("451 4.3.0 come again") } else { Act::Well }
            })
            .start();
        let portal = sends_through(&server, Security::Plain);
        let letter = letters(&portal, 1)[0];
        portal.run_jobs();
        assert!(error(&portal, letter).contains("\u{201c}451 4.3.0 come again\u{201d}"), "{step:?}: {}", error(&portal, letter));
        assert_eq!((state(&portal, letter).as_str(), server.arrived().len()), ("queued", 0), "{step:?}");
        assert_eq!(closed(&portal).is_some(), closes, "{step:?}");
        portal.run_jobs();
        assert_eq!(server.arrived().len(), 0, "{step:?}: not before the pause is over");
        portal.wait(Span::minutes(1)).run_jobs();
        assert_eq!((state(&portal, letter).as_str(), server.arrived().len()), ("delivered", 1), "{step:?}");
        assert_eq!(closed(&portal), None, "{step:?}");
    }
}

/// MAI-2: a receiver or a content that is refused for good fails at once; what a person can mend fails nothing.
#[test]
fn what_is_refused_for_good_fails_at_once_unless_it_can_be_mended() {
    for (step, fails) in [
        (Step::Greeting, false),
        (Step::Hello, false),
        (Step::Sender, false),
        (Step::Receiver, true),
        (Step::Data, true),
        (Step::End, true),
    ] {
        let server = MailServer::plain().at(step, Act::Say("550 5.1.1 never")).start();
        let portal = sends_through(&server, Security::Plain);
        let letter = letters(&portal, 1)[0];
        portal.run_jobs();
        let expected = if fails { "failed" } else { "queued" };
        assert_eq!(state(&portal, letter), expected, "{step:?}");
        assert!(error(&portal, letter).contains("\u{201c}550 5.1.1 never\u{201d}"), "{step:?}: {}", error(&portal, letter));
        assert_eq!(closed(&portal).is_some(), !fails, "{step:?}");
        assert_eq!(server.arrived().len(), 0);
    }
    // A relay that does not know us refuses every receiver; that is no receiver's fault.
    let server = MailServer::plain().at(Step::Receiver, Act::Say("554 5.7.1 relay access denied")).start();
    let portal = sends_through(&server, Security::Plain);
    letters(&portal, 30);
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter where state = 'queued'"), 30);
    let tried = server.heard().iter().filter(|command| command.starts_with("RCPT")).count();
    assert_eq!(tried, PUT_OFF_IN_A_ROW, "after so many in a row it is the server");
    assert!(closed(&portal).expect("closed").contains("relay access denied"));
}

/// MAI-2
#[test]
fn one_bad_receiver_holds_nobody_up() {
    let server = MailServer::plain()
        .manner(|moment| match moment.step {
            Step::Receiver if moment.command.contains("nr1@") => Act::Say("550 5.1.1 no such person"),
            Step::Receiver if moment.command.contains("nr2@") => Act::Say("450 4.2.1 greylisted"),
            // The third letter makes it crash.
            Step::Data if moment.taken == 1 => Act::Drop,
            _ => Act::Well,
        })
        .start();
    let portal = sends_through(&server, Security::Plain);
    let all = letters(&portal, 6);
    portal.run_jobs();
    let states: Vec<String> = all.iter().map(|letter| state(&portal, *letter)).collect();
    assert_eq!(states[..2], ["failed", "queued"]);
    assert_eq!(server.arrived().first().map(|mail| mail.to.clone()).as_deref(), Some("nr3@alder.example"));
    assert!(closed(&portal).is_some(), "three conversations in a row broke off");
    let broken = server.heard().iter().filter(|command| *command == "DATA").count() - 1;
    assert_eq!(broken, BROKEN_IN_A_ROW);
}

/// MAI-2: a letter at which the server crashes every time does not keep the others from arriving.
#[test]
fn a_letter_that_breaks_the_conversation_holds_nobody_up() {
    let server = MailServer::plain()
        .manner(|moment| if moment.step == Step::Receiver && moment.command.contains("nr1@") { Act::Drop } else { Act::Well })
        .start();
    let portal = sends_through(&server, Security::Plain);
    let all = letters(&portal, 5);
    portal.run_jobs();
    assert_eq!((server.arrived().len(), state(&portal, all[0]).as_str()), (4, "queued"));
    assert_eq!(closed(&portal), None);
    portal.wait(TRY_FOR).run_jobs();
    assert_eq!(state(&portal, all[0]), "failed");
}

/// MAI-2: the connection goes in the middle of the letter: it was not taken, and arrives once.
#[test]
fn a_connection_lost_in_the_middle_loses_nothing() {
    let times = AtomicUsize::new(0);
    let server = MailServer::plain()
        .manner(move |moment| if moment.step == Step::Middle && times.fetch_add(1, Ordering::SeqCst) == 0 { Act::Drop } else { Act::Well })
        .start();
    let portal = sends_through(&server, Security::Plain);
    let letter = letters(&portal, 1)[0];
    portal.run_jobs();
    assert_eq!((state(&portal, letter).as_str(), server.arrived().len()), ("queued", 0));
    portal.wait(Span::minutes(1)).run_jobs();
    assert_eq!((state(&portal, letter).as_str(), server.arrived().len()), ("delivered", 1));
}

/// MAI-2: the server took it and could not say so any more: it is sent once more, and is the same message, whatever is set meanwhile.
#[test]
fn a_letter_whose_answer_was_lost_is_sent_again_as_the_same_message() {
    let server = MailServer::plain()
        .manner(|moment| if moment.step == Step::End && moment.taken == 0 { Act::TakeAndDrop } else { Act::Well })
        .start();
    let portal = sends_through(&server, Security::Plain);
    let letter = letters(&portal, 1)[0];
    portal.run_jobs();
    assert!(error(&portal, letter).contains("did not say whether it took the letter"), "{}", error(&portal, letter));
    portal.wait(Span::minutes(1));
    let elsewhere = GivenSender { address: Some("mail@another.example".to_owned()), name: None };
    let inside = portal.app.portal();
    let mut changed = inside.clone();
    changed.world.sender = elsewhere;
    changed.public_url = "https://another.example".to_owned();
    jobs::deliver_letters(&changed, &Stop::default());
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].header("Message-ID"), arrived[1].header("Message-ID"));
    assert_eq!(arrived[0].header("Date"), arrived[1].header("Date"));
    assert_eq!(arrived[1].from, "mail@another.example");
    assert_eq!(state(&portal, letter), "delivered");
}

/// MAI-2: whatever a server does, it holds a letter up for so long and no longer.
#[test]
fn a_server_that_says_nothing_or_too_much_is_left_in_time() {
    for (step, act, why) in [
        (Step::Greeting, Act::Silence, "did not answer in time"),
        (Step::Greeting, Act::Drip, "did not answer in time"),
        (Step::Greeting, Act::Flood(64), "does not answer as a mail server does"),
        (Step::Greeting, Act::Say("HTTP/1.1 200 OK\r\n\r\n<html>"), "does not answer as a mail server does"),
        (Step::Greeting, Act::Say("220 a\r\n220 b"), "said more than it was asked"),
        (Step::Greeting, Act::Drop, "hung up"),
        (Step::Hello, Act::Silence, "did not answer in time"),
        (Step::Hello, Act::Say("999 \u{7}"), "does not answer as a mail server does"),
        (Step::Sender, Act::Drip, "did not answer in time"),
        (Step::Receiver, Act::Silence, "did not answer in time"),
        (Step::Data, Act::Silence, "did not"),
        (Step::End, Act::Drip, "did not say whether it took the letter"),
        (Step::End, Act::Silence, "did not say whether it took the letter"),
        (Step::End, Act::Say("354 still waiting"), "did not take the letter"),
    ] {
        let server = MailServer::plain().at(step, act.clone()).start();
        let portal = sends_through(&server, Security::Plain);
        let letter = letters(&portal, 1)[0];
        let begun = Instant::now();
        portal.run_jobs();
        assert!(begun.elapsed() < Duration::from_secs(15), "{step:?} {act:?} took {:?}", begun.elapsed());
        assert!(error(&portal, letter).contains(why), "{step:?} {act:?}: {}", error(&portal, letter));
        assert_eq!(state(&portal, letter), "queued", "{step:?} {act:?}");
        assert!(server.flooded() < 32 << 20, "nobody reads a line without an end: {} bytes", server.flooded());
        let sentence = error(&portal, letter);
        assert!(sentence.chars().count() < 500 && !sentence.chars().any(char::is_control), "{sentence:?}");
    }
}

/// MAI-2: while the server is down, one letter tries its door for all, ever more seldom, and once it is back all go.
#[test]
fn while_the_server_is_down_the_letters_wait_together() {
    let down = Arc::new(Mutex::new(true));
    let (seen, inside) = (Arc::clone(&down), Arc::clone(&down));
    let server = MailServer::plain()
        .manner(move |moment| if moment.step == Step::Greeting && *seen.lock().unwrap() { Act::Drop } else { Act::Well })
        .start();
    let portal = sends_through(&server, Security::Plain);
    letters(&portal, 200);
    for failures in 1..=6 {
        portal.run_jobs().run_jobs();
        assert_eq!(server.conversations(), failures, "one try for all");
        let pause = closed_for(i64::try_from(failures).expect("a number"));
        portal.wait(Span(pause.0 - 1)).run_jobs();
        assert_eq!(server.conversations(), failures, "not before the pause is over");
        portal.wait(Span(1));
    }
    portal.sign_in(ADA).visit("/").sees("Letters do not leave").sees("200 letters wait").sees("hung up");
    portal.sign_in(ABE).visit("/").does_not_see("Letters do not leave");
    portal.sign_in(ABE).visit("/outbox").sees("Letters do not leave at the moment.");
    *inside.lock().unwrap() = false;
    portal.run_jobs();
    assert_eq!(server.arrived().len(), 200);
    portal.sign_in(ADA).visit("/").does_not_see("Letters do not leave");
}

/// MAI-2: three days, to the moment, whether or not its turn came.
#[test]
fn letters_that_wait_for_three_days_have_failed() {
    let server = MailServer::plain().at(Step::Greeting, Act::Drop).start();
    let portal = sends_through(&server, Security::Plain);
    let all = letters(&portal, 3);
    portal.run_jobs().wait(Span(TRY_FOR.0 - 1_001)).run_jobs();
    assert_eq!(portal.sql_count("letter where state = 'queued'"), 3);
    portal.wait(Span(1)).run_jobs();
    assert_eq!(portal.sql_count("letter where state = 'failed'"), 3);
    assert!(error(&portal, all[2]).contains("hung up"), "the one that was never tried says why too: {}", error(&portal, all[2]));
    portal.sign_in(ABE).visit("/").sees("Not delivered").sees("Letter to Nr 2").sees("hung up");
}

/// MAI-2: two servers of letters beside each other send each letter once.
#[test]
fn two_at_once_never_send_the_same_letter() {
    let server = MailServer::plain().start();
    let portal = sends_through(&server, Security::Plain);
    letters(&portal, 60);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| jobs::deliver_letters(portal.app.portal(), &Stop::default()));
        }
    });
    let mut receivers: Vec<String> = server.arrived().iter().map(|mail| mail.to.clone()).collect();
    receivers.sort();
    receivers.dedup();
    assert_eq!((receivers.len(), server.arrived().len()), (60, 60));
    assert_eq!(portal.sql_count("letter where state = 'delivered' and attempts = 1"), 60);
}

/// MAI-2: who falls with a letter in hand leaves it to the next, after the lease and not before.
#[test]
fn a_letter_in_dead_hands_is_taken_up_after_the_lease() {
    let server = MailServer::plain().start();
    let portal = sends_through(&server, Security::Plain);
    let letter = letters(&portal, 1)[0];
    portal.execute("update letter set claimed_until = ?1, message_id = 'first@harbor.example'", [(portal.now() + LEASE).0]);
    portal.wait(Span(LEASE.0 - 1)).run_jobs();
    assert_eq!((state(&portal, letter).as_str(), server.arrived().len()), ("queued", 0));
    portal.wait(Span(1)).run_jobs();
    assert_eq!(state(&portal, letter), "delivered");
    assert_eq!(server.arrived()[0].header("Message-ID"), "<first@harbor.example>");
}

/// MAI-2: the lease outlasts the longest that one letter can take: a conversation that broke off, a new one, and the letter.
#[test]
fn nobody_takes_a_letter_out_of_hands_that_still_work_on_it() {
    let longest = Patience::DELIVERY.opening + Patience::DELIVERY.letter + Patience::DELIVERY.letter;
    assert!(longest.as_millis() < u128::try_from(LEASE.0).expect("a number"), "{longest:?}");
}

/// MAI-1: whoever switches to hold stops the letters that have not left yet, at once.
#[test]
fn what_is_set_meanwhile_holds_for_the_next_letter() {
    let held = Arc::new(Mutex::new(None::<Portal>));
    let seen = Arc::clone(&held);
    let server = MailServer::plain()
        .manner(move |moment| {
            if moment.step == Step::End
                && moment.taken == 2
                && let Some(portal) = &*seen.lock().unwrap()
            {
                portal.execute("update mail_setting set delivery = 'hold'", []);
            }
            Act::Well
        })
        .start();
    let portal = Portal::firm();
    let port = i64::from(server.port());
    portal
        .execute("insert into mail_setting values (1, 'smtp', '127.0.0.1', ?1, 'none', '', null, '', 'portal@harbor.example', '')", [port]);
    *held.lock().unwrap() = Some(portal.clone());
    letters(&portal, 10);
    portal.run_jobs();
    *held.lock().unwrap() = None;
    assert_eq!((server.arrived().len(), portal.sql_count("letter where state = 'held'")), (3, 7));
}

/// OPS-5: a server that says nothing does not keep the portal from stopping, and the letter is free at once.
#[test]
fn stopping_does_not_wait_for_a_silent_server() {
    let server = MailServer::plain().at(Step::Receiver, Act::Silence).start();
    let portal = sends_through(&server, Security::Plain);
    let letter = letters(&portal, 1)[0];
    let stop = Stop::default();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| jobs::deliver_letters(portal.app.portal(), &stop));
        while !server.heard().iter().any(|command| command.starts_with("RCPT")) {
            assert!(begun.elapsed() < Duration::from_secs(10), "it came so far");
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.set();
    });
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(state(&portal, letter), "queued");
}

/// MAI-2, ACC-2: what would arrive with a dead link is not sent.
#[test]
fn a_letter_whose_link_has_expired_is_not_sent() {
    let down = Arc::new(Mutex::new(true));
    let seen = Arc::clone(&down);
    let server = MailServer::plain()
        .manner(move |moment| if moment.step == Step::Greeting && *seen.lock().unwrap() { Act::Drop } else { Act::Well })
        .start();
    let portal = sends_through(&server, Security::Plain);
    for member in [TESS, BEA] {
        portal.execute(
            "insert into reset_request (email_key, slug, address, requested_at) values (?1, null, '127.0.0.1', ?2)",
            (member.email, portal.now().0),
        );
        portal.run_jobs();
        if member == TESS {
            portal.wait(Span::minutes(30));
        }
    }
    *down.lock().unwrap() = false;
    portal.wait(Span(Span::minutes(30).0 - 1));
    portal.execute("update mail_status set pause_until = null", []);
    portal.wait(Span(1)).run_jobs();
    let arrived = server.arrived();
    assert_eq!(arrived.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), [BEA.email], "one of the two links still works");
    let (state, why): (String, String) = portal
        .connection()
        .query_row("select state, last_error from letter where to_email = ?1", [TESS.email], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("the letter");
    assert_eq!((state.as_str(), why.as_str()), ("failed", LINK_HAS_EXPIRED));
}

/// MAI-1: nothing that stands in the database begins a header or ends a letter.
#[test]
fn no_name_or_text_injects_a_header_or_ends_the_letter() {
    let server = MailServer::plain().start();
    let portal = sends_through(&server, Security::Plain);
    letters(&portal, 1);
    portal.execute(
        "update letter set to_name = 'Nr' || char(13, 10) || 'Bcc: mallory@tidewater.example', subject = 'S' || char(10) || 'X-Evil: yes',
                text = 'first' || char(13, 10) || '.' || char(13, 10) || 'MAIL FROM:<x@y.example>' || char(10) || '.' || char(10) || 'QUIT'",
        [],
    );
    portal.execute("update partner set name = 'Harbor' || char(13, 10) || 'X-Evil: yes' where id = 1", []);
    portal.run_jobs();
    let mail = &server.arrived()[0];
    let head = mail.message.split("\r\n\r\n").next().expect("a head").to_lowercase();
    assert!(!head.lines().any(|line| line.starts_with("bcc") || line.starts_with("x-evil")), "{head}");
    assert_eq!(server.heard().iter().filter(|command| command.starts_with("MAIL")).count(), 1);
    assert!(mail.message.contains("QUIT"), "the text is whole");
    assert_eq!(server.heard().last().map(String::as_str), Some("QUIT"));
}

/// MAI-1: an address the database should not hold is no command either.
#[test]
fn a_strange_address_is_no_command() {
    let server = MailServer::plain().start();
    let portal = sends_through(&server, Security::Plain);
    let letter = letters(&portal, 1)[0];
    portal.execute("update letter set to_email = 'a@b.example>' || char(13, 10) || 'RSET'", []);
    portal.run_jobs();
    assert_eq!(state(&portal, letter), "failed");
    assert!(error(&portal, letter).contains("cannot be used"), "{}", error(&portal, letter));
    assert!(!server.heard().iter().any(|command| command == "RSET"));
}

/// MAI-2: an address in another script goes where it is taken; where not, a receiver's fails alone, and the sender's fails no letter.
#[test]
fn addresses_of_other_scripts_go_where_they_are_taken() {
    for (international, foreign_sender, states) in [
        (true, false, ["delivered", "delivered"]),
        (true, true, ["delivered", "delivered"]),
        (false, false, ["failed", "delivered"]),
        (false, true, ["queued", "queued"]),
    ] {
        let making = MailServer::plain();
        let server = if international { making.international().start() } else { making.start() };
        let portal = sends_through(&server, Security::Plain);
        let mut portal_of = portal.app.portal().clone();
        if foreign_sender {
            portal_of.world.sender.address = Some("p\u{f6}rtal@harbor.example".to_owned());
        }
        let all = letters(&portal, 2);
        portal.execute("update letter set to_email = 'ol\u{fa}@alder.example' where to_name = 'Nr 1'", []);
        jobs::deliver_letters(&portal_of, &Stop::default());
        assert_eq!([state(&portal, all[0]), state(&portal, all[1])], states, "{international} {foreign_sender}");
        if international {
            assert!(server.heard().iter().any(|command| command.ends_with("SMTPUTF8")));
        } else {
            assert!(error(&portal, all[0]).contains("letters other than A to Z"));
        }
    }
}

/// MAI-1: without encryption letters go to this machine only, whatever its name says.
#[test]
fn without_encryption_nothing_goes_to_another_machine() {
    let server = MailServer::plain().start();
    let portal = sends_as(&server, Security::Plain, |given| given.host = "192.0.2.1".to_owned());
    let letter = letters(&portal, 1)[0];
    let begun = Instant::now();
    portal.run_jobs();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(error(&portal, letter).contains("is not this machine"), "{}", error(&portal, letter));
}

/// MAI-4: letters of a sub-partner bear its name, from the one address; the set name is the operating partner's own.
#[test]
fn each_letter_bears_its_partners_name() {
    let server = MailServer::plain().start();
    let given = GivenServer {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        security: Security::Plain,
        user: None,
        password_file: None,
        authority_file: None,
    };
    let sender = GivenSender { address: Some("portal@harbor.example".to_owned()), name: Some("Harbor Care".to_owned()) };
    let portal = Portal::firm_from(Transport::Smtp(Box::new(given)), sender);
    letters(&portal, 2);
    portal.execute("update letter set partner = 2 where to_name = 'Nr 2'", []);
    portal.run_jobs();
    let from: Vec<String> = server.arrived().iter().map(|mail| mail.header("From")).collect();
    assert_eq!(from, ["\"Harbor Care\" <portal@harbor.example>", "\"Tidewater IT\" <portal@harbor.example>"]);
}

/// MAI-2
#[test]
fn the_verdict_depends_on_where_and_how_it_was_refused() {
    let trouble = |stage, code, status: &str| Trouble { stage, code, status: status.to_owned(), sentence: String::new(), stopped: false };
    for (stage, code, status, expected) in [
        (Stage::Opening, Some(554), "", Verdict::Closed),
        (Stage::SignIn, Some(535), "5.7.8", Verdict::Closed),
        (Stage::Sender, Some(553), "5.1.8", Verdict::Closed),
        (Stage::Sender, None, "", Verdict::Broken),
        (Stage::Receiver, Some(421), "", Verdict::Broken),
        (Stage::Receiver, Some(450), "4.2.0", Verdict::Later),
        (Stage::Receiver, Some(550), "5.1.1", Verdict::Never),
        (Stage::Receiver, Some(550), "", Verdict::Never),
        (Stage::Receiver, Some(530), "", Verdict::Later),
        (Stage::Receiver, Some(554), "5.7.1", Verdict::Later),
        (Stage::Content, Some(554), "5.7.1", Verdict::Never),
        (Stage::Content, Some(452), "4.3.1", Verdict::Later),
        (Stage::Content, Some(354), "", Verdict::Later),
        (Stage::Content, None, "", Verdict::Broken),
    ] {
        assert_eq!(verdict(&trouble(stage, code, status)), expected, "{stage:?} {code:?} {status}");
    }
}
