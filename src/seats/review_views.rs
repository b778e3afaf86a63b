//! What a change of seats would do, before it is done, and what it did.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::ids::{SaasAccountId, SeatId};
use crate::kernel::text::{counted, thousands};
use crate::saas::model::SaasAccount;
use crate::seats::changes_model::{Action, Backups, Changed, KEPT, MOST_ON_A_PAGE, Outcome};
use crate::seats::model::Seat;
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_model::PriceList;

/// Seats named one by one; of more the number is told.
const TOLD: usize = 20;
/// Refusals in the sentence that is shown afterwards.
const TOLD_AFTER: usize = 3;

/// How the seats were named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// Ticked.
    Ids(Vec<SeatId>),
    /// In a file.
    Emails(Vec<String>),
}

impl Named {
    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::Ids(ids) => ids.is_empty(),
            Self::Emails(emails) => emails.is_empty(),
        }
    }
}

/// What a seat costs.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// This month's list.
    pub list: PriceList,
    /// The organization's plan.
    pub plan: Plan,
    /// Seats that are bought whatever is used, with Auto License off.
    pub bought: Option<i64>,
}

/// Everything in the dialog.
#[derive(Debug)]
pub struct Review<'a> {
    /// The account.
    pub account: &'a SaasAccount,
    /// What would happen.
    pub outcome: &'a Outcome,
    /// How the seats were named.
    pub named: &'a Named,
    /// For those who see prices.
    pub price: Option<&'a Price>,
    /// The form's id.
    pub form_id: Markup,
    /// How times are read.
    pub times: &'a Times,
}

/// An account's page.
pub fn home(account: SaasAccountId) -> String {
    format!("/saas/{account}")
}

/// Which seats would change, which not and why, what that does to the bill, and the button.
pub fn review(review: &Review<'_>) -> Markup {
    let outcome = review.outcome;
    let (changing, staying): (Vec<&Changed>, Vec<&Changed>) = outcome.seats.iter().partition(|changed| changed.result.is_ok());
    let count = i64::try_from(changing.len()).unwrap_or(i64::MAX);
    let home = home(review.account.id);
    let label = heading(outcome.action, count);
    let destination = if outcome.action == Action::DeleteBackups { "/seats/deletion" } else { "/seats" };
    html! {
        form.stack method="post" action={ (home) (destination) } {
            (review.form_id)
            (form::hidden("action", outcome.action.word()))
            (form::hidden("seen", &mark(outcome, review.price)))
            (hidden(review.named))
            @if changing.is_empty() {
                p { "None of these seats can be changed in this way." }
            } @else {
                p { (consequence(outcome.action, review.times)) }
                (seats(&changing, outcome.action, review.times))
                (bill(review))
            }
            @if !staying.is_empty() { (refused(&staying)) }
            @let another = matches!(review.named, Named::Emails(_)).then(|| html! {
                a.button.quiet-button href={ (home) "/seats/file" } data-dialog { "Choose another file" }
            });
            (form::buttons(another.as_ref(), &buttons(&home, &label, outcome.action, changing.is_empty())))
        }
    }
}

/// A short text that differs when what is shown differs: how many seats change, how the bill counts them, and what that costs.
pub fn mark(outcome: &Outcome, price: Option<&Price>) -> String {
    let (before, after) = outcome.billable;
    let cost = price.and_then(|price| amounts(price, outcome.billable)).unwrap_or_default();
    format!("{}-{before}-{after}-{}-{}", outcome.changing().count(), cost.0, cost.1)
}

/// What a month costs before and after.
fn amounts(price: &Price, (before, after): (i64, i64)) -> Option<(String, String)> {
    let billed = |used: i64| price.list.shown(price.plan, price.bought.unwrap_or_default().max(used));
    Some((billed(before)?, billed(after)?))
}

/// "Pause 3 seats": the dialog's title and its button.
pub fn heading(action: Action, count: i64) -> String {
    match (action, count) {
        (_, 0) => action.shown().to_owned(),
        (Action::DeleteBackups, _) => format!("{} of {}", action.shown(), counted(count, "seat", "seats")),
        _ => format!("{} {}", action.shown(), counted(count, "seat", "seats")),
    }
}

fn buttons(home: &str, label: &str, action: Action, nothing: bool) -> Vec<Markup> {
    let kind = if matches!(action, Action::Unlicense | Action::DeleteBackups) { ButtonKind::Danger } else { ButtonKind::Primary };
    let mut buttons = vec![form::cancel(home)];
    if !nothing {
        buttons.push(form::button(label, kind, None));
    }
    buttons
}

fn hidden(named: &Named) -> Markup {
    match named {
        Named::Ids(ids) => html! { @for id in ids { (form::hidden("seat", &id.to_string())) } },
        Named::Emails(emails) => form::hidden("emails", &emails.join("\n")),
    }
}

fn consequence(action: Action, times: &Times) -> Markup {
    match action {
        Action::License => html! { "Backed up from now on. Backups that are still there are kept." },
        Action::Pause => {
            html! { "Not backed up until protected again. The backups so far are kept and billed as before." }
        }
        Action::Unlicense => html! {
            "Neither backed up nor billed any more. The backups so far are kept until " (times.exact(times.now + KEPT))
            " and then destroyed; whoever is protected again before that loses nothing."
        },
        Action::DeleteBackups => html! { strong { "The backups are destroyed at once." } " Nobody can bring them back." },
    }
}

fn name(changed: &Changed) -> &str {
    changed.seat.as_ref().map_or(changed.named.as_str(), |seat| seat.name.as_str())
}

fn seats(changing: &[&Changed], action: Action, times: &Times) -> Markup {
    let more = i64::try_from(changing.len().saturating_sub(TOLD)).unwrap_or(i64::MAX);
    html! {
        ul.seat-changes aria-label=(action.shown()) {
            @for changed in changing.iter().take(TOLD) {
                li {
                    (name(changed))
                    @if let Some(seat) = &changed.seat { span.sub { " " (seat.seat_type.shown()) ", " (seat.state.word()) (anew(seat, times)) } }
                }
            }
            @if 0 < more { li.sub { "and " (thousands(more)) " more" } }
        }
    }
}

/// SEA-3: whoever is protected again after the thirty days begins anew.
fn anew(seat: &Seat, times: &Times) -> Markup {
    match seat.backups(times.now) {
        Backups::Gone(at) => html! { ", begins anew: backups destroyed on " (times.date(at)) },
        Backups::There | Backups::Until(_) | Backups::Unknown => html! {},
    }
}

fn refused(staying: &[&Changed]) -> Markup {
    let count = i64::try_from(staying.len()).unwrap_or(i64::MAX);
    let more = i64::try_from(staying.len().saturating_sub(TOLD)).unwrap_or(i64::MAX);
    html! {
        (parts::banner(Tone::Warn, &format!("{}:", counted(count, "seat stays as it is", "seats stay as they are")), None))
        ul.seat-changes aria-label="Seats that stay as they are" {
            @for changed in staying.iter().take(TOLD) {
                @if let Err(refusal) = &changed.result { li { (name(changed)) span.sub { " " (refusal.sentence()) } } }
            }
            @if 0 < more { li.sub { "and " (thousands(more)) " more" } }
        }
    }
}

/// What the change does to the bill: seats for everybody, money for those who see prices.
fn bill(review: &Review<'_>) -> Markup {
    let (before, after) = review.outcome.billable;
    let of = if review.account.organization.is_some() { "of the organization" } else { "of the account" };
    let seats = if before == after {
        format!("Billable seats {of}: {} as before.", thousands(before))
    } else {
        format!("Billable seats {of}: {} instead of {}.", thousands(after), thousands(before))
    };
    let money = review.price.and_then(|price| {
        let (was, will) = amounts(price, (before, after))?;
        Some(if was == will { format!("{will} a month as before.") } else { format!("{will} a month instead of {was}.") })
    });
    html! {
        div.bill {
            p { (seats) }
            @if let Some(money) = money { p { (money) } }
            @if let Some(bought) = review.price.and_then(|price| price.bought) {
                p.sub { (counted(bought, "seat is", "seats are")) " bought and billed whatever is used." }
            }
        }
    }
}

/// What was done, in a sentence; or why nothing was.
pub fn told(action: Action, seats: &[Changed]) -> Result<String, String> {
    let done = i64::try_from(seats.iter().filter(|changed| changed.result.is_ok()).count()).unwrap_or(i64::MAX);
    let refused: Vec<String> = seats
        .iter()
        .filter_map(|changed| changed.result.as_ref().err().map(|refusal| (name(changed), refusal.sentence())))
        .map(|(name, sentence)| if name.is_empty() { sentence } else { format!("{name}: {sentence}") })
        .collect();
    let more = i64::try_from(refused.len().saturating_sub(TOLD_AFTER)).unwrap_or(i64::MAX);
    let mut sentence = match (done, action) {
        (0, _) => "Nothing was changed.".to_owned(),
        (_, Action::DeleteBackups) => format!("Deleted the backups of {}.", counted(done, "seat", "seats")),
        (_, action) => {
            let verb = action.done();
            format!(
                "{}{} {}.",
                verb.get(..1).unwrap_or_default().to_uppercase(),
                verb.get(1..).unwrap_or_default(),
                counted(done, "seat", "seats")
            )
        }
    };
    for line in refused.iter().take(TOLD_AFTER) {
        sentence = format!("{sentence} {line}");
    }
    if 0 < more {
        sentence = format!("{sentence} And {more} more stayed as they are.");
    }
    if done == 0 { Err(sentence) } else { Ok(sentence) }
}

/// The dialog that asks for a file.
pub fn file(account: SaasAccountId, chosen: Option<Action>, problem: Option<&str>, form_id: &Markup) -> Markup {
    let mut actions = vec![("", "Choose")];
    actions.extend(Action::ALL.iter().map(|action| (action.word(), action.shown())));
    let hint = format!(
        "CSV with a header row, such as “email”, and the seats' e-mails below it in the first column, up to {}. Further columns do not matter.",
        thousands(i64::try_from(MOST_ON_A_PAGE).unwrap_or(i64::MAX))
    );
    let home = home(account);
    html! {
        form.stack method="post" enctype="multipart/form-data" action={ (home) "/seats/file" } {
            @if let Some(problem) = problem { (form::error_summary(&[("file", problem)])) }
            (form_id)
            (Select {
                name: "action", label: "What to do", options: &actions, selected: chosen.map_or("", Action::word), required: true,
                ..Select::default()
            })
            (Field {
                name: "file", label: "File", kind: Kind::File { accept: ".csv,text/csv", multiple: false }, hint: Some(&hint),
                required: true, ..Field::default()
            })
            p.hint { "What would happen is shown first; nothing changes before you confirm it." }
            (form::buttons(None, &[form::cancel(&home), form::button("Show what would happen", ButtonKind::Primary, None)]))
        }
    }
}
