//! Offsite audits (DEV-8), one test a sentence.

use portico::audits::model::{Orphaned, Report, audit};
use portico::devices::report_model::{AssetKind, AssetReport, BackupReport, DeviceReport};
use portico::kernel::time::{Span, Timestamp};

use crate::support::estate::{ALDERINE, BIRCHINE};
use crate::support::people::*;
use crate::support::portal::Portal;

fn at(rest: &str) -> String {
    format!("/devices/{}/audits{rest}", ALDERINE.device())
}

/// The estate without the audits that each tenant has.
fn quiet() -> Portal {
    let portal = Portal::estate();
    portal.execute("delete from offsite_audit", []);
    portal
}

fn asset(name: &str, number: i64, archived: bool) -> AssetReport {
    let point = |at: i64, status: &str| BackupReport {
        at: Timestamp(at),
        status: status.to_owned(),
        error: None,
        verification: None,
        verification_errors: Vec::new(),
        screenshot: None,
        screenshot_image: None,
    };
    AssetReport {
        volume: format!("{number:032x}"),
        vendor_id: number,
        kind: AssetKind::Agent,
        name: name.to_owned(),
        local_ip: None,
        os: None,
        protected_count: 1,
        unprotected_count: 0,
        protected_names: Vec::new(),
        unprotected_names: Vec::new(),
        agent_version: None,
        paused: false,
        archived,
        latest_offsite: (number == 1).then_some(Timestamp(5_000)),
        local_snapshots: 7,
        last_snapshot: Some(Timestamp(6_000)),
        screenshot_at: None,
        screenshot_ok: None,
        screenshot_url: None,
        fqdn: None,
        backups: vec![point(6_000, "success"), point(4_000, "failure")],
    }
}

fn names(report: &Report) -> (Vec<&str>, Vec<(&str, Orphaned)>) {
    (
        report.datasets.iter().map(|dataset| dataset.name.as_str()).collect(),
        report.orphans.iter().map(|(dataset, why)| (dataset.name.as_str(), *why)).collect(),
    )
}

/// DEV-8, SAS-10: size, datasets by agent with their points; what is not known is not 0.
#[test]
fn an_audit_holds_what_is_known() {
    let device = DeviceReport { offsite_bytes: None, local_used_kb: Some(12), agents: 2, ..DeviceReport::default() };
    let report = audit(&device, Some(Timestamp(6_000)), &[asset("srv01", 1, false), asset("srv02", 2, false)], None);
    assert_eq!((report.offsite_bytes, report.local_kb, report.before), (None, Some(12), None));
    assert_eq!(names(&report), (vec!["srv01", "srv02"], vec![]));
    let newest: Vec<Option<Timestamp>> = report.datasets.iter().map(|dataset| dataset.newest_offsite).collect();
    assert_eq!(newest, [Some(Timestamp(5_000)), None]);
    assert_eq!(report.datasets[0].points, [(Timestamp(6_000), true), (Timestamp(4_000), false)]);
}

/// DEV-8: a chain is orphaned when its asset is archived, or was there at the audit before and is not any more; it stays so.
#[test]
fn a_chain_without_its_asset_is_orphaned() {
    let device = DeviceReport::default();
    let first = audit(&device, None, &[asset("srv01", 1, false), asset("srv02", 2, false), asset("old", 3, true)], None);
    assert_eq!(names(&first), (vec!["srv01", "srv02"], vec![("old", Orphaned::Archived)]));
    let day = |number: i64| Timestamp(number * 86_400_000);
    let second = audit(&device, None, &[asset("srv01", 1, false), asset("old", 3, true)], Some((&first, day(1))));
    assert_eq!(names(&second), (vec!["srv01"], vec![("old", Orphaned::Archived), ("srv02", Orphaned::Vanished(day(1)))]));
    let third = audit(&device, None, &[asset("srv01", 1, false)], Some((&second, day(2))));
    assert_eq!(names(&third), (vec!["srv01"], vec![("old", Orphaned::Vanished(day(2))), ("srv02", Orphaned::Vanished(day(1)))]));
    let back = audit(&device, None, &[asset("srv01", 1, false), asset("srv02", 2, false)], Some((&third, day(3))));
    assert_eq!(names(&back), (vec!["srv01", "srv02"], vec![("old", Orphaned::Vanished(day(2)))]));
}

/// DEV-8: at most one audit a UTC day: asking again shows the first, to the last second of the day.
#[test]
fn a_second_audit_of_the_day_is_the_first() {
    let portal = quiet();
    let (mut olu, mut tess) = (portal.sign_in(OLU), portal.sign_in(TESS));
    olu.visit(&at("")).press("Make an offsite audit").sees("The audit is made, and kept as it is.").sees("Alderine server");
    let first = olu.url.clone();
    olu.visit(&at("")).sees("One was made today (UTC).").is_not_offered("Make an offsite audit");
    tess.post(&at(""), &[]).status(303);
    assert_eq!(tess.location(), first);
    tess.follow().sees("An audit was made today already: this one.");
    let midnight = Timestamp::of_utc_day(portal.now().utc_day() + 1);
    portal.wait(midnight - (portal.now() + Span::seconds(1)));
    let mut abe = portal.sign_in(ABE);
    abe.post(&at(""), &[]).status(303);
    assert_eq!((abe.location(), portal.sql_count("offsite_audit")), (first.as_str(), 1));
    portal.wait(Span::seconds(1));
    abe.post(&at(""), &[]).status(303);
    assert_ne!(abe.location(), first);
    assert_eq!(portal.sql_count("offsite_audit"), 2);
    assert_eq!(portal.sql_count("activity where kind = 'offsite_audit.made'"), 2);
}

/// DEV-8: an audit is kept as it was made, whatever comes in later.
#[test]
fn an_audit_is_kept_as_it_was_made() {
    let portal = quiet();
    let mut tess = portal.sign_in(TESS);
    tess.visit(&at("")).press("Make an offsite audit").sees("Alderine server").sees("not known").sees("it is the first of this device");
    let first = tess.url.clone();
    portal.execute("delete from asset_backup", []);
    portal.execute("delete from asset where device = ?1", [ALDERINE.device()]);
    portal.execute("update device set offsite_bytes = 5000000 where id = ?1", [ALDERINE.device()]);
    tess.visit(&first).sees("Alderine server").does_not_see("5.0 MB");
    portal.wait(Span::days(1));
    let mut tess = portal.sign_in(TESS);
    tess.visit(&at("")).press("Make an offsite audit").sees("5.0 MB").sees("vanished since").sees("Alderine server");
}

/// USR-8, ALL-1: users with Full access audit their own organization's devices; nobody sees those of an organization that had the device.
#[test]
fn audits_are_seen_by_the_organization_that_asked() {
    let portal = Portal::estate();
    let audit = format!("/audits/{}", ALDERINE.audit());
    portal.sign_in(OLU).visit("/audits").sees("alderine-siris").open("Offsite audit");
    portal.sign_in(OLU).visit(&audit).sees("Alderine Attic");
    for member in [NIA, FINN, NOOR, BEA] {
        let mut visit = portal.sign_in(member);
        visit.get(&audit).status(404);
        visit.get(&at("")).status(404);
        visit.post(&at(""), &[]).status(404);
    }
    portal.execute("update device set organization = ?2 where id = ?1", (ALDERINE.device(), BIRCH_ID));
    let mut nia = portal.sign_in(NIA);
    nia.get(&audit).status(404);
    nia.visit(&at("")).sees("No audit yet").press("Make an offsite audit").sees("it is the first of this device");
    portal.sign_in(OLU).visit(&audit).sees("Alderine Attic");
    portal.sign_in(OLU).get(&format!("/devices/{}/audits", BIRCHINE.device())).status(404);
}

/// DEV-8: what is linked to no organization is not audited; ORG-8: audits go with their organization.
#[test]
fn audits_are_an_organizations() {
    let portal = Portal::estate();
    let mut tess = portal.sign_in(TESS);
    let spare = format!("/devices/{}/audits", ALDERINE.spare_device());
    tess.visit(&spare).sees("is linked to no organization").is_not_offered("Make an offsite audit");
    tess.post(&spare, &[]).follow().sees("is linked to no organization");
    // The estate has receipts of organizations that are still there.
    portal.execute("delete from receipt", []);
    let name: String = portal.sql("select name from organization where id = ?1", [ALDER_ID]);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", &name), ("backups", "keep")]).status(303);
    assert_eq!(portal.sql_count(&format!("offsite_audit where organization = {ALDER_ID}")), 0);
    assert_eq!(portal.sql_count(&format!("offsite_audit where organization = {BIRCH_ID}")), 1);
}
