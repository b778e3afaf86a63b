//! A partner with 2,000 SaaS accounts, 200,000 seats, thirty days of reports, and 2,000 devices, brought in as the vendor's API writes them; and what its
//! pages and scripts take.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico::access::witness_model::Operator;
use portico::keys::actions::{Ordered, create_by_operator};
use portico::keys::secret_model::Fresh;

use crate::client::{CONNECTIONS, get};
use crate::estate::{self, ADA, Estate, now, shelf};
use crate::portal::Portal;
use crate::report::{Goal, Report, percentile};
use crate::{Fallible, Options, devices, names, process};

/// SaaS accounts, each of an organization of its own.
const ACCOUNTS: usize = 2_000;
/// Seats of the largest account.
const MOST_SEATS: usize = 5_000;
/// Seats of each other one.
const SEATS: usize = 98;
/// Days of reports.
const DAYS: i64 = 30;
/// The vendor's id of the first account, the largest.
const FIRST: usize = 500_000;
/// The vendor's id of the first account's organization.
const FIRST_ORGANIZATION: usize = 700_000;

/// API keys of the scripts.
const KEYS: usize = 50;

const DAY: i64 = 86_400_000;
const APPLICATIONS: [&str; 4] = ["Office365Exchange", "Office365OneDrive", "Office365SharePoint", "Office365Teams"];

/// Brings all of it into the portal of a folder, by the command.
pub fn bring_in(folder: &Path) -> Fallible<()> {
    let files = shelf().join("services-files");
    drop(std::fs::remove_dir_all(&files));
    std::fs::create_dir_all(&files)?;
    let mut arguments = Vec::new();
    let mut keep = |name: String, content: String| -> Fallible<()> {
        let file: PathBuf = files.join(name);
        std::fs::write(&file, content)?;
        arguments.push(file.to_string_lossy().into_owned());
        Ok(())
    };
    keep("domains.json".to_owned(), domains())?;
    for number in 0..ACCOUNTS {
        keep(format!("seats-{}.json", FIRST + number), seats(number))?;
        keep(format!("applications-{}.json", FIRST + number), applications(number))?;
    }
    keep("devices.json".to_owned(), devices::devices(FIRST_ORGANIZATION))?;
    for number in 0..devices::DEVICES {
        keep(format!("assets-{}.json", devices::serial(number)), devices::assets(number))?;
    }
    keep("agents.json".to_owned(), devices::computers(FIRST_ORGANIZATION))?;
    // One after the other: a command's line has an end.
    let (services, devices) = arguments.split_at(1 + ACCOUNTS * 2);
    for files in [services, devices] {
        let arguments: Vec<&str> = std::iter::once("import").chain(files.iter().map(String::as_str)).collect();
        process::run(&arguments, folder, "")?;
    }
    std::fs::remove_dir_all(&files)?;
    Ok(())
}

const fn seats_of(number: usize) -> usize {
    if number == 0 { MOST_SEATS } else { SEATS }
}

fn domains() -> String {
    let each = |number: usize| {
        let (name, seats) = (names::organization(number), seats_of(number));
        format!(
            r#"{{"backupStats":{{"activeServicesCount":{seats},"activeServicesWithRecentBackupCount":{seats},"backupPercentage":100.0}},
"domain":"d{number}.example","saasCustomerId":{id},"saasCustomerName":"{name}","organizationId":{organization},
"organizationName":"{name}","seatsUsed":{seats},"productType":"Office365",
"externalSubscriptionId":"Classic:Office365:{id}","retentionType":"ICR"}}"#,
            id = FIRST + number,
            organization = FIRST_ORGANIZATION + number
        )
    };
    list((0..ACCOUNTS).map(each))
}

fn seats(number: usize) -> String {
    let each = |turn: usize| {
        let (first, last) = names::person(number * 13 + turn);
        format!(
            r#"{{"mainId":"{}{turn}@d{number}.example","name":"{first} {last}","seatType":"User","seatState":"Active","billable":"1",
"dateAdded":"2024-04-26T16:43:05+00:00","remoteId":"{number:08x}-0000-4000-8000-{turn:012x}"}}"#,
            first.to_lowercase()
        )
    };
    list((0..seats_of(number)).map(each))
}

fn applications(number: usize) -> String {
    let midnight = now() / DAY * DAY;
    let (id, seats) = (FIRST + number, seats_of(number));
    let mut types = Vec::new();
    for application in APPLICATIONS {
        let days = (0..DAYS).map(|day| {
            let (start, end, next) = (midnight - day * DAY, midnight - (day + 1) * DAY, day + 1);
            // One account in ten missed a seat on some days.
            let backed = if number % 10 == 3 && day % 7 == 2 { seats - 1 } else { seats };
            let status = if backed == seats { "Perfect" } else { "Backup With Issues" };
            format!(
                r#"{{"timeWindow":"Between{day}dAnd{next}d","startTime":{start},"endTime":{end},"totalServiceCount":{seats},
"activeServiceCount":{seats},"activeServiceWithBackupCount":{backed},"activeServiceWithPerfectBackupCount":{backed},"status":"{status}"}}"#
            )
        });
        types.push(format!(
            r#"{{"appType":"{application}","lastFullyProtectedTime":{midnight},"uningestedServiceCount":0,"usedBytes":1000000,"backupHistory":{}}}"#,
            list(days)
        ));
    }
    format!(
        r#"[{{"customerId":{id},"customerName":"{}","usedBytes":4000000,"suites":[{{"suiteType":"Office365","appTypes":{}}}]}}]"#,
        names::organization(number),
        list(types.into_iter())
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// What scripts ask, one call after the other, and with keys enough that none has to wait.
fn measure_scripts(options: &Options, report: &mut Report) -> Fallible<()> {
    let what = "of 2,000 SaaS accounts with 200,000 seats";
    let calls = [("99th percentile of /v1/saas/domains", false), ("99th percentile of a bulk change of 100 seats", true)];
    if !calls.iter().any(|(name, _)| options.wants(&format!("{name}, {what}"))) {
        return Ok(());
    }
    let portal = Portal::start(Estate::Services, &[])?;
    let keys = keys(&portal.folder)?;
    let key = |turn: usize| keys.get(turn % keys.len()).map_or("", String::as_str);
    let address = portal.process.address;
    let path = format!("/v1/saas/{FIRST}/Classic%3AOffice365%3A{FIRST}/bulkSeatChange");
    let request = |change: bool, turn: usize| {
        if !change {
            return get(address, "/v1/saas/domains", key(turn));
        }
        let action = if turn.is_multiple_of(2) { "Pause" } else { "License" };
        let ids: Vec<String> = (0..100).map(|seat| format!("\"{:08x}-0000-4000-8000-{seat:012x}\"", 0)).collect();
        let body = format!(r#"{{"seat_type":"User","action_type":"{action}","ids":[{}]}}"#, ids.join(","));
        let (lines, length) = (key(turn), body.len());
        format!("PUT {path} HTTP/1.1\r\nHost: {address}\r\n{lines}Content-Length: {length}\r\n\r\n{body}").into_bytes()
    };
    for (name, change) in calls {
        let name = format!("{name}, {what}");
        if options.wants(&name) {
            portal.process.press(1, options.turn(), 200, &|_, turn| request(change, turn))?;
            let sample = portal.process.press(1, options.turn() * 4, 200, &|_, turn| request(change, turn))?;
            report.figure(name, percentile(&sample.took, 0.99), "ms", Goal::Under(50.0));
        }
    }
    Ok(())
}

/// Ends of heads for as many keys as no call has to wait for.
fn keys(folder: &Path) -> Fallible<Vec<String>> {
    let db = estate::open(folder)?;
    let ordered = Ordered { name: "The bench", organization: None, public_id: None, days: 1 };
    let made = (0..KEYS).map(|_| db.write(|tx| create_by_operator(tx, &Operator::of_this_machine(), &ordered)));
    let made = made.collect::<Result<Vec<_>, _>>()?;
    let line = |key: &Fresh| format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("{}:{}", key.public, key.secret)));
    Ok(made.iter().map(line).collect())
}

/// The status page, and the account with the most seats; then what scripts ask.
pub fn measure(options: &Options, report: &mut Report) -> Fallible<()> {
    measure_pages(options, report)?;
    measure_scripts(options, report)
}

fn measure_pages(options: &Options, report: &mut Report) -> Fallible<()> {
    let (what, of_devices) = ("of 2,000 SaaS accounts with 200,000 seats", "of 2,000 devices with 10,000 agents");
    let computers = [
        ("99th percentile of Endpoint Backup Status", "/status/endpoints"),
        ("99th percentile of Endpoint Backup Status, searched", "/status/endpoints?q=pc1-1"),
    ];
    let pages = [
        ("99th percentile of the status page", "/status/saas"),
        ("99th percentile of the status page by success rate", "/status/saas?sort=success"),
        ("99th percentile of what a row of it opens", "{row}"),
        ("99th percentile of an account with 5,000 seats", "{largest}"),
        ("99th percentile of Licenses", "/licenses"),
        (CAPPED, "/status/saas"),
        (UNMAPPED, "/status/saas/unmapped"),
    ];
    let device_pages = [
        ("99th percentile of Device Status", "/status/devices"),
        ("99th percentile of Device Status by name, searched", "/status/devices?sort=name&q=siris-1"),
        ("99th percentile of what a device's row opens", "{device}"),
        ("99th percentile of Alert settings", "/alerts"),
        ("99th percentile of Home", "/"),
    ];
    let devices = device_pages.iter().map(|(name, path)| (format!("{name}, {of_devices}"), *name, *path));
    let computers = computers.iter().map(|(name, path)| (format!("{name}, of 10,000 computers"), *name, *path));
    let wanted: Vec<(String, &str, &str)> =
        devices.chain(computers).chain(pages.iter().map(|(name, path)| (format!("{name}, {what}"), *name, *path))).collect();
    if !wanted.iter().any(|(name, _, _)| options.wants(name)) {
        return Ok(());
    }
    let portal = Portal::start(Estate::Services, &[ADA])?;
    portal.process.settle()?;
    let found = String::from_utf8(portal.page("/status/saas?sort=seats&order=desc", portal.lines(ADA))?.body)?;
    let largest = first_of(&found, "=/saas/").ok_or("no account on the status page")?.to_owned();
    let found = String::from_utf8(portal.page("/status/devices", portal.lines(ADA))?.body)?;
    let device = first_of(&found, "=/status/devices/").ok_or("no device on the status page")?;
    for (name, short, path) in wanted {
        if !options.wants(&name) {
            continue;
        }
        // The last pages: what is changed for them stays so.
        let before = match short {
            CAPPED => "update saas_account set licence_cap = max(1, seats_billable)",
            UNMAPPED => "update saas_account set organization = null, linked_at = null, unlinked_reason = 'never_linked', unlinked_at = 0",
            _ => "",
        };
        if !before.is_empty() {
            estate::open(&portal.folder)?.write(|tx| tx.execute(before, []))?;
        }
        let path = path
            .replace("{largest}", &format!("/saas/{largest}"))
            .replace("{row}", &format!("/status/saas/{largest}"))
            .replace("{device}", &format!("/status/devices/{device}"));
        let request = get(portal.process.address, &path, portal.lines(ADA));
        portal.process.press(CONNECTIONS, options.turn(), 200, &|_, _| request.clone())?;
        let sample = portal.process.press(CONNECTIONS, options.turn() * 4, 200, &|_, _| request.clone())?;
        report.figure(name.clone(), percentile(&sample.took, 0.99), "ms", Goal::Under(20.0));
        report.figure(name.replace("99th percentile", "processor's time for each"), sample.cost(), "µs", Goal::None);
    }
    Ok(())
}

/// The number at the end of the first link to one of `what`: a row's attributes have no quotes.
fn first_of<'a>(page: &'a str, what: &str) -> Option<&'a str> {
    let digits = |rest: &'a str| rest.split(|sign: char| !sign.is_ascii_digit()).next().filter(|digits| !digits.is_empty());
    page.split(what).skip(1).find_map(digits)
}

/// The lines that change what is measured.
const CAPPED: &str = "99th percentile of the status page with every license cap reached";
const UNMAPPED: &str = "99th percentile of the unmapped list, none of 2,000 linked";
