//! The page Manage Partners, a sub-partner's page, and its dialogs.

use maud::{Markup, html};

use crate::kernel::countries::{self, COUNTRIES};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, SettingsRow};
use crate::kernel::html::table::{Column, Row, Table, Toolbar, pager, toolbar};
use crate::kernel::html::text::Joined;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::web;
use crate::subpartners::model::{Entry, Primary, SubPartner, Totals};

/// Where the list is.
pub const HERE: &str = "/partners";
/// The id of the list, which a live filter replaces.
const LIST: &str = "partners";

/// A partner's page.
pub fn href(partner: &SubPartner) -> String {
    format!("{HERE}/{}", partner.public_id)
}

/// Manage Organizations, narrowed to this partner.
pub fn organizations(partner: &SubPartner) -> String {
    format!("/organizations?partner={}", partner.public_id)
}

/// Opens the dialog **New Partner**.
pub fn new_button(kind: ButtonKind) -> Markup {
    form::dialog_link("+ New Partner", "/partners/new", kind, None, None)
}

/// What the list shows.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// The rows.
    pub partners: &'a [SubPartner],
    /// What is looked for.
    pub words: &'a str,
    /// How many there are in all.
    pub count: i64,
    /// The Partner ID after which the next page begins.
    pub next: Option<&'a str>,
    /// Whether this is not the first page.
    pub later: bool,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The partners beneath one's own, with what each holds.
pub fn list(page: &ListPage<'_>) -> Markup {
    let counted = text::counted(page.count, "partner beneath yours", "partners beneath yours");
    let address = |after: Option<&str>| web::address(HERE, [("q", page.words), ("after", after.unwrap_or_default())]);
    let next = page.next.map(|after| address(Some(after)));
    let first = page.later.then(|| address(None));
    let table = Table {
        id: LIST.into(),
        caption: "Partners beneath yours, by name".into(),
        columns: vec![
            Column { class: "main", ..Column::new("Partner") },
            Column { class: "opt", ..Column::new("Country") },
            Column::new("Primary account"),
            Column::number("Organizations"),
            Column::number("Users"),
            Column::number("Services"),
            Column::number("Seats"),
            Column::actions(),
        ],
        rows: page.partners.iter().map(|partner| row(partner, page.times)).collect(),
        empty: Some(if page.count == 0 {
            parts::empty(
                "There is no partner beneath yours",
                "A sub-partner has organizations and employees of its own. You see what it holds; it sees nothing of yours.",
                Some(new_button(ButtonKind::Primary)),
            )
        } else {
            parts::empty("Nothing found", "No partner has this in its name or Partner ID.", None)
        }),
        toolbar: (0 < page.count).then(|| {
            toolbar(&Toolbar {
                action: HERE,
                target: LIST,
                search: Some(("q", "Name or Partner ID", page.words)),
                note: Some(counted.clone()),
                ..Toolbar::default()
            })
        }),
        footer: (next.is_some() || first.is_some()).then(|| pager(first.as_deref(), next.as_deref(), &counted)),
        ..Table::default()
    };
    table.render()
}

fn row(partner: &SubPartner, times: &Times) -> Row {
    let totals = &partner.totals;
    let beneath = html! { (partner.public_id) @if !partner.direct { " · beneath " (partner.above) } };
    let others = others(totals);
    Row {
        cells: vec![
            parts::two_lines(&html! { (partner.name) }, &beneath),
            html! { (country(partner)) },
            primary(partner.primary.as_ref(), times),
            html! { span.two { span { (text::thousands(totals.active)) " active" } @if !others.is_empty() { span.sub { (others) } } } },
            html! { (text::thousands(totals.users)) },
            html! { (text::thousands(totals.services)) },
            html! { (text::thousands(totals.seats)) },
            html! {
                (form::icon_link(Icon::Building, Joined(&["Organizations of ", &partner.name]), organizations(partner), false))
                @if partner.direct {
                    (form::icon_link(Icon::Pencil, Joined(&["Edit ", &partner.name]), format!("{}/edit", href(partner)), true))
                }
            },
        ],
        href: Some(href(partner)),
        ..Row::default()
    }
}

fn country(partner: &SubPartner) -> &str {
    countries::name(&partner.country).unwrap_or(&partner.country)
}

/// "2 suspended, 1 unsubscribed"; empty where there are none.
fn others(totals: &Totals) -> String {
    let parts = [(totals.suspended, "suspended"), (totals.unsubscribed, "unsubscribed")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count != 0).map(|(count, word)| format!("{} {word}", text::thousands(*count))).collect();
    parts.join(", ")
}

fn primary(primary: Option<&Primary>, times: &Times) -> Markup {
    html! {
        @match primary {
            Some(primary) => {
                (parts::two_lines(&html! { (primary.name()) }, &html! { (primary.email) }))
                @if !primary.set_up { (state(primary, times)) }
            }
            None => { span.sub { "None" } }
        }
    }
}

/// ACC-14: it stays Invited, whatever became of the letter's link.
fn state(primary: &Primary, times: &Times) -> Markup {
    html! {
        @if primary.set_up {
            @let (tone, shape, word) = primary.state.look();
            (parts::badge(tone, shape, word))
        } @else {
            (parts::badge(Tone::Info, Icon::Clock, "Invited")) " "
            @match primary.link_until() {
                Some(until) => { span.sub { (times.left(until, "to set up")) } }
                None => { span.sub { "its link has lapsed" } }
            }
        }
    }
}

/// Beside the title: the Partner ID, to be copied (PAR-2).
pub fn aside(partner: &SubPartner) -> Markup {
    html! { span.sub { "Partner ID " } code { (partner.public_id) } (parts::copy_button(&partner.public_id, "Copy the Partner ID")) }
}

/// The buttons beside the heading.
pub fn actions(partner: &SubPartner) -> Markup {
    html! {
        (form::link_button("Organizations", &organizations(partner), ButtonKind::Secondary, Some(Icon::Building)))
        @if partner.direct { " " (form::dialog_link("Edit", &format!("{}/edit", href(partner)), ButtonKind::Secondary, Some(Icon::Pencil), None)) }
    }
}

/// A sub-partner's page.
#[derive(Debug)]
pub struct PartnerPage<'a> {
    /// The partner.
    pub partner: &'a SubPartner,
    /// ACC-14: two form ids, for sending the letter again and for opening it, where the reader may.
    pub letter: Option<(Markup, Markup)>,
    /// Another for the switch.
    pub hidden: Markup,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// What the partner is, who stands for it, what it holds, and what it may.
pub fn page(page: &PartnerPage<'_>) -> Markup {
    let partner = page.partner;
    html! {
        @if let Some(refusal) = partner.refusal() { (parts::banner(Tone::Info, &refusal, None)) }
        (parts::columns(&html! { (overview(partner, page.times)) (right(page)) }, &html! { (first_account(page)) (totals(partner)) }))
    }
}

fn overview(partner: &SubPartner, times: &Times) -> Markup {
    let pairs = [
        ("Name", html! { (partner.name) }),
        ("Country", html! { (country(partner)) }),
        ("Directly beneath", html! { (partner.above) }),
        ("Since", times.date(partner.created_at)),
    ];
    parts::card("overview", "Overview", None, None, parts::definition_list(&pairs))
}

fn first_account(page: &PartnerPage<'_>) -> Markup {
    let partner = page.partner;
    let Some(primary) = &partner.primary else {
        return parts::card("primary", "Primary account", None, None, parts::empty("None", "Nobody stands for this partner.", None));
    };
    let pairs = [("Name", html! { (primary.name()) }), ("E-mail", html! { (primary.email) }), ("State", state(primary, page.times))];
    let at = href(partner);
    let buttons = page.letter.as_ref().map(|(send, open)| {
        html! {
            (parts::action_form(&format!("{at}/letter"), send, "Resend letter", ButtonKind::Secondary, Some(Icon::Mail)))
            " " (parts::action_form(&format!("{at}/letter/opening"), open, "Open the letter", ButtonKind::Secondary, None))
        }
    });
    let body = html! {
        (parts::definition_list(&pairs))
        @if partner.waiting().is_some() {
            p.padded.sub { "Until it is set up, the primary account and the Security Admins of your partner send its letter again and open it. From then on it alone decides." }
        }
    };
    parts::card("primary", "Primary account", None, buttons, body)
}

fn totals(partner: &SubPartner) -> Markup {
    let totals = &partner.totals;
    let figure = |count: i64| html! { (text::thousands(count)) };
    let pairs = [
        ("Active organizations", figure(totals.active)),
        ("Suspended", figure(totals.suspended)),
        ("Unsubscribed", figure(totals.unsubscribed)),
        ("Users", figure(totals.users)),
        ("SaaS accounts", figure(totals.services)),
        ("Billable seats", figure(totals.seats)),
    ];
    let body = html! { (parts::definition_list(&pairs)) p.padded.sub { "With what the partners beneath it hold." } };
    parts::card("totals", "What it holds", None, None, body)
}

/// PAR-5.
fn right(page: &PartnerPage<'_>) -> Markup {
    let partner = page.partner;
    let granted = partner.right.is_granted();
    let wanted = if granted { "revoked" } else { "granted" };
    let locked = partner.refusal();
    let row = parts::settings_row(&SettingsRow {
        id: "transfer-right",
        title: "May ask for transfers",
        text: "Off: a request of its people is refused with the sentence to contact you, and you enter transfers for it.",
        action: &format!("{}/transfer-right", href(partner)),
        fields: html! { (page.hidden) (form::hidden("wanted", wanted)) },
        on: granted,
        locked: locked.as_deref(),
        ..SettingsRow::default()
    });
    parts::card("transfers", "Transfers", None, None, row)
}

/// What a new partner is.
pub fn new_intro() -> Markup {
    html! { "It gets organizations and employees of its own, beneath your partner. Its primary account gets a set-up letter." }
}

/// The dialog that makes one, or changes it.
#[derive(Debug)]
pub struct EditForm<'a> {
    /// Where the form goes.
    pub action: &'a str,
    /// Where leaving it leads.
    pub back: &'a str,
    /// What its button says.
    pub button: &'a str,
    /// What the fields hold.
    pub entry: &'a Entry,
    /// Whether the primary account is asked for.
    pub person: bool,
    /// What is wrong with the fields.
    pub errors: &'a FieldErrors,
    /// The form's id, what it was drawn from, and the same above the form.
    pub hidden: Markup,
}

/// Name, country, and the primary account where that is asked for.
pub fn edit(page: &EditForm<'_>) -> Markup {
    let (entry, errors) = (page.entry, page.errors);
    let must = |name, label, value| Field {
        name,
        label,
        value,
        required: true,
        error: errors.of(name),
        autocomplete: Some("off"),
        ..Field::default()
    };
    let mut countries = vec![("", "Choose a country")];
    countries.extend(COUNTRIES.iter().map(|(code, name, _)| (*code, *name)));
    html! {
        form action=(page.action) method="post" {
            (page.hidden)
            (Field { autofocus: true, ..must("name", "Partner name", &entry.name) })
            (Select {
                name: "country", label: "Country", options: &countries, selected: &entry.country, required: true,
                error: errors.of("country"), ..Select::default()
            })
            @if page.person {
                (form::group("Primary account", Some("The first person of the partner, who can do everything there."), &html! {
                    div.pair {
                        (must("first_name", "First name", &entry.person.first_name))
                        (must("last_name", "Last name", &entry.person.last_name))
                    }
                    (Field { kind: Kind::Email, ..must("email", "Email", &entry.person.email) })
                }))
            }
            (form::buttons(None, &[form::cancel(page.back), form::button(page.button, ButtonKind::Primary, None)]))
        }
    }
}

/// In place of the form, where it is not one's own to change.
pub fn not_now(refusal: &str, back: &str) -> Markup {
    html! { p { (refusal) } (form::buttons(None, &[form::cancel(back)])) }
}
