//! The four pages of Add SaaS Protection Organization (SAS-6).

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::picks::{Pick, pick_one};
use crate::kernel::text;
use crate::organizations::model::Organization;
use crate::saas::adding_model::{Entry, NEW, Region, Step, domain};
use crate::saas::model::{Commitment, Product, Retention};
use crate::saas::terms_model::{AutoAdd, ConditionsEntry, ManagedBy, Resale};
use crate::users::model::User;

/// Where the pages are.
pub const HERE: &str = "/status/saas/add";

/// What every page has.
#[derive(Debug)]
pub struct Wizard<'a> {
    /// Which one it is.
    pub step: Step,
    /// Everything typed so far.
    pub entry: &'a Entry,
    /// What is wrong with this page, above it.
    pub summary: Markup,
    /// The same by field.
    pub errors: &'a FieldErrors,
    /// The words that organizations were searched by.
    pub words: &'a str,
    /// The organization's name, once it is chosen.
    pub whose: &'a str,
    /// The form's id, for what is sent and not asked for in an address.
    pub hidden: &'a Markup,
}

impl Wizard<'_> {
    /// Whether its form is sent: on the last page, and on each once it carries a person.
    fn is_sent(&self) -> bool {
        self.step.after().is_none() || self.entry.names_somebody()
    }

    /// One page: where one is, and its form, which asks for another page of the same four; the last one adds.
    fn frame(&self, before: &Markup, fields: &Markup) -> Markup {
        let words: Vec<&str> = Step::ALL.iter().map(|step| step.shown()).collect();
        let next = self.step.after();
        let sent = self.is_sent();
        html! {
            (parts::steps(&words, self.step.number()))
            (self.summary)
            (before)
            @if matches!(self.step, Step::Service | Step::Terms) && !self.whose.is_empty() { p.sub { "For " strong { (self.whose) } } }
            form.adding action=(HERE) method=(if sent { "post" } else { "get" }) novalidate[next.is_none()] {
                // Enter presses the first button of a form: that one goes on.
                @if let Some(next) = next { button.hidden type="submit" name="step" value=(next.word()) tabindex="-1" aria-hidden="true" { "Go on" } }
                @if next.is_none() { button.hidden type="submit" tabindex="-1" aria-hidden="true" { "Finish" } }
                @if sent { (self.hidden) }
                (form::hidden("from", self.step.word()))
                @for (name, value) in self.entry.elsewhere(self.step) { (form::hidden(name, value)) }
                (fields)
                (self.buttons(next))
            }
        }
    }

    fn buttons(&self, next: Option<Step>) -> Markup {
        let main = match next {
            Some(step) => form::value_button("Next", ButtonKind::Primary, None, "step", step.word()),
            None => form::button("Add SaaS Protection Organization", ButtonKind::Primary, None),
        };
        let mut items = vec![form::link_button("Cancel", "/status/saas", ButtonKind::Secondary, None)];
        if let Some(step) = self.step.before() {
            items.push(html! {
                button.button.secondary type="submit" name="step" value=(step.word()) formnovalidate {
                    (icon(Icon::ArrowLeft)) "Back"
                }
            });
        }
        items.push(main);
        form::buttons(None, &items)
    }
}

/// The first page: an organization that is here, found as one types, or a new one.
pub fn organization(wizard: &Wizard<'_>, found: &[Organization], more: bool) -> Markup {
    let entry = wizard.entry;
    let mut picks: Vec<Pick> = found.iter().map(|one| pick(one, wizard)).collect();
    picks.push(Pick {
        name: "organization".to_owned(),
        value: NEW.to_owned(),
        label: html! { "New organization" },
        detail: Some(html! { "It is created together with the account." }),
        badge: None,
        checked: entry.organization == NEW,
        disabled: false,
    });
    let fields = html! {
        div #organizations {
            (form::hidden("q", wizard.words))
            @if found.is_empty() && !wizard.words.is_empty() { p.hint { "No active organization has this in its name or ID." } }
            (pick_one("Organization", &picks))
            @if more { p.hint { "More organizations match. Search for the one you mean." } }
        }
        div.if-new-organization {
            (Field {
                name: "name", label: "Name of the new organization", value: &entry.name, error: wizard.errors.of("name"),
                // Marked as required it would hold up who chooses an organization that is here, and does not see it.
                hint: Some("Firm or company name."), either: true, autocomplete: Some("off"), ..Field::default()
            })
        }
    };
    wizard.frame(&search(wizard), &fields)
}

fn search(wizard: &Wizard<'_>) -> Markup {
    let sent = wizard.is_sent();
    html! {
        form.pick-search action=(HERE) method=(if sent { "post" } else { "get" }) role="search" aria-label="Search organizations"
            data-live[!sent] data-target="organizations" {
            @if sent { (wizard.hidden) (form::hidden("step", Step::Organization.word())) }
            label.hidden for="pick-search" { "Organization's name or ID" }
            (icon(Icon::Search))
            input #pick-search type="search" name="q" value=(wizard.words) placeholder="Name or ID" autocomplete="off" spellcheck="false";
            @for (name, value) in wizard.entry.elsewhere(Step::Organization) { (form::hidden(name, value)) }
            @if !wizard.entry.organization.is_empty() { (form::hidden("organization", &wizard.entry.organization)) }
            @if !wizard.entry.name.is_empty() { (form::hidden("name", &wizard.entry.name)) }
            button.button.secondary type="submit" { "Search" }
        }
    }
}

fn pick(organization: &Organization, wizard: &Wizard<'_>) -> Pick {
    let value = organization.id.to_string();
    Pick {
        name: "organization".to_owned(),
        checked: wizard.entry.organization == value,
        value,
        label: parts::highlight(&organization.name, wizard.words),
        detail: Some(html! {
            (organization.id.shown()) " · " (text::counted(organization.services, "SaaS account", "SaaS accounts"))
        }),
        badge: None,
        disabled: false,
    }
}

/// The second page: what is protected, of which domain, and where its backups are kept.
pub fn service(wizard: &Wizard<'_>) -> Markup {
    let (entry, errors) = (wizard.entry, wizard.errors);
    let mut products = vec![("", "Choose")];
    products.extend(Product::ALL.iter().map(|product| (product.word(), product.shown())));
    let mut regions = vec![("", "Choose")];
    regions.extend(Region::ALL.iter().map(|region| (region.word(), region.word())));
    let fields = html! {
        (Select {
            name: "product", label: "Service", options: &products, selected: &entry.product, required: true, error: errors.of("product"),
            ..Select::default()
        })
        (Field {
            name: "domain", label: "Domain", value: &entry.domain, required: true, error: errors.of("domain"), autocomplete: Some("off"),
            hint: Some("The organization's domain there, such as example.com. An import knows the account again by it."), ..Field::default()
        })
        (Select {
            name: "region", label: "Region", options: &regions, selected: &entry.region, required: true, error: errors.of("region"),
            hint: Some("Where the vendor keeps the backups, whichever the service; mostly the law decides. It cannot be changed later."), ..Select::default()
        })
        (Checkbox {
            name: "resale", value: Resale::NotForResale.word(), label: "Not for resale",
            hint: Some("For your own firm's use, not sold on to a client."), checked: entry.resale == Resale::NotForResale.word(),
            disabled: false
        })
    };
    wizard.frame(&html! {}, &fields)
}

/// Commitment and retention that the organization's other account fixes.
pub type Fixed = (Option<Commitment>, Option<Retention>);

/// The third page.
pub fn terms(wizard: &Wizard<'_>, fixed: Fixed) -> Markup {
    let locked = "As the organization's other account has it.";
    let locks = (fixed.0.map(|_| locked), fixed.1.map(|_| locked));
    let mut entry = wizard.entry.conditions.clone();
    if let Some(commitment) = fixed.0 {
        commitment.word().clone_into(&mut entry.commitment);
    }
    if let Some(retention) = fixed.1 {
        retention.word().clone_into(&mut entry.retention);
    }
    wizard.frame(&html! {}, &conditions(&entry, wizard.errors, locks))
}

/// Commitment, retention, Auto-add and cap; the first two may be locked, each for a reason.
pub fn conditions(entry: &ConditionsEntry, errors: &FieldErrors, locked: (Option<&str>, Option<&str>)) -> Markup {
    let mut commitments = vec![("", "Choose")];
    commitments.extend(Commitment::ALL.iter().map(|one| (one.word(), one.shown())));
    let labels: Vec<(&str, String)> =
        Retention::ALL.iter().map(|one| (one.word(), format!("{}, {}", one.explained(), one.word()))).collect();
    let mut retentions = vec![("", "Choose")];
    retentions.extend(labels.iter().map(|(word, label)| (*word, label.as_str())));
    let auto_add: Vec<(&str, &str)> = AutoAdd::ALL.iter().map(|one| (one.word(), one.shown())).collect();
    html! {
        (Select {
            name: "commitment", label: "Commitment", options: &commitments, selected: &entry.commitment, required: true,
            error: errors.of("commitment"), locked: locked.0,
            hint: Some("A year begins with the authorization and cannot become month to month before its end."),
            ..Select::default()
        })
        (Select {
            name: "retention", label: "Retention", options: &retentions, selected: &entry.retention, required: true,
            error: errors.of("retention"), locked: locked.1, hint: Some("How long backups are kept. It can be changed later."),
            ..Select::default()
        })
        div.pair {
            (Select {
                name: "auto_add", label: "Auto-add", options: &auto_add, selected: &entry.auto_add, required: true,
                error: errors.of("auto_add"), hint: Some("On: newly discovered users are protected, up to the cap. Leavers are never unprotected."),
                ..Select::default()
            })
            (Field {
                name: "licence_cap", label: "License cap", value: &entry.licence_cap, kind: Kind::Number, error: errors.of("licence_cap"),
                hint: Some("At most so many billable seats; empty for any number."), autocomplete: Some("off"), ..Field::default()
            })
        }
    }
}

/// What the last page shows beside what was typed.
#[derive(Debug)]
pub struct Ending<'a> {
    /// The organization, if it is here already.
    pub organization: Option<&'a Organization>,
    /// What a seat costs a month under its plan, with the currency.
    pub price: Option<String>,
    /// Its users who could authorize.
    pub users: &'a [User],
    /// The new user's fields.
    pub person: Markup,
}

/// The last page: who authorizes it, and what it all comes to.
pub fn management(wizard: &Wizard<'_>, ending: &Ending<'_>) -> Markup {
    let entry = wizard.entry;
    let by = |managed: ManagedBy, label, hint| {
        form::radio(&Checkbox {
            name: "managed_by",
            value: managed.word(),
            label,
            hint: Some(hint),
            checked: entry.managed_by == managed.word(),
            disabled: false,
        })
    };
    let fields = html! {
        (form::group("Who authorizes and manages it", None, &html! {
            (by(ManagedBy::Partner, "We do", "You authorize it with the customer id, or by an import."))
            (by(ManagedBy::Organization, "The organization", "One of its users gets a letter to authorize it."))
        }))
        div.if-organization { (form::group("The organization's user", Some("Full access comes with it, if it is a new one."), &html! {
            @for user in ending.users { (user_line(user, entry)) }
            (form::radio(&Checkbox {
                name: "user", value: NEW, label: "New user", hint: Some("Gets the welcome letter as well."),
                // Where there is nobody else to choose, nobody has to.
                checked: entry.user == NEW || (entry.user.is_empty() && ending.users.is_empty()),
                disabled: false
            }))
            div.if-new-user { (ending.person) }
        })) }
        (summary(wizard, ending))
    };
    wizard.frame(&html! {}, &fields)
}

fn user_line(user: &User, entry: &Entry) -> Markup {
    let value = user.account.id.to_string();
    let state = if user.account.state.is_active() { String::new() } else { format!(", {}", user.account.state.look().2.to_lowercase()) };
    let hint = format!("{}{state}", user.account.email);
    form::radio(&Checkbox {
        name: "user",
        value: &value,
        label: &user.name(),
        hint: Some(&hint),
        checked: entry.user == value,
        disabled: false,
    })
}

fn summary(wizard: &Wizard<'_>, ending: &Ending<'_>) -> Markup {
    let entry = wizard.entry;
    let name = ending.organization.map_or(entry.name.trim(), |organization| &organization.name);
    let conditions = &entry.conditions;
    let cap = if conditions.licence_cap.trim().is_empty() { "none" } else { conditions.licence_cap.trim() };
    let pairs = [
        ("Organization", html! { (name) @if ending.organization.is_none() { " " span.sub { "new" } } }),
        (
            "Service",
            html! { (Product::from_word(&entry.product).map_or("—", Product::shown)) " of " (domain(&entry.domain).unwrap_or_default()) },
        ),
        ("Region", html! { (entry.region) @if entry.resale == Resale::NotForResale.word() { ", not for resale" } }),
        ("Commitment", html! { (Commitment::from_word(&conditions.commitment).map_or("—", Commitment::shown)) }),
        ("Retention", html! { (Retention::from_word(&conditions.retention).map_or("—", Retention::explained)) }),
        ("Auto-add", html! { (AutoAdd::from_word(&conditions.auto_add).map_or("—", AutoAdd::shown)) ", license cap " (cap) }),
    ];
    html! {
        section aria-labelledby="summary-title" {
            h2 #summary-title { "Summary" }
            (parts::definition_list(&pairs))
            ul.bullets {
                li { "It is Pending authorization until an import reports it, or its customer id is entered." }
                li { "Nothing is created at the vendor: set the account up in its console as well." }
                li { (letter(entry, ending)) }
                @for sentence in bill(entry, ending) { li { (sentence) } }
            }
        }
    }
}

/// Whom a letter goes to; who is chosen on this very page is not known yet.
fn letter(entry: &Entry, ending: &Ending<'_>) -> Markup {
    let chosen = ending.users.iter().find(|user| user.account.id.to_string() == entry.user);
    let named = match chosen.filter(|_| entry.managed_by == ManagedBy::Organization.word()) {
        Some(user) => format!("{} ({})", user.name(), user.account.email),
        None => "the user chosen above".to_owned(),
    };
    html! { "Under “We do” no letter goes out. Under “The organization” " (named) " gets a letter to authorize it at once, and a new user the welcome letter as well." }
}

/// What adding it does to the bill, as far as that is known before it has a seat.
fn bill(entry: &Entry, ending: &Ending<'_>) -> Vec<String> {
    let mut sentences = vec!["While it is pending it has no seats, so it adds nothing to the bill.".to_owned()];
    let subscription = ending.organization.map(|organization| (organization, &organization.subscription));
    sentences.push(match subscription {
        None => "A new organization has no plan: nothing is billed until one is chosen.".to_owned(),
        Some((organization, subscription)) => match (subscription.plan, subscription.auto_license, subscription.seats) {
            (None, _, _) => format!("{} has no plan: nothing is billed until one is chosen.", organization.name),
            (Some(_), false, Some(seats)) => format!(
                "{} has bought {} and uses {}; the account's billable seats count against them.",
                organization.name,
                text::counted(seats, "seat", "seats"),
                text::thousands(organization.seats_used)
            ),
            (Some(plan), _, _) => format!(
                "Once it is authorized, each user seat that is protected, paused or archived is billed under the plan {}, and all SharePoint sites together as one: {}.",
                plan.shown(),
                ending.price.as_ref().map_or_else(|| "the price list has no price for it yet".to_owned(), |price| format!("{price} a seat and month"))
            ),
        },
    });
    let bought = subscription.and_then(|(_, subscription)| subscription.seats.filter(|_| !subscription.auto_license));
    if let (Some(bought), Ok(cap)) = (bought, entry.conditions.licence_cap.trim().parse::<i64>())
        && cap < bought
    {
        let (cap, bought) = (text::thousands(cap), text::counted(bought, "seat", "seats"));
        sentences
            .push(format!("The license cap of {cap} is lower than the {bought} that are bought: this account alone cannot use them all."));
    }
    if Commitment::from_word(&entry.conditions.commitment) == Some(Commitment::OneYear) {
        sentences.push("The committed year begins with the authorization.".to_owned());
    }
    sentences
}
