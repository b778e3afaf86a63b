//! OPS-4 as people meet it: what could not be saved says so, keeps what was entered, and works once when the disk does.

use portico::kernel::db::Read as _;

use crate::support::disk::{Disk, Lasting, Op, Survivors};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::workload::portal_on;

const NOT_SAVED: &str = "This could not be saved, nothing was changed";

fn named(portal: &Portal, name: &str) -> i64 {
    portal.sql("select count(*) from organization where name = ?1", [name])
}

/// Home, a list and an organization's page answer.
#[track_caller]
fn reads_go_on(visit: &Visit) {
    let mut other = visit.clone();
    other.visit("/").status(200).sees("Ada");
    other.visit("/organizations").status(200).sees(ALDER);
    other.visit(&format!("/organizations/{ALDER_ID}")).status(200).sees("Organization name");
}

/// OPS-4, ALL-7
#[test]
fn a_form_on_a_failing_disk_comes_back_filled_in_and_works_once_later() {
    let disk = Disk::new(1);
    let portal = portal_on(&disk);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations/new").fill("Organization name", "Aspen Dental");
    for op in [Op::Write, Op::Sync] {
        disk.fail(op, 0, Lasting::Once);
        ada.press("Create Organization").status(503).sees(NOT_SAVED).sees("the disk reports errors").sees("again when that is mended");
        assert_eq!(ada.value_of("Organization name"), "Aspen Dental");
        reads_go_on(&ada);
        assert_eq!(named(&portal, "Aspen Dental"), 0);
    }
    let form = ada.clone();
    ada.press("Create Organization").status(200).sees("Created Aspen Dental.");
    form.clone().press("Create Organization").status(200).sees("Created Aspen Dental.");
    assert_eq!(named(&portal, "Aspen Dental"), 1, "sent again it does its work once");
}

/// OPS-4: a full disk says that it is full.
#[test]
fn a_full_disk_says_so_and_takes_the_form_when_there_is_room() {
    let disk = Disk::new(2);
    let portal = portal_on(&disk);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/organizations/{ALDER_ID}");
    ada.visit(&page).fill("Contact first name", "Zoë").fill("Contact last name", "Quist").fill("Contact e-mail", "zoe@alder.example");
    for room in [0, 100, 5_000, 20_000] {
        disk.leave_room(room);
        ada.press("Save Changes").status(503).sees(NOT_SAVED).sees("the disk is full");
        assert_eq!(ada.value_of("Contact last name"), "Quist");
        reads_go_on(&ada);
    }
    disk.mend();
    ada.press("Save Changes").status(200).sees("Saved the settings");
    assert_eq!(portal.sql::<String>("select contact_last_name from organization where id = ?1", [ALDER_ID]), "Quist");
}

/// OPS-4: a button without fields says it on the page that it is on.
#[test]
fn a_button_on_a_failing_disk_says_so_where_it_is() {
    let disk = Disk::new(3);
    let portal = portal_on(&disk);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations");
    disk.fail(Op::Sync, 0, Lasting::Once);
    ada.near("Automatic").press("Dark").status(200).sees(NOT_SAVED);
    ada.near("Automatic").press("Dark").status(200).does_not_see(NOT_SAVED);
    assert_eq!(portal.sql::<String>("select theme from identity where email_key = ?1", [ADA.email]), "dark");
}

/// OPS-4, security.md: while nobody can know, nobody is told anything else; the same form then finds out.
#[test]
fn a_form_whose_commit_is_in_doubt_says_so_and_finds_out_when_it_is_sent_again() {
    for (left, survives) in [(Survivors::Everything, true), (Survivors::Nothing, false)] {
        let disk = Disk::new(4);
        let portal = portal_on(&disk);
        let mut ada = portal.sign_in(ADA);
        ada.visit("/organizations/new").fill("Organization name", "Aspen Dental");
        disk.failed_syncs_leave(left);
        disk.fail(Op::Sync, 0, Lasting::Once);
        disk.fail(Op::Write, 0, Lasting::FromThenOn);
        ada.press("Create Organization").status(503).sees("It is not known yet whether this was saved");
        assert_eq!(ada.value_of("Organization name"), "Aspen Dental");
        ada.press("Create Organization")
            .status(503)
            .sees("whether the last change before was saved will be known when the disk works again");
        reads_go_on(&ada);
        // The power goes out, and the portal is started on what is left.
        let again = Portal::of_folder(disk.after_the_cut(Survivors::Nothing));
        assert_eq!(named(&again, "Aspen Dental"), i64::from(survives));
        let mut ada = ada.clone();
        ada.portal = again.clone();
        ada.press("Create Organization").status(200).sees("Created Aspen Dental.");
        assert_eq!(named(&again, "Aspen Dental"), 1);
    }
}

/// OPS-4: signing in writes, so it waits; whoever is in stays in.
#[test]
fn signing_in_on_a_failing_disk_says_why_not() {
    let disk = Disk::new(5);
    let portal = portal_on(&disk);
    let ada = portal.sign_in(ADA);
    disk.leave_room(0);
    let mut sam = portal.guest();
    sam.visit("/sign-in").fill("E-mail", SAM.email).fill("Password", PASSWORD).press("Sign in").status(503).sees(NOT_SAVED);
    reads_go_on(&ada);
    disk.mend();
    sam.visit("/sign-in").fill("E-mail", SAM.email).fill("Password", PASSWORD).press("Sign in").give_code(SAM).status(200).sees("Sam");
}

/// OPS-4: a damaged file is called damaged, with what to do; never an empty list.
#[test]
fn a_damaged_database_is_called_damaged() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    portal.db().checkpoint().expect("its log is emptied");
    let path = portal.db().path();
    let size = std::fs::metadata(path).expect("a file").len();
    let garbage = vec![0xa5; usize::try_from(size).expect("a size") - 4_096];
    std::os::unix::fs::FileExt::write_all_at(&std::fs::File::options().write(true).open(path).expect("a file"), &garbage, 4_096)
        .expect("it is overwritten");
    ada.get("/organizations").status(503).sees("The database is damaged").sees("portico check").sees("a backup can be restored");
}

/// Somebody else who saves something large for longer than anybody waits is no failing disk.
#[test]
fn a_lock_that_is_held_for_long_asks_to_try_again_in_a_moment() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    // The writer gives up at once, so that the test need not wait.
    portal.write(|tx| Ok(tx.connection().busy_timeout(std::time::Duration::ZERO)?));
    let other = portal.connection();
    other.execute_batch("begin immediate").expect("the lock");
    ada.visit("/organizations/new").fill("Organization name", "Aspen Dental").press("Create Organization");
    ada.status(503).sees(NOT_SAVED).sees("something large is being saved just now").sees("Send it again in a moment.");
    other.execute_batch("rollback").expect("the lock is free");
    ada.press("Create Organization").status(200).sees("Created Aspen Dental.");
}
