//! Home as people see it.

use maud::{Markup, html};

use crate::devices::status_model::{Judged, State};
use crate::home::model::{Attention, COUNTED, Failing, Found, NEAR, Users};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::{Link, Tone};
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::saas::model::SaasAccount;
use crate::tasks::model::Urgency;
use crate::transfers::model::LAPSES_AFTER;
use crate::upkeep::model::Lapse;

/// One thing that needs attention.
struct Line {
    tone: Tone,
    word: &'static str,
    what: Markup,
    below: Markup,
    next: Link,
}

/// HOM-1: what needs attention, worst first.
pub fn attention(attention: &Attention, times: &Times) -> Markup {
    if attention.is_empty() {
        return parts::card(
            "today",
            "Today",
            None,
            None,
            parts::empty("Nothing needs you today.", "What needs attention will stand here.", None),
        );
    }
    let mut lines = Vec::new();
    closed_mail(&mut lines, attention, times);
    backup(&mut lines, attention, times);
    failing(&mut lines, attention, times);
    devices(&mut lines, attention, times);
    ending(&mut lines, attention, times, Near::Yes);
    silent(&mut lines, attention, times);
    missing(&mut lines, attention, times);
    letters(&mut lines, attention, times);
    set_ups(&mut lines, attention, times);
    colleagues(&mut lines, attention, times);
    unguarded(&mut lines, attention, times);
    unauthorized(&mut lines, attention, times);
    full(&mut lines, attention);
    over(&mut lines, attention);
    ending(&mut lines, attention, times, Near::No);
    waiting_tasks(&mut lines, attention, times);
    pending_transfers(&mut lines, attention, times);
    loose(&mut lines, attention, times);
    not_invited(&mut lines, attention);
    let body = html! { ul.lines { @for line in &lines { (draw(line)) } } };
    parts::card("today", "What needs attention today", None, None, body)
}

fn draw(line: &Line) -> Markup {
    html! {
        li {
            (parts::badge(line.tone, line.tone.icon(), line.word))
            span.two { span.name { (line.what) } span.sub { (line.below) } }
            a.button.secondary.small href=(line.next.href) { (line.next.label) span.hidden { " " (line.what) } }
        }
    }
}

/// "and 12 more …", with the place that lists them all.
fn more<T>(lines: &mut Vec<Line>, found: &Found<T>, tone: Tone, word: &'static str, what: &str, next: Link) {
    if found.rest() > 0 {
        lines.push(Line { tone, word, what: html! { "and " (counted(found.rest(), found.total)) " more " (what) }, below: html! {}, next });
    }
}

/// A count that says so when it stopped counting.
fn counted(rest: i64, total: i64) -> String {
    if total > COUNTED { format!("{}+", text::thousands(rest - 1)) } else { text::thousands(rest) }
}

/// Nobody who is invited or resets a password gets in meanwhile, so it stands first.
fn closed_mail(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let Some(mail) = &attention.mail else { return };
    let waiting = match mail.waiting {
        0 => html! { "no letter waits" },
        1 => html! { "1 letter waits" },
        some => html! { (counted(some, some)) " letters wait" },
    };
    lines.push(Line {
        tone: Tone::Bad,
        word: "Not leaving",
        what: html! { "Letters do not leave" },
        below: html! { "Since " (times.ago(mail.since)) " · " (waiting) " · " (mail.reason) },
        next: Link::new("Mail", "/mail"),
    });
}

/// One line: whoever goes there sees the rest.
fn backup(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let next = Link::new("Backups", "/backups");
    let Some(failure) = &attention.backup else {
        let Some(lapse) = attention.lapse else { return };
        let (word, what, made) = match lapse {
            Lapse::Off(made) => ("Switched off", "Daily backups are switched off", made),
            Lapse::Late(made) => ("Overdue", "No daily backup for more than two days", Some(made)),
        };
        let below = html! { @match made { Some(made) => { "The last one was made " (times.ago(made)) } None => { "None was made yet" } } };
        lines.push(Line { tone: Tone::Warn, word, what: html! { (what) }, below, next });
        return;
    };
    lines.push(Line {
        tone: Tone::Bad,
        word: "No backup",
        what: html! { "The last backup could not be made" },
        below: html! { (times.ago(failure.at)) " · " (failure.why) },
        next,
    });
}

fn failing(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let all = Link::new("SaaS Protection Status", "/status/saas?state=failing");
    accounts(lines, &attention.failing, (Tone::Bad, "Failing"), times, ("accounts whose backups fail", all));
}

/// DEV-4: red devices.
fn devices(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (tone, word) = (Tone::Bad, "Failing");
    for one in &attention.devices.first {
        lines.push(Line {
            tone,
            word,
            what: html! { (one.organization.as_deref().unwrap_or(&one.name)) },
            below: html! {
                @if one.organization.is_some() { (one.name) " · " }
                (one.why)
                @if let Some(moment) = one.as_of { " · as of " (times.ago(moment)) }
            },
            next: Link::new("Details", format!("/status/devices/{}", one.device)),
        });
    }
    more(lines, &attention.devices, tone, word, "devices that fail", Link::new("Device Status", "/status/devices?state=failing"));
}

/// SAS-10: whoever hears nothing does not know that all is well.
fn silent(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let all = Link::new("SaaS Protection Status", "/status/saas?state=no_recent_data");
    accounts(lines, &attention.silent, (Tone::Warn, "No recent data"), times, ("accounts without recent data", all));
}

fn missing(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let all = Link::new("SaaS Protection Status", "/status/saas?state=some_missed");
    accounts(lines, &attention.missing, (Tone::Warn, "Some missed"), times, ("accounts that missed some backups", all));
}

fn accounts(lines: &mut Vec<Line>, found: &Found<Failing>, (tone, word): (Tone, &'static str), times: &Times, (rest, all): (&str, Link)) {
    for one in &found.first {
        lines.push(Line {
            tone,
            word,
            what: html! { (one.organization.as_deref().unwrap_or(&one.name)) },
            below: html! {
                @if one.organization.as_ref().is_some_and(|name| *name != one.name) { (one.name) " · " }
                (text::thousands(one.backed)) " of " (text::counted(one.active, "service", "services")) " backed up · as of " (times.ago(one.as_of))
            },
            next: Link::new("Manage", format!("/saas/{}", one.account)),
        });
    }
    more(lines, found, tone, word, rest, all);
}

fn letters(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (tone, word) = (Tone::Bad, "Not delivered");
    let next = || Link::new("Outbox", "/outbox?state=failed");
    for one in &attention.letters.first {
        let below = html! { (one.subject) " · written " (times.ago(one.written)) " · " (one.reason) };
        lines.push(Line { tone, word, what: html! { "Letter to " (one.to_name) }, below, next: next() });
    }
    more(lines, &attention.letters, tone, word, "letters", next());
}

fn set_ups(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    for (found, tone, word, verb, label) in [
        (&attention.lapsing, Tone::Warn, "About to lapse", "deactivates", "Resend letter"),
        (&attention.lapsed, Tone::Warn, "Lapsed", "not set up by", "Reactivate"),
    ] {
        for one in &found.first {
            lines.push(Line {
                tone,
                word,
                what: html! { (one.name) },
                below: html! { "User of " (one.organization_name) " · " (times.countdown(verb, one.until)) },
                next: Link::new(label, format!("/organizations/{}#users", one.organization)),
            });
        }
        more(lines, found, tone, word, "set-ups", Link::new("Manage Organizations", "/organizations"));
    }
}

/// The same of one's own colleagues.
fn colleagues(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    for (found, word, verb, label) in [
        (&attention.lapsing_colleagues, "About to lapse", "deactivates", "Resend letter"),
        (&attention.lapsed_colleagues, "Lapsed", "not set up by", "Reactivate"),
    ] {
        for one in &found.first {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &one.email).finish();
            lines.push(Line {
                tone: Tone::Warn,
                word,
                what: html! { (one.name) },
                below: html! { (one.role.shown()) " · " (times.countdown(verb, one.until)) },
                next: Link::new(label, format!("/employees?{query}")),
            });
        }
        more(lines, found, Tone::Warn, word, "employees' set-ups", Link::new("Manage Employees", "/employees"));
    }
}

fn unauthorized(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (tone, word) = (Tone::Warn, "Pending");
    for one in &attention.unauthorized.first {
        let below = html! {
            (one.domain) " · "
            @match (&one.consent, &one.asked) {
                (Some((who, when)), _) => { (who) " consented " (times.ago(*when)) "; the customer id is missing" }
                (None, Some((who, when))) => { (who) " was asked " (times.ago(*when)) }
                (None, None) => { "nothing is backed up yet" }
            }
        };
        let next = Link::new("Authorize", format!("/saas/{}/authorization", one.account));
        lines.push(Line { tone, word, what: html! { (one.name) }, below, next });
    }
    let all = Link::new("SaaS Protection Status", "/status/saas?state=pending_authorization");
    more(lines, &attention.unauthorized, tone, word, "accounts pending authorization", all);
}

fn over(lines: &mut Vec<Line>, attention: &Attention) {
    let (tone, word) = (Tone::Warn, "Seats");
    for one in &attention.over.first {
        let below = html! { (text::counted(one.used, "seat", "seats")) " in use, " (text::thousands(one.bought)) " bought; no more can be protected" };
        let next = Link::new("Change plan", format!("/organizations/{}/plan", one.organization));
        lines.push(Line { tone, word, what: html! { (one.name) }, below, next });
    }
    let all = Link::new("Manage Organizations", "/organizations");
    more(lines, &attention.over, tone, word, "organizations that use more seats than were bought", all);
}

fn full(lines: &mut Vec<Line>, attention: &Attention) {
    let (tone, word) = (Tone::Warn, "Cap reached");
    for one in &attention.full.first {
        let below = html! { (text::thousands(one.used)) " of " (text::counted(one.cap, "license", "licenses")) " used; nobody new is protected by Auto-add" };
        let next = Link::new("Change", format!("/saas/{}/terms", one.account));
        lines.push(Line { tone, word, what: html! { (one.name) }, below, next });
    }
    more(lines, &attention.full, tone, word, "accounts at their license cap", Link::new("SaaS Protection Status", "/status/saas"));
}

/// Whether an end is so near that it stands above what can wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Near {
    Yes,
    No,
}

/// SUB-3: the countdowns.
fn ending(lines: &mut Vec<Line>, attention: &Attention, times: &Times, near: Near) {
    let found = &attention.ending;
    let nearness = |end: Timestamp| if end - times.now <= NEAR { Near::Yes } else { Near::No };
    for one in found.first.iter().filter(|one| nearness(one.end) == near) {
        let tone = if near == Near::Yes { Tone::Bad } else { Tone::Warn };
        lines.push(Line {
            tone,
            word: "Unsubscribed",
            what: html! { (one.name) },
            below: html! { (times.left(one.end, "to reactivate it")) " · destroyed on " (times.exact(one.end)) },
            next: Link::new("Subscriptions", format!("/organizations/{}#subscriptions", one.organization)),
        });
    }
    // They stand in the order of their ends, so what is not shown comes after the last one that is.
    if found.first.last().is_some_and(|last| nearness(last.end) == near) {
        more(lines, found, Tone::Warn, "Unsubscribed", "organizations", Link::new("All countdowns", "/organizations?tab=unsubscribed"));
    }
}

/// SUP-1: what an organization's user asked for who is not authorized for support. Disaster recovery is a claim until somebody confirms it.
fn waiting_tasks(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (found, tone, word) = (&attention.tasks, Tone::Warn, "Waits for approval");
    for one in &found.first {
        let claim = if one.urgency == Urgency::DisasterRecovery { " · asked for as disaster recovery" } else { "" };
        let below = html! { (one.device_name()) " of " (one.organization.1) " · asked " (times.ago(one.asked.at)) (claim) };
        lines.push(Line { tone, word, what: html! { (one.title()) }, below, next: Link::new("Decide", format!("/tasks/{}", one.id)) });
    }
    more(lines, found, tone, word, "device tasks that wait for approval", Link::new("Device Tasks", "/tasks?state=waiting"));
}

/// PAR-4: what is this partner's to validate.
fn pending_transfers(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (tone, word) = (Tone::Warn, "Transfer");
    for one in &attention.transfers.first {
        let to = one.receiver.as_ref().map_or(one.receiver_id.as_str(), |side| side.name.as_str());
        let below = html! { "from " (one.holder.name) " to " (to) " · " (times.countdown("lapses", one.asked_at + LAPSES_AFTER)) };
        let next = Link::new("Validate", format!("/transfers/{}", one.id));
        lines.push(Line { tone, word, what: html! { (one.name) }, below, next });
    }
    more(lines, &attention.transfers, tone, word, "transfers to validate", Link::new("Transfers", "/transfers"));
}

fn loose(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (tone, word) = (Tone::Warn, "Unlinked");

    for one in &attention.loose.first {
        let below = html! { (one.why) " · since " (times.date(one.since)) };
        let next = Link::new("Link", format!("/status/saas/unmapped/{}", one.account));
        lines.push(Line { tone, word, what: html! { (one.name) }, below, next });
    }
    let all = Link::new("View Unmapped Organizations", "/status/saas/unmapped");
    more(lines, &attention.loose, tone, word, "accounts linked to no organization", all);
}

/// ACC-7, ORG-9: who must have a second factor and has none.
fn unguarded(lines: &mut Vec<Line>, attention: &Attention, times: &Times) {
    let (tone, word) = (Tone::Warn, "No second factor");
    for one in &attention.unguarded_colleagues.first {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &one.email).finish();
        lines.push(Line {
            tone,
            word,
            what: html! { (one.name) },
            below: html! {
                (one.role.shown()) " · "
                @match one.until {
                    Some(until) => { (times.countdown("deactivates", until)) }
                    None => { "sets one up at the next click or sign-in" }
                }
            },
            next: Link::new("Manage", format!("/employees?{query}")),
        });
    }
    more(lines, &attention.unguarded_colleagues, tone, word, "employees", Link::new("Manage Employees", "/employees"));
    by_organization(lines, &attention.unguarded, (tone, word), "The organization requires one", "without one");
}

fn not_invited(lines: &mut Vec<Line>, attention: &Attention) {
    let look = (Tone::Info, "Not invited");
    by_organization(lines, &attention.not_invited, look, "Imported, no letter sent yet", "without a letter");
}

/// "3 users of Alder Dental", and how many there are elsewhere.
fn by_organization(lines: &mut Vec<Line>, found: &Found<Users>, (tone, word): (Tone, &'static str), why: &str, rest_are: &str) {
    let mut met = 0;
    for one in &found.first {
        met += one.users;
        lines.push(Line {
            tone,
            word,
            what: html! { (text::counted(one.users, "user", "users")) " of " (one.organization_name) },
            below: html! { (why) },
            next: Link::new("Users", format!("/organizations/{}#users", one.organization)),
        });
    }
    let rest = found.total - met;
    if rest > 0 {
        lines.push(Line {
            tone,
            word,
            what: html! { "and " (counted(rest, found.total)) " more " (if rest == 1 { "user" } else { "users" }) " " (rest_are) },
            below: html! {},
            next: Link::new("Manage Organizations", "/organizations"),
        });
    }
}

/// A place one may go to.
#[derive(Debug)]
pub struct Door {
    /// Its picture.
    pub icon: Icon,
    /// Its name.
    pub label: &'static str,
    /// What one does there.
    pub text: &'static str,
    /// Its address.
    pub href: &'static str,
}

/// Where this person may go.
pub fn doors(title: &str, doors: &[Door]) -> Markup {
    let body = html! {
        ul.lines.doors {
            @for door in doors {
                li { (icon(door.icon)) span.two { a.name href=(door.href) { (door.label) } span.sub { (door.text) } } }
            }
        }
    };
    parts::card("places", title, None, None, body)
}

/// HOM-2: the organization in one sentence, with its services where they may be seen.
#[derive(Debug)]
pub struct OrganizationHome<'a> {
    /// The sentence.
    pub sentence: &'a str,
    /// How good the news is.
    pub tone: Tone,
    /// The services, each with its badge and strip; none where they may not be seen.
    pub services: Option<Vec<(&'a SaasAccount, Markup, Markup)>>,
    /// The devices, each with its badge; none where there are none, or they may not be seen.
    pub devices: Vec<(&'a Judged, Markup)>,
    /// Where they may go.
    pub doors: &'a [Door],
}

/// The home of an organization user.
pub fn organization(home: &OrganizationHome<'_>) -> Markup {
    parts::stack(&html! {
        (parts::banner(home.tone, home.sentence, worst(home)))
        @if let Some(services) = &home.services {
            @let body = html! {
                @if services.is_empty() {
                    (parts::empty("No service yet", "Your provider links the services it protects for you.", None))
                } @else {
                    ul.lines {
                        @for (service, badge, strip) in services {
                            li {
                                (badge)
                                span.two { span.name { (service.name) } span.sub { (service.domain) " · " (service.product.shown()) } }
                                (strip)
                            }
                        }
                    }
                }
            };
            @let all = form::link_button("SaaS Protection Status", "/status/saas", ButtonKind::Secondary, None);
            (parts::card("services", "Your services", Some(&services.len().to_string()), Some(all), body))
        }
        @if !home.devices.is_empty() { (devices_card(&home.devices)) }
        (doors("What you may do", home.doors))
    })
}

/// The way to the device that is worst off, where one is in trouble: they stand worst first.
fn worst(home: &OrganizationHome<'_>) -> Option<Markup> {
    let (judged, _) = home.devices.first()?;
    let troubled = matches!(judged.verdict.state(), State::Failing | State::Warning);
    let href = format!("/status/devices/{}", judged.id);
    troubled.then(|| form::link_button(&format!("Open {}", judged.name), &href, ButtonKind::Secondary, None))
}

fn devices_card(devices: &[(&Judged, Markup)]) -> Markup {
    let body = html! {
        ul.lines {
            @for (judged, badge) in devices {
                li {
                    (badge)
                    span.two {
                        span.name { (judged.name) }
                        span.sub { @if judged.verdict.troubles.is_empty() { "No trouble known" } @else { (judged.verdict.why()) } }
                    }
                    a.button.secondary.small href={ "/status/devices/" (judged.id) } aria-label={ "Details of " (judged.name) } { "Details" }
                }
            }
        }
    };
    let all = form::link_button("Device status", "/status/devices", ButtonKind::Secondary, None);
    parts::card("devices", "Your devices", Some(&devices.len().to_string()), Some(all), body)
}
