//! Admin → Mail: how letters leave, set by a page (MAI-1, OPS-6).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portico::app::config::Spoken;
use portico::kernel::smtp::Security;
use portico::kernel::time::Span;
use portico::kernel::world::{GivenSender, GivenServer, Transport};

use crate::support::mail_server::{Act, MailServer, Step, Tls, authority};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const SECRET: &str = "a password for the mail server";

/// The page, filled in for a server on this machine that wants to be signed in to.
fn filled<'v>(visit: &'v mut Visit, server: &MailServer) -> &'v mut Visit {
    visit
        .visit("/mail")
        .tick("Send them through a mail server")
        .fill("Mail server", "127.0.0.1")
        .fill("Encryption", "none")
        .fill("Port", &server.port().to_string())
        .fill("User name", "harbor")
        .fill("Password", SECRET)
        .fill("Sender\u{2019}s address", "portal@harbor.example")
}

fn wants_harbor() -> MailServer {
    MailServer::plain().wants("PLAIN LOGIN", "harbor", SECRET).start()
}

/// A notice to Olu.
fn notice(portal: &Portal, id: i64, state: &str) {
    portal.execute(
        "insert into letter (id, partner, kind, to_name, to_email, subject, text, html, state, next_attempt_at, created_at)
         values (?1, 1, 'notice', 'Olu', 'olu@alder.example', 'A notice', 'Text', '<p>Text</p>', ?2, iif(?2 = 'queued', ?3, null), ?3)",
        (id, state, portal.now().0),
    );
}

fn state(portal: &Portal, letter: i64) -> String {
    portal.sql("select state from letter where id = ?1", [letter])
}

/// OPS-6
#[test]
fn only_the_operating_partners_primary_account_sees_the_page() {
    let portal = Portal::firm();
    portal.sign_in(ADA).visit("/mail").status(200).sees("Keep them here").is_offered("Mail");
    for member in [SAM, ABE, TESS, PIA, MALLORY, OLU] {
        let mut visit = portal.sign_in(member);
        visit.get("/mail").status(404);
        for path in ["/mail", "/mail/test-letter", "/mail/held-letters"] {
            visit.post(path, &[("delivery", "hold")]).status(404);
        }
    }
}

/// MAI-1, LOG-1: what is saved holds for the next letter; the event tells what changed and no secret.
#[test]
fn what_is_set_by_the_page_holds_and_its_event_keeps_the_secret() {
    let server = wants_harbor();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    filled(&mut ada, &server).press("Save").status(200).sees(&format!("Saved. New letters leave through 127.0.0.1:{}.", server.port()));
    assert_eq!(portal.last_activity(), "changed how letters leave");
    let changes: String = portal.sql("select changes from activity order by seq desc limit 1", []);
    assert!(changes.contains("one is kept") && changes.contains("portal@harbor.example") && changes.contains("harbor"), "{changes}");
    notice(&portal, 7, "queued");
    portal.run_jobs();
    assert_eq!(state(&portal, 7), "delivered");
    assert_eq!(server.arrived()[0].user.as_deref(), Some("harbor"));
    ada.visit("/mail").sees("Letters leave").sees("just now").does_not_see(SECRET);
    assert!(!ada.body().contains(SECRET));
    assert_eq!(ada.value_of("Password"), "");
    assert_eq!(portal.mentions(SECRET), Vec::<String>::new(), "not in the clear in any table");
    // Saved once more as it is: the password stays, and nothing happened.
    let events = portal.sql_count("activity");
    ada.visit("/mail").press("Save").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("activity"), events);
    notice(&portal, 8, "queued");
    portal.run_jobs();
    assert_eq!(state(&portal, 8), "delivered");
}

/// MAI-1: whoever points the page at a server of his own does not get the password that was given for another; not by the form, and not by
/// the row.
#[test]
fn the_password_goes_to_no_other_server_or_user() {
    let (server, mallorys) = (wants_harbor(), MailServer::plain().wants("PLAIN LOGIN", "harbor", "whatever").start());
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    filled(&mut ada, &server).press("Save").status(200);
    let port = mallorys.port().to_string();
    for (label, value) in [("Port", port.as_str()), ("Mail server", "localhost"), ("User name", "mallory")] {
        for button in ["Save", "Send a test letter"] {
            ada.visit("/mail").fill(label, value).press(button).status(422).sees("Enter the password again");
        }
    }
    // A sender's address is no other server.
    ada.visit("/mail").fill("Sender\u{2019}s address", "mail@harbor.example").press("Save").status(200).sees("Saved.");
    assert_eq!(mallorys.conversations(), 0);
    // Behind the page's back.
    portal.execute("update mail_setting set port = ?1", [&port]);
    notice(&portal, 7, "queued");
    portal.run_jobs();
    assert_eq!(mallorys.conversations(), 0);
    portal.sign_in(ADA).visit("/").sees("Letters do not leave").sees("Enter it anew under Admin > Mail.");
    ada.visit("/mail").press("Send a test letter").status(422).sees("Enter it anew");
    // Given anew, it is sent there.
    ada.visit("/mail").fill("Password", "whatever").press("Save").status(200);
    portal.run_jobs();
    assert_eq!(mallorys.arrived().len(), 1);
}

/// MAI-1: a password that was entered travels with the form that comes back, sealed, and for this server only.
#[test]
fn a_form_that_comes_back_keeps_the_password_without_showing_it() {
    let server = wants_harbor();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    filled(&mut ada, &server).fill("Sender\u{2019}s address", "nonsense").press("Save").status(422).sees("Enter an e-mail address");
    assert!(!ada.body().contains(SECRET) && ada.body().contains("carried"));
    let carried = ada.value_of("carried");
    ada.fill("Sender\u{2019}s address", "portal@harbor.example").press("Save").status(200).sees("Saved.");
    notice(&portal, 7, "queued");
    portal.run_jobs();
    assert_eq!(state(&portal, 7), "delivered");
    // Taken along to another server, or by another person, it opens for nobody.
    let elsewhere = [
        ("delivery", "smtp"),
        ("host", "127.0.0.1"),
        ("security", "none"),
        ("port", "1"),
        ("user", "harbor"),
        ("password", ""),
        ("carried", carried.as_str()),
        ("from_address", "portal@harbor.example"),
        ("form_id", "a-form-id-of-twenty-signs"),
    ];
    ada.post("/mail", &elsewhere).status(422).sees("Enter the password again");
}

/// MAI-1
#[test]
fn each_field_says_what_is_wrong_and_nothing_is_saved() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let mut refused = |fields: &[(&str, &str)], sentence: &str| {
        ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "mail.example");
        ada.fill("Sender\u{2019}s address", "portal@harbor.example");
        for (label, value) in fields {
            ada.fill(label, value);
        }
        ada.press("Save").status(422).sees(sentence);
    };
    refused(&[("Mail server", "")], "Enter the mail server\u{2019}s name");
    refused(&[("Mail server", "https://mail.example")], "without anything before or after it");
    refused(&[("Mail server", "mail.example:25")], "without anything before or after it");
    refused(&[("Mail server", "mail example")], "without anything before or after it");
    refused(&[("Port", "0")], "Enter a number from 1 to 65535");
    refused(&[("Port", "65536")], "Enter a number from 1 to 65535");
    refused(&[("Encryption", "none")], "Letters carry links that let people in.");
    refused(&[("Encryption", "none"), ("Mail server", "localhost.evil.example")], "Letters carry links that let people in.");
    refused(&[("User name", "harbor")], "Enter the password of this user.");
    refused(&[("Password", "secret")], "Enter the user name that the password belongs to.");
    refused(&[("Sender\u{2019}s address", "")], "Enter an e-mail address");
    refused(&[("Sender\u{2019}s address", "a@b.example\r\nBcc: x@y.example")], "Remove the control characters");
    refused(&[("authority", "no certificate")], "This is no certificate in PEM form");
    assert_eq!(portal.sql_count("mail_setting"), 0);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "mail.example");
    ada.fill("Sender\u{2019}s address", "portal@harbor.example").press("Save").status(200).sees("Saved.");
    assert_eq!(portal.sql_count("mail_setting"), 1);
    ada.visit("/mail").tick("Keep them here").fill("Mail server", "").press("Save").sees("Letters stay in the Outbox from now on.");
    assert_eq!(ada.visit("/mail").value_of("Mail server"), "mail.example", "what is not shown stays as it was");
}

/// MAI-1: the test letter says what the server said, before anything is saved.
#[test]
fn a_test_letter_tells_the_truth_before_anything_is_saved() {
    let server = wants_harbor();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    filled(&mut ada, &server).press("Send a test letter").status(200);
    ada.sees("took the test letter to ada@harbor.example.").sees("\u{201c}250 2.0.0 taken as 4711\u{201d}").sees("Taken");
    let arrived = server.arrived();
    assert_eq!((arrived.len(), arrived[0].to.as_str()), (1, ADA.email));
    assert_eq!(arrived[0].header("Subject"), "Harbor MSP: Test letter");
    assert!(portal.last_activity().ends_with("to ada@harbor.example; it was taken"), "{}", portal.last_activity());
    assert_eq!((portal.sql_count("mail_setting"), portal.sql_count("letter")), (0, 0), "nothing is saved");
    // The form is as it was, and can be saved without the password being typed again.
    ada.press("Save").status(200).sees("Saved.");
    // And now with what is saved.
    ada.visit("/mail").press("Send a test letter").status(200).sees("took the test letter");
    assert_eq!(server.arrived().len(), 2);
}

/// MAI-1
#[test]
fn a_test_letter_that_fails_says_why_in_time() {
    let portal = Portal::firm();
    for (making, sentence) in [
        (
            MailServer::plain().wants("PLAIN", "harbor", "another"),
            "did not take the user name and the password. It said: \u{201c}535 5.7.8",
        ),
        (MailServer::plain().wants("PLAIN", "harbor", SECRET).at(Step::Receiver, Act::Say("550 5.1.1 no <b>Ada</b>")), "no <b>Ada</b>"),
        (MailServer::plain().at(Step::Greeting, Act::Silence), "did not answer in time"),
        (MailServer::plain().at(Step::Greeting, Act::Say("SSH-2.0-OpenSSH_9.9")), "does not answer as a mail server does"),
        (MailServer::plain().at(Step::Hello, Act::Drip), "did not answer in time"),
    ] {
        let server = making.start();
        let mut ada = portal.sign_in(ADA);
        let begun = Instant::now();
        filled(&mut ada, &server).press("Send a test letter").status(200).sees("The test letter did not leave.").sees(sentence);
        assert!(begun.elapsed() < Duration::from_secs(15));
        assert!(!ada.body().contains("OpenSSH"), "what is no mail server is not read out");
        assert!(portal.last_activity().ends_with("it was not taken"), "{}", portal.last_activity());
    }
}

/// ALL-7: a form sends its test letter once, and there is one at a time.
#[test]
fn a_test_letter_is_sent_once_a_form() {
    let slow = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&slow);
    let server = MailServer::plain()
        .manner(move |moment| {
            if moment.step == Step::Sender && seen.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(500));
            }
            Act::Well
        })
        .start();
    let port = server.port().to_string();
    let portal = Portal::firm();
    let fields = [
        ("delivery", "smtp"),
        ("host", "127.0.0.1"),
        ("security", "none"),
        ("port", port.as_str()),
        ("user", ""),
        ("from_address", "portal@harbor.example"),
        ("form_id", "a-form-id-of-twenty-signs"),
    ];
    let (mut first, mut second) = (portal.sign_in(ADA), portal.sign_in(ADA));
    std::thread::scope(|scope| {
        scope.spawn(|| first.post("/mail/test-letter", &fields).status(200));
        while server.heard().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        second.post("/mail/test-letter", &fields).status(422).sees("A test letter is on its way at this moment.");
    });
    slow.store(false, Ordering::SeqCst);
    second.post("/mail/test-letter", &fields).status(200).sees("took the test letter");
    assert_eq!(server.arrived().len(), 1);
    second.post("/mail/test-letter", &fields).sees("took the test letter");
    let mut other = fields;
    other[6].1 = "another-form-id-of-twenty-signs";
    second.post("/mail/test-letter", &other).status(200);
    assert_eq!(server.arrived().len(), 2);
    second.post("/mail/test-letter", &fields).sees("took the test letter");
    assert_eq!(server.arrived().len(), 2, "an older form does not send its own again either");
}

/// MAI-2: a test letter that is taken ends the waiting of the others.
#[test]
fn a_test_letter_that_is_taken_ends_the_pause() {
    let down = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&down);
    let server = MailServer::plain()
        .manner(move |moment| if moment.step == Step::Greeting && seen.load(Ordering::SeqCst) { Act::Drop } else { Act::Well })
        .start();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "127.0.0.1").fill("Encryption", "none");
    ada.fill("Port", &server.port().to_string()).fill("Sender\u{2019}s address", "portal@harbor.example").press("Save").status(200);
    notice(&portal, 7, "queued");
    portal.run_jobs();
    ada.visit("/mail").sees("Letters do not leave").press("Send a test letter").sees("hung up");
    portal.run_jobs();
    assert_eq!(server.conversations(), 2, "the pause goes on");
    down.store(false, Ordering::SeqCst);
    ada.visit("/mail").press("Send a test letter").sees("took the test letter");
    portal.run_jobs();
    assert_eq!(state(&portal, 7), "delivered");
}

/// MAI-1: TLS by the page, with an own authority.
#[test]
fn the_page_takes_an_authority_of_ones_own() {
    let server = MailServer::plain().tls(Tls::Starts).start();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "localhost").fill("Port", &server.port().to_string());
    ada.fill("Sender\u{2019}s address", "portal@harbor.example").press("Send a test letter").sees("authority that is not trusted here");
    ada.fill("authority", authority()).press("Send a test letter").sees("took the test letter");
    assert!(server.arrived()[0].encrypted);
    ada.press("Save").sees("Saved.");
    notice(&portal, 7, "queued");
    portal.run_jobs();
    assert_eq!(state(&portal, 7), "delivered");
}

/// MAI-1: what the command line says, the page shows and does not change.
#[test]
fn options_win_over_the_page() {
    let (server, other) = (MailServer::plain().start(), wants_harbor());
    let given = GivenServer {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        security: Security::Plain,
        user: None,
        password_file: None,
        authority_file: None,
    };
    let sender = GivenSender { address: Some("given@harbor.example".to_owned()), name: None };
    let portal = Portal::firm_from(Transport::Smtp(Box::new(given)), sender);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail")
        .sees("Set by the command line.")
        .sees(&server.address.to_string())
        .sees("given@harbor.example")
        .is_not_offered("Save");
    let port = other.port().to_string();
    let fields = [
        ("delivery", "smtp"),
        ("host", "127.0.0.1"),
        ("security", "none"),
        ("port", port.as_str()),
        ("user", "harbor"),
        ("password", SECRET),
        ("from_address", "page@harbor.example"),
        ("form_id", "a-form-id-of-twenty-signs"),
    ];
    ada.post("/mail", &fields).status(422).sees("so it cannot be changed here");
    assert_eq!(portal.sql_count("mail_setting"), 0);
    // A test goes to the server that is given, whatever is sent along.
    ada.post("/mail/test-letter", &fields).status(200).sees("took the test letter");
    ada.visit("/mail").press("Send a test letter").status(200).sees("took the test letter");
    assert_eq!((server.arrived().len(), other.conversations()), (2, 0));
    assert_eq!(server.arrived()[0].from, "given@harbor.example");

    let portal = Portal::firm_by(Transport::Folder("/srv/letters".into()));
    portal.sign_in(ADA).visit("/mail").sees("/srv/letters").is_not_offered("Save").is_not_offered("Send a test letter");
    // The sender alone can be given, too.
    let sender = GivenSender { address: Some("given@harbor.example".to_owned()), name: None };
    let portal = Portal::firm_from(Transport::AsSet, sender);
    let mut ada = portal.sign_in(ADA);
    filled_without_sender(&mut ada, &other).press("Save").status(200).sees("Saved.");
    notice(&portal, 7, "queued");
    portal.run_jobs();
    assert_eq!(other.arrived()[0].from, "given@harbor.example");
}

fn filled_without_sender<'v>(visit: &'v mut Visit, server: &MailServer) -> &'v mut Visit {
    visit
        .visit("/mail")
        .tick("Send them through a mail server")
        .fill("Mail server", "127.0.0.1")
        .fill("Encryption", "none")
        .fill("Port", &server.port().to_string())
        .fill("User name", "harbor")
        .fill("Password", SECRET)
}

/// MAI-1: what was held stays held until somebody asks, and what would arrive with a dead link stays.
#[test]
fn letters_that_were_held_stay_held_until_somebody_sends_them() {
    let server = wants_harbor();
    let portal = Portal::firm();
    for id in [1, 2] {
        notice(&portal, id, "queued");
    }
    portal.execute(
        "insert into letter (id, partner, kind, to_name, to_email, subject, text, html, state, created_at)
                    values (3, 1, 'reset', 'Olu', 'olu@alder.example', 'Reset', 'Go to \u{e100}/links/\u{e101}', '<p>x</p>', 'queued', ?1)",
        [portal.now().0],
    );
    portal.run_jobs();
    let mut ada = portal.sign_in(ADA);
    ada.post("/mail/held-letters", &[]).follow().sees("Choose how they leave first.");
    filled(&mut ada, &server).press("Save").status(200);
    notice(&portal, 4, "queued");
    portal.run_jobs();
    assert_eq!([1, 2, 3, 4].map(|id| state(&portal, id)), ["held", "held", "held", "delivered"]);
    ada.visit("/mail").sees("Send 2 letters held here").sees("2 of them can still be sent");
    // One alone, from the Outbox.
    let mut abe = portal.sign_in(ABE);
    abe.post("/outbox/1/retry", &[]).follow().sees("is tried again at once");
    abe.post("/outbox/3/retry", &[]).follow().sees("would arrive with a link that works no more");
    portal.run_jobs();
    assert_eq!([1, 2, 3].map(|id| state(&portal, id)), ["delivered", "held", "held"]);
    ada.visit("/mail").press("Send 1 letter held here").status(200).sees("1 letter is on its way.");
    assert_eq!(portal.last_activity(), "sent on their way 1 letter that was held");
    portal.run_jobs();
    assert_eq!([2, 3].map(|id| state(&portal, id)), ["delivered", "held"]);
    ada.post("/mail/held-letters", &[]).follow().sees("No letter is held here that could still be sent.");
}

/// MAI-2, LOG-1: Retry now does not wait, gives a letter that failed three more days, and is an event.
#[test]
fn retry_now_does_not_wait() {
    let down = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&down);
    let server = MailServer::plain()
        .manner(move |moment| if moment.step == Step::Greeting && seen.load(Ordering::SeqCst) { Act::Drop } else { Act::Well })
        .start();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "127.0.0.1").fill("Encryption", "none");
    ada.fill("Port", &server.port().to_string()).fill("Sender\u{2019}s address", "portal@harbor.example").press("Save").status(200);
    notice(&portal, 7, "queued");
    portal.run_jobs();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/outbox").sees("1 try failed").near("Olu").press("Retry now").sees("The letter to Olu is tried again at once.");
    assert_eq!(portal.last_activity(), "had the letter \u{201c}A notice\u{201d} to olu@alder.example sent again at once");
    portal.run_jobs();
    assert_eq!(server.conversations(), 2, "without waiting for the pause to end");
    portal.wait(Span::days(3)).run_jobs().run_jobs();
    assert_eq!(state(&portal, 7), "failed");
    down.store(false, Ordering::SeqCst);
    portal.sign_in(ABE).visit("/outbox?state=failed").press("Retry now").status(200);
    assert_eq!(state(&portal, 7), "queued");
    portal.run_jobs();
    assert_eq!(state(&portal, 7), "delivered");
    portal.sign_in(ABE).post("/outbox/7/retry", &[]).follow().sees("was handed over meanwhile");
    for member in [MALLORY, TESS, OLU] {
        portal.sign_in(member).post("/outbox/7/retry", &[]).status(404);
    }
    // It is nobody's business where letters are held.
    let portal = Portal::firm();
    notice(&portal, 7, "failed");
    portal.sign_in(ABE).visit("/outbox").is_not_offered("Retry now");
}

/// HOM-1: a letter given up stands on Home for thirty days, and until a later one of the same kind made up for it.
#[test]
fn a_letter_given_up_leaves_home_when_a_later_one_makes_up_for_it() {
    let portal = Portal::firm();
    notice(&portal, 7, "failed");
    portal.execute("update letter set account = ?1, kind = 'welcome', last_error = 'No such person.'", [OLU.account]);
    let mut abe = portal.sign_in(ABE);
    abe.visit("/").sees("Not delivered").sees("Letter to Olu").sees("No such person.");
    portal.wait(Span(1));
    notice(&portal, 8, "delivered");
    for change in ["kind = 'welcome'", "kind = 'reset', account = 120000000000001"] {
        portal.execute(&format!("update letter set {change} where id = 8"), []);
        abe.visit("/").sees("Not delivered");
    }
    portal.execute("update letter set account = ?1, kind = 'welcome' where id = 8", [OLU.account]);
    abe.visit("/").does_not_see("Not delivered");
    portal.execute("delete from letter where id = 8", []);
    portal.wait(Span(Span::days(30).0 - 2));
    portal.sign_in(ABE).visit("/").sees("Not delivered");
    portal.wait(Span(1));
    portal.sign_in(ABE).visit("/").does_not_see("Not delivered");
}

/// MAI-1: links that only this machine can open are pointed out wherever letters leave, and nowhere else.
#[test]
fn links_that_only_this_machine_can_open_are_pointed_out() {
    const SAID: &str = "Links in letters begin with http://127.0.0.1:8090, which nobody on another machine can open.";
    let here = || Portal::firm().reached(Spoken::Plain, "http://127.0.0.1:8090");
    // Where a style sheet hides the fields of the mail server, it hides this with them.
    let portal = here();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail").sees(SAID);
    let page = ada.body();
    let (fields, said) = (page.find("by-smtp").expect("the fields"), page.find("Links in letters begin").expect("the sentence"));
    assert!(fields < said && page.matches("Links in letters begin").count() == 1);
    for transport in [Transport::Folder("/srv/letters".into()), Transport::Failing] {
        Portal::firm_by(transport.clone()).reached(Spoken::Plain, "http://127.0.0.1:8090").sign_in(ADA).visit("/mail").sees(SAID);
        Portal::firm_by(transport).sign_in(ADA).visit("/mail").does_not_see("Links in letters begin");
    }
    Portal::firm().sign_in(ADA).visit("/mail").does_not_see("Links in letters begin");
}

/// MAI-1: an empty port is the usual one of the chosen encryption.
#[test]
fn an_empty_port_is_the_usual_one() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for (encryption, host, port) in [("tls", "mail.example", 465), ("starttls", "mail.example", 587), ("none", "localhost", 25)] {
        ada.visit("/mail").sees("Empty for the usual one").tick("Send them through a mail server").fill("Mail server", host);
        ada.fill("Encryption", encryption).fill("Port", " ").fill("Sender\u{2019}s address", "portal@harbor.example");
        ada.press("Save").status(200).sees(&format!("{host}:{port}"));
        assert_eq!(portal.sql::<i64>("select port from mail_setting", []), port);
    }
}

/// MAI-1: a port that does not begin with TLS is no certificate that is not trusted.
#[test]
fn a_port_that_does_not_begin_with_tls_is_named() {
    let server = MailServer::plain().tls(Tls::Starts).start();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "localhost").fill("Encryption", "tls");
    ada.fill("Port", &server.port().to_string()).fill("Sender\u{2019}s address", "portal@harbor.example").press("Send a test letter");
    ada.sees("does not begin with TLS. Try STARTTLS, or port 465.").does_not_see("trusted: ").does_not_see("InvalidContentType");
    // Where the port is the usual one of the other encryption, any trouble is told so; nothing listens on these here, or no mail server.
    for (encryption, port, said) in
        [("tls", "587", "Port 587 is the usual one for STARTTLS."), ("starttls", "465", "Port 465 is the usual one for TLS.")]
    {
        ada.fill("Encryption", encryption).fill("Port", port).press("Send a test letter").sees("did not leave").sees(said);
    }
    for (encryption, port) in [("tls", "465"), ("starttls", "587")] {
        ada.fill("Encryption", encryption).fill("Port", port).press("Send a test letter").does_not_see("is the usual one for");
    }
}

/// MAI-1: who saves what was tried in vain is told so; trouble with other settings, or before letters left again, is over.
#[test]
fn trouble_belongs_to_the_settings_it_was_had_with() {
    let down = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&down);
    let server = MailServer::plain()
        .manner(move |moment| if moment.step == Step::Greeting && seen.load(Ordering::SeqCst) { Act::Drop } else { Act::Well })
        .start();
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let fill = |ada: &mut Visit| {
        ada.visit("/mail").tick("Send them through a mail server").fill("Mail server", "127.0.0.1").fill("Encryption", "none");
        ada.fill("Port", &server.port().to_string()).fill("Sender\u{2019}s address", "portal@harbor.example");
    };
    fill(&mut ada);
    ada.press("Send a test letter").sees("did not leave").press("Save").status(200);
    ada.sees("Saved, but the last test letter was not taken.").visit("/mail").sees("Not taken");
    // Other values than those: that test says nothing about them.
    ada.press("Send a test letter").sees("did not leave").fill("Sender\u{2019}s address", "mail@harbor.example").press("Save").status(200);
    ada.sees("Saved. New letters").visit("/mail").does_not_see("Not taken");
    notice(&portal, 7, "queued");
    portal.run_jobs();
    ada.visit("/mail").sees("Last trouble").sees("next try in 1 minute");
    portal.wait(Span::seconds(1));
    ada.visit("/mail").sees("next try in less than a minute").press("Send a test letter").sees("did not leave").sees("Not taken");
    // Letters leave again.
    down.store(false, Ordering::SeqCst);
    portal.wait(Span::minutes(1)).run_jobs();
    assert_eq!(state(&portal, 7), "delivered");
    ada.visit("/mail").sees("Letters leave").does_not_see("Last trouble").does_not_see("Not taken");
    // And once more, with other settings.
    down.store(true, Ordering::SeqCst);
    portal.wait(Span::minutes(1));
    notice(&portal, 8, "queued");
    portal.run_jobs();
    ada.visit("/mail").sees("Last trouble").fill("Sender\u{2019}s address", "portal@harbor.example").press("Save").status(200);
    ada.visit("/mail").does_not_see("Last trouble");
}
