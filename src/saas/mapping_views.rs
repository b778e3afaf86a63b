//! The list of unlinked accounts, and the dialog that chooses an organization for one.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::picks::{Pick, pick_list, pick_one, pick_search, ticked_count};
use crate::kernel::html::table::{Column, Row, Table, pager};
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::saas::mapping_model::{Exact, Suggestion, Unmapped};
use crate::saas::model::{Reason, SaasAccount};
use crate::saas::views;

/// Where the list is.
pub const HERE: &str = "/status/saas/unmapped";

/// Where all exact ones are linked at once.
pub const EXACT: &str = "/status/saas/unmapped/exact";

/// Everything on the page.
#[derive(Debug)]
pub struct UnmappedPage<'a> {
    /// The rows.
    pub rows: &'a [Unmapped],
    /// How many there are in all.
    pub count: i64,
    /// Whether the reader may link.
    pub may_link: bool,
    /// Whether access groups limit what the reader is suggested.
    pub limited: bool,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether this is not the first page.
    pub later: bool,
    /// A fresh hidden form id for each row.
    pub hidden: &'a [Markup],
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The list with why each account is unlinked since when, and what is suggested (SAS-4, SAS-5).
pub fn page(page: &UnmappedPage<'_>) -> Markup {
    let fallback = html! {};
    let rows = page.rows.iter().enumerate().map(|(place, row)| line(page, row, page.hidden.get(place).unwrap_or(&fallback))).collect();
    let mut columns = vec![
        Column { class: "main", ..Column::new("Account") },
        Column { class: "short", ..Column::new("Service") },
        Column::number("Seats"),
        Column::new("Not linked because"),
        Column::new("Suggested organization"),
    ];
    if page.may_link {
        columns.push(Column::actions());
    }
    let back = form::link_button("SaaS Protection Status", "/status/saas", ButtonKind::Secondary, None);
    let table = Table {
        id: "unmapped".into(),
        caption: "SaaS accounts that are linked to no organization".into(),
        columns,
        rows,
        empty: Some(parts::empty(
            "Every SaaS account is linked",
            "Accounts that lose their organization show here, with the reason.",
            Some(back),
        )),
        footer: (page.next.is_some() || page.later).then(|| {
            pager(page.later.then_some(HERE), page.next.as_deref(), &text::counted(page.count, "unlinked account", "unlinked accounts"))
        }),
        ..Table::default()
    };
    table.render()
}

fn line(page: &UnmappedPage<'_>, row: &Unmapped, hidden: &Markup) -> Row {
    let account = &row.account;
    let mut cells = vec![
        parts::two_lines(
            &html! { (account.name) @if account.facts.cancelled_at.is_some() { " " (views::account_badge(account, page.times)) } },
            &html! { (account.domain) @if let Some(id) = account.vendor_id { " · " (id) } },
        ),
        html! { (account.product.shown()) },
        html! { (text::thousands(account.seats_used)) },
        reason(account, page.times),
        suggested(account, row.suggestion.as_ref(), page.limited),
    ];
    if page.may_link {
        cells.push(buttons(account, row.suggestion.as_ref(), hidden));
    }
    Row { cells, href: Some(format!("/saas/{}", account.id)), ..Row::default() }
}

/// Why, and since when.
pub fn reason(account: &SaasAccount, times: &Times) -> Markup {
    html! {
        @if let Some(unlinked) = &account.unlinked {
            span.two { span { (unlinked.shown()) } span.sub { "since " (times.date(unlinked.at)) } }
        }
    }
}

fn suggested(account: &SaasAccount, suggestion: Option<&Suggestion>, limited: bool) -> Markup {
    html! {
        @match suggestion {
            Some(found) => { (parts::two_lines(&html! { (found.name) }, &html! { (found.why.shown(&account.domain)) })) }
            None if limited => { span.sub { "None of those you see has this domain or this name." } }
            None => { span.sub { "None has this domain or this name." } }
        }
    }
}

fn buttons(account: &SaasAccount, suggestion: Option<&Suggestion>, hidden: &Markup) -> Markup {
    let choose = format!("{HERE}/{}", account.id);
    html! {
        @if let Some(found) = suggestion {
            form.inline action=(choose) method="post" {
                (hidden)
                (form::hidden("organization", &found.organization.to_string()))
                button.button.secondary.small type="submit" aria-label={ "Link " (account.name) " to " (found.name) } { "Link" }
            }
            " "
        }
        @let words = if suggestion.is_some() { ("Choose another", "Choose another organization for ") } else { ("Choose", "Choose an organization for ") };
        a.button.quiet-button.small href=(choose) data-dialog aria-label={ (words.1) (account.name) } { (words.0) }
    }
}

/// Leads to the preview of all exact ones.
pub fn exact_button() -> Markup {
    form::dialog_link("Link all exact matches", EXACT, ButtonKind::Primary, Some(Icon::Link), None)
}

/// What counts as exact, and how many accounts were not looked at.
pub fn exact_intro(count: i64, rest: i64) -> Markup {
    html! {
        "Of " (text::counted(count, "unlinked account", "unlinked accounts")) ", those of which one organization alone has the domain or the very name. "
        "Untick what you do not want; the others are linked together or not at all."
        @if 0 < rest { " " (text::thousands(rest)) " more were not looked at: link these first, then look again." }
    }
}

/// The preview of all exact ones: each account with its organization and why; `ticked` when the form comes back. What somebody unlinked on
/// purpose is not ticked.
pub fn exact(found: &[Exact], ticked: Option<&[&str]>, hidden: &Markup, times: &Times) -> Markup {
    let picks: Vec<Pick> = found
        .iter()
        .map(|one| {
            let value = format!("{}:{}", one.account.id, one.suggestion.organization);
            // SAS-4: somebody took it away from its organization, which is more than nobody having linked it yet.
            let on_purpose = one.account.unlinked.as_ref().filter(|unlinked| unlinked.reason == Reason::ByPerson);
            Pick {
                name: "pair".to_owned(),
                checked: ticked.map_or(on_purpose.is_none(), |ticked| ticked.contains(&value.as_str())),
                value,
                label: html! { (one.account.name) " → " (one.suggestion.name) },
                detail: Some(html! {
                    (one.account.product.shown()) " · " (one.suggestion.why.shown(&one.account.domain))
                    @if let Some(unlinked) = on_purpose { " · " (unlinked.shown()) " on " (times.date(unlinked.at)) " and so not ticked" }
                }),
                badge: None,
                disabled: false,
            }
        })
        .collect();
    html! {
        form action=(EXACT) method="post" {
            (hidden)
            @if picks.is_empty() {
                (parts::empty("No exact match", "Each unlinked account needs a look of its own: none or several organizations have its domain or name.", None))
                (form::buttons(None, &[form::cancel(HERE)]))
            } @else {
                (pick_list("Accounts to link", &picks))
                (form::buttons(Some(&ticked_count()), &[form::cancel(HERE), form::button("Link Services", ButtonKind::Primary, Some(Icon::Link))]))
            }
        }
    }
}

/// Organizations to choose from.
#[derive(Debug)]
pub struct Choices {
    /// The one that is suggested, while nobody searches for another.
    pub suggestion: Option<Suggestion>,
    /// Those that fit.
    pub found: Vec<(OrganizationId, String)>,
    /// Whether there are more.
    pub more: bool,
}

/// The content of the dialog that chooses an organization for an account.
pub fn choose(account: &SaasAccount, words: &str, choices: &Choices, hidden: &Markup) -> Markup {
    let here = format!("{HERE}/{}", account.id);
    let found = &choices.found;
    let suggested = choices.suggestion.iter().map(|found| {
        let why = html! { (found.organization.shown()) " · " (found.why.shown(&account.domain)) };
        let badge = Some(parts::badge(Tone::Info, Icon::Link, "Suggested"));
        Pick { detail: Some(why), badge, ..pick(found.organization, &found.name, words) }
    });
    let others = found.iter().filter(|(id, _)| choices.suggestion.as_ref().is_none_or(|found| found.organization != *id));
    let picks: Vec<Pick> = suggested.chain(others.map(|(id, name)| pick(*id, name, words))).collect();
    html! {
        (pick_search(&here, "q", "Organization's name or ID", words))
        form action=(here) method="post" {
            (hidden)
            @if picks.is_empty() { (parts::empty("Nothing found", "No organization of this partner has this in its name or ID.", None)) }
            @else { (pick_one("Organization", &picks)) }
            @if choices.more { p.hint.more { "More organizations are not shown. Search for the one you mean by its name or ID." } }
            @if picks.is_empty() { (form::buttons(None, &[form::cancel(HERE)])) }
            @else { (form::buttons(None, &[form::cancel(HERE), form::button("Link Services", ButtonKind::Primary, Some(Icon::Link))])) }
        }
    }
}

fn pick(id: OrganizationId, name: &str, words: &str) -> Pick {
    Pick {
        name: "organization".to_owned(),
        value: id.to_string(),
        label: parts::highlight(name, words),
        detail: Some(html! { (id.shown()) }),
        badge: None,
        checked: false,
        disabled: false,
    }
}

/// Beside an account's own title while it is linked to nothing.
pub fn unlinked_badge(account: &SaasAccount, times: &Times) -> Markup {
    html! { @if let Some(unlinked) = &account.unlinked { (views::reason_badge(unlinked, times)) } }
}
