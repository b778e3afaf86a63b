//! An organization's page, and the dialogs that create and delete one.

use maud::{Markup, html};

use crate::access::state_model::EMAIL_HELD;
use crate::kernel::countries::COUNTRIES;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, SettingsRow};
use crate::kernel::html::table::{self, Tab};
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::organizations::model::{Backups, CustomBranding, Entered, LinkedService, Organization, SecondFactor};

/// The dialog Create Organization.
#[derive(Debug)]
pub struct CreateDialog<'a> {
    /// What was entered before.
    pub name: &'a str,
    /// What is wrong with its fields.
    pub errors: &'a FieldErrors,
    /// The same above the form; nothing when all is well.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// A name is all that is asked for (ORG-1).
pub fn create(dialog: &CreateDialog<'_>) -> Markup {
    html! {
        form action="/organizations" method="post" {
            (dialog.form_id)
            (dialog.summary)
            (Field {
                name: "name",
                label: "Organization name",
                value: dialog.name,
                hint: Some("The name of the firm or company."),
                error: dialog.errors.of("name"),
                required: true,
                autocomplete: Some("off"),
                autofocus: true,
                ..Field::default()
            })
            (form::buttons(None, &[
                form::cancel("/organizations"),
                form::button("Create Organization", ButtonKind::Primary, None),
            ]))
        }
    }
}

/// Badge, ID and origin beside the page's title; the partner's name where it is not the viewer's own (PAR-1).
pub fn aside(organization: &Organization, foreign: bool, times: &Times) -> Markup {
    let (tone, shape) = organization.subscription.state.look();
    html! {
        (parts::badge(tone, shape, organization.subscription.state.shown()))
        span {
            (organization.id.shown()) " · created " (times.ago(organization.created_at)) " by " (organization.created_by)
            @if foreign { " · " (organization.partner_name) }
        }
    }
}

/// The buttons beside the page's title; a transfer is entered here by a partner above alone (PAR-5).
pub fn actions(organization: &Organization, transfers: bool) -> Markup {
    html! {
        @if transfers {
            (form::dialog_link("Transfer", &format!("/organizations/{}/transfer", organization.id), ButtonKind::Secondary, None, Some(&format!("Transfer {}", organization.name))))
        }
        (form::link_button("Edit name", "#settings", ButtonKind::Secondary, None))
        span title=(deletion_title(organization, Backups::Keep)) {
            (form::dialog_link("Delete", &deletion_href(organization, Backups::Keep), ButtonKind::Danger, Some(Icon::Trash), Some(&deletion_title(organization, Backups::Keep))))
        }
    }
}

/// The address of the dialog that deletes.
pub fn deletion_href(organization: &Organization, backups: Backups) -> String {
    format!("/organizations/{}/deletion?backups={}", organization.id, backups.word())
}

/// An organization's page: its own slice's cards and those of the others.
#[derive(Debug)]
pub struct Page {
    /// The tabs' labels, the cards they jump to, and how many each holds.
    pub tabs: Vec<(&'static str, &'static str, Option<i64>)>,
    /// The wider column.
    pub left: Vec<Markup>,
    /// The other one.
    pub right: Vec<Markup>,
}

/// Tabs that jump, and two columns of cards.
pub fn page(page: &Page) -> Markup {
    let tabs: Vec<Tab> = page
        .tabs
        .iter()
        .map(|(label, card, count)| Tab {
            label: (*label).to_owned(),
            href: format!("#{card}"),
            count: count.map(text::thousands),
            current: *label == "Overview",
        })
        .collect();
    let column = |cards: &[Markup]| html! { @for card in cards { (card) } };
    html! { (table::tabs(&tabs)) (parts::columns(&column(&page.left), &column(&page.right))) }
}

/// Under the card Subscriptions: the deletion that purges (ORG-7), and what tells it from the one beside the page's title.
pub fn subscription_actions(organization: &Organization) -> Markup {
    let name = match organization.services {
        0 => format!("Delete {} and its subscription", organization.name),
        _ => format!("Delete {} with its subscription and destroy its backups", organization.name),
    };
    html! {
        (form::dialog_link("Delete", &deletion_href(organization, Backups::Purge), ButtonKind::Danger, None, Some(&name)))
        @if 0 < organization.services { span.sub { "also destroys its backups" } }
    }
}

/// The card Settings.
#[derive(Debug)]
pub struct SettingsCard<'a> {
    /// Whose.
    pub organization: &'a Organization,
    /// What its fields hold.
    pub entered: &'a Entered,
    /// ACC-12: why the contact's e-mail stays as it is.
    pub email_locked: Option<&'a str>,
    /// What is wrong with its fields.
    pub errors: &'a FieldErrors,
    /// The same above the form; nothing when all is well.
    pub summary: Markup,
    /// Form id and other hidden fields.
    pub hidden: Markup,
}

/// Name, contact and country (ORG-6).
pub fn settings(card: &SettingsCard<'_>) -> Markup {
    let (entered, errors) = (card.entered, card.errors);
    let mut countries = vec![("", "None")];
    countries.extend(COUNTRIES.iter().map(|(code, name, _)| (*code, *name)));
    let field = |name, label, value| Field { name, label, value, error: errors.of(name), autocomplete: Some("off"), ..Field::default() };
    let body = parts::padded(&html! {
        form.stack action={ "/organizations/" (card.organization.id) "/settings" } method="post" {
            (card.hidden)
            (card.summary)
            (Field { required: true, ..field("name", "Organization name", &entered.name) })
            div.pair {
                (field("first_name", "Contact first name", &entered.first_name))
                (field("last_name", "Contact last name", &entered.last_name))
            }
            (Field { kind: Kind::Email, locked: card.email_locked, ..field("email", "Contact e-mail", &entered.email) })
            (Select {
                name: "country",
                label: "Country",
                options: &countries,
                selected: &entered.country,
                error: errors.of("country"),
                ..Select::default()
            })
            (form::buttons(None, &[form::button("Save Changes", ButtonKind::Primary, None)]))
        }
    });
    parts::card("settings", "Settings", None, None, body)
}

/// ORG-9: the switch under the list of users.
pub fn second_factor(organization: OrganizationId, now: SecondFactor, form_id: &Markup) -> Markup {
    let other = match now {
        SecondFactor::Required => SecondFactor::Optional,
        SecondFactor::Optional => SecondFactor::Required,
    };
    parts::settings_row(&SettingsRow {
        id: "second-factor",
        title: "Enable multifactor authentication for the organization",
        text: "Its users must set up a second factor at their next step.",
        action: &format!("/organizations/{organization}/second-factor"),
        fields: html! { (form_id) (form::hidden("wanted", other.word())) },
        on: now == SecondFactor::Required,
        ..SettingsRow::default()
    })
}

/// ORG-10: the switch beside it, with the way to Customize for who may open it (BRA-1); or `why` it cannot be switched and has no effect (BRA-2).
pub fn custom_branding(organization: OrganizationId, now: CustomBranding, opens: bool, why: Option<&str>, form_id: &Markup) -> Markup {
    html! {
        (parts::settings_row(&SettingsRow {
            id: "custom-branding",
            title: "Use custom branding for the organization",
            text: "Its users see your logo and background on every page.",
            action: &format!("/organizations/{organization}/branding"),
            fields: html! { (form_id) (form::hidden("wanted", now.other().word())) },
            on: now == CustomBranding::On && why.is_none(),
            locked: why,
            ..SettingsRow::default()
        }))
        @if opens && why.is_none() { div.steps-row { (form::link_button("Set Branding", "/branding", ButtonKind::Secondary, None)) } }
    }
}

/// The dialog that deletes.
#[derive(Debug)]
pub struct DeletionDialog<'a> {
    /// Which.
    pub organization: &'a Organization,
    /// What becomes of the backups.
    pub backups: Backups,
    /// The linked SaaS accounts.
    pub services: &'a [LinkedService],
    /// The names of the linked networks.
    pub networks: &'a [String],
    /// Seats of which there are backups, as the receipt counts them.
    pub kept: i64,
    /// Endpoint agents.
    pub agents: i64,
    /// The names of their datasets.
    pub datasets: &'a [String],
    /// API keys that are for it alone.
    pub keys: i64,
    /// The names of the linked devices.
    pub devices: &'a [String],
    /// Its device tasks, of them those that are open, and its offsite audits.
    pub asked: (i64, i64, i64),
    /// What was typed before.
    pub typed: &'a str,
    /// How times are read.
    pub times: &'a Times,
    /// What is wrong with its fields.
    pub errors: &'a FieldErrors,
    /// The same above the form; nothing when all is well.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// The dialog's title: what it does, and what becomes of the backups if there may be any.
pub fn deletion_title(organization: &Organization, backups: Backups) -> String {
    match (organization.services, backups) {
        (0, _) => format!("Delete {}", organization.name),
        (_, Backups::Keep) => format!("Delete {} and keep its SaaS backups", organization.name),
        (_, Backups::Purge) => format!("Delete {} and destroy its backups", organization.name),
    }
}

/// What becomes of the backups, as the first thing said.
fn fate_of_backups(dialog: &DeletionDialog<'_>) -> Markup {
    html! {
        @match (dialog.organization.services, dialog.backups) {
            (0, _) if !dialog.datasets.is_empty() => { p.name { "No SaaS account is linked to it." } }
            (0, _) => { p.name { "No SaaS account is linked to it, so there are no backups to keep or to destroy." } }
            (_, Backups::Keep) => { p.name {
                "This keeps the backups of its SaaS accounts and only unlinks them."
                @if !dialog.datasets.is_empty() { " What its endpoint agents backed up is destroyed all the same." }
            } }
            (_, Backups::Purge) => {
                (parts::banner(
                    Tone::Bad,
                    "This cannot be undone: it also destroys the backups of its SaaS accounts, at once and for good.",
                    Some(form::link_button(
                        "Keep the backups instead",
                        &deletion_href(dialog.organization, Backups::Keep),
                        ButtonKind::Secondary,
                        None,
                    )),
                ))
            }
        }
    }
}

/// So many datasets are named without a click.
const OPEN_DATASETS: usize = 10;
/// Accounts named one by one; of more the number is told.
const NAMED: usize = 3;

/// SAS-7, SUB-5: deleting is allowed where Cancel subscription is not, but nobody does it without knowing of the year that runs on.
fn committed(dialog: &DeletionDialog<'_>) -> Markup {
    let years: Vec<String> = dialog
        .services
        .iter()
        .filter_map(|service| Some(format!("{} until {}", service.name, dialog.times.zone.date(service.committed_until?))))
        .collect();
    let named = match years.len().saturating_sub(NAMED) {
        0 => years.join(", "),
        more => format!("{} and {more} more", years.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ")),
    };
    let what_of_it = match dialog.backups {
        Backups::Keep => "Deleting does not end that: the year runs on, for whichever organization takes it over.",
        Backups::Purge => {
            "Before then Cancel subscription would refuse. Deleting goes through all the same, and does not end what was agreed with the vendor."
        }
    };
    html! {
        @if !years.is_empty() { (parts::banner(Tone::Warn, &format!("Committed for one year: {named}. {what_of_it}"), None)) }
    }
}

/// ORG-7: which way, what happens, counted, what stays, and the name to type.
pub fn deletion(dialog: &DeletionDialog<'_>) -> Markup {
    let organization = dialog.organization;
    let page = format!("/organizations/{}", organization.id);
    html! {
        div.stack {
            (fate_of_backups(dialog))
            (committed(dialog))
            @if !dialog.datasets.is_empty() {
                (parts::banner(Tone::Bad, "Its endpoint agents' datasets are destroyed, at once and for good. They belong to the organization and go with it.", None))
            }
            ul.bullets {
                @for line in consequences(dialog) { li { (line) } }
                @if 0 < organization.users {
                    li { "E-mails of removed users cannot be registered again for 24 hours, until " (dialog.times.exact(dialog.times.now + EMAIL_HELD)) "." }
                }
            }
            @if !dialog.datasets.is_empty() {
                details.datasets open[dialog.datasets.len() <= OPEN_DATASETS] {
                    summary { "Datasets that are destroyed" }
                    ul.bullets { @for dataset in dialog.datasets { li { (dataset) } } }
                }
            }
            p.sub {
                "What stays: its name, ID and dates under the tab Deleted, its lines in the activity log, its users' e-mail addresses as hashes for "
                "24 hours, and what backups of this portal hold until they expire."
            }
            p.sub { "Only somebody has left? " a href={ (page) "#users" } { "Remove a user instead" } }
            form action={ (page) "/deletion" } method="post" {
                (dialog.form_id)
                (form::hidden("backups", dialog.backups.word()))
                (dialog.summary)
                (Field {
                    name: "typed",
                    label: "Type the organization's name",
                    value: dialog.typed,
                    hint: Some(&organization.name),
                    error: dialog.errors.of("typed"),
                    required: true,
                    autocomplete: Some("off"),
                    ..Field::default()
                })
                (form::buttons(None, &[form::cancel(&page), form::button("Yes, Continue", ButtonKind::DangerPrimary, None)]))
            }
        }
    }
}

/// A few by name, of more the first two and their number; in brackets.
fn named(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        few if few.len() <= NAMED => format!(" ({})", few.join(", ")),
        many => format!(" ({} and {} more)", many.iter().take(2).copied().collect::<Vec<_>>().join(", "), many.len() - 2),
    }
}

/// What is unlinked and can be linked elsewhere; nothing where there is none.
fn unlinked(names: &[&str], one: &str, many: &str) -> Option<String> {
    let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
    (0 < count).then(|| format!("{}{} and can be linked elsewhere.", text::counted(count, one, many), named(names)))
}

/// END-1: agents and datasets go either way; every dataset is named below.
fn endpoints(dialog: &DeletionDialog<'_>) -> Option<String> {
    let count = i64::try_from(dialog.datasets.len()).unwrap_or(i64::MAX);
    let agents = text::counted(dialog.agents, "endpoint agent", "endpoint agents");
    match (dialog.agents, count) {
        (0, _) => None,
        (1, 0) => Some("1 endpoint agent is removed; it has no dataset yet.".to_owned()),
        (_, 0) => Some(format!("{agents} are removed; they have no datasets yet.")),
        (_, 1) => Some(format!("1 dataset of {agents} is destroyed, for good, whatever becomes of other backups.")),
        (_, many) => {
            Some(format!("{} datasets of {agents} are destroyed, for good, whatever becomes of other backups.", text::thousands(many)))
        }
    }
}

/// ORG-8: what was asked for on its devices goes with it.
fn tasks((all, open, audits): (i64, i64, i64)) -> Option<String> {
    let tasks = (0 < all).then(|| {
        let open = if open == 0 { String::new() } else { format!(" ({} open)", text::thousands(open)) };
        format!("{}{open}", text::counted(all, "device task", "device tasks"))
    });
    let audits = (0 < audits).then(|| text::counted(audits, "offsite audit", "offsite audits"));
    let what = match (tasks, audits) {
        (Some(tasks), Some(audits)) => format!("{tasks} and {audits} are"),
        (Some(one), None) | (None, Some(one)) => format!("{one} {}", if one.starts_with("1 ") { "is" } else { "are" }),
        (None, None) => return None,
    };
    Some(format!("{what} deleted; no connector gets what is still queued."))
}

fn consequences(dialog: &DeletionDialog<'_>) -> Vec<String> {
    let organization = dialog.organization;
    let users = match organization.users {
        0 => "It has no users.".to_owned(),
        1 => "1 user is removed and can no longer sign in to it; letters to that user go too.".to_owned(),
        many => format!("{} users are removed and can no longer sign in to it; letters to them go too.", text::thousands(many)),
    };
    let named = named(&dialog.services.iter().map(|one| one.name.as_str()).collect::<Vec<_>>());
    let services = match organization.services {
        0 => "No SaaS account is linked to it.".to_owned(),
        1 => format!("1 SaaS account is unlinked{named} and can be linked elsewhere."),
        many => format!("{} SaaS accounts are unlinked{named} and can be linked elsewhere.", text::thousands(many)),
    };
    let lost = |names: &[String], one, many| unlinked(&names.iter().map(String::as_str).collect::<Vec<_>>(), one, many);
    let networks = lost(dialog.networks, "network is unlinked", "networks are unlinked");
    let devices = lost(dialog.devices, "device is unlinked", "devices are unlinked");
    let seats = if dialog.kept == 0 { String::new() } else { format!(" of {}", text::counted(dialog.kept, "seat", "seats")) };
    let backups = match (organization.services, dialog.backups) {
        (0, _) => None,
        (_, Backups::Keep) => Some(format!("Backup data{seats} is kept.")),
        (_, Backups::Purge) => Some(format!("Backup data{seats} is purged: every seat becomes Unprotected, history and sizes are gone.")),
    };
    let billing = match organization.subscription.plan {
        Some(plan) => format!("This month is still billed ({}); after it nothing is.", plan.shown()),
        None => "It has no plan, so nothing is billed.".to_owned(),
    };
    let keys = match dialog.keys {
        0 => None,
        1 => Some("1 API key that is for it alone is deleted; scripts that use it are refused.".to_owned()),
        many => Some(format!("{} API keys that are for it alone are deleted; scripts that use them are refused.", text::thousands(many))),
    };
    [Some(users), Some(services), backups, devices, networks, endpoints(dialog), keys, tasks(dialog.asked), Some(billing)]
        .into_iter()
        .flatten()
        .collect()
}
