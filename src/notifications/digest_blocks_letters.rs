//! What was found, as the parts of a partner's own letter (NOT-1).

use crate::home::model::{COUNTED, Colleague, Ending, FailedLetter, Failing, Found, Full, Loose, Over, Unauthorized, Waiting};
use crate::kernel::text::{counted, thousands};
use crate::kernel::time::{Timestamp, Zone};
use crate::notifications::digest_model::Block;
use crate::statements::model::Statement;
use crate::transfers::model::{LAPSES_AFTER, Transfer};

/// A part, if anything was found; `line` says what one thing is and what there is to know about it.
fn block<T>(title: &'static str, href: &str, found: &Found<T>, line: impl Fn(&T) -> (String, String)) -> Option<Block> {
    if found.total == 0 {
        return None;
    }
    let rest = found.rest();
    let rest = (0 < rest).then(|| {
        if COUNTED < found.total { format!("and {}+ more", thousands(rest - 1)) } else { format!("and {} more", thousands(rest)) }
    });
    Some(Block { title, lines: found.first.iter().map(line).collect(), rest, href: href.to_owned() })
}

fn exact(moment: Timestamp) -> String {
    Zone::utc().exact(moment)
}

/// What goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// Red accounts.
    pub failing: Found<Failing>,
    /// Amber ones.
    pub missing: Found<Failing>,
    /// Those of which nothing was heard for 48 hours.
    pub silent: Found<Failing>,
    /// Letters given up.
    pub letters: Found<FailedLetter>,
    /// Accounts that reached their license cap.
    pub full: Found<Full>,
    /// Organizations that use more seats than were bought.
    pub over: Found<Over>,
}

/// The letter Errors, worst first.
pub fn errors(found: &Errors) -> Vec<Block> {
    let account = |one: &Failing| {
        let backed = format!("{} of {} backed up, as of {}", one.backed, counted(one.active, "service", "services"), exact(one.as_of));
        match &one.organization {
            Some(name) if *name != one.name => (name.clone(), format!("{}, {backed}", one.name)),
            Some(_) => (one.name.clone(), backed),
            None => (one.name.clone(), format!("linked to no organization, {backed}")),
        }
    };
    let blocks = [
        block("Backups fail", "/status/saas?state=failing", &found.failing, account),
        block("Nothing heard for 48 hours", "/status/saas?state=no_recent_data", &found.silent, account),
        block("Some backups missed", "/status/saas?state=some_missed", &found.missing, account),
        block("Letters that could not be delivered", "/outbox?state=failed", &found.letters, |one| {
            (one.to_name.clone(), format!("{}, written {}: {}", one.subject, exact(one.written), one.reason))
        }),
        block("License caps reached", "/status/saas", &found.full, |one| {
            (one.name.clone(), format!("{} of {} used", thousands(one.used), counted(one.cap, "license", "licenses")))
        }),
        block("More seats in use than bought", "/organizations", &found.over, |one| {
            (one.name.clone(), format!("{} in use, {} bought", counted(one.used, "seat", "seats"), thousands(one.bought)))
        }),
    ];
    blocks.into_iter().flatten().collect()
}

/// What else waits for somebody.
#[derive(Clone, Debug, Default)]
pub struct General {
    /// Unsubscribed organizations, the next to end first.
    pub ending: Found<Ending>,
    /// Transfers that are this partner's to validate.
    pub transfers: Found<Transfer>,
    /// Users' set-ups with little time left.
    pub lapsing: Found<Waiting>,
    /// Employees' set-ups with little time left.
    pub colleagues: Found<Colleague>,
    /// Accounts that wait for their authorization.
    pub unauthorized: Found<Unauthorized>,
    /// Accounts that no organization has.
    pub loose: Found<Loose>,
}

/// The letter General, what ends first before what can wait.
pub fn general(found: &General, now: Timestamp) -> Vec<Block> {
    let blocks = [
        block("Unsubscribed, with the days counting", "/organizations?tab=unsubscribed", &found.ending, |one| {
            (one.name.clone(), format!("{} left to reactivate it; destroyed on {}", (one.end - now).left(), exact(one.end)))
        }),
        block("Transfers that wait for you", "/transfers", &found.transfers, |one| {
            let to = one.receiver.as_ref().map_or(one.receiver_id.as_str(), |side| side.name.as_str());
            (one.name.clone(), format!("from {} to {to}; lapses on {}", one.holder.name, exact(one.asked_at + LAPSES_AFTER)))
        }),
        block("Users' set-ups about to lapse", "/organizations", &found.lapsing, |one| {
            (one.name.clone(), format!("user of {}, until {}", one.organization_name, exact(one.until)))
        }),
        block("Employees' set-ups about to lapse", "/employees", &found.colleagues, |one| {
            (one.name.clone(), format!("{}, until {}", one.role.shown(), exact(one.until)))
        }),
        block("SaaS accounts that wait for their authorization", "/status/saas?state=pending_authorization", &found.unauthorized, |one| {
            (one.name.clone(), one.domain.clone())
        }),
        block("SaaS accounts linked to no organization", "/status/saas/unmapped", &found.loose, |one| {
            (one.name.clone(), format!("{}, since {}", one.why, Zone::utc().date(one.since)))
        }),
    ];
    blocks.into_iter().flatten().collect()
}

/// The letter Invoices: the statements that were closed, the earliest first.
pub fn invoices(closed: &[Statement]) -> Vec<Block> {
    let line = |one: &Statement| {
        let sums = &one.sums;
        let seats = format!("{}, {}", counted(sums.lines, "organization", "organizations"), counted(sums.seats, "seat", "seats"));
        let total = one.total().map_or_else(|| ", no prices".to_owned(), |total| format!(", {total}"));
        let unpriced = match sums.unpriced {
            some if 0 < some && one.prices.is_some() => format!(", {} without a price", counted(some, "organization", "organizations")),
            _ => String::new(),
        };
        (one.month.shown(), format!("{seats}{total}{unpriced}"))
    };
    let lines: Vec<_> = closed.iter().map(line).collect();
    let block = Block { title: "Statements closed", lines, rest: None, href: "/statements".to_owned() };
    if closed.is_empty() { Vec::new() } else { vec![block] }
}
