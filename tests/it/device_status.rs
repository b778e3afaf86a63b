//! The rules of Device Status, one test a sentence.

use portico::access::model::{Scope, Sight};
use portico::devices::model::Fill;
use portico::devices::report_model::{AssetKind, AssetReport, BackupReport, DeviceReport, Summary};
use portico::devices::status_model::{Facts, OFFSITE_FAIL, OFFSITE_WARN, SEEN_FAIL, SEEN_WARN, Side, State};
use portico::devices::{assets_store, status_store, store};
use portico::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use portico::kernel::time::{Span, Timestamp};
use portico::settings::local_model::LocalView;

use crate::support::people::*;
use crate::support::portal::Portal;

const HERE: &str = "/status/devices";
const SECOND: Span = Span::seconds(1);

/// A device that is well, as of now.
pub fn well(portal: &Portal, serial: &str, name: &str) -> DeviceReport {
    DeviceReport {
        serial: serial.to_owned(),
        name: name.to_owned(),
        model: Some("S5-4".to_owned()),
        last_seen: Some(portal.now()),
        service_plan: Some("1 Year Cloud Retention".to_owned()),
        service_until: Some(portal.now() + Span::days(400)),
        warranty_until: Some(portal.now() - Span::days(3)),
        local_used_kb: Some(2_400_000_000),
        local_free_kb: Some(5_600_000_000),
        offsite_bytes: Some(1_500_000_000_000),
        agents: 1,
        uptime_seconds: Some(86_400 * 9),
        web_address: Some(format!("https://{name}.example/")),
        ..DeviceReport::default()
    }
}

/// An agent whose newest backup is so old, and so is its copy offsite.
pub fn agent(portal: &Portal, number: u32, name: &str, age: Span) -> AssetReport {
    let at = portal.now() - age;
    let point = |back: i64, status: &str| BackupReport {
        at: at - Span::hours(back),
        status: status.to_owned(),
        error: (status != "success").then(|| "the disk was busy".to_owned()),
        verification: None,
        verification_errors: Vec::new(),
        screenshot: None,
        screenshot_image: None,
    };
    AssetReport {
        volume: format!("{number:032x}"),
        vendor_id: i64::from(number),
        kind: AssetKind::Agent,
        name: name.to_owned(),
        local_ip: None,
        os: Some("Windows Server 2022".to_owned()),
        protected_count: 1,
        unprotected_count: 0,
        protected_names: vec!["C".to_owned()],
        unprotected_names: Vec::new(),
        agent_version: None,
        paused: false,
        archived: false,
        latest_offsite: Some(at),
        local_snapshots: 20,
        last_snapshot: Some(at),
        screenshot_at: Some(at),
        screenshot_ok: Some(true),
        screenshot_url: Some("https://pictures.example/secret.png".to_owned()),
        fqdn: None,
        backups: vec![point(0, "success"), point(1, "failure"), point(2, "success")],
    }
}

/// Takes the reports, as an import does.
#[track_caller]
pub fn take(portal: &Portal, organization: Option<i64>, report: &DeviceReport, assets: &[AssetReport]) -> DeviceId {
    let partner: i64 = organization.map_or(1, |id| portal.sql("select partner from organization where id = ?1", [id]));
    portal.write(|tx| {
        let (device, new) = store::upsert(tx, PartnerId(partner), report)?;
        assets_store::replace(tx, device, assets)?;
        store::refresh_summary(tx, device)?;
        if let Some(organization) = organization.filter(|_| new) {
            store::link(tx, OrganizationId(organization), device)?;
        }
        Ok(device)
    })
}

#[track_caller]
pub fn healthy(portal: &Portal, organization: i64, serial: &str, name: &str) -> DeviceId {
    take(portal, Some(organization), &well(portal, serial, name), &[agent(portal, 1, "dc01", Span::minutes(30))])
}

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// All is well as of now.
fn facts() -> Facts {
    let assets = Summary {
        as_of: Some(NOW),
        active: 2,
        newest_snapshot: Some(NOW),
        oldest_snapshot: Some(NOW),
        newest_offsite: Some(NOW),
        oldest_offsite: Some(NOW),
        newest_screenshot: Some(NOW),
        ..Summary::default()
    };
    Facts { moment: Some(NOW), last_seen: Some(NOW), local_permille: Some(300), assets, ..Facts::default() }
}

fn sides(facts: &Facts) -> (State, State) {
    let verdict = facts.verdict(&LocalView::default(), NOW);
    (verdict.local, verdict.offsite)
}

/// DEV-4: green below 51 %, orange to 80 %, red above.
#[test]
fn local_storage_is_green_below_51_percent_orange_to_80_and_red_above() {
    for (permille, fill) in [(0, Fill::Low), (509, Fill::Low), (510, Fill::High), (800, Fill::High), (801, Fill::Full), (1_000, Fill::Full)]
    {
        assert_eq!(Fill::of(permille), fill, "{permille}");
    }
    let portal = Portal::firm();
    let mut report = well(&portal, "D1", "ember");
    let mut tess = portal.sign_in(TESS);
    for (used, free, class) in [(50_999, 49_001, "good"), (51, 49, "warn"), (80, 20, "warn"), (801, 199, "bad")] {
        (report.local_used_kb, report.local_free_kb) = (Some(used), Some(free));
        take(&portal, Some(ALDER_ID), &report, &[agent(&portal, 1, "dc01", Span::minutes(5))]);
        tess.visit(HERE);
        assert!(tess.body().contains(&format!("<rect class={class} ")), "{used} of {}: {}", used + free, tess.excerpt());
    }
}

/// DEV-4: not seen for more than twenty minutes is a warning, for more than an hour a failure.
#[test]
fn a_device_that_does_not_check_in_warns_after_twenty_minutes_and_fails_after_an_hour() {
    for (age, state) in [
        (SEEN_WARN, State::Healthy),
        (SEEN_WARN + SECOND, State::Warning),
        (SEEN_FAIL, State::Warning),
        (SEEN_FAIL + SECOND, State::Failing),
    ] {
        assert_eq!(sides(&Facts { last_seen: Some(NOW - age), ..facts() }), (state, State::Healthy), "{age:?}");
    }
}

/// BRA-3: the viewer's own thresholds decide about backups; what is furthest behind counts.
#[test]
fn backups_warn_and_fail_by_the_viewers_own_thresholds() {
    let view = LocalView { warn_hours: 3, fail_hours: 5, ..LocalView::default() };
    let of = |hours: i64, more: Span| {
        let mut facts = facts();
        facts.assets.oldest_snapshot = Some(NOW - Span::hours(hours) - more);
        facts.verdict(&view, NOW).local
    };
    assert_eq!(of(3, Span(0)), State::Healthy);
    assert_eq!(of(3, SECOND), State::Warning);
    assert_eq!(of(5, Span(0)), State::Warning);
    assert_eq!(of(5, SECOND), State::Failing);
    let portal = Portal::firm();
    let agents = [agent(&portal, 1, "dc01", Span::minutes(5)), agent(&portal, 2, "files", Span::hours(13))];
    take(&portal, Some(ALDER_ID), &well(&portal, "D1", "ember"), &agents);
    let (mut tess, mut abe) = (portal.sign_in(TESS), portal.sign_in(ABE));
    tess.visit(HERE).sees("No backup for 13 hours").sees("1 Warning").does_not_see("Nothing stands out");
    let wide = [
        ("devices_by", "state"),
        ("storage_as", "percent"),
        ("backup_warn_hours", "14"),
        ("backup_fail_hours", "24"),
        ("devices_per_page", "25"),
        ("theme", "auto"),
    ];
    tess.post("/account/display", &wide).status(303);
    tess.visit(HERE).sees("Nothing stands out").does_not_see("No backup for");
    abe.visit(HERE).sees("No backup for 13 hours");
}

/// DEV-4: offsite copies may be 48 hours old, and fail after 72; where none is known nothing is said of them.
#[test]
fn what_lies_offsite_has_a_status_of_its_own() {
    let of = |oldest: Option<Timestamp>| {
        let mut facts = facts();
        facts.assets.oldest_offsite = oldest;
        sides(&facts)
    };
    assert_eq!(of(Some(NOW - OFFSITE_WARN)), (State::Healthy, State::Healthy));
    assert_eq!(of(Some(NOW - OFFSITE_WARN - SECOND)), (State::Healthy, State::Warning));
    assert_eq!(of(Some(NOW - OFFSITE_FAIL)), (State::Healthy, State::Warning));
    assert_eq!(of(Some(NOW - OFFSITE_FAIL - SECOND)), (State::Healthy, State::Failing));
    assert_eq!(of(None), (State::Healthy, State::NoData));
    let mut unknown = facts();
    unknown.assets.oldest_offsite = None;
    assert_eq!(unknown.verdict(&LocalView::default(), NOW).state(), State::Healthy);
}

/// DEV-4: what else is wrong is a warning, each by its own words; a full disk fails above 95 %.
#[test]
fn each_trouble_is_told_in_words() {
    let verdict = |change: fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        let verdict = facts.verdict(&LocalView::default(), NOW);
        (verdict.local, verdict.why_of(Side::Local))
    };
    let says = |change: fn(&mut Facts), state: State, words: &str| assert_eq!(verdict(change), (state, words.to_owned()));
    says(|facts| facts.assets.failed_backups = 2, State::Warning, "2 newest backups failed");
    says(|facts| facts.assets.without_snapshot = 1, State::Warning, "1 machine never backed up");
    says(|facts| facts.assets.failed_screenshots = 1, State::Warning, "1 screenshot failed");
    says(|facts| facts.local_permille = Some(850), State::Healthy, "");
    says(|facts| facts.local_permille = Some(851), State::Warning, "Local storage 85 % full");
    says(|facts| facts.local_permille = Some(950), State::Warning, "Local storage 95 % full");
    says(|facts| facts.local_permille = Some(951), State::Failing, "Local storage 95 % full");
    says(|facts| facts.service_until = Some(NOW + SECOND), State::Healthy, "");
    says(|facts| facts.service_until = Some(NOW), State::Warning, "Service period over");
}

/// SAS-10 alike: ages count back from when the data was true; older than 48 hours it says nothing about today; without any that is said.
#[test]
fn data_carries_its_time_and_no_data_is_said() {
    let old = |span: Span| facts().verdict(&LocalView::default(), NOW + span).state();
    assert_eq!(old(Span::hours(48)), State::Healthy);
    assert_eq!(old(Span::hours(48) + SECOND), State::NoRecentData);
    let portal = Portal::firm();
    let mut tess = portal.sign_in(TESS);
    tess.visit(HERE).sees("no data yet").sees("No device yet");
    portal.write(|tx| {
        let report = DeviceReport { serial: "D9".to_owned(), name: "new".to_owned(), ..DeviceReport::default() };
        let (device, _) = store::upsert(tx, PartnerId(1), &report)?;
        store::refresh_summary(tx, device)?;
        store::link(tx, OrganizationId(ALDER_ID), device)
    });
    tess.visit(HERE).sees("No data yet").does_not_see("0 %").does_not_see("100 %").does_not_see("1 Healthy");
    healthy(&portal, BIRCH_ID, "D1", "ember");
    tess.visit(HERE).sees("as of 06:26, just now").sees("1 Healthy").sees("1 No data yet");
    // One that fell silent is told by the others, however long ago it was.
    portal.wait_idle(Span::hours(3));
    healthy(&portal, ALDER_ID, "D2", "fjord");
    let mut tess = portal.sign_in(TESS);
    tess.visit(HERE).sees("Not seen for 3 hours").sees("1 Failing").sees("1 Healthy");
    portal.wait_idle(Span::hours(48) + SECOND);
    portal.sign_in(TESS).visit(HERE).sees("2 days ago").sees("No recent data").does_not_see("1 Failing").does_not_see("1 Healthy");
}

/// SAS-10 alike: what has no agent and no share is grey, and so is what a suspended organization has (SUB-2).
#[test]
fn what_is_not_backed_up_on_purpose_is_grey() {
    let mut idle = facts();
    idle.assets.active = 0;
    assert_eq!(sides(&idle), (State::Idle, State::Idle));
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    let mut ada = portal.sign_in(ADA);
    ada.visit(HERE).sees("Healthy").does_not_see("1 Suspended");
    ada.post(&format!("/organizations/{ALDER_ID}/suspension"), &[]).status(303);
    ada.visit(HERE).sees("1 Suspended").does_not_see("1 Healthy");
}

/// DEV-4: a row opens agents and shares, their backups, and everything else that is known.
#[test]
fn a_row_opens_what_the_device_protects_and_all_that_is_known_of_it() {
    let portal = Portal::firm();
    let share = AssetReport { kind: AssetKind::Share, ..agent(&portal, 2, "shared-drive", Span::hours(2)) };
    let paused = AssetReport { paused: true, ..agent(&portal, 3, "old-laptop", Span::days(90)) };
    let assets = [agent(&portal, 1, "dc01", Span::minutes(30)), share, paused];
    let device = take(&portal, Some(ALDER_ID), &well(&portal, "D1", "ember"), &assets);
    let mut tess = portal.sign_in(TESS);
    tess.visit(HERE).sees("ember").sees("D1").sees("Alder Dental").sees("S5-4").sees("30 %").sees("1.5 TB").open("Details of ember");
    assert_eq!(tess.url, format!("{HERE}/{device}"));
    tess.sees("Agents").sees("dc01").sees("Shares").sees("shared-drive").sees("Paused");
    tess.sees("Last snapshot 30 minutes ago").sees("Last screenshot 30 minutes ago Good").sees("Last offsite 30 minutes ago");
    tess.sees("Alerts none").sees("1 Year Cloud Retention until").sees("Warranty ended").sees("Uptime 9 days");
    assert!(tess.body().contains("2 of the newest 3 backups good; the disk was busy"));
    // ALL-5: of screenshots only time and result.
    assert!(!tess.body().contains("pictures.example"));
    portal.execute("update asset set screenshot_ok = 0 where name = 'dc01'", []);
    portal.write(|tx| store::refresh_summary(tx, device));
    tess.visit(&format!("{HERE}/{device}")).sees("Last screenshot 30 minutes ago 1 failed").sees("1 screenshot failed");
}

/// DEV-5
#[test]
fn device_web_opens_the_devices_own_address_or_says_that_none_is_known() {
    let portal = Portal::firm();
    let device = healthy(&portal, ALDER_ID, "D1", "ember");
    let unknown = take(&portal, Some(ALDER_ID), &DeviceReport { web_address: None, ..well(&portal, "D2", "fjord") }, &[]);
    for member in [TESS, OLU] {
        let mut visit = portal.sign_in(member);
        for page in [HERE.to_owned(), format!("{HERE}/{device}")] {
            visit.visit(&page);
            assert!(visit.body().contains(r#"href="https://ember.example/" target="_blank" rel="noreferrer noopener""#), "{page}");
        }
        visit.visit(HERE).sees("no address known");
        visit.visit(&format!("{HERE}/{unknown}")).sees("no address is known").is_not_offered("Device web (opens in a new tab)");
    }
}

/// DEV-4, SEC-1: who may, by role and product (EMP-3), and an organization's users only their own (USR-8).
#[test]
fn everybody_sees_just_the_devices_that_are_theirs_to_see() {
    let portal = Portal::firm();
    let alders = healthy(&portal, ALDER_ID, "D1", "ember");
    let birchs = healthy(&portal, BIRCH_ID, "D2", "fjord");
    let foreign = portal.write(|tx| {
        let (device, _) = store::upsert(tx, PartnerId(2), &well(&portal, "D3", "glade"))?;
        store::refresh_summary(tx, device).map(|()| device)
    });
    let page = |device: DeviceId| format!("{HERE}/{device}");
    portal.sign_in(TESS).visit(HERE).sees("Device Status").sees("ember").sees("fjord").sees("glade");
    let mut olu = portal.sign_in(OLU);
    olu.visit(HERE).sees("Device status").sees("ember").does_not_see("fjord").does_not_see("glade").does_not_see("Birch");
    olu.get(&page(alders)).status(200);
    for stranger in [birchs, foreign] {
        olu.get(&page(stranger)).status(404);
        olu.visit(&format!("{HERE}?after={stranger}")).sees("ember").does_not_see("fjord");
    }
    for member in [BEA, SID] {
        portal.sign_in(member).get(HERE).status(404);
        portal.sign_in(member).get(&page(alders)).status(404);
    }
    portal.execute("update employee set bcdr = 'none' where account = ?1", [TESS.account]);
    portal.sign_in(TESS).get(HERE).status(404);
    portal.sign_in(TESS).visit("/").does_not_see("Device Status");
    portal.execute("update organization_user set access = 'none' where account = ?1", [OLU.account]);
    portal.sign_in(OLU).get(HERE).status(404);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(HERE).sees("glade").does_not_see("ember").does_not_see("fjord");
    mallory.get(&page(alders)).status(404);
}

/// EMP-4
#[test]
fn whom_groups_limit_sees_their_organizations_devices_and_unlinked_ones() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    let birchs = healthy(&portal, BIRCH_ID, "D2", "fjord");
    take(&portal, None, &well(&portal, "D4", "spare"), &[]);
    portal.execute("insert into access_group (id, partner, name, name_key, created_at) values (7, 1, 'North', 'north', 0)", []);
    portal.execute("insert into access_group_member (access_group, account, partner) values (7, ?1, 1)", [TESS.account]);
    portal.execute("insert into access_group_organization (access_group, organization, partner) values (7, ?1, 1)", [ALDER_ID]);
    portal.execute("update employee set limited = 1 where account = ?1", [TESS.account]);
    let mut tess = portal.sign_in(TESS);
    tess.visit(HERE).sees("ember").sees("spare").does_not_see("fjord").sees("2 devices");
    tess.get(&format!("{HERE}/{birchs}")).status(404);
    tess.visit(HERE).press("Export CSV").status(200);
    assert!(!tess.body().contains("fjord"), "{}", tess.body());
    tess.visit("/").does_not_see("fjord");
}

/// DEV-4, BRA-3: verdicts that are kept between two changes are those that would be worked out anew: at each moment, for each viewer, and after
/// each change.
#[test]
fn kept_verdicts_are_what_a_look_at_everything_says() {
    let portal = Portal::firm();
    let id = healthy(&portal, ALDER_ID, "K1", "alder-siris");
    take(&portal, Some(BIRCH_ID), &well(&portal, "K2", "birch-siris"), &[agent(&portal, 1, "srv", Span::hours(13))]);
    let scope = Scope::new(PartnerId(1), Sight::All);
    let strict = LocalView { warn_hours: 2, fail_hours: 13, ..LocalView::default() };
    let look = |when: &str| {
        for view in [LocalView::default(), strict] {
            let judgement = portal.db().read(|db| {
                let judgement = status_store::judged(db, &scope, &view)?;
                for judged in &judgement.all {
                    let facts = status_store::facts(db, &store::find(db, &scope, judged.id)?)?;
                    assert_eq!(judged.verdict, facts.verdict(&view, portal.now()), "{when}: {}", judged.name);
                }
                Ok(judgement)
            });
            assert_eq!(judgement.expect("a judgement").all.len(), 2, "{when}");
        }
    };
    look("at first");
    for step in [SECOND, Span::minutes(20), SECOND, Span::hours(1), Span::hours(23), Span::hours(24), SECOND, SECOND, Span::days(3)] {
        portal.wait_idle(step);
        look(&format!("{} later", step.words()));
    }
    let late = DeviceReport { last_seen: Some(portal.now() - Span::hours(2)), ..well(&portal, "K1", "alder-siris") };
    take(&portal, Some(ALDER_ID), &late, &[agent(&portal, 2, "srv", SECOND)]);
    look("after a report");
    portal.sign_in(ADA).visit(&format!("/organizations/{ALDER_ID}/suspension")).press("Yes, Continue");
    look("after a suspension");
    portal.execute("update device set organization = null, unlinked_reason = 'never_linked', unlinked_at = 1 where id = ?1", [id.0]);
    look("after unlinking");
}

/// Spotlight: what is worst and why comes first; nothing wrong says so.
#[test]
fn the_spotlight_names_the_worst_and_why() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    let mut tess = portal.sign_in(TESS);
    tess.visit(HERE).sees("Nothing stands out. The device is backed up, and so is its copy offsite.");
    let silent = DeviceReport { last_seen: Some(portal.now() - Span::hours(5)), ..well(&portal, "D2", "fjord") };
    take(&portal, Some(BIRCH_ID), &silent, &[agent(&portal, 1, "dc01", Span::days(2))]);
    let full = DeviceReport { local_used_kb: Some(90), local_free_kb: Some(10), ..well(&portal, "D3", "glade") };
    take(&portal, Some(BIRCH_ID), &full, &[agent(&portal, 1, "dc01", Span::minutes(3))]);
    tess.visit(HERE).sees("fjord Birch & Sons Not seen for 5 hours, no backup for 2 days").sees("Local storage 90 % full");
    let body = tess.body();
    let place = |words: &str| body.find(words).unwrap_or_else(|| panic!("{words} is there"));
    assert!(place("fjord") < place("glade"), "the worst comes first");
    assert!(body.contains("aria-label=\"3 devices by state: 1 failing, 1 warning, 1 healthy\""), "one element says it in words");
    assert_eq!(
        body.split("class=\"glance").nth(1).map(|rest| rest.split("</span>").next().map(|squares| squares.matches("<i").count())),
        Some(Some(3))
    );
}

/// DEV-4: very many devices are a picture of bounded size all the same: a square stands for several, and a failing one is never hidden.
#[test]
fn a_square_stands_for_several_of_very_many_devices() {
    let portal = Portal::firm();
    let squares = |count: usize| {
        portal.write(|tx| {
            for number in 0..count {
                let late = if number == 7 { Span::hours(2) } else { Span::seconds(0) };
                let serial = format!("Q{number}");
                let report = DeviceReport { last_seen: Some(portal.now() - late), ..well(&portal, &serial, &serial) };
                let (device, _) = store::upsert(tx, PartnerId(1), &report)?;
                store::refresh_summary(tx, device)?;
            }
            Ok(())
        });
        let body = portal.sign_in(TESS).get(HERE).body();
        let picture = body.split("class=\"glance").nth(1).and_then(|rest| rest.split("</span>").next()).expect("the picture").to_owned();
        (picture.matches("<i").count(), picture.matches("class=bad").count(), body.contains("Each square stands for 2 devices"))
    };
    assert_eq!(squares(400), (400, 1, false));
    assert_eq!(squares(401), (201, 1, true));
}

/// BRA-3: sort, page size and storage format follow the viewer's Local settings; a column and a filter say otherwise for once.
#[test]
fn the_list_follows_the_viewers_own_settings() {
    let portal = Portal::firm();
    for number in 0..12 {
        let name = format!("device-{number:02}");
        let used = 10 + (number * 7) % 12;
        let report =
            DeviceReport { local_used_kb: Some(used), local_free_kb: Some(100 - used), ..well(&portal, &format!("D{number}"), &name) };
        take(&portal, Some(if number % 2 == 0 { ALDER_ID } else { BIRCH_ID }), &report, &[agent(&portal, 1, "dc01", Span::minutes(3))]);
    }
    let mut tess = portal.sign_in(TESS);
    let listed = |body: &str| -> Vec<String> {
        let table = body.split("<tbody>").nth(1).unwrap_or_default().to_owned();
        table.split("Details of ").skip(1).map(|rest| rest.chars().take_while(|sign| *sign != '"').collect()).collect()
    };
    let all = |from: &str| {
        let mut fields =
            vec![("backup_warn_hours", "12"), ("backup_fail_hours", "24"), ("storage_as", "amounts"), ("devices_per_page", "10")];
        fields.extend([("devices_by", from), ("theme", "auto")]);
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    let choose = |visit: &mut crate::support::portal::Visit, by: &str| {
        let fields = all(by);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        visit.post("/account/display", &fields).status(303);
    };
    choose(&mut tess, "name");
    let first = listed(&tess.visit(HERE).sees("12 devices").sees("of 100 KB").body());
    assert_eq!(first, (0..10).map(|number| format!("device-{number:02}")).collect::<Vec<_>>());
    assert_eq!(listed(&tess.press("Next").body()), ["device-10", "device-11"]);
    assert_eq!(listed(&tess.press("Previous").body()), first);
    choose(&mut tess, "local");
    let fullest = listed(&tess.visit(HERE).body());
    assert_eq!(fullest.first().map(String::as_str), Some("device-05"), "{fullest:?}");
    let once = listed(&tess.visit(&format!("{HERE}?sort=name&order=reversed")).body());
    assert_eq!(once.first().map(String::as_str), Some("device-11"));
    let found = listed(&tess.visit(&format!("{HERE}?q=alder")).sees("6 devices").body());
    assert!(found.iter().all(|name| name.ends_with(['0', '2', '4', '6', '8'])), "{found:?}");
    tess.visit(&format!("{HERE}?q=D11")).sees("1 device");
    tess.visit(&format!("{HERE}?state=failing")).sees("No device fits");
    choose(&mut tess, "organization");
    assert_eq!(listed(&tess.visit(HERE).body()).first().map(String::as_str), Some("device-00"));
    choose(&mut tess, "seen");
    portal.execute("update device set last_seen = last_seen - 60000 where name = 'device-07'", []);
    assert_eq!(listed(&tess.visit(HERE).body()).first().map(String::as_str), Some("device-07"));
}

/// ALL-2, LOG-1: exactly what is shown, and an event first.
#[test]
fn the_export_is_the_whole_filtered_list_and_an_event() {
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "=ember");
    healthy(&portal, BIRCH_ID, "D2", "fjord");
    let mut tess = portal.sign_in(TESS);
    tess.visit(&format!("{HERE}?q=alder")).press("Export CSV").status(200);
    let body = tess.body();
    assert_eq!(portal.last_activity(), "exported Device Status");
    assert_eq!(body.lines().count(), 2, "{body}");
    assert!(body.starts_with("Organization,Device,Serial number,Model,State,"));
    assert!(body.contains("Alder Dental,'=ember,D1,S5-4,Healthy,Healthy,Healthy,,30.0,2400000000000,"), "{body}");
    let mut olu = portal.sign_in(OLU);
    olu.visit(HERE).press("Export CSV").status(200);
    assert!(olu.body().contains("=ember") && !olu.body().contains("fjord"));
}

/// HOM-1: red devices, each with its one next step; HOM-2: an organization's own among its services.
#[test]
fn home_names_red_devices() {
    let portal = Portal::firm();
    let device = healthy(&portal, ALDER_ID, "D1", "ember");
    portal.sign_in(TESS).visit("/").does_not_see("ember");
    portal.sign_in(OLU).visit("/").sees("The device of Alder Dental is backed up.").sees("Your devices");
    take(&portal, Some(ALDER_ID), &well(&portal, "D1", "ember"), &[agent(&portal, 1, "dc01", Span::hours(30))]);
    let mut tess = portal.sign_in(TESS);
    tess.visit("/").sees("Alder Dental ember · No backup for 1 day");
    tess.near("ember").open("Details");
    assert_eq!(tess.url, format!("{HERE}/{device}"));
    let mut olu = portal.sign_in(OLU);
    olu.visit("/").sees("1 device of Alder Dental is failing: ember.").sees("No backup for 1 day").open("Open ember");
    assert_eq!(olu.url, format!("{HERE}/{device}"));
    portal.sign_in(BEA).visit("/").does_not_see("ember");
    portal.sign_in(NIA).visit("/").does_not_see("ember").does_not_see("device is");
    portal.execute("update employee set bcdr = 'none' where account = ?1", [TESS.account]);
    portal.sign_in(TESS).visit("/").does_not_see("ember");
}

/// DEV-4, DEV-6: a partner's only device has no other by which its silence is told, so the clock tells it, at the thresholds of the alerts; beside
/// another one it is measured by what that reports, and nothing is said while both rest.
#[test]
fn a_device_that_is_alone_is_not_seen_once_its_report_is_old() {
    let portal = Portal::firm();
    let page = format!("{HERE}/{}", healthy(&portal, ALDER_ID, "D1", "ember"));
    let sees = |expected: &str, not: &str| {
        for path in [HERE, page.as_str()] {
            portal.sign_in(TESS).visit(path).sees(expected).does_not_see(not);
        }
    };
    portal.wait_idle(Span::minutes(20));
    portal.sign_in(TESS).visit(&page).does_not_see("Not seen since");
    portal.wait_idle(Span(1));
    sees("Not seen since its last report", "Nothing stands out");
    portal.sign_in(TESS).visit(&page).sees("Warning");
    portal.wait_idle(Span::minutes(40));
    portal.sign_in(TESS).visit(&page).sees("Failing").sees("Not seen since its last report");
    portal.sign_in(OLU).visit(HERE).sees("Not seen since its last report");
    let portal = Portal::firm();
    healthy(&portal, ALDER_ID, "D1", "ember");
    healthy(&portal, ALDER_ID, "D2", "fjord");
    portal.wait_idle(Span::hours(5));
    portal.sign_in(TESS).visit(HERE).does_not_see("Not seen since");
}
