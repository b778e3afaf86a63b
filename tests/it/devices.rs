//! The rules of `devices`, one test a sentence.

use portico::accounts::model::Invitation;
use portico::devices::store;
use portico::imports::model::{Level, State};
use portico::kernel::ids::{DeviceId, OrganizationId};
use portico::kernel::time::Span;
use portico::organizations::link_model::Reason;

use crate::imports::{borrowed, carry_out, harbor_msp, import, problems, refusal, stage, state};
use crate::support::devices::{asset, device, linked, list, unlinked};
use crate::support::people::*;
use crate::support::portal::Portal;

const ALDER_PLACE: OrganizationId = OrganizationId(ALDER_ID);

fn dialog_of(organization: i64) -> String {
    format!("/organizations/{organization}/devices/link")
}

/// What stands beside a device's tick in the dialog.
fn pick(name: &str, serial: &str) -> String {
    format!("{name} {serial} · S4P4000 · 2 agents Never linked")
}

/// DEV-1, seed 002: by its own words.
#[test]
fn add_devices_searches_by_hostname_and_serial_number_and_links_what_is_ticked() {
    let portal = Portal::firm();
    let ember = unlinked(&portal, 1, "D0123456789A", "ember-siris");
    unlinked(&portal, 1, "D0123456789B", "fjord-siris");
    linked(&portal, BIRCH_ID, "D0123456789C", "taken-siris");
    unlinked(&portal, 2, "D0123456789D", "foreign-siris");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).sees("No device is linked").open("Add Devices").sees("Add Devices");
    ada.sees("ember-siris").sees("fjord-siris").does_not_see("taken-siris").does_not_see("foreign-siris");
    for words in ["ember", "EMBER-S", "789a"] {
        ada.visit(&dialog_of(ALDER_ID))
            .fill("Hostname or serial number", words)
            .press("Search")
            .sees("ember-siris")
            .does_not_see("fjord-siris");
    }
    ada.visit(&dialog_of(ALDER_ID)).fill("Hostname or serial number", "taken").press("Search");
    ada.sees("No unlinked device has this").sees("taken-siris is linked to Birch & Sons already.");
    ada.visit(&dialog_of(ALDER_ID)).tick(&pick("ember-siris", "D0123456789A")).press("Link Devices");
    ada.sees("Linked 1 device to Alder Dental: ember-siris.").is_offered("Add Devices").is_offered("Unlink").sees("D0123456789A");
    assert_eq!(portal.sql::<i64>("select organization from device where id = ?1", [ember]), ALDER_ID);
    assert_eq!(portal.last_activity(), "linked ember-siris to Alder Dental");
}

/// DEV-1: without scripts as well, what Enter filled in stays while the next one is searched.
#[test]
fn enter_fills_in_the_found_device_and_several_are_linked_at_once() {
    let portal = Portal::firm();
    unlinked(&portal, 1, "D1", "ember-siris");
    unlinked(&portal, 1, "D2", "fjord-siris");
    unlinked(&portal, 1, "D22", "glade-siris");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("{}?q=siris&fill=1", dialog_of(ALDER_ID))).press("Link Devices").status(422).sees("Tick at least one device");
    // Of two whose serial numbers hold it, the one that is called just so.
    ada.visit(&dialog_of(ALDER_ID)).fill("Hostname or serial number", "d2").press("Search");
    assert_eq!(ada.body().matches(" checked").count(), 1, "{}", ada.excerpt());
    ada.fill("Hostname or serial number", "ember").press("Search");
    assert_eq!(ada.body().matches(" checked").count(), 2, "{}", ada.excerpt());
    ada.press("Link Devices").sees("Linked 2 devices to Alder Dental.");
    let names = |organization: i64| portal.sql::<String>("select group_concat(name) from device where organization = ?1", [organization]);
    assert_eq!(names(ALDER_ID), "ember-siris,fjord-siris");
}

/// DEV-3: all or none; the second is told who did.
#[test]
fn of_two_who_link_the_same_device_the_second_is_told_who_did_and_nothing_of_theirs_is_linked() {
    let portal = Portal::firm();
    unlinked(&portal, 1, "D1", "ember-siris");
    let other = unlinked(&portal, 1, "D2", "fjord-siris");
    let (mut ada, mut sam) = (portal.sign_in(ADA), portal.sign_in(SAM));
    ada.visit(&dialog_of(ALDER_ID)).tick(&pick("ember-siris", "D1")).tick(&pick("fjord-siris", "D2"));
    sam.visit(&dialog_of(BIRCH_ID)).tick(&pick("ember-siris", "D1")).press("Link Devices").sees("Linked 1 device");
    ada.press("Link Devices").status(422).sees("ember-siris was linked to Birch & Sons by Sam Okafor").sees("nothing was linked");
    assert_eq!(portal.sql_count(&format!("device where id = {other} and organization is null")), 1);
}

/// DEV-3
#[test]
fn unlinking_asks_once_keeps_the_device_and_says_by_whom_and_when() {
    let portal = Portal::firm();
    let id = linked(&portal, ALDER_ID, "D1", "ember-siris");
    let unlink = format!("/organizations/{ALDER_ID}/devices/{id}/unlink");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&unlink).sees("Unlink ember-siris?").sees("Nothing is deleted");
    ada.press("Unlink").sees("Unlinked ember-siris from Alder Dental.");
    assert_eq!(portal.last_activity(), "unlinked ember-siris from Alder Dental");
    ada.visit(&dialog_of(BIRCH_ID)).sees("Unlinked 22 Nov by Ada Lane");
    ada.visit(&format!("/devices/{id}")).sees("Unlinked by Ada Lane");
    ada.get(&unlink).status(404);
    ada.post(&unlink, &[]).status(422).sees("not linked to Alder Dental any more");
    ada.visit(&dialog_of(BIRCH_ID)).tick("ember-siris D1 · S4P4000 · 2 agents Unlinked 22 Nov by Ada Lane").press("Link Devices");
    ada.sees("Linked 1 device to Birch & Sons");
}

/// DEV-3, ALL-1, EMP-4
#[test]
fn a_device_of_another_partner_is_not_found_and_whom_groups_limit_sees_the_unlinked_ones_of_their_own() {
    let portal = Portal::firm();
    let (own, foreign) = (unlinked(&portal, 1, "D1", "ember-siris"), unlinked(&portal, 2, "D2", "foreign-siris"));
    let (alders, birchs) = (linked(&portal, ALDER_ID, "D3", "alder-siris"), linked(&portal, BIRCH_ID, "D4", "birch-siris"));
    let mut ada = portal.sign_in(ADA);
    let (own_text, foreign_text) = (own.to_string(), foreign.to_string());
    ada.post(&dialog_of(ALDER_ID), &[("device", &own_text), ("device", &foreign_text)]).status(404);
    ada.post(&dialog_of(ALDER_ID), &[("device", "99")]).status(404);
    assert_eq!(portal.sql_count(&format!("device where id in ({own}, {foreign}) and organization is not null")), 0);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.get(&format!("/devices/{own}")).status(404);
    mallory.get(&format!("/devices/{foreign}")).status(200);
    portal.execute("insert into access_group (id, partner, name, name_key, created_at) values (7, 1, 'North', 'north', 0)", []);
    portal.execute("insert into access_group_member (access_group, account, partner) values (7, ?1, 1)", [ABE.account]);
    portal.execute("insert into access_group_organization (access_group, organization, partner) values (7, ?1, 1)", [ALDER_ID]);
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    let mut abe = portal.sign_in(ABE);
    for (device, status) in [(own, 200), (alders, 200), (birchs, 404), (foreign, 404)] {
        abe.get(&format!("/devices/{device}")).status(status);
    }
    abe.visit("/search?q=siris").sees("ember-siris").sees("alder-siris").does_not_see("birch-siris").does_not_see("foreign-siris");
    abe.visit(&dialog_of(ALDER_ID)).sees("ember-siris");
}

/// DEV-5, ALL-5: the device's own address opens in a new tab, and the page says so when none is known.
#[test]
fn device_web_leads_to_the_devices_own_address_or_says_that_none_is_known() {
    let portal = Portal::firm();
    import(&portal, &[("devices.json", &list(&[device("D1", "ember", &[]), device("D2", "fjord", &[("remoteWebUrl", "null")])]))]);
    let id = |serial: &str| portal.sql::<i64>("select id from device where serial = ?1", [serial]);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/devices/{}", id("D1"))).is_offered("Device web (opens in a new tab)");
    assert!(ada.body().contains(r#"href="https://ember.example/" target="_blank" rel="noreferrer noopener""#), "{}", ada.excerpt());
    ada.visit(&format!("/devices/{}", id("D2"))).sees("no address is known").is_not_offered("Device web (opens in a new tab)");
}

/// DEV-5, ALL-5
#[test]
fn an_address_that_is_not_http_or_https_is_refused_where_it_comes_in() {
    let portal = Portal::firm();
    for bad in ["javascript:alert(1)", "data:text/html,x", "ftp://device.example/", "//device.example/", "https://a@b.example/", "https://"]
    {
        let file = list(&[device("D1", "ember", &[("remoteWebUrl", &format!("{bad:?}"))])]);
        let (name, line, field, reason) = refusal(&portal, &[("devices.json", &file)]);
        assert_eq!((name.as_str(), line, field.as_str()), ("devices.json", 1, "remoteWebUrl"), "{bad}");
        assert!(reason.contains("http or https"), "{reason}");
    }
    import(&portal, &[("devices.json", &list(&[device("D1", "ember", &[("remoteWebUrl", r#""http://10.0.0.2:8080/""#)])]))]);
}

/// DEV-5, ALL-5: a device may live at an address of six, which stands in brackets.
#[test]
fn an_address_of_six_is_taken() {
    let portal = Portal::firm();
    for good in ["https://[2001:db8::5]:8443/status", "http://[fe80::1]/", "https://[::ffff:10.0.0.2]"] {
        import(&portal, &[("devices.json", &list(&[device("D1", "ember", &[("remoteWebUrl", &format!("{good:?}"))])]))]);
        assert_eq!(portal.sql::<String>("select web_address from device where serial = 'D1'", []), good);
    }
    for bad in [
        "https://[2001:db8::5/",
        "https://2001:db8::5/",
        "https://[fe80::1%25eth0]/",
        "https://[::1]x/",
        "https://[::1]:0/",
        "ftp://[::1]/",
    ] {
        let file = list(&[device("D1", "ember", &[("remoteWebUrl", &format!("{bad:?}"))])]);
        assert_eq!(refusal(&portal, &[("devices.json", &file)]).2, "remoteWebUrl", "{bad}");
    }
}

/// EMP-3, USR-8: the device's page, the search and the organization's card lead to it for the same people: employees who look after devices
/// and have BCDR, and the organization's users with Full access; scripts likewise.
#[test]
fn a_devices_page_the_search_and_the_card_agree_on_who_opens_it() {
    let portal = Portal::firm();
    let ember = linked(&portal, ALDER_ID, "D0123456789A", "ember-siris");
    let page = format!("/devices/{ember}");
    let script = crate::api::script(&portal, None);
    let opens = |member: Member, wanted: bool| {
        let mut visit = portal.sign_in(member);
        visit.get(&page).status(if wanted { 200 } else { 404 });
        let found = visit.visit("/search?q=ember").body().contains(&page);
        assert_eq!(found, wanted, "{} finds it", member.name());
    };
    let card = |wanted: bool| {
        let mut ada = portal.sign_in(ADA);
        let body = ada.visit(&format!("/organizations/{ALDER_ID}")).sees("ember-siris").body();
        assert_eq!(body.contains(&format!("href=\"{page}\"")), wanted);
    };
    for member in [ADA, ABE, TESS, OLU] {
        opens(member, true);
    }
    for member in [BEA, SID, NOOR, FINN, NIA, MALLORY] {
        opens(member, false);
    }
    card(true);
    assert_eq!(script.get("/v1/bcdr/device/D0123456789A").status, 200);
    portal.execute("update employee set bcdr = 'none'", []);
    for member in [ADA, ABE, TESS] {
        opens(member, false);
    }
    opens(OLU, true);
    card(false);
    assert_eq!(script.get("/v1/bcdr/device/D0123456789A").status, 403);
}

/// EMP-1, USR-8: who does not manage organizations reads a device's page, and is offered no way to one or to unlink it.
#[test]
fn who_manages_no_organizations_only_reads_a_devices_page() {
    let portal = Portal::firm();
    let ember = linked(&portal, ALDER_ID, "D0123456789A", "ember-siris");
    let page = format!("/devices/{ember}");
    portal.sign_in(ABE).visit(&page).is_offered("Unlink").is_offered("Alder Dental");
    for member in [TESS, OLU] {
        let mut visit = portal.sign_in(member);
        visit.visit(&page).sees("Alder Dental").is_not_offered("Unlink").is_not_offered("Manage Organizations");
        assert!(!visit.body().contains("/organizations"), "{}", member.name());
        visit.visit(&format!("/status/devices/{ember}")).open("Device page").sees("Agents and shares");
    }
}

/// IMP-1: a report that lies more than a day ahead is refused, or nothing true would ever be newer.
#[test]
fn a_report_from_the_future_is_refused() {
    let portal = Portal::firm();
    let seen = |moment: &str| list(&[device("D1", "ember", &[("lastSeenDate", &format!("{moment:?}"))])]);
    let (_, line, field, reason) = refusal(&portal, &[("devices.json", &seen("2026-11-23T06:26:01+00:00"))]);
    assert_eq!((line, field.as_str()), (1, "lastSeenDate"));
    assert!(reason.contains("lies in the future"), "{reason}");
    import(&portal, &[("devices.json", &seen("2026-11-23T06:26:00+00:00"))]);
    for field in ["lastSnapshot", "latestOffsite", "lastScreenshotAttempt"] {
        let file = list(&[asset(1, "srv", &[(field, "1795415161")])]);
        assert_eq!(refusal(&portal, &[("assets-D1.json", &file)]).2, field);
    }
}

/// api.md, Basics: an organization without the vendor's id is known to scripts by its own; a file that means another one by it is refused.
#[test]
fn the_id_by_which_scripts_know_an_organization_is_no_others() {
    let portal = Portal::firm();
    let of = |name: &str| {
        let (id, name) = (ALDER_ID.to_string(), format!("{name:?}"));
        list(&[device("D1", "ember", &[("organizationId", &id), ("organizationName", &name)])])
    };
    let (_, _, field, reason) = refusal(&portal, &[("devices.json", &of("Impostor Ltd"))]);
    assert_eq!(field, "organizationId");
    assert!(reason.contains("is the ID of “Alder Dental” here"), "{reason}");
    import(&portal, &[("devices.json", &of("Alder Dental"))]);
    assert_eq!(portal.sql::<i64>("select organization from device where serial = 'D1'", []), ALDER_ID);
}

/// ORG-7, ORG-8, DEV-3
#[test]
fn deleting_an_organization_counts_its_devices_and_unlinks_them() {
    let portal = Portal::firm();
    let ids = [linked(&portal, ALDER_ID, "D1", "one"), linked(&portal, ALDER_ID, "D2", "two"), linked(&portal, BIRCH_ID, "D3", "three")];
    let mut ada = portal.sign_in(ADA);
    let deletion = format!("/organizations/{ALDER_ID}/deletion");
    ada.visit(&deletion).sees("2 devices are unlinked (one, two) and can be linked elsewhere.");
    ada.fill("Type the organization's name", "Alder Dental").press("Yes, Continue").sees("2 devices unlinked");
    let state = |id: DeviceId| {
        let device = portal
            .db()
            .read(|db| store::find(db, &portico::access::model::Scope::all(portico::kernel::ids::PartnerId(1)), id))
            .expect("the device");
        (device.organization.is_some(), device.unlinked.map(|unlinked| unlinked.shown()))
    };
    assert_eq!(state(ids[0]), (false, Some("Organization deleted: Alder Dental".to_owned())));
    assert_eq!(state(ids[1]), (false, Some("Organization deleted: Alder Dental".to_owned())));
    assert_eq!(state(ids[2]), (true, None));
}

/// IMP-2, DEV-3, api.md "Import": the link counts only when a device is first seen.
#[test]
fn devices_come_in_linked_as_the_file_says_and_a_later_file_never_changes_a_link() {
    let portal = Portal::firm();
    let claimed = |organization: &str| [("organizationId", "13001".to_owned()), ("organizationName", format!("{organization:?}"))];
    let line = |serial: &str, organization: Option<&str>| {
        let claim = organization.map(claimed);
        let changed: Vec<(&str, &str)> = claim.iter().flatten().map(|(field, value)| (*field, value.as_str())).collect();
        device(serial, &format!("name-{serial}"), &changed)
    };
    let first = list(&[line("D1", Some("alder dental")), line("D2", None)]);
    let counts = import(&portal, &[("devices.json", &first)]);
    assert_eq!((counts.new, counts.changed, counts.unchanged), (2, 1, 0), "Alder takes the vendor's id");
    let of = |serial: &str| {
        portal.sql_maybe::<String>("select o.name from device d join organization o on o.id = d.organization where d.serial = ?1", [serial])
    };
    assert_eq!((of("D1").as_deref(), of("D2")), (Some("Alder Dental"), None));
    let again = import(&portal, &[("devices.json", &first)]);
    assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 2));
    let other = stage(&portal, &[("devices.json", &list(&[line("D1", None), line("D2", Some("Birch & Sons"))]))]);
    let notes: Vec<String> = problems(&portal, other, Level::Note).into_iter().map(|note| note.reason).collect();
    assert_eq!(
        notes,
        [
            "name-D1 is linked to “Alder Dental” here, the file says not linked. The link here stays.",
            "name-D2 is not linked here, the file says linked to “Birch & Sons”. The link here stays."
        ]
    );
    assert_eq!((of("D1").as_deref(), of("D2")), (Some("Alder Dental"), None));
    // A new organization comes with its device.
    import(&portal, &[("x.json", &list(&[device("D9", "new", &[("organizationId", "77"), ("organizationName", r#""Fresh Firm""#)])]))]);
    assert_eq!(of("D9").as_deref(), Some("Fresh Firm"));
}

/// IMP-2: an MSP's own files, twice; everything of them is here.
#[test]
fn the_same_devices_and_assets_twice_change_nothing() {
    let portal = Portal::firm();
    let files: Vec<(String, Vec<u8>)> =
        harbor_msp().into_iter().filter(|(name, _)| name.starts_with("devices") || name.starts_with("assets-")).collect();
    let counts = import(&portal, &borrowed(&files));
    assert_eq!(counts.refused, 0);
    assert_eq!(portal.sql_count("device"), 12);
    portal.wait(Span::hours(1));
    let before = crate::imports::dump(&portal);
    let again = import(&portal, &borrowed(&files));
    assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 12 + 22));
    assert!(before == crate::imports::dump(&portal), "the second import changed something");
    let summary: (i64, i64) = portal
        .connection()
        .query_row("select active_assets, failed_backups from device where serial = 'D974887031A4'", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("the device");
    assert_eq!(summary, (5, 0));
}

/// IMP-2: a report that is older than what is known is passed over, and the preview says so.
#[test]
fn an_older_file_takes_nothing_back() {
    let portal = Portal::firm();
    let seen = |when: &str, agents: &str| {
        list(&[device("D1", "ember", &[("lastSeenDate", &format!("\"2026-11-{when}T00:00:00+00:00\"")), ("agentCount", agents)])])
    };
    let snapshot = |seconds: &str| list(&[asset(1, "srv", &[("lastSnapshot", seconds)])]);
    import(&portal, &[("devices.json", &seen("20", "2")), ("assets-D1.json", &snapshot("1790007200"))]);
    let older = stage(&portal, &[("devices.json", &seen("19", "9")), ("assets-d1.json", &snapshot("1790005000"))]);
    assert_eq!(problems(&portal, older, Level::Note).len(), 2);
    carry_out(&portal, older, Invitation::Later).expect("it is carried out");
    assert_eq!(portal.sql::<i64>("select agents from device", []), 2);
    assert_eq!(portal.sql::<i64>("select last_snapshot from asset", []), 1_790_007_200_000);
    import(&portal, &[("devices.json", &seen("21", "9")), ("assets-D1.json", &snapshot("1790009000"))]);
    assert_eq!(portal.sql::<i64>("select agents from device", []), 9);
    assert_eq!(portal.sql::<i64>("select last_snapshot from asset", []), 1_790_009_000_000);
}

/// api.md "Import": a bare list holds all assets of a device; a page of one, or a single one, says nothing of the others.
#[test]
fn assets_that_are_not_in_the_full_list_any_more_go_and_others_stay() {
    let portal = Portal::firm();
    let (one, two) = (asset(1, "srv-one", &[]), asset(2, "srv-two", &[]));
    import(&portal, &[("devices.json", &list(&[device("D1", "ember", &[])])), ("assets-D1.json", &list(&[one.clone(), two.clone()]))]);
    let page = format!(r#"{{"pagination":{{"page":1,"perPage":1,"totalPages":2,"count":2}},"items":[{two}]}}"#);
    assert_eq!(import(&portal, &[("assets-D1.json", page.as_bytes())]).unchanged, 1);
    assert_eq!(portal.sql_count("asset"), 2);
    let staged = stage(&portal, &[("assets-D1.json", &list(&[two]))]);
    assert_eq!(problems(&portal, staged, Level::Note)[0].reason, "1 asset is not in the file any more and go: srv-one.");
    carry_out(&portal, staged, Invitation::Later).expect("it is carried out");
    assert_eq!(portal.sql::<String>("select group_concat(name) from asset", []), "srv-two");
    assert_eq!(portal.sql_count("asset_backup"), 1);
}

/// IMP-1, IMP-3: file, line, field and reason; fields of a later version of the format are named.
#[test]
fn what_is_wrong_with_devices_and_assets_is_refused_by_line_and_field() {
    let portal = Portal::firm();
    let good = device("D0", "good", &[]);
    for (field, value, says) in [
        ("serialNumber", r#""""#, "This field is empty."),
        ("serialNumber", r#""a/b""#, "serial number of letters and digits"),
        ("lastSeenDate", r#""yesterday""#, "A date such as"),
        ("localStorageUsed", r#"{"size":970,"units":"MB"}"#, "One of KB belongs here."),
        ("offsiteStorageUsed", r#"{"size":-1,"units":"B"}"#, "0 or more"),
        ("hidden", r#""no""#, "true or false"),
        ("agentCount", "1.5", "A whole number"),
        ("newField", "1", "Portico does not know the field \"newField\" of a device"),
    ] {
        let (_, line, found, reason) =
            refusal(&portal, &[("devices.json", &list(&[good.clone(), device("D1", "ember", &[(field, value)])]))]);
        assert_eq!(line, 2, "{field}");
        assert!(found.starts_with(field), "{found} is not {field}");
        assert!(reason.contains(says), "{field}: {reason}");
    }
    let twice = list(&[good.clone(), device("d0", "other", &[])]);
    assert_eq!(refusal(&portal, &[("devices.json", &twice)]).3, "The device d0 stands in these files already.");
    import(&portal, &[("devices.json", &list(&[good]))]);
    for (field, value, says) in [
        ("volume", r#""xyz""#, "32 hexadecimal digits"),
        ("type", r#""vm""#, "One of agent, share belongs here."),
        ("lastSnapshot", "\"now\"", "A whole number"),
        ("isPaused", "0", "true or false"),
        ("protectedVolumeNames", r#"[""]"#, "none of them empty"),
        ("later", "1", "Portico does not know the field \"later\" of an asset"),
    ] {
        let (_, line, found, reason) = refusal(&portal, &[("assets-D0.json", &list(&[asset(1, "srv", &[(field, value)])]))]);
        assert_eq!((line, found.as_str()), (1, field));
        assert!(reason.contains(says), "{field}: {reason}");
    }
    let one = list(&[asset(1, "srv", &[])]);
    assert_eq!(refusal(&portal, &[("assets-D7.json", &one)]).3, "There is no device D7 here. Bring it in with devices.json.");
    assert!(refusal(&portal, &[("saved.json", &one)]).3.starts_with("This file does not say of which device it is."));
    let again = list(&[asset(1, "srv", &[]), asset(1, "srv", &[])]);
    assert_eq!(refusal(&portal, &[("assets-D0.json", &again)]).2, "volume");
    assert_eq!(portal.sql_count("asset"), 0, "nothing of a refused file comes in");
}

/// IMP-2: what somebody linked or brought in between the preview and the import is a conflict.
#[test]
fn a_device_that_came_meanwhile_makes_the_preview_stale() {
    let portal = Portal::firm();
    let file = list(&[device("D1", "ember", &[("organizationId", "1"), ("organizationName", r#""Alder Dental""#)])]);
    let waiting = stage(&portal, &[("devices.json", &file)]);
    assert_eq!(state(&portal, waiting), State::Ready);
    import(&portal, &[("devices.json", &list(&[device("D1", "ember", &[])]))]);
    let refused = carry_out(&portal, waiting, Invitation::Later).expect_err("the preview no longer holds");
    assert!(format!("{refused:?}").contains("Somebody changed something"), "{refused:?}");
    assert_eq!(portal.sql_count("device where organization is null"), 1);
}

/// interface.md "The frame": the search finds devices by hostname and by serial number; only those who manage organizations find them.
#[test]
fn the_search_finds_devices_in_sight() {
    let portal = Portal::firm();
    linked(&portal, ALDER_ID, "D0123456789A", "ember-siris");
    unlinked(&portal, 2, "D0123456789B", "foreign-siris");
    for words in ["ember-s", "0123456789a"] {
        portal.sign_in(ADA).visit(&format!("/search?q={words}")).sees("ember-siris").sees("Alder Dental");
        portal.sign_in(MALLORY).visit(&format!("/search?q={words}")).does_not_see("ember-siris");
        portal.sign_in(BEA).visit(&format!("/search?q={words}")).does_not_see("ember-siris");
    }
}

/// PAR-6: devices stay behind, unlinked, and tell nothing of where the organization went.
#[test]
fn devices_stay_behind_when_their_organization_goes() {
    let portal = Portal::firm();
    let id = linked(&portal, ALDER_ID, "D1", "ember-siris");
    portal.write(|tx| store::unlink_all(tx, ALDER_PLACE, Reason::OrganizationTransferred));
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/devices/{id}")).sees("Organization transferred").does_not_see("Alder");
    assert_eq!(portal.sql::<i64>("select partner from device where id = ?1", [id]), 1);
}
