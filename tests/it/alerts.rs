//! The rules of `alerts`, one test a sentence.

use portico::access::witness_model::Clockwork;
use portico::alerts::model::{DeviceFacts, Facts, ServiceFacts, Whose};
use portico::alerts::rules_model::{OF_DEVICES, OF_PARTNER, Rule, Setting, Side, To, Unit};
use portico::alerts::{actions, store};
use portico::devices::report_model::DeviceReport;
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::time::{Span, Timestamp};

use crate::device_status::{agent, healthy, take, well};
use crate::support::people::*;
use crate::support::portal::Portal;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const SECOND: Span = Span::seconds(1);
const ALDER_WHOSE: Whose = Whose { partner: PartnerId(1), organization: Some(OrganizationId(ALDER_ID)), side: Side::Provider };

fn device() -> DeviceFacts {
    DeviceFacts {
        name: "ember".to_owned(),
        last_seen: Some(NOW),
        local_permille: Some(300),
        oldest_snapshot: Some(NOW),
        without_snapshot: 0,
        known_since: NOW - Span::days(400),
        oldest_offsite: Some(NOW),
        failed_screenshots: 0,
        newest_screenshot: Some(NOW),
        service_until: Some(NOW + Span::days(400)),
    }
}

/// What a rule with its default says of one device.
fn says(rule: Rule, change: impl Fn(&mut DeviceFacts)) -> Vec<String> {
    let mut device = device();
    change(&mut device);
    Facts { devices: vec![device], services: Vec::new() }.says(&rule.default(), NOW)
}

/// Letters about alerts to somebody.
fn letters(portal: &Portal, email: &str) -> i64 {
    portal.sql("select count(*) from letter where to_email = ?1 and subject like '%: % %' and kind = 'notice'", [email])
}

/// DEV-6: the defaults, each true one second after its edge and not on it.
#[test]
fn each_default_comes_true_just_after_its_edge() {
    type Moment = fn(&mut DeviceFacts, Timestamp);
    let ages: [(Rule, Span, Moment, &str); 7] = [
        (Rule::SeenWarn, Span::minutes(20), |device, at| device.last_seen = Some(at), "ember: not seen for 20 minutes"),
        (Rule::SeenFail, Span::hours(1), |device, at| device.last_seen = Some(at), "ember: not seen for 1 hour"),
        (Rule::BackupWarn, Span::hours(12), |device, at| device.oldest_snapshot = Some(at), "ember: no backup for 12 hours"),
        (Rule::BackupFail, Span::hours(24), |device, at| device.oldest_snapshot = Some(at), "ember: no backup for 1 day"),
        (Rule::OffsiteWarn, Span::hours(48), |device, at| device.oldest_offsite = Some(at), "ember: nothing offsite for 2 days"),
        (Rule::OffsiteFail, Span::hours(72), |device, at| device.oldest_offsite = Some(at), "ember: nothing offsite for 3 days"),
        (Rule::Screenshot, Span::days(7), |device, at| device.newest_screenshot = Some(at), "ember: no screenshot for 7 days"),
    ];
    for (rule, span, set, words) in ages {
        assert!(says(rule, |device| set(device, NOW - span)).is_empty(), "{rule:?} on its edge");
        assert_eq!(says(rule, |device| set(device, NOW - span - SECOND)), [words], "{rule:?}");
    }
    for (rule, edge) in [(Rule::StorageWarn, 850), (Rule::StorageFail, 950)] {
        assert!(says(rule, |device| device.local_permille = Some(edge)).is_empty());
        assert_eq!(says(rule, |device| device.local_permille = Some(edge + 1)).len(), 1);
    }
    assert_eq!(says(Rule::Screenshot, |device| device.failed_screenshots = 1), ["ember: 1 screenshot failed"]);
    assert!(says(Rule::Service, |device| device.service_until = Some(NOW + Span::days(30) + SECOND)).is_empty());
    assert_eq!(says(Rule::Service, |device| device.service_until = Some(NOW + Span::days(30))), ["ember: service period ends in 30 days"]);
    assert_eq!(says(Rule::Service, |device| device.service_until = Some(NOW)), ["ember: service period over"]);
    for rule in OF_DEVICES {
        assert!(says(*rule, |_| {}).is_empty(), "{rule:?} of a device that is well");
        let nothing = |device: &mut DeviceFacts| {
            *device = DeviceFacts {
                last_seen: None,
                local_permille: None,
                oldest_snapshot: None,
                oldest_offsite: None,
                newest_screenshot: None,
                service_until: None,
                ..device.clone()
            };
        };
        assert!(says(*rule, nothing).is_empty(), "{rule:?} of a device of which nothing is known");
    }
}

/// DEV-6: of SaaS accounts the success rate; for a whole partner unlinked accounts and license caps.
#[test]
fn saas_accounts_are_watched_as_well() {
    let service = |success: Option<i64>, unlinked_at: Option<Timestamp>, cap: Option<(i64, i64)>| Facts {
        devices: Vec::new(),
        services: vec![ServiceFacts { name: "Alder Mail".to_owned(), success, unlinked_at, cap }],
    };
    let says = |rule: Rule, facts: &Facts| facts.says(&rule.default(), NOW);
    assert!(says(Rule::Success, &service(Some(900), None, None)).is_empty());
    assert_eq!(says(Rule::Success, &service(Some(899), None, None)), ["Alder Mail: success rate 89.9 %"]);
    assert!(says(Rule::Success, &service(None, None, None)).is_empty());
    assert!(says(Rule::Unlinked, &service(None, Some(NOW - Span::days(1)), None)).is_empty());
    assert_eq!(
        says(Rule::Unlinked, &service(None, Some(NOW - Span::days(1) - SECOND), None)),
        ["Alder Mail: linked to no organization for 1 day"]
    );
    assert!(says(Rule::Cap, &service(None, None, Some((19, 20)))).is_empty());
    assert_eq!(says(Rule::Cap, &service(None, None, Some((20, 20)))), ["Alder Mail: 20 of 20 licenses used"]);
    let early = Setting { threshold: 95, ..Rule::Cap.default() };
    assert_eq!(service(None, None, Some((19, 20))).says(&early, NOW).len(), 1);
}

/// DEV-6: one letter when it comes true, and another only after it has been false.
#[test]
fn a_rule_that_comes_true_writes_one_letter_and_another_only_after_it_was_false() {
    let portal = Portal::firm();
    portal.run_jobs();
    let before = letters(&portal, ADA.email);
    healthy(&portal, ALDER_ID, "D1", "ember");
    portal.wait_idle(Span::minutes(20)).run_jobs();
    assert_eq!(letters(&portal, ADA.email), before, "on its edge it is not true");
    portal.wait_idle(Span::minutes(1)).run_jobs();
    assert_eq!(letters(&portal, ADA.email), before + 1);
    let letter = portal.letter_to(ADA.email);
    assert!(
        letter.contains("Alder Dental. Warning: device not seen for more than 20 minutes.")
            && letter.contains("- ember: not seen for 21 minutes"),
        "{letter}"
    );
    assert!(letter.contains(&format!("/alerts/{ALDER_ID}")), "{letter}");
    assert!(
        portal
            .last_activity()
            .starts_with("told 1 person of Alder Dental: Warning: device not seen for more than 20 minutes (ember: not seen for")
    );
    portal.wait_idle(Span::minutes(10)).run_jobs().wait_idle(Span::minutes(10)).run_jobs();
    assert_eq!(letters(&portal, ADA.email), before + 1, "it goes on being true");
    // It comes back, and falls silent again.
    let agents = [agent(&portal, 1, "dc01", Span::minutes(1))];
    take(&portal, Some(ALDER_ID), &well(&portal, "D1", "ember"), &agents);
    portal.wait_idle(Span::minutes(2)).run_jobs();
    assert_eq!(portal.sql_count("alert_raised where organization is not null"), 0);
    portal.wait_idle(Span::minutes(20)).run_jobs();
    assert_eq!(letters(&portal, ADA.email), before + 2);
}

/// DEV-6, SUB-12: after a week switched off there is one letter for each rule that is true, and none for what came and went.
#[test]
fn after_a_week_switched_off_each_true_rule_has_one_letter() {
    let portal = Portal::firm();
    portal.run_jobs();
    healthy(&portal, ALDER_ID, "D1", "ember");
    let before = letters(&portal, ADA.email);
    portal.wait_idle(Span::days(8)).run_jobs();
    let raised: i64 = portal.sql("select count(*) from alert_raised where organization = ?1", [ALDER_ID]);
    // Seen, backup and offsite twice each, of which the failure has the letter, and the screenshot.
    assert_eq!(raised, 7);
    assert_eq!(letters(&portal, ADA.email), before + 4);
    portal.run_jobs().wait_idle(Span::days(1)).run_jobs();
    assert_eq!(letters(&portal, ADA.email), before + 4);
}

/// DEV-6: two batches never write twice.
#[test]
fn settling_twice_writes_once() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    portal.wait_idle(Span::hours(2));
    let before = letters(&portal, ADA.email);
    for _ in 0..2 {
        portal.write(|tx| actions::settle(tx, &Clockwork::ticking(), ALDER_WHOSE));
    }
    // The warning and the failure came true in the same look.
    assert_eq!(letters(&portal, ADA.email), before + 1);
    assert_eq!(portal.sql_count("alert_raised where organization is not null"), 2);
}

/// DEV-6: to whom is chosen; nobody means that no letter is written, and the log tells of it all the same.
#[test]
fn a_letter_goes_to_whom_was_chosen() {
    for (to, ada, sam, olu) in
        [(To::Primary, 1, 0, 0), (To::Staff, 1, 1, 0), (To::Users, 0, 0, 1), (To::All, 1, 1, 1), (To::Nobody, 0, 0, 0)]
    {
        let portal = Portal::firm();
        healthy(&portal, ALDER_ID, "D1", "ember");
        portal.write(|tx| store::set(tx, ALDER_WHOSE, &Setting { to, ..Rule::SeenWarn.default() }));
        portal.wait_idle(Span::minutes(25));
        let count = |email| letters(&portal, email);
        let before = (count(ADA.email), count(SAM.email), count(OLU.email));
        portal.write(|tx| actions::settle(tx, &Clockwork::ticking(), ALDER_WHOSE));
        let after = (count(ADA.email), count(SAM.email), count(OLU.email));
        assert_eq!((after.0 - before.0, after.1 - before.1, after.2 - before.2), (ada, sam, olu), "{to:?}");
        assert!(portal.last_activity().contains("Warning: device not seen for more than 20 minutes"), "{to:?}");
        let told = if to == To::Nobody { "told nobody of Alder Dental: " } else { "told 1 person of Alder Dental: " };
        let several = matches!(to, To::Staff | To::All);
        assert!(several || portal.last_activity().starts_with(told), "{to:?}: {}", portal.last_activity());
        assert_eq!(letters(&portal, NIA.email), 0);
    }
}

/// DEV-6: the page begins with the firm's own rules, and calls quiet what somebody would hear of; of the others it says that nobody is told.
#[test]
fn an_organization_whose_alerts_reach_nobody_is_not_called_quiet() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    let state = |portal: &Portal, organization: i64| {
        let mut ada = portal.sign_in(ADA);
        ada.visit("/alerts");
        let body = ada.body().clone();
        assert!(body.find("For your whole firm") < body.find("alert-organizations"), "the firm's rules come first");
        let row = body.split("<tr").find(|row| row.contains(&format!("/alerts/{organization}"))).expect("its row").to_owned();
        (row.contains("Quiet"), row.contains("Nobody is told"))
    };
    assert_eq!(state(&portal, ALDER_ID), (true, false));
    assert_eq!(state(&portal, BIRCH_ID), (false, true), "without a device there is nothing that anybody would be told of");
    // Each rule about devices tells nobody; the last one makes the difference.
    for rule in OF_DEVICES {
        assert_eq!(state(&portal, ALDER_ID), (true, false), "{rule:?}");
        portal.write(|tx| store::set(tx, ALDER_WHOSE, &Setting { to: To::Nobody, ..rule.default() }));
    }
    assert_eq!(state(&portal, ALDER_ID), (false, true));
    portal.execute("delete from alert_rule", []);
    assert_eq!(state(&portal, ALDER_ID), (true, false));
    portal.execute("insert into notification (partner, notice, wanted) values (1, 'alert_raised', 0)", []);
    assert_eq!(state(&portal, ALDER_ID), (false, true), "letters of alerts are switched off");
}

/// EMP-3: who may not see devices reads nothing of them by letter either.
#[test]
fn no_letter_of_devices_goes_to_whom_they_are_hidden_from() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    portal.execute("update employee set bcdr = 'none' where account = ?1", [SAM.account]);
    portal.write(|tx| store::set(tx, ALDER_WHOSE, &Setting { to: To::Staff, ..Rule::SeenWarn.default() }));
    portal.wait_idle(Span::minutes(25));
    let before = (letters(&portal, ADA.email), letters(&portal, SAM.email));
    portal.write(|tx| actions::settle(tx, &Clockwork::ticking(), ALDER_WHOSE));
    assert_eq!((letters(&portal, ADA.email) - before.0, letters(&portal, SAM.email) - before.1), (1, 0));
}

/// SUB-2: nothing is backed up for a suspended organization, and nobody is warned of it.
#[test]
fn a_suspended_organization_raises_no_alarm() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/suspension"), &[]).status(303);
    portal.wait_idle(Span::hours(30)).run_jobs();
    assert_eq!(portal.sql_count("alert_raised where organization is not null"), 0);
}

/// DEV-6: what, threshold, unit and to whom are chosen on the page, which shows what each rule would say right now.
#[test]
fn a_rule_shows_what_it_would_say_and_is_set_on_its_page() {
    let portal = Portal::firm();
    let silent = DeviceReport { last_seen: Some(portal.now() - Span::minutes(30)), ..well(&portal, "D1", "ember") };
    take(&portal, Some(ALDER_ID), &silent, &[agent(&portal, 1, "dc01", Span::minutes(3))]);
    let page = format!("/alerts/{ALDER_ID}");
    let mut tess = portal.sign_in(TESS);
    tess.visit("/alerts").open("Alder Dental").sees("Alert settings of Alder Dental");
    tess.sees("Now: 1 device ember: not seen for 30 minutes")
        .sees("Nothing right now")
        .sees("Your firm's settings for Alder Dental.")
        .sees("1 true now");
    for (label, value) in [
        ("Device not seen: Warn after", "20"),
        ("Device not seen: Fail after", "1"),
        ("Local storage: Warn above", "85"),
        ("Local storage: Fail above", "95"),
        ("Last backup: Warn after", "12"),
        ("Last backup: Fail after", "24"),
        ("Last offsite copy: Warn after", "48"),
        ("Last offsite copy: Fail after", "72"),
        ("Screenshots: Failed, or older than", "7"),
        ("Service period: Ends within", "30"),
        ("SaaS success rate: Below", "90"),
    ] {
        assert_eq!(tess.value_of(label), value, "{label}");
    }
    tess.fill("Device not seen: Warn after", "2").fill("Unit of: Device not seen: Warn after", "hours");
    tess.fill("Who is told: Device not seen: Warn after", "Users with Full access").press("Save");
    tess.sees("The alert settings are saved.").does_not_see("Now: ");
    assert_eq!(portal.last_activity(), "changed the alert settings of Alder Dental");
    assert_eq!(
        portal.sql::<String>("select changes from activity order by seq desc limit 1", []),
        r#"[["Warning: device not seen for more than","20 minutes, Primary account","2 hours, Users with Full access"]]"#
    );
    tess.press("Save").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("alert_rule"), 1);
    for (field, value, sentence) in [
        ("threshold_seen_warn", "0", "Enter a whole number, 1 or more, up to a year."),
        ("threshold_seen_warn", "8761", "Enter a whole number, 1 or more, up to a year."),
        ("threshold_storage_warn", "101", "Enter a whole number, 1 to 100."),
        ("threshold_backup_warn", "soon", "Enter a whole number, 1 or more, up to a year."),
        ("unit_storage_warn", "hours", "Choose one of the list."),
        ("to_seen_warn", "everybody", "Choose one of the list."),
    ] {
        let settings = portal.db().read(|db| store::settings(db, ALDER_WHOSE)).expect("the settings");
        let mut fields: Vec<(String, String)> = Vec::new();
        for one in settings {
            let word = one.rule.word();
            fields.push((format!("threshold_{word}"), one.threshold.to_string()));
            fields.push((format!("unit_{word}"), one.unit.word().to_owned()));
            fields.push((format!("to_{word}"), one.to.word().to_owned()));
        }
        fields.retain(|(name, _)| name != field);
        fields.push((field.to_owned(), value.to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        tess.post(&page, &fields).status(422).sees(sentence);
    }
    assert_eq!(portal.sql_count("alert_rule"), 1);
}

/// DEV-6: for the whole firm, by who runs the portal and sees all of it.
#[test]
fn the_firm_is_told_of_unlinked_accounts() {
    let portal = Portal::estate();
    portal.run_jobs();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/alerts").sees("For your whole firm").sees("Unlinked SaaS accounts");
    ada.fill("Who is told: Unlinked SaaS accounts: Unlinked for more than", "Primary account");
    ada.fill("Unlinked SaaS accounts: Unlinked for more than", "2").press("Save").sees("The alert settings are saved.");
    let whole = Whose { partner: PartnerId(1), organization: None, side: Side::Provider };
    let kept = portal.db().read(|db| store::settings(db, whole)).expect("the settings");
    assert_eq!(
        kept.iter().map(|one| (one.rule, one.threshold, one.unit)).collect::<Vec<_>>(),
        [(OF_PARTNER[0], 2, Unit::Days), (OF_PARTNER[1], 100, Unit::Percent)]
    );
    let letters = |portal: &Portal| portal.sql_count("letter where subject like '%linked to no organization for more than 2 days'");
    portal.execute("update saas_account set unlinked_at = ?1 where organization is null", [portal.now().0]);
    portal.execute("delete from alert_raised", []);
    portal.wait_idle(Span::days(2)).run_jobs();
    assert_eq!(letters(&portal), 0);
    portal.wait_idle(Span::minutes(1)).run_jobs();
    assert_eq!(letters(&portal), 1);
    assert_eq!(
        portal.sql::<String>("select to_email from letter where subject like '%linked to no organization for more than 2 days'", []),
        ADA.email
    );
    portal.sign_in(TESS).visit("/alerts").does_not_see("For your whole firm");
    portal.sign_in(TESS).post("/alerts", &[]).status(404);
}

/// USR-8, EMP-3, EMP-4: who may, and each within what they see.
#[test]
fn everybody_sets_just_what_is_theirs() {
    let portal = Portal::firm();
    let page = |organization: i64| format!("/alerts/{organization}");
    let mut olu = portal.sign_in(OLU);
    olu.visit("/alerts").sees("Alert settings of Alder Dental").does_not_see("Birch").does_not_see("For your whole firm");
    olu.fill("Device not seen: Warn after", "45").press("Save").sees("The alert settings are saved.");
    assert_eq!(portal.sql::<i64>("select threshold from alert_rule where organization = ?1", [ALDER_ID]), 45);
    olu.get(&page(BIRCH_ID)).status(404);
    olu.post(&page(BIRCH_ID), &[]).status(404);
    olu.post("/alerts", &[]).status(404);
    for member in [BEA, SID] {
        portal.sign_in(member).get("/alerts").status(404);
        portal.sign_in(member).get(&page(ALDER_ID)).status(404);
    }
    let mut mallory = portal.sign_in(MALLORY);
    mallory.get(&page(ALDER_ID)).status(404);
    mallory.visit("/alerts").does_not_see("Alder Dental");
    portal.execute("update employee set bcdr = 'none' where account = ?1", [TESS.account]);
    portal.sign_in(TESS).get("/alerts").status(404);
    portal.execute("update organization_user set access = 'none' where account = ?1", [OLU.account]);
    portal.sign_in(OLU).get("/alerts").status(404);
    assert_eq!(portal.sql_count("alert_rule"), 1);
}

/// ORG-8: nothing of a deleted organization's rules stays.
#[test]
fn deleting_an_organization_forgets_its_rules() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    portal.write(|tx| store::set(tx, ALDER_WHOSE, &Setting { threshold: 45, ..Rule::SeenWarn.default() }));
    portal.wait_idle(Span::hours(2)).run_jobs();
    assert!(0 < portal.sql_count("alert_raised where organization is not null"));
    let mut ada = portal.sign_in(ADA);
    ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(303);
    assert_eq!(portal.sql_count("alert_raised where organization is not null"), 0);
    assert_eq!(portal.sql_count("alert_rule"), 0);
}

/// DEV-6: a device that was never backed up fails once it has been known for longer than that rule's threshold; what has nothing to back up does
/// not, and what was backed up once is measured by that.
#[test]
fn what_was_never_backed_up_fails_once_it_is_known_for_long_enough() {
    let never = |known: Span| {
        move |device: &mut DeviceFacts| {
            *device = DeviceFacts { oldest_snapshot: None, without_snapshot: 2, known_since: NOW - known, ..device.clone() };
        }
    };
    assert!(says(Rule::BackupFail, never(Span::hours(24))).is_empty(), "on its edge");
    assert_eq!(says(Rule::BackupFail, never(Span::hours(24) + SECOND)), ["ember: never backed up, known for 1 day"]);
    assert!(says(Rule::BackupWarn, never(Span::days(9))).is_empty());
    let idle = |device: &mut DeviceFacts| *device = DeviceFacts { oldest_snapshot: None, ..device.clone() };
    assert!(says(Rule::BackupFail, idle).is_empty());
    let one_more = |device: &mut DeviceFacts| device.without_snapshot = 1;
    assert!(says(Rule::BackupFail, one_more).is_empty());
    let portal = Portal::firm();
    let bare = portico::devices::report_model::AssetReport {
        last_snapshot: None,
        backups: Vec::new(),
        ..agent(&portal, 1, "dc01", Span::minutes(1))
    };
    take(&portal, Some(ALDER_ID), &well(&portal, "D1", "ember"), &[bare]);
    portal.wait_idle(Span::hours(24)).run_jobs();
    let raised = || portal.sql_count("alert_raised where rule = 'backup_fail'");
    assert_eq!(raised(), 0);
    portal.wait_idle(Span::minutes(1)).run_jobs();
    assert_eq!(raised(), 1);
}

/// DEV-6: of a warning and a failure that come true in the same look each reader gets the worse letter alone, which tells what is only warned
/// of as well; who is named by the warning only gets that one.
#[test]
fn of_a_warning_and_a_failure_at_once_the_worse_is_written() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    portal.write(|tx| store::set(tx, ALDER_WHOSE, &Setting { to: To::All, ..Rule::SeenWarn.default() }));
    portal.wait_idle(Span::minutes(50));
    take(
        &portal,
        Some(ALDER_ID),
        &DeviceReport { last_seen: Some(portal.now()), ..well(&portal, "D2", "fjord") },
        &[agent(&portal, 2, "dc02", Span::minutes(1))],
    );
    portal.wait_idle(Span::minutes(30));
    let before = [ADA, SAM, OLU].map(|member| letters(&portal, member.email));
    portal.write(|tx| actions::settle(tx, &Clockwork::ticking(), ALDER_WHOSE));
    let after = [ADA, SAM, OLU].map(|member| letters(&portal, member.email));
    assert_eq!([after[0] - before[0], after[1] - before[1], after[2] - before[2]], [1, 1, 1]);
    let to_ada = portal.letter_to(ADA.email);
    assert!(
        to_ada.contains("Failure: device not seen for more than 1 hour") && to_ada.contains("- ember: not seen for 1 hour"),
        "{to_ada}"
    );
    assert!(to_ada.contains("- fjord: not seen for 30 minutes (warning)"), "{to_ada}");
    assert!(portal.letter_to(OLU.email).contains("Warning: device not seen for more than 20 minutes"));
    assert_eq!(portal.sql_count("alert_raised where organization is not null"), 2);
}

/// DEV-6, USR-8: a client's users set rules of their own, which tell them alone: by those they neither switch off nor put off what their provider
/// is told, and it does not what they are.
#[test]
fn neither_side_switches_off_what_the_other_is_told() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    let page = format!("/alerts/{ALDER_ID}");
    let mut olu = portal.sign_in(OLU);
    olu.visit(&page).sees("Your organization's own settings").does_not_see("Primary account");
    assert_eq!(olu.value_of("Who is told: Device not seen: Warn after"), "nobody");
    olu.fill("Device not seen: Warn after", "365").fill("Unit of: Device not seen: Warn after", "days");
    olu.fill("Who is told: Device not seen: Fail after", "users").press("Save").sees("The alert settings are saved.");
    let mut tess = portal.sign_in(TESS);
    assert_eq!(tess.visit(&page).value_of("Device not seen: Warn after"), "20");
    tess.fill("Who is told: Device not seen: Fail after", "nobody").press("Save").sees("The alert settings are saved.");
    portal.wait_idle(Span::minutes(21));
    let count = || (letters(&portal, ADA.email), letters(&portal, OLU.email));
    let before = count();
    portal.run_jobs();
    assert_eq!((count().0 - before.0, count().1 - before.1), (1, 0), "the provider's warning");
    portal.wait_idle(Span::minutes(40)).run_jobs();
    assert_eq!((count().0 - before.0, count().1 - before.1), (1, 1), "the users' failure");
    assert_eq!(portal.sql_count("alert_raised where side = 'client'"), 1);
    let mut fields: Vec<(String, String)> = Vec::new();
    let client = Whose { side: Side::Client, ..ALDER_WHOSE };
    for one in portal.db().read(|db| store::settings(db, client)).expect("the settings") {
        let word = one.rule.word();
        fields.push((format!("threshold_{word}"), one.threshold.to_string()));
        fields.push((format!("unit_{word}"), one.unit.word().to_owned()));
        fields.push((format!("to_{word}"), "primary".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    portal.sign_in(OLU).post(&page, &fields).status(422).sees("Choose one of the list.");
}

/// NOT-1: a partner switches the letters of alerts off; the event is written all the same.
#[test]
fn letters_of_alerts_can_be_switched_off() {
    for (wanted, expected) in [("1", 1), ("0", 0)] {
        let portal = Portal::firm();
        healthy(&portal, ALDER_ID, "D1", "ember");
        portal.execute(&format!("insert into notification (partner, notice, wanted) values (1, 'alert_raised', {wanted})"), []);
        portal.wait_idle(Span::minutes(25));
        let before = letters(&portal, ADA.email);
        portal.write(|tx| actions::settle(tx, &Clockwork::ticking(), ALDER_WHOSE));
        assert_eq!(letters(&portal, ADA.email) - before, expected);
        assert!(portal.last_activity().contains("Warning: device not seen for more than 20 minutes"));
    }
    Portal::firm().sign_in(ADA).visit("/notification-settings").sees("Alert Notification").sees("Alert raised");
}
