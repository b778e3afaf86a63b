//! An organization's page, and the dialogs that create and delete one.

use maud::{Markup, html};

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::activity;
use crate::branding::model::UNAVAILABLE;
use crate::kernel::db::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::form;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::kernel::month::Month;
use crate::kernel::text::FirmName;
use crate::organizations::model::{Backups, CustomBranding, Entered, Organization, SecondFactor};
use crate::organizations::views::{self, CreateDialog, DeletionDialog, SettingsCard};
use crate::organizations::{actions, deletion_actions, store};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::subscriptions::life_model::{Operation, after};
use crate::subscriptions::{life_store, receipt_store};
use crate::{accounts, audits, devices, endpoints, groups, keys, networks, partners, saas, statements, subscriptions, tasks, users};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

/// The routes of organizations.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/new", MANAGERS, new),
    Route::post("/organizations", MANAGERS, create),
    Route::get("/organizations/{organization}", MANAGERS, show),
    Route::post("/organizations/{organization}/settings", MANAGERS, save_settings),
    Route::post("/organizations/{organization}/second-factor", MANAGERS, ask_second_factor),
    Route::post("/organizations/{organization}/branding", MANAGERS, use_custom_branding),
    Route::get("/organizations/{organization}/deletion", MANAGERS, deletion),
    Route::post("/organizations/{organization}/deletion", MANAGERS, delete).dangerous(),
];

const LIST: &str = "/organizations";

fn crumbs<'a>() -> Vec<(&'a str, String)> {
    vec![("Admin", String::new()), ("Manage Organizations", LIST.to_owned())]
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    cx.manager()?;
    create_dialog(cx, &Problem::default())
}

fn create_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let dialog = CreateDialog { name: cx.form.get("name"), errors: &problem.fields, summary: problem.summary(), form_id: cx.form_id()? };
    cx.dialog(Sheet { title: "Create Organization", crumbs: crumbs(), ..Sheet::default() }, None, &views::create(&dialog))
}

fn create(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    cx.submit(
        |tx| {
            let name = FirmName::parse(cx.form.get("name")).map_err(|sentence| Error::field("name", sentence))?;
            let id = actions::create(tx, &by, &name)?;
            let sentence = format!("Created {}. Link its SaaS Protection services and add its users next.", name.as_str());
            Ok(Done::said(format!("{LIST}/{id}"), sentence).then("Manage Organizations", LIST))
        },
        |problem| create_dialog(cx, problem),
    )
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let organization = cx.param("organization")?;
    cx.read(|db| page(cx, db, &by, organization, None))
}

/// The page with every slice's card; with a problem, the Settings as they were entered.
fn page(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, id: OrganizationId, problem: Option<&Problem>) -> Result<Response> {
    let organization = store::find(db, by.scope(), id)?;
    let times = cx.times();
    let fine = Problem::default();
    let (entered, seen) = if problem.is_some() {
        (entered(cx), cx.form.get("seen").to_owned())
    } else {
        let now = Entered::of(&organization);
        let seen = now.fingerprint();
        (now, seen)
    };
    let problem = problem.unwrap_or(&fine);
    let email_locked = actions::locked_contact(db, &organization)?;
    let settings = views::settings(&SettingsCard {
        organization: &organization,
        entered: &entered,
        email_locked: email_locked.as_deref(),
        errors: &problem.fields,
        summary: problem.summary(),
        hidden: html! { (cx.form_id()?) (form::hidden("seen", &seen)) },
    });
    let prices = subscriptions::price_store::valid(db, organization.partner, Month::of(times.now))?;
    let subscription = subscriptions::views::card(&subscriptions::views::Card {
        subscription: &organization.subscription,
        used: saas::store::used_of(db, id)?,
        prices: prices.as_ref(),
        times: &times,
        deletion: Some(views::subscription_actions(&organization)),
    });
    let bills = statements::actions::own(db, by.scope(), &organization, times.now)?;
    let bills = statements::views::own_card(&bills, cx.may(Right::SeeStatements) && organization.partner == by.scope().viewer());
    let services = saas::store::linked(db, by.scope(), id)?;
    let services = saas::views::card(&saas::views::Card { organization: id, accounts: &services, times: &times });
    let linked_networks = networks::store::linked(db, by.scope(), id)?;
    let devices = devices::store::linked(db, by.scope(), id)?;
    let device_count = i64::try_from(devices.len()).unwrap_or(i64::MAX);
    let opens = Access::DeviceViewer.admits(cx.visitor);
    let devices = devices::views::card(&devices::views::Card { organization: id, devices: &devices, opens, times: &times });
    let (endpoint_counts, endpoint_card) = endpoint_backup(cx, db, by, id)?;
    let people = users::store::page(db, by.scope(), id, &accounts::list_model::From::Start)?;
    let people = users::views::card(&users::views::CardOf {
        organization: id,
        state: organization.subscription.state,
        page: &people,
        hand: users::actions::hand(db, by)?,
        times: &times,
        seed: &cx.portal.world.tokens.token()?,
        below: Some(&below_users(cx, db, by, &organization)?),
    });
    let entries = activity::store::of_organization(db, by.scope(), id, activity::views::ON_CARD)?;
    let log = activity::views::card(&activity::views::Card { organization: id, entries: &entries, times: &times });
    // EMP-4: for who manages groups.
    let held = if cx.may(Right::GroupsAndSecurity) {
        vec![groups::views::card(&groups::store::of_organization(db, by.scope().viewer(), id)?)]
    } else {
        Vec::new()
    };
    let content = views::page(&views::Page {
        tabs: vec![
            ("Overview", "main", None),
            ("Users", "users", Some(organization.users)),
            ("SaaS Protection Services", "services", Some(organization.services)),
            ("Devices", "devices", Some(device_count)),
            ("Networks", "networks", Some(i64::try_from(linked_networks.len()).unwrap_or(i64::MAX))),
            ("Endpoint Backup", "endpoint-backup", Some(endpoint_counts)),
            ("Subscriptions", "subscriptions", None),
            ("Settings", "settings", None),
            ("Activity", "activity", None),
        ],
        left: vec![services, people, devices, networks::views::card(id, &linked_networks), endpoint_card, log],
        right: [vec![subscription, bills, settings], held].concat(),
    });
    let sheet = Sheet {
        title: &organization.name,
        crumbs: crumbs(),
        aside: Some(views::aside(&organization, organization.partner != by.scope().viewer(), &times)),
        actions: Some(views::actions(
            &organization,
            organization.partner != by.scope().viewer() && Access::Unlimited(Right::RunPortal).admits(cx.visitor),
        )),
        wide: false,
    };
    cx.page(sheet, &content)
}

/// How many endpoint agents there are, and their card.
fn endpoint_backup(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, id: OrganizationId) -> Result<(i64, Markup)> {
    const SHOWN: usize = 10;
    let mut agents = Vec::new();
    for agent in endpoints::store::of_organization(db, by.scope(), id, SHOWN)? {
        let datasets = endpoints::store::datasets(db, agent.id)?;
        agents.push((agent, datasets));
    }
    let counts = endpoints::store::count_of(db, id)?;
    let status = Access::EndpointViewer.admits(cx.visitor).then(|| format!("/status/endpoints?organization={id}"));
    let card = endpoints::views::Card { agents: &agents, counts, status: status.as_deref(), times: &cx.times() };
    Ok((counts.0, endpoints::views::card(&card)))
}

/// Under the list of users: Send sign in while the contact is none of them (SUB-8), and the switches of ORG-9 and ORG-10.
fn below_users(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, organization: &Organization) -> Result<Markup> {
    let id = organization.id;
    let branding = store::custom_branding(db, by.scope(), id)?;
    // A partner above has a look of its own; this one's is not its to set.
    let opens = cx.may(Right::AccountSettings) && organization.partner == by.scope().viewer();
    // BRA-2: it is the organization's own partner whose look its users see.
    let why = (!cx.portal.brands(&partners::store::country(db, organization.partner)?)).then_some(UNAVAILABLE);
    let switch = html! {
        (views::second_factor(id, store::second_factor(db, by.scope(), id)?, &cx.fresh_form_id()?))
        (views::custom_branding(id, branding, opens, why, &cx.fresh_form_id()?))
    };
    Ok(match users::actions::owner(db, organization)? {
        Ok(owner) => {
            let contact = (owner.details.name(), owner.details.email);
            html! { (users::views::send_sign_in(id, (&contact.0, contact.1.as_str()), &cx.fresh_form_id()?)) (switch) }
        }
        Err(_) => switch,
    })
}

fn entered(cx: &Cx<'_>) -> Entered {
    let field = |name: &str| cx.form.get(name).to_owned();
    Entered {
        name: field("name"),
        first_name: field("first_name"),
        last_name: field("last_name"),
        email: field("email"),
        country: field("country"),
    }
}

fn save_settings(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    cx.read(|db| store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            let settings = entered(cx).parse()?;
            actions::save_settings(tx, &by, id, cx.form.get("seen"), &settings)?;
            Ok(Done::said(format!("{LIST}/{id}"), format!("Saved the settings of {}.", settings.name.as_str())))
        },
        |problem| cx.read(|db| page(cx, db, &by, id, Some(problem))),
    )
}

fn ask_second_factor(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = SecondFactor::from_word(cx.form.get("wanted"));
    cx.read(|db| store::find(db, by.scope(), id))?;
    cx.press(&format!("{LIST}/{id}"), |tx| {
        let wanted = wanted.ok_or_else(|| Error::refused("Choose whether a second factor is required or optional."))?;
        let name = actions::ask_second_factor(tx, &by, id, wanted)?;
        let sentence = match wanted {
            SecondFactor::Required => format!("Users of {name} set up a second factor at their next step."),
            SecondFactor::Optional => format!("A second factor is optional for users of {name}. Whoever has one is still asked for it."),
        };
        Ok(Done::said(format!("{LIST}/{id}"), sentence))
    })
}

fn use_custom_branding(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = CustomBranding::from_word(cx.form.get("wanted"));
    let organization = cx.read(|db| store::find(db, by.scope(), id))?;
    cx.press(&format!("{LIST}/{id}"), |tx| {
        if !cx.portal.brands(&partners::store::country(tx, organization.partner)?) {
            return Err(Error::refused(UNAVAILABLE));
        }
        let wanted = wanted.ok_or_else(|| Error::refused("Choose whether custom branding is on or off."))?;
        let name = actions::use_custom_branding(tx, &by, id, wanted)?;
        let sentence = match wanted {
            CustomBranding::On => format!("Turned custom branding on for {name}. Its users see it on their next page."),
            CustomBranding::Off => format!("Turned custom branding off for {name}. Its users see Portico's own look."),
        };
        Ok(Done::said(format!("{LIST}/{id}"), sentence))
    })
}

/// What the dialog is asked for; anything but a purge keeps.
fn backups(word: &str) -> Backups {
    Backups::from_word(word).unwrap_or(Backups::Keep)
}

fn deletion(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    deletion_dialog(cx, &by, backups(&cx.query("backups")), &Problem::default())
}

fn deletion_dialog(cx: &Cx<'_>, by: &Manager, backups: Backups, problem: &Problem) -> Result<Response> {
    let id = cx.param("organization")?;
    let (organization, services, devices, networks, (kept, keys, agents), datasets, asked) = cx.read(|db| {
        let organization = store::find(db, by.scope(), id)?;
        let devices = devices::store::linked(db, by.scope(), id)?.into_iter().map(|device| device.called).collect::<Vec<_>>();
        let networks = networks::store::linked(db, by.scope(), id)?.into_iter().map(|network| network.name).collect::<Vec<_>>();
        let agents = endpoints::store::count_of(db, id)?.0;
        let counts = (receipt_store::kept(db, id)?, keys::store::count_of_organization(db, id)?, agents);
        let services = store::linked_services(db, by.scope(), id)?;
        let (tasks, open) = tasks::store::count_of(db, id)?;
        let asked = (tasks, open, audits::store::count_of(db, id)?);
        Ok((organization, services, devices, networks, counts, endpoints::store::names_of(db, id)?, asked))
    })?;
    let times = cx.times();
    let dialog = DeletionDialog {
        organization: &organization,
        backups,
        services: &services,
        networks: &networks,
        kept,
        agents,
        datasets: &datasets,
        keys,
        devices: &devices,
        asked,
        times: &times,
        typed: cx.form.get("typed"),
        errors: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    let title = views::deletion_title(&organization, backups);
    let mut crumbs = crumbs();
    crumbs.push((&organization.name, format!("{LIST}/{id}")));
    cx.dialog(Sheet { title: &title, crumbs, ..Sheet::default() }, None, &html! { (views::deletion(&dialog)) })
}

fn delete(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id = cx.param("organization")?;
    let backups = backups(cx.form.get("backups"));
    // What is over has no page any more whose dialog could come back.
    let found = cx.read(|db| life_store::find(db, by.scope(), id))?;
    if let Err(refusal) = after(found.subscription.state_at(cx.times().now), Operation::Delete) {
        return cx.press("/organizations?tab=deleted", |_| Err(Error::refused(refusal.sentence(&found.name))));
    }
    cx.submit(
        |tx| {
            let gone = deletion_actions::delete(tx, &by, id, backups, cx.form.get("typed"))?;
            let done = Done::said(LIST, gone.sentence()).then("Deleted organizations", "/organizations?tab=deleted");
            Ok(if gone.services > 0 { done.then("View Unmapped Organizations", "/status/saas/unmapped") } else { done })
        },
        |problem| deletion_dialog(cx, &by, backups, problem),
    )
}
