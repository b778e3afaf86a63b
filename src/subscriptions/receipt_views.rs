//! The receipt of a purge as a page that can be printed.

use maud::{Markup, html};

use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::when::Times;
use crate::kernel::text::{bytes, counted, thousands};
use crate::saas::model::Product;
use crate::subscriptions::receipt_model::{Line, Receipt};

/// What was destroyed, counted; when, by whom, and by which request.
pub fn receipt(receipt: &Receipt, times: &Times) -> Markup {
    let (seats, days, size) = receipt.totals();
    let accounts = i64::try_from(receipt.lines.len()).unwrap_or(i64::MAX);
    let destroyed = [
        ("SaaS accounts purged", html! { (thousands(accounts)) }),
        ("Seats whose backups are gone", html! { (thousands(seats)) }),
        ("Days of history", html! { (thousands(days)) }),
        ("Backup data", html! { (bytes(size)) }),
        ("Endpoint datasets destroyed", datasets(receipt)),
        ("Users removed", html! { (thousands(receipt.users)) }),
        ("API keys deleted", html! { (thousands(receipt.keys)) }),
    ];
    html! {
        div.receipt.stack {
            (parts::card("what", "What was destroyed", None, None, parts::definition_list(&destroyed)))
            (accounts_card(receipt))
            (parts::card("how", "When, and by which request", None, None, parts::definition_list(&request(receipt, times))))
            p.sub {
                "Kept for good by Portico. What stays of the organization besides: its name, ID and dates, its lines in statements and in the "
                "activity log, and what backups of this portal hold until they expire."
            }
        }
    }
}

/// How many, and which: END-1.
fn datasets(receipt: &Receipt) -> Markup {
    let unnamed = receipt.datasets.saturating_sub(i64::try_from(receipt.dataset_names.len()).unwrap_or(i64::MAX));
    html! {
        (thousands(receipt.datasets)) " of " (counted(receipt.agents, "agent", "agents"))
        @for name in &receipt.dataset_names { div.sub { (name) } }
        @if !receipt.dataset_names.is_empty() && 0 < unnamed { div.sub { "and " (thousands(unnamed)) " more" } }
    }
}

fn request(receipt: &Receipt, times: &Times) -> Vec<(&'static str, Markup)> {
    let event = |number: i64| html! { "event " (thousands(number)) " of the activity log" };
    let mut lines = vec![("Organization", html! { (receipt.name) ", ID " (receipt.organization.shown()) })];
    match &receipt.asked {
        Some(asked) => {
            lines.push(("Request", html! { "Unsubscribed by " (asked.by) " on " (times.exact(asked.at)) ", " (event(asked.event.0)) }));
            lines.push(("Due", html! { (times.exact(receipt.due_at)) ", when the 45 days were over" }));
        }
        None if receipt.due_at < receipt.done_at => {
            lines.push(("Due", html! { (times.exact(receipt.due_at)) ", when the 45 days were over" }));
        }
        None => lines.push(("Request", html! { "Delete, by " (receipt.done_by) })),
    }
    lines.push(("Done", html! { (times.exact(receipt.done_at)) " by " (receipt.done_by) ", " (event(receipt.event.0)) }));
    lines
}

fn accounts_card(receipt: &Receipt) -> Markup {
    let rows = receipt.lines.iter().map(row).collect::<Vec<_>>();
    if 0 < receipt.kept {
        let kept = counted(receipt.kept, "SaaS account was", "SaaS accounts were");
        return html! { p { (kept) " unlinked, with all backups kept." } };
    }
    if rows.is_empty() {
        return html! { p { "No SaaS account was linked to it." } };
    }
    let accounts = counted(i64::try_from(rows.len()).unwrap_or(i64::MAX), "account", "accounts");
    let table = Table {
        id: "accounts".to_owned(),
        caption: format!("What was destroyed of {accounts}"),
        columns: vec![Column::new("SaaS account"), Column::number("Seats"), Column::number("Days"), Column::number("Data")],
        rows,
        ..Table::default()
    };
    parts::card("by-account", "By SaaS account", None, None, table.render())
}

fn row(line: &Line) -> Row {
    let product = Product::from_word(&line.product).map(Product::shown).unwrap_or_default();
    Row {
        cells: vec![
            parts::two_lines(&line.name, html! { (line.domain) " · " (product) }),
            html! { (thousands(line.seats)) },
            html! { (thousands(line.days)) },
            html! { (bytes(line.bytes)) },
        ],
        ..Row::default()
    }
}
