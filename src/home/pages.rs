//! Home.

use std::sync::Arc;

use maud::html;

use crate::access::model::{Access, Person, Place, Scope, Sight};
use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Right};
use crate::access::stage_model::Demand;
use crate::access::witness_model::StaffManager;
use crate::accounts;
use crate::devices::model::Device;
use crate::devices::status_model::{Judged, Judgement, State};
use crate::devices::status_store;
use crate::devices::status_views::look;
use crate::employees;
use crate::home::model::{Attention, COUNTED, FailingDevice, Found, READ, colleagues, devices_sentence, sentence, unguarded};
use crate::home::store;
use crate::home::views::{self, Door, OrganizationHome};
use crate::kernel::db::{Read, Reader};
use crate::kernel::error::Result;
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::mail;
use crate::page::{Cx, Route, Sheet};
use crate::saas;
use crate::saas::model::{SaasAccount, Shown};
use crate::tasks;
use crate::transfers;
use crate::upkeep;

/// Home's address.
pub const ROUTES: &[Route] = &[Route::get("/", Access::SignedIn, home)];

fn home(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    match &person.place {
        Place::Employee { .. } => employee(cx, person),
        Place::OrganizationUser { organization, organization_name, access, endpoint_access } => {
            user(cx, person, *organization, organization_name, (*access, *endpoint_access))
        }
    }
}

/// HOM-1.
fn employee(cx: &Cx<'_>, person: &Person) -> Result<Response> {
    let (attention, nothing) = cx.read(|db| {
        let mut attention = attention(db, person, cx.portal.demand())?;
        // OPS-6: only who may look after delivery hears of it. Where letters are held, it does not matter.
        let mends = Access::Operating.admits(cx.visitor) && !mail::delivery_actions::holds(db, &cx.portal.world.transport)?;
        attention.mail = if mends { store::closed_mail(db)? } else { None };
        // The demo makes none.
        if Access::Operating.admits(cx.visitor) && !cx.portal.demo {
            let upkeep = upkeep::store::upkeep(db)?;
            (attention.lapse, attention.backup) = (upkeep.lapse(cx.times().now), upkeep.failure);
        }
        Ok((attention, store::sees_nothing(db, &person.scope())?))
    })?;
    let content = parts::columns(&views::attention(&attention, &cx.times()), &views::doors("Where to go", &places(cx)));
    let limited = nothing.then(|| parts::banner(Tone::Warn, LIMITED_TO_NOTHING, None));
    cx.page(Sheet { title: "Home", ..Sheet::default() }, &html! { @if let Some(limited) = limited { (limited) } (content) })
}

/// Said to whom access groups show nothing: their pages are empty, and not because there is nothing (EMP-4).
const LIMITED_TO_NOTHING: &str = "You are limited to nothing: none of your access groups holds an organization, or you are in none any more. A Security Admin can change that under Manage Groups.";

/// Only what this person may see and do something about.
fn attention(db: &Reader<'_>, person: &Person, demand: Demand) -> Result<Attention> {
    let scope = person.scope();
    let mut attention = Attention::default();
    if person.may(Right::SeeSaasStatus) {
        attention.failing = store::failing(db, &scope)?;
        attention.missing = store::missing(db, &scope)?;
        attention.silent = store::silent(db, &scope)?;
    }
    if person.may(Right::SeeDevices) {
        attention.devices = failing_devices(db, &scope, &devices(db, person)?.all)?;
        let (first, total) = tasks::store::waiting(db, &scope, i64::try_from(READ).unwrap_or(i64::MAX))?;
        attention.tasks = Found::new(first, total);
    }
    if person.may(Right::ManageOrganizations) {
        attention.ending = store::ending(db, &scope)?;
        attention.loose = store::loose(db, &scope)?;
        attention.over = store::over(db, &scope)?;
        attention.lapsing = store::lapsing(db, &scope)?;
        attention.lapsed = store::lapsed(db, &scope)?;
        attention.not_invited = store::not_invited(db, &scope)?;
        if demand == Demand::AsRuled {
            attention.unguarded = store::unguarded(db, &scope)?;
        }
    }
    if person.may(Right::ChangeSaas) {
        attention.unauthorized = store::unauthorized(db, &scope)?;
        attention.full = store::full(db, &scope)?;
    }
    if let Some(by) = StaffManager::of(person) {
        let waiting = employees::store::not_set_up(db, by.scope())?;
        (attention.lapsing_colleagues, attention.lapsed_colleagues) = colleagues(&waiting, by.hand(), db.now());
        if demand == Demand::AsRuled {
            let without = employees::store::without_factor(db, by.scope(), COUNTED + 1)?;
            attention.unguarded_colleagues = unguarded(&without, by.hand());
        }
    }
    if person.may(Right::RunPortal) && scope.sight() == Sight::All {
        let (first, total) = transfers::store::waiting_for(db, scope.viewer(), i64::try_from(READ).unwrap_or(i64::MAX))?;
        attention.transfers = Found::new(first, total);
    }
    if person.may(Right::RunPortal) {
        attention.letters = store::failed_letters(db, &scope)?;
    }
    Ok(attention)
}

/// Every device in sight, as this person judges them (BRA-3), worst first.
fn devices(db: &Reader<'_>, person: &Person) -> Result<Arc<Judgement>> {
    let view = accounts::identities_store::local_view(db, person.identity)?;
    status_store::judged(db, &person.scope(), &view)
}

/// DEV-4: those that are red, worst first.
fn failing_devices(db: &impl Read, scope: &Scope, judged: &[Judged]) -> Result<Found<FailingDevice>> {
    let failing = || judged.iter().filter(|judged| judged.verdict.state() == State::Failing);
    let first: Vec<&Judged> = failing().take(READ).collect();
    let full = status_store::in_full(db, scope, first.iter().map(|judged| judged.id))?;
    let line = |device: Device| {
        let judged = first.iter().find(|judged| judged.id == device.id)?;
        Some(FailingDevice {
            device: device.id,
            name: judged.name.clone(),
            organization: device.organization.map(|(_, name)| name),
            why: judged.verdict.why(),
            as_of: judged.facts.moment,
        })
    };
    Ok(Found::new(full.into_iter().filter_map(line).collect(), i64::try_from(failing().count()).unwrap_or(i64::MAX)))
}

/// Places of the portal, those this person may open.
fn places(cx: &Cx<'_>) -> Vec<Door> {
    let employee = Access::Employee;
    let [saas, rest @ ..] = [
        (
            Access::SaasViewer,
            Door { icon: Icon::Cloud, label: "SaaS Protection Status", text: "How every account's backups went", href: "/status/saas" },
        ),
        (
            employee(Right::ManageOrganizations),
            Door {
                icon: Icon::Building,
                label: "Manage Organizations",
                text: "Organizations, their users and services",
                href: "/organizations",
            },
        ),
        (
            employee(Right::ManageEmployees),
            Door { icon: Icon::Users, label: "Manage Employees", text: "Colleagues, their roles and products", href: "/employees" },
        ),
        (
            employee(Right::GroupsAndSecurity),
            Door { icon: Icon::Lock, label: "Manage Groups", text: "Which colleagues see which organizations", href: "/groups" },
        ),
        (
            employee(Right::SeeLicenses),
            Door { icon: Icon::Document, label: "Licenses", text: "Seats in use, what is billed, what is idle", href: "/licenses" },
        ),
        (
            employee(Right::SeePriceList),
            Door { icon: Icon::Document, label: "Price List", text: "What a seat costs a month, by plan", href: "/price-list" },
        ),
        (
            Access::Unlimited(Right::SeeStatements),
            Door {
                icon: Icon::Document,
                label: "Statements",
                text: "What each organization is billed, month by month",
                href: "/statements",
            },
        ),
        (
            Access::Unlimited(Right::RunPortal),
            Door { icon: Icon::Building, label: "Manage Partners", text: "Partners beneath yours", href: "/partners" },
        ),
        (
            Access::Unlimited(Right::RunPortal),
            Door { icon: Icon::Building, label: "Transfers", text: "What goes to another partner, or comes", href: "/transfers" },
        ),
        (
            employee(Right::RunPortal),
            Door { icon: Icon::Mail, label: "Notification Settings", text: "Which letters are written", href: "/notification-settings" },
        ),
        (employee(Right::RunPortal), Door { icon: Icon::Lock, label: "API Keys", text: "What scripts come in with", href: "/api-keys" }),
        (
            Access::Unlimited(Right::RunPortal),
            Door { icon: Icon::Upload, label: "Import", text: "Bring in organizations, users and reports", href: "/imports" },
        ),
        (employee(Right::RunPortal), Door { icon: Icon::Mail, label: "Outbox", text: "Every letter Portico wrote", href: "/outbox" }),
        (
            employee(Right::RunPortal),
            Door { icon: Icon::Clock, label: "Activity Log", text: "What happened, who did it, when", href: "/activity" },
        ),
        (
            Access::SignedIn,
            Door { icon: Icon::Document, label: "Guides", text: "Step by step, each with the way to its place", href: "/guides" },
        ),
        (
            Access::SignedIn,
            Door { icon: Icon::Users, label: "Account Settings", text: "Your details, password and sessions", href: "/account" },
        ),
    ];
    let all = [saas].into_iter().chain(device_doors()).chain(rest);
    all.filter(|(access, _)| access.admits(cx.visitor)).map(|(_, door)| door).collect()
}

/// Where devices and endpoint agents are.
fn device_doors() -> [(Access, Door); 7] {
    let employee = Access::Employee;
    [
        (
            employee(Right::SeeDevices),
            Door {
                icon: Icon::Server,
                label: "Device Status",
                text: "How every backup appliance fares, worst first",
                href: "/status/devices",
            },
        ),
        (
            Access::FullUser,
            Door { icon: Icon::Server, label: "Device status", text: "How your backup appliances fare", href: "/status/devices" },
        ),
        (
            Access::DeviceViewer,
            Door {
                icon: Icon::Check,
                label: "Device Tasks",
                text: "What was asked for on a device, and what became of it",
                href: "/tasks",
            },
        ),
        (
            Access::FullUser,
            Door { icon: Icon::Warning, label: "Alert settings", text: "When you are written to, and by what", href: "/alerts" },
        ),
        (
            Access::FullUser,
            Door { icon: Icon::Document, label: "Offsite audit", text: "What of your devices lies offsite", href: "/audits" },
        ),
        (
            Access::FullUser,
            Door { icon: Icon::Server, label: "Recovery Launchpad", text: "Recovery points, and asking for a restore", href: "/recovery" },
        ),
        (
            Access::EndpointViewer,
            Door { icon: Icon::Device, label: "Endpoint Backup Status", text: "Computers and file restores", href: "/status/endpoints" },
        ),
    ]
}

/// HOM-2.
fn user(
    cx: &Cx<'_>,
    person: &Person,
    organization: OrganizationId,
    name: &str,
    levels: (OrganizationAccess, EndpointAccess),
) -> Result<Response> {
    let times = cx.times();
    let doors = places(cx);
    let services = match levels.0 {
        OrganizationAccess::Full => Some(cx.read(|db| saas::store::linked(db, &person.scope(), organization))?),
        OrganizationAccess::NoAccess => None,
    };
    let judgement = match levels.0 {
        OrganizationAccess::Full => Some(cx.read(|db| devices(db, person))?),
        OrganizationAccess::NoAccess => None,
    };
    let devices = judgement.as_ref().map_or(&[][..], |judgement| &judgement.all);
    let (text, tone) = match &services {
        Some(services) => said(name, services, devices, &times),
        None => (format!("You are a user of {name}. Ask your provider if you need to see more than this."), Tone::Info),
    };
    let drawn = services.as_ref().map(|services| {
        services.iter().map(|service| (service, saas::views::account_badge(service, &times), saas::views::strip(service, &times))).collect()
    });
    let badge = |judged: &Judged| {
        let (tone, shape) = look(judged.verdict.state());
        parts::badge(tone, shape, judged.verdict.state().shown())
    };
    let devices = devices.iter().map(|judged| (judged, badge(judged))).collect();
    let home = OrganizationHome { sentence: &text, tone, services: drawn, devices, doors: &doors };
    cx.page(Sheet { title: "Home", ..Sheet::default() }, &views::organization(&home))
}

/// What is said of both, and how good the news is: as bad as the worse of them.
fn said(name: &str, services: &[SaasAccount], devices: &[Judged], times: &Times) -> (String, Tone) {
    let Some(of_devices) = devices_sentence(devices, services.is_empty().then_some(name)) else {
        return (sentence(name, services, times.now), tone(services, times));
    };
    let any = |state: State| devices.iter().any(|judged| judged.verdict.state() == state);
    let devices_tone = match (any(State::Failing), any(State::Warning)) {
        (true, _) => Tone::Bad,
        (false, true) => Tone::Warn,
        (false, false) if devices.iter().all(|judged| judged.verdict.state() == State::Healthy) => Tone::Good,
        (false, false) => Tone::Info,
    };
    let rank = |tone: Tone| [Tone::Bad, Tone::Warn, Tone::Info, Tone::Good].iter().position(|one| *one == tone);
    let worse = |one: Tone, other: Tone| if rank(one) < rank(other) { one } else { other };
    if services.is_empty() {
        return (of_devices, devices_tone);
    }
    (format!("{} {of_devices}", sentence(name, services, times.now)), worse(tone(services, times), devices_tone))
}

fn tone(services: &[SaasAccount], times: &Times) -> Tone {
    let any = |wanted: Shown| services.iter().any(|service| service.facts.shown(times.now) == wanted);
    if any(Shown::Failing) {
        Tone::Bad
    } else if any(Shown::SomeMissed) {
        Tone::Warn
    } else if !services.is_empty() && services.iter().all(|service| service.facts.shown(times.now) == Shown::Protected) {
        Tone::Good
    } else {
        Tone::Info
    }
}
