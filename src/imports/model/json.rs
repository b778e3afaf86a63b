//! The vendor's JSON: bare arrays, envelopes, or one object.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::imports::model::devices;
use crate::imports::model::endpoints;
use crate::imports::model::object::{Object, is_word_byte};
use crate::imports::model::{
    AccountRow, ApplicationRow, DAY_STATES, DayRow, File, Item, Kind, Recognised, ReportRow, Row, SEAT_STATES, SeatRow, Sink, newlines,
    utf8,
};
use crate::kernel::error::Result;
use crate::kernel::time::Timestamp;

/// Whether a file begins like JSON.
pub fn looks_like(bytes: &[u8]) -> bool {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    plain.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'[' | b'{'))
}

/// What is wrong with a file as a whole: the line and the reason.
type Broken = (i64, String);

/// The items of a bare array, of an envelope, or the one object itself.
fn items(bytes: &[u8]) -> std::result::Result<(&str, Vec<&RawValue>), Broken> {
    let text = utf8(bytes).map_err(|line| (line, "This line is not UTF-8 text.".to_owned()))?;
    let broken = |error: serde_json::Error| {
        (i64::try_from(error.line()).unwrap_or(0), "This is not well-formed JSON; the file may be cut off.".to_owned())
    };
    if text.trim_start().starts_with('[') {
        return Ok((text, serde_json::from_str(text).map_err(broken)?));
    }
    let mut whole: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(broken)?;
    let Some(list) = whole.remove("items") else {
        return Ok((text, vec![serde_json::from_str(text).map_err(broken)?]));
    };
    whole.remove("pagination");
    if let Some(field) = whole.keys().next() {
        return Err((
            1,
            format!(
                "Portico does not know the field {:?} beside items; the file may be of a later version of the format.",
                crate::kernel::text::shown(field, 60)
            ),
        ));
    }
    let line = line_of(text, list);
    Ok((text, serde_json::from_str(list.get()).map_err(|_| (line, "items must be a list.".to_owned()))?))
}

/// The line on which a piece of `text` begins.
fn line_of(text: &str, piece: &RawValue) -> i64 {
    1 + newlines(text.as_bytes().get(..offset_of(text, piece)).unwrap_or_default())
}

fn offset_of(text: &str, piece: &RawValue) -> usize {
    piece.get().as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The kind of a JSON file, by the fields of its first item.
pub fn recognise(file: File<'_>) -> Recognised {
    let items = match items(file.bytes) {
        Ok((_, items)) => items,
        Err((line, reason)) => return Recognised::Unknown(format!("Line {line}: {reason}")),
    };
    let Some(first) = items.first() else { return by_name(file.name) };
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(first.get()).unwrap_or_default();
    let has = |field: &str| fields.contains_key(field);
    let kind = match () {
        () if has("saasCustomerId") && (has("domain") || has("saasCustomerName")) => Kind::Accounts,
        () if has("mainId") || has("seatState") => Kind::Seats,
        () if has("suites") => Kind::Reports,
        () if has("serialNumber") => Kind::Devices,
        () if has("restoreId") => Kind::VmRestores,
        () if has("dateTriggered") || has("threshold") => Kind::DeviceAlerts,
        () if has("assetId") || has("volume") => Kind::Assets,
        // An organization with its agents, or an asset of one.
        () if has("agents") || has("assetUuid") => Kind::Agents,
        () => {
            return Recognised::Unknown(
                "Its content is none that Portico knows; domains.json, seats-….json, applications-….json, devices.json, assets-….json and what else is of a device are.".to_owned(),
            );
        }
    };
    Recognised::Kind(kind)
}

/// An empty list has no content to go by.
fn by_name(name: &str) -> Recognised {
    let lowered = name.to_ascii_lowercase();
    let known = [
        ("domains", Kind::Accounts),
        ("seats-", Kind::Seats),
        ("applications-", Kind::Reports),
        ("devices", Kind::Devices),
        ("assets-", Kind::Assets),
        ("alerts-", Kind::DeviceAlerts),
        ("vm-restores-", Kind::VmRestores),
        ("agents", Kind::Agents),
    ];
    match known.iter().find(|(beginning, _)| lowered.starts_with(beginning)) {
        Some((_, kind)) => Recognised::Kind(*kind),
        None => Recognised::Unknown("It is an empty list, and its name does not say of what.".to_owned()),
    }
}

/// Reads a file of a supported kind.
pub fn read(bytes: &[u8], kind: Kind, sink: &mut Sink<'_>) -> Result<()> {
    let (text, items) = match items(bytes) {
        Ok(found) => found,
        Err((line, reason)) => return sink(line, Item::Refused(String::new(), reason)),
    };
    let (mut line, mut counted) = (1, 0);
    for item in items {
        let offset = offset_of(text, item);
        line += newlines(text.as_bytes().get(counted..offset).unwrap_or_default());
        counted = offset;
        // The whole file is well-formed; an item may still nest too deeply, or hold a number or a character that there is none of.
        let Ok(value) = serde_json::from_str::<Value>(item.get()) else {
            sink(
                line,
                Item::Refused(String::new(), "This item cannot be read: a number, a character or its depth is beyond bounds.".to_owned()),
            )?;
            continue;
        };
        let (row, wrong) = match kind {
            Kind::Accounts => account(value),
            Kind::Seats => seat(value),
            Kind::Devices => devices::device(value),
            Kind::Assets => devices::asset(value),
            Kind::DeviceAlerts => devices::alert(value),
            Kind::VmRestores => devices::restore(value),
            Kind::Agents => endpoints::item(value),
            Kind::Reports | Kind::Organizations | Kind::Users | Kind::OtherProducts | Kind::Networks => report(value),
        };
        if wrong.is_empty() {
            sink(line, Item::Row(row))?;
        }
        for (field, reason) in wrong {
            sink(line, Item::Refused(field, reason))?;
        }
    }
    Ok(())
}

/// Whether a file holds a bare list rather than a page of one, or one item.
pub fn is_bare_list(bytes: &[u8]) -> bool {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    plain.trim_ascii_start().first() == Some(&b'[')
}

/// Refusals: field and reason.
pub type Wrong = Vec<(String, String)>;

fn account(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let mut stats = object.inner("backupStats");
    let (stats_active, stats_recent) = (stats.count("activeServicesCount"), stats.count("activeServicesWithRecentBackupCount"));
    let stats_percentage = stats.percentage("backupPercentage");
    object.absorb(stats, "backupStats");
    let product = object.word("productType", &["Office365", "GoogleApps"]);
    let retention = object.word("retentionType", &["ICR", "TBR"]);
    let row = AccountRow {
        vendor_id: object.vendor_id("saasCustomerId"),
        name: object.filled("saasCustomerName", 250),
        domain: object.filled("domain", 253),
        product: if product == "GoogleApps" { "google_workspace" } else { "microsoft_365" },
        external_subscription_id: object.maybe_text("externalSubscriptionId", 200),
        retention: Some(retention),
        seats_used: object.count("seatsUsed"),
        stats_active,
        stats_recent,
        stats_percentage,
        organization_id: object.maybe_vendor_id("organizationId"),
        organization_name: object.maybe_text("organizationName", 250),
    };
    (Row::Account(row), object.finish("a SaaS account"))
}

fn seat(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let seat_type = object.word("seatType", &["User", "SharedMailbox", "Site", "TeamSite", "Team", "SharedDrive"]);
    let billable = object.text("billable", 10);
    if !matches!(billable.as_str(), "1" | "0" | "") {
        object.refuse("billable", "\"1\", \"0\" or \"\" belongs here.");
    }
    let added = object.maybe_text("dateAdded", 60);
    let date_added = added.as_deref().and_then(Timestamp::from_rfc3339);
    if added.is_some() && date_added.is_none() {
        object.refuse("dateAdded", "A date such as 2022-04-26T16:43:05+00:00 belongs here.");
    }
    let row = SeatRow {
        main_id: object.filled("mainId", 500),
        name: object.text("name", 500),
        seat_type: seat_type.to_owned(),
        state: object.word("seatState", SEAT_STATES),
        billable: billable == "1",
        date_added,
        remote_id: object.maybe_text("remoteId", 200),
    };
    (Row::Seat(row), object.finish("a seat"))
}

fn report(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let vendor_id = object.vendor_id("customerId");
    let used_bytes = object.bytes("usedBytes");
    object.maybe_text("customerName", 250);
    for (index, value) in object.maybe_list("remoteIds").into_iter().enumerate() {
        let mut inner = Object::of(value, &object.element("remoteIds", index));
        inner.text("seatType", 60);
        for count in ["active", "paused", "archived", "unprotected", "discovered"] {
            inner.count(count);
        }
        inner.list("remoteIds");
        object.absorb(inner, "remoteIds");
    }
    let mut applications: Vec<ApplicationRow> = Vec::new();
    for (index, value) in object.list("suites").into_iter().enumerate() {
        let mut suite = Object::of(value, &object.element("suites", index));
        suite.text("suiteType", 60);
        for (index, value) in suite.list("appTypes").into_iter().enumerate() {
            let mut inner = Object::of(value, &suite.element("appTypes", index));
            let row = application(&mut inner);
            if applications.iter().any(|known| known.application == row.application) && !row.application.is_empty() {
                inner.refuse("appType", format!("{} stands twice in this report.", row.application));
            }
            applications.push(row);
            suite.absorb(inner, "an application");
        }
        object.absorb(suite, "a suite");
    }
    (Row::Report(ReportRow { vendor_id, used_bytes, applications }), object.finish("a backup report"))
}

fn application(object: &mut Object) -> ApplicationRow {
    let name = object.filled("appType", 60);
    if !name.bytes().all(is_word_byte) {
        object.refuse("appType", "A word such as Office365Exchange belongs here.");
    }
    let mut row = ApplicationRow {
        application: name,
        used_bytes: object.bytes("usedBytes"),
        uningested: object.count("uningestedServiceCount"),
        last_fully_protected: object.moment_or_bucket("lastFullyProtectedTime"),
        days: Vec::new(),
    };
    for (index, value) in object.list("backupHistory").into_iter().enumerate() {
        let mut inner = Object::of(value, &object.element("backupHistory", index));
        row.days.push(window(&mut inner));
        object.absorb(inner, "a backup window");
    }
    row
}

fn window(object: &mut Object) -> DayRow {
    object.text("timeWindow", 60);
    let row = DayRow {
        // The vendor's startTime is the later moment and its endTime the earlier one.
        window_start: object.moment("endTime"),
        window_end: object.moment("startTime"),
        total: object.count("totalServiceCount"),
        active: object.count("activeServiceCount"),
        backed: object.count("activeServiceWithBackupCount"),
        perfect: object.count("activeServiceWithPerfectBackupCount"),
        status: object.word("status", DAY_STATES),
    };
    if object.wrong.is_empty() && row.window_end <= row.window_start {
        object.refuse("startTime", "startTime is the later moment and must lie after endTime.");
    }
    row
}
