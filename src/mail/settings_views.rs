//! The Mail page as people see it.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::frame::{Alert, Tone};
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::smtp::Security;
use crate::kernel::text;
use crate::kernel::world::{GivenSender, GivenServer};
use crate::mail::settings_model::{COUNTED, Counts, Delivery, Entered, Sender, Settings, Status, only_here};

/// The hidden field of values whose test letter was not taken.
pub const IN_VAIN: &str = "in_vain";

/// Who says how letters leave.
#[derive(Debug)]
pub enum Set<'a> {
    /// This page.
    ByPage,
    /// The command line: through this server.
    Server(&'a GivenServer),
    /// The command line: into this folder.
    Folder(String),
}

/// The Mail page.
#[derive(Debug)]
pub struct MailPage<'a> {
    /// Who says how letters leave.
    pub set: Set<'a>,
    /// Who letters are from at this moment.
    pub sender: Sender,
    /// What of that the command line says.
    pub given_sender: &'a GivenSender,
    /// What stands in the fields.
    pub entered: &'a Entered,
    /// A password that travels with the form, sealed.
    pub carried: Option<String>,
    /// The values in the fields, where a test letter with them was not taken.
    pub in_vain: Option<String>,
    /// The public address, where nobody on another machine can open links that begin with it.
    pub only_here: Option<&'a str>,
    /// What is set.
    pub settings: &'a Settings,
    /// How it goes.
    pub status: &'a Status,
    /// How many letters wait.
    pub counts: Counts,
    /// Where a test letter goes.
    pub own_email: &'a str,
    /// What is wrong with the fields.
    pub problem: &'a FieldErrors,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// What came of the test letter.
    pub alert: Option<&'a Alert>,
    /// The form's id.
    pub form_id: Markup,
    /// The id of the form that sends a test letter alone.
    pub test_id: Markup,
    /// The id of the form that sends what is held.
    pub release_id: Markup,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// How letters leave, and how that goes.
pub fn page(page: &MailPage<'_>) -> Markup {
    let left = match &page.set {
        Set::ByPage => settings_form(page),
        Set::Server(given) => by_option(page, Some(given), ""),
        Set::Folder(folder) => by_option(page, None, folder),
    };
    html! {
        @if let Some(alert) = page.alert { (parts::alert(alert)) }
        (parts::columns(&left, &state(page)))
    }
}

/// What the command line says, and that it does.
fn by_option(page: &MailPage<'_>, given: Option<&&GivenServer>, folder: &str) -> Markup {
    let mut facts = Vec::new();
    match given {
        Some(given) => {
            facts.push(("Mail server", html! { (given.host) ":" (given.port) }));
            facts.push(("Encryption", html! { (encryption(given.security)) }));
            facts.push(("User name", html! { (given.user.as_deref().unwrap_or("none")) }));
            let authority = given.authority_file.as_ref().map(|path| path.display().to_string());
            facts.push(("Trusted authority", html! { (authority.as_deref().unwrap_or("the publicly trusted ones")) }));
        }
        None => facts.push(("Folder", html! { span.break { (folder) } })),
    }
    facts.push(("Sender\u{2019}s address", html! { (page.sender.address) }));
    facts.push(("Sender\u{2019}s name", html! { (page.sender.name.as_deref().unwrap_or("each partner\u{2019}s own")) }));
    let locked = "Set by the command line. To change it, start Portico with other options; to choose here, start it without them.";
    let test = given.map(|_| {
        html! {
            form.padded method="post" action="/mail/test-letter" {
                (page.test_id)
                (form::buttons(Some(&html! { "To " (page.own_email) }), &[form::button("Send a test letter", ButtonKind::Secondary, Some(Icon::Mail))]))
            }
        }
    });
    let body = html! {
        div.padded .stack { (page.summary) (parts::banner(Tone::Info, locked, None)) (links_lead_nowhere(page)) }
        (parts::definition_list(&facts))
        @if let Some(test) = test { (test) }
    };
    parts::card("delivery", "How letters leave", None, None, body)
}

/// Letters that leave with links for this machine alone.
fn links_lead_nowhere(page: &MailPage<'_>) -> Markup {
    html! { @if let Some(url) = page.only_here { (parts::banner(Tone::Warn, &only_here(url), None)) } }
}

fn encryption(security: Security) -> &'static str {
    match security {
        Security::StartTls => "STARTTLS (port 587)",
        Security::Tls => "TLS (port 465)",
        Security::Plain => "None (this machine only)",
    }
}

fn settings_form(page: &MailPage<'_>) -> Markup {
    let chosen = |delivery: Delivery| page.entered.delivery == delivery.word();
    let choice = |delivery: Delivery, label: &'static str, hint: &'static str| {
        form::radio(&Checkbox {
            name: "delivery",
            value: delivery.word(),
            label,
            hint: Some(hint),
            checked: chosen(delivery),
            disabled: false,
        })
    };
    let choices = html! {
        (choice(Delivery::Hold, "Keep them here", "Nobody gets mail. Read each letter in the Outbox and pass its link on."))
        (choice(Delivery::Smtp, "Send them through a mail server", "By SMTP, as your mail provider describes it for programs and devices."))
    };
    let body = html! {
        // Fields that are hidden while letters are kept here must not stop the form; what is missing is said after sending.
        form.stack.mail-form method="post" action="/mail" novalidate {
            (page.summary)
            (page.form_id)
            (form::group("Where do letters go?", None, &choices))
            div.by-smtp.stack { (links_lead_nowhere(page)) (server_fields(page)) (sender_fields(page)) }
            (form::buttons(None, &[form::button("Save", ButtonKind::Primary, None)]))
            div.by-smtp.test-line {
                p.hint { "Try it before you save: a letter goes to " (page.own_email) " with what stands above, and this page says what the server said." }
                button.button.secondary type="submit" formaction="/mail/test-letter" { (icon(Icon::Mail)) "Send a test letter" }
            }
        }
        p.hint { "To write letters as files instead, start Portico with " code { "--mail-folder" } ": a page does not choose where files appear on this machine." }
    };
    parts::card("delivery", "How letters leave", None, None, parts::padded(&body))
}

fn server_fields(page: &MailPage<'_>) -> Markup {
    let entered = page.entered;
    let kinds: Vec<(&str, &str)> = Security::ALL.iter().map(|security| (security.word(), encryption(*security))).collect();
    let kept = page.settings.sealed_password.is_some();
    let hint = match (&page.carried, kept) {
        (Some(_), _) => "What you entered is still in this form, though it is not shown.",
        (None, true) => "One is kept and never shown. Leave this empty to keep it; for another server or user, enter it again.",
        (None, false) => "Kept sealed and never shown.",
    };
    html! {
        (Field { name: "host", label: "Mail server", value: &entered.host, required: true, error: page.problem.of("host"),
            hint: Some("Its name, such as smtp.example.com; its certificate must bear it."), ..Field::default() })
        div.pair {
            (Select { name: "security", label: "Encryption", options: &kinds, selected: &entered.security, required: true,
                error: page.problem.of("security"), ..Select::default() })
            (Field { name: "port", label: "Port", value: &entered.port, kind: Kind::Number, error: page.problem.of("port"),
                hint: Some("Empty for the usual one: 587 with STARTTLS, 465 with TLS, 25 with none."), ..Field::default() })
        }
        div.pair {
            (Field { name: "user", label: "User name", value: &entered.user, error: page.problem.of("user"), autocomplete: Some("off"),
                hint: Some("Leave it empty if the server lets this machine send without one."), ..Field::default() })
            (Field { name: "password", label: "Password", kind: Kind::Password, error: page.problem.of("password"),
                autocomplete: Some("new-password"), hint: Some(hint), ..Field::default() })
        }
        @if let Some(values) = &page.in_vain { (form::hidden(IN_VAIN, values)) }
        @if let Some(carried) = &page.carried { (form::hidden("carried", carried)) }
        details.more open[!entered.authority.is_empty() || page.problem.of("authority").is_some()] {
            summary { (icon(Icon::ChevronRight)) "A certificate authority of your own" }
            (Field { name: "authority", label: "Certificate authority (PEM)", value: &entered.authority, kind: Kind::TextArea,
                error: page.problem.of("authority"),
                hint: Some("Only servers with its certificates are trusted then. Leave it empty for the publicly trusted authorities."),
                ..Field::default() })
        }
    }
}

fn sender_fields(page: &MailPage<'_>) -> Markup {
    const LOCKED: &str = "Set by the command line.";
    let given = page.given_sender;
    let name = given.name.as_deref().unwrap_or(&page.entered.from_name);
    let address = given.address.as_deref().unwrap_or(&page.entered.from_address);
    html! {
        (Field { name: "from_address", label: "Sender\u{2019}s address", value: address, kind: Kind::Email, required: true,
            error: page.problem.of("from_address"), locked: given.address.as_ref().map(|_| LOCKED),
            hint: Some("Every letter comes from it, and answers go to it: choose one that the server may send for and somebody reads."),
            ..Field::default() })
        (Field { name: "from_name", label: "Sender\u{2019}s name", value: name, error: page.problem.of("from_name"),
            locked: given.name.as_ref().map(|_| LOCKED),
            hint: Some("For your own letters; your firm\u{2019}s name if empty. Letters of sub-partners bear their names."), ..Field::default() })
    }
}

/// How it goes.
fn state(page: &MailPage<'_>) -> Markup {
    let (status, times) = (page.status, page.times);
    let on_way = !matches!(page.set, Set::ByPage) || page.settings.delivery == Delivery::Smtp;
    let (tone, word) = match (on_way, status.failing_since) {
        (false, _) => (Tone::Quiet, "Letters are held here"),
        (true, Some(_)) => (Tone::Bad, "Letters do not leave"),
        (true, None) => (Tone::Good, "Letters leave"),
    };
    let shape = if on_way { tone.icon() } else { Icon::Pause };
    let mut facts = vec![("Now", html! { (parts::badge(tone, shape, word)) })];
    if let (true, Some(since)) = (on_way, status.failing_since) {
        facts.push((
            "Since",
            html! {
                (times.ago(since))
                (next_try(page))
            },
        ));
    }
    facts.push(("Last letter that left", html! { @if let Some(at) = status.last_success_at { (times.ago(at)) } @else { "none yet" } }));
    if let Some((at, reason)) = status.trouble() {
        facts.push(("Last trouble", html! { (times.ago(at)) ": " (reason) }));
    }
    if let Some((at, ok, said)) = status.tested() {
        let (tone, word) = if ok { (Tone::Good, "Taken") } else { (Tone::Bad, "Not taken") };
        facts.push(("Last test letter", html! { (parts::badge(tone, tone.icon(), word)) " " (times.ago(at)) ": " (said) }));
    }
    facts.push(("Waiting", html! { (count(page.counts.waiting)) }));
    facts.push(("Given up", html! { (count(page.counts.failed)) }));
    facts.push(("Held here", html! { (count(page.counts.held)) }));
    let body = html! {
        (parts::definition_list(&facts))
        div.padded.stack {
            @if on_way && page.counts.held > 0 { (held(page)) }
            p.hint { "Counted over all partners of this portal. A letter is tried for three days, then it is given up and shown on Home." }
        }
    };
    let outbox = form::link_button("Outbox", "/outbox", ButtonKind::Secondary, None);
    parts::card("state", "How it goes", None, Some(outbox), body)
}

/// A pause that has ended lasts until there is something to try.
fn next_try(page: &MailPage<'_>) -> Markup {
    html! {
        @match page.status.pause_until {
            Some(next) if next > page.times.now || page.counts.waiting > 0 => { ", next try " (page.times.until(next)) }
            Some(_) => { ", next try with the next letter" }
            None => {}
        }
    }
}

/// What was held stays held until somebody asks.
fn held(page: &MailPage<'_>) -> Markup {
    let sendable = page.counts.sendable;
    html! {
        @if sendable > 0 {
            form.stack method="post" action="/mail/held-letters" {
                (page.release_id)
                p {
                    "Letters that are held stay held until you send them."
                    @if sendable < page.counts.held { " " (count(sendable)) " of them can still be sent; the others hold links that work no more." }
                }
                (form::buttons(None, &[form::button(&format!("Send {} held here", letters(sendable)), ButtonKind::Secondary, Some(Icon::Mail))]))
            }
        } @else {
            p { "Letters that are held stay held; the links in them work no more." }
        }
    }
}

fn letters(count: i64) -> String {
    if count > COUNTED { format!("more than {} letters", text::thousands(COUNTED)) } else { text::counted(count, "letter", "letters") }
}

/// A count that says so when it stopped counting.
fn count(count: i64) -> String {
    if count > COUNTED { format!("{}+", text::thousands(COUNTED)) } else { text::thousands(count) }
}
