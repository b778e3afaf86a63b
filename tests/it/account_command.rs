//! `portico account` by the real binary (SEC-4): what whoever has the machine may do, and the event of each use.

use rusqlite::Connection;

use crate::command_line::{out, refused, run};
use crate::support::people::*;
use crate::support::portal::Portal;

/// The newest event: who, what kind, which sentence.
fn newest(portal: &Portal) -> (String, String, String) {
    let db: Connection = portal.connection();
    db.query_row("select actor, kind, sentence from activity order by seq desc limit 1", [], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
    .expect("an event")
}

#[track_caller]
fn by_the_operator(portal: &Portal, kind: &str, sentence: &str) {
    let operator = "The operator of this machine".to_owned();
    assert_eq!(newest(portal), (operator, kind.to_owned(), sentence.to_owned()));
}

#[track_caller]
fn done(portal: &Portal, arguments: &[&str]) -> String {
    let output = run(portal.folder(), arguments, "");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    out(&output)
}

fn role(portal: &Portal, member: Member) -> String {
    portal.sql("select role from employee where account = ?1", [member.account])
}

/// SEC-4: the list names partners, employees, roles, states and last sign-ins; with `--users` the organizations' people too.
#[test]
fn accounts_are_listed() {
    let portal = Portal::firm();
    portal.execute("update account set state = 'deactivated' where id = ?1", [TESS.account]);
    let said = done(&portal, &["account", "list"]);
    for words in
        ["Harbor MSP, Partner ID P-40000001", "Tidewater IT", ADA.email, "Ada Lane", "Primary account", "never signed in", "9 accounts"]
    {
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
    let tess = said.lines().find(|line| line.contains(TESS.email)).expect("a line");
    assert!(tess.contains("Deactivated") && tess.contains("Tech"), "{tess}");
    assert!(!said.contains(OLU.email));
    by_the_operator(&portal, "account.listed", "looked at the list of employees");
    let said = done(&portal, &["account", "list", "--users", "--partner", "P-40000002"]);
    assert!(
        said.contains("Cedar Clinic (Tidewater IT)") && said.contains(CARL.email) && said.contains(PIA.email) && !said.contains(ADA.email),
        "{said}"
    );
    by_the_operator(&portal, "account.listed", "looked at the list of everybody with an account");
    assert_eq!(portal.sql::<i64>("select partner from activity order by seq desc limit 1", []), 2);
    refused(&run(portal.folder(), &["account", "list", "--partner", "P-1"], ""), 1, "No partner has the Partner ID P-1.");
}

/// ACC-14, SEC-4: the operator names another primary account, an active one; the one before becomes Security Admin.
#[test]
fn another_primary_account_is_named() {
    let portal = Portal::firm();
    let (mut sid, mut ada) = (portal.sign_in(SID), portal.sign_in(ADA));
    sid.get("/employees").status(404);
    let said = done(&portal, &["account", "make-primary", "SID@harbor.example"]);
    assert!(said.contains("Sid Castellan (sid@harbor.example) is the primary account of Harbor MSP now."), "{said}");
    assert_eq!((role(&portal, SID), role(&portal, ADA)), ("primary_account".to_owned(), "security_admin".to_owned()));
    assert!(said.contains("Ada Lane (ada@harbor.example), who was it before, is Security Admin."), "{said}");
    by_the_operator(&portal, "primary_account.handed_over", "handed the primary account over to Sid Castellan (sid@harbor.example)");
    for visit in [&mut sid, &mut ada] {
        visit.get("/employees").status(303);
    }
    portal.sign_in(SID).get("/employees").status(200);
    let at_another = done(&portal, &["account", "make-primary", MALLORY.email, "--partner", "P-40000002"]);
    assert!(at_another.contains("Tidewater IT"), "{at_another}");
    assert_eq!(
        (role(&portal, MALLORY), role(&portal, PIA), role(&portal, SID)),
        ("primary_account".to_owned(), "security_admin".to_owned(), "primary_account".to_owned())
    );
}

/// SEC-4: the one before is named only where there was one.
#[test]
fn where_nobody_was_the_primary_account_nobody_is_said_to_have_been() {
    let portal = Portal::firm();
    portal.execute("update employee set role = 'admin' where account = ?1", [ADA.account]);
    let said = done(&portal, &["account", "make-primary", SID.email]);
    assert!(said.contains("is the primary account of Harbor MSP now.") && !said.contains("before"), "{said}");
    assert_eq!(role(&portal, ADA), "admin");
}

/// SEC-3, SEC-4: when the allowed addresses shut everybody out, the operator opens the door again, of one partner and with an event.
#[test]
fn allowed_addresses_are_cleared() {
    let portal = Portal::firm();
    let elsewhere = std::net::IpAddr::from([192, 0, 2, 7]);
    for (member, from) in [(ADA, [127, 0, 0, 1]), (PIA, [127, 0, 0, 1])] {
        let mut visit = portal.sign_in(member);
        visit.from(std::net::IpAddr::from(from)).visit("/security-settings").fill("Minimum length", "14");
        visit.fill("Allowed addresses of employees", "127.0.0.0/8").press("Save").status(200).sees("Saved.");
    }
    let enters = |member: Member| {
        let mut visit = portal.guest();
        visit.from(elsewhere).post("/sign-in", &[("email", member.email), ("password", PASSWORD)]);
        visit.response.status == 303
    };
    assert!(!enters(ADA) && !enters(PIA));
    let said = done(&portal, &["account", "clear-allowed-addresses"]);
    assert!(said.contains("Employees of Harbor MSP may sign in from everywhere again."), "{said}");
    by_the_operator(&portal, "security.changed", "let employees come from everywhere again");
    assert!(enters(ADA) && !enters(PIA));
    assert_eq!(portal.sql::<i64>("select password_length from security_setting where partner = 1", []), 14);
    done(&portal, &["account", "clear-allowed-addresses", "--partner", "P-40000002"]);
    assert!(enters(PIA));
    assert_eq!(portal.sql::<i64>("select partner from activity where kind = 'security.changed' order by seq desc limit 1", []), 2);
    let again = run(portal.folder(), &["account", "clear-allowed-addresses"], "");
    refused(&again, 1, "Employees of Harbor MSP may come from everywhere already.");
    refused(
        &run(portal.folder(), &["account", "clear-allowed-addresses", "--partner", "P-1"], ""),
        1,
        "No partner has the Partner ID P-1.",
    );
}

/// ACC-14: not one who is not active, not staff, or unknown; nothing is changed then, and nothing is noted.
#[test]
fn nobody_else_is_made_the_primary_account() {
    let portal = Portal::firm();
    portal.execute("update account set state = 'deactivated' where id = ?1", [TESS.account]);
    let before = portal.sql_count("activity");
    for (email, words) in [
        (TESS.email, "Tess Moreau is not active."),
        (OLU.email, "is on nobody's staff"),
        (ADA.email, "Ada Lane is the primary account already."),
        ("nobody@harbor.example", "Nobody signs in with"),
    ] {
        refused(&run(portal.folder(), &["account", "make-primary", email], ""), 1, words);
    }
    assert_eq!((role(&portal, ADA), portal.sql_count("activity")), ("primary_account".to_owned(), before));
    assert_eq!(run(portal.folder(), &["account", "make-primary"], "").status.code(), Some(2));
}

/// ACC-4, SEC-4: one that was active is active again; one never set up gets a letter; an organization's user too.
#[test]
fn accounts_are_brought_back() {
    let portal = Portal::firm();
    for member in [TESS, SAM, OLU] {
        portal.execute("update account set state = 'deactivated' where id = ?1", [member.account]);
    }
    let mut tess = portal.sign_in(TESS);
    tess.get("/").status(303);
    assert!(done(&portal, &["account", "reactivate", TESS.email]).contains("Tess Moreau (tess@harbor.example) is active again"));
    by_the_operator(&portal, "employee.reactivated", "reactivated Tess Moreau");
    portal.sign_in(TESS).get("/").status(200);
    refused(&run(portal.folder(), &["account", "reactivate", TESS.email], ""), 1, "Tess Moreau is not deactivated.");
    // Whoever never set anything up gets a new letter.
    portal.execute("update identity set password_hash = null where email = ?1", [SAM.email]);
    portal.execute("update account set set_up_at = null where id = ?1", [SAM.account]);
    assert!(done(&portal, &["account", "reactivate", SAM.email]).contains("seven new days"));
    portal.guest().get(&portal.link_for(SAM.email)).status(200);
    by_the_operator(&portal, "employee.reactivated", "reactivated Sam Okafor: a new letter, seven new days");
    // The only account of an e-mail needs no organization's ID.
    refused(
        &run(portal.folder(), &["account", "reactivate", OLU.email, "--organization", "10000002"], ""),
        1,
        "no account at that organization",
    );
    refused(&run(portal.folder(), &["account", "reactivate", OLU.email, "--organization", "x"], ""), 1, "x is no organization's ID.");
    assert!(done(&portal, &["account", "reactivate", OLU.email, "--organization", "100000-01"]).contains("is active again"));
    by_the_operator(&portal, "user.reactivated", "reactivated Olu Adeyemi");
    assert_eq!(portal.sql::<i64>("select organization from activity order by seq desc limit 1", []), ALDER_ID);
}
