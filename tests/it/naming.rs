//! A device is called the same wherever people read of it (DEV-4, BRA-1), one test a sentence.

use portico::kernel::time::Span;

use crate::device_status::healthy;
use crate::support::estate::ALDERINE;
use crate::support::people::*;
use crate::support::portal::Portal;

/// What Harbor MSP chose.
fn identify(portal: &Portal, by: &str) {
    portal.execute(
        "insert or replace into branding (partner, stage, devices_named, portal_kind, portal_value, clients_kind, clients_value, preview_sheet)
         values (1, 'live', ?1, 'none', '', 'none', '', 'organizations')",
        [by],
    );
}

const HOST: &str = "quartz-01";
const SERIAL: &str = "SN77Q4";
const NAMES: [(&str, &str); 3] = [("both", "quartz-01 (SN77Q4)"), ("serial", SERIAL), ("hostname", HOST)];

/// The estate with one device of this name and serial number, of which nothing was asked yet.
fn portal() -> Portal {
    let portal = Portal::estate();
    portal.execute("delete from device_task", []);
    portal.execute("delete from offsite_audit", []);
    portal.execute(
        "update device set name = ?2, name_key = ?2, serial = ?3, serial_key = lower(?3), search = ?2 || ' ' || lower(?3) where id = ?1",
        (ALDERINE.device(), HOST, SERIAL),
    );
    portal
}

/// DEV-4: an offsite audit, a task's sentences, dialogs, lists and letter, Home's line, a restore request and the search call it as chosen.
#[test]
fn audits_tasks_home_and_search_call_a_device_as_was_chosen() {
    for (word, name) in NAMES {
        let portal = portal();
        identify(&portal, word);
        let device = ALDERINE.device();
        let (mut olu, mut tess) = (portal.sign_in(OLU), portal.sign_in(TESS));
        tess.visit(&format!("/devices/{device}/audits")).press("Make an offsite audit").sees(&format!("Offsite audit of {name} "));
        assert!(tess.body().contains(&format!("<h1>Offsite audit of {name}</h1>")), "{word}");
        olu.post(&format!("/devices/{device}/tasks/new"), &[("kind", "local_data"), ("note", "The oldest")]).status(303);
        let at = olu.location().to_owned();
        olu.follow().sees(&format!("Deletion of local data on {name} waits for your provider's approval."));
        olu.visit(&format!("{at}/withdrawal")).sees(&format!("Deletion of local data on {name} is not carried out"));
        tess.visit("/").sees(&format!("{name} of Alder Dental"));
        tess.visit("/tasks").sees(name);
        let cards = tess.visit("/search?q=quartz").text().clone();
        assert!(cards.contains(name), "{word}: {cards}");
        tess.post(&format!("{at}/refusal"), &[("reason", "Not now")]).status(303);
        tess.follow().sees(&format!("Deletion of local data on {name}: refused."));
        let letter = portal.letter_to(OLU.email);
        assert!(letter.contains(&format!("which you asked for on {name} of ")), "{word}: {letter}");
        // A restore request among those of the launchpad.
        portal.execute("update device_task set kind = 'restore_files', asset_name = 'Books', asset_volume = 'x', point_at = 1", []);
        olu.visit("/recovery").sees(&format!("{name} · asked"));
        // What the log keeps says the hostname, whatever was chosen.
        let told: String = portal.sql("select sentence from activity where kind = 'device_task.ended'", []);
        assert_eq!(told, format!("refused: deletion of local data on {HOST}"), "{word}");
    }
}

/// DEV-4, DEV-6: an alert's letter and its page, too.
#[test]
fn alerts_call_a_device_as_was_chosen() {
    for (word, name) in [("both", "ember (D1)"), ("serial", "D1"), ("hostname", "ember")] {
        let portal = Portal::firm();
        identify(&portal, word);
        healthy(&portal, ALDER_ID, "D1", "ember");
        portal.wait_idle(Span::minutes(25)).run_jobs();
        let letter = portal.letter_to(ADA.email);
        assert!(letter.contains(&format!("- {name}: not seen for 25 minutes")), "{word}: {letter}");
        portal.sign_in(ADA).visit(&format!("/alerts/{ALDER_ID}")).sees(&format!("Now: 1 device {name}: not seen for 25 minutes"));
    }
}

/// DEV-4: partners that look at the same device each read the name they chose.
#[test]
fn each_partner_reads_the_name_it_chose() {
    let portal = portal();
    identify(&portal, "both");
    portal.execute("update branding set partner = 2 where partner = 1 and stage = 'live'", []);
    portal.sign_in(TESS).visit(&format!("/devices/{}/audits", ALDERINE.device())).sees(HOST).does_not_see("quartz-01 (");
}
