//! Events as scripts read them: the vendor's names and types (API-2). Pure.

use std::net::IpAddr;

use serde::Serialize;

use crate::access::script_model::BY_KEY;
use crate::activity::model::{Entry, Kind};
use crate::kernel::error::{Error, Result};
use crate::kernel::time::{Span, Timestamp};

/// Which events a script asks for; nothing in a field is everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// At this moment or later.
    pub from: Timestamp,
    /// A target's id, or part of its name.
    pub target: String,
    /// Words of what it happened to, such as `saas-account`.
    pub target_types: Vec<String>,
    /// Part of the actor's name or e-mail.
    pub user: String,
    /// Part of the organization's name.
    pub client_name: String,
}

/// The moment so many units ago; `Refused` for a unit that there is none of.
pub fn since(count: i64, units: &str, now: Timestamp) -> Result<Timestamp> {
    let unit = match units {
        "minutes" => Span::minutes(1),
        "hours" => Span::hours(1),
        "" | "days" => Span::days(1),
        "weeks" => Span::days(7),
        _ => return Err(Error::refused("sinceUnits is one of minutes, hours, days, weeks.")),
    };
    Ok(Timestamp(now.0.saturating_sub(unit.0.saturating_mul(count))))
}

/// An event with what else is served of it.
#[derive(Clone, Debug)]
pub struct Served {
    /// The event.
    pub entry: Entry,
    /// What it happened to, in one word; nothing for an event about itself.
    pub target_kind: String,
    /// The id of that as scripts know it: the vendor's, where there is one.
    pub target_id: Option<String>,
    /// The organization's name.
    pub organization: Option<String>,
}

/// One item of `/v1/report/activity-log`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    timestamp: String,
    request_id: String,
    target_type: Option<String>,
    target_id: Option<String>,
    target_display_name: Option<String>,
    client_name: Option<String>,
    interface: &'static str,
    user: String,
    user_roles: Vec<String>,
    ip_address: Option<String>,
    action: &'static str,
    #[serde(rename = "messageEN")]
    message_en: String,
    success: bool,
}

impl Activity {
    /// Of an event.
    pub fn of(served: Served) -> Self {
        let entry = served.entry;
        let filled = |text: String| if text.is_empty() { None } else { Some(text) };
        let (role, key) = entry.roles.split_once(BY_KEY).map_or((entry.roles.as_str(), None), |(role, key)| (role, Some(key)));
        let mut user_roles = vec![role.to_owned()];
        user_roles.extend(key.map(|key| format!("API key {key}")));
        Self {
            timestamp: entry.at.with_offset(),
            request_id: entry.seq.to_string(),
            target_type: filled(served.target_kind.replace('_', "-")),
            target_id: served.target_id,
            target_display_name: filled(entry.target_name.clone()),
            client_name: served.organization,
            interface: interface(&entry, key.is_some()),
            user_roles,
            ip_address: entry.address.parse::<IpAddr>().ok().map(|address| address.to_string()),
            action: entry.kind.word(),
            message_en: format!("{} {}.", entry.actor_name(), entry.sentence),
            success: entry.kind.is_success(),
            user: entry.actor,
        }
    }
}

/// By which way in it was done.
fn interface(entry: &Entry, by_key: bool) -> &'static str {
    match (by_key || entry.kind == Kind::KeyRefused, entry.roles.as_str()) {
        (true, _) => "api",
        (false, "Operator") => "command-line",
        (false, "Clock") => "clock",
        (false, _) => "portal",
    }
}
