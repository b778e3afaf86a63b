//! Admin → Manage Partners (PAR-1, PAR-5, ACC-14).

use maud::{Markup, html};

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::form;
use crate::kernel::html::form::ButtonKind;
use crate::kernel::http::Response;
use crate::mail;
use crate::mail::model::{OpenedBy, Wrote};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::partners;
use crate::saas;
use crate::subpartners::model::{Asked, Entry, PER_PAGE, SubPartner, TransferRight};
use crate::subpartners::views::{self, EditForm, HERE, ListPage, PartnerPage};
use crate::subpartners::{actions, store};

/// EMP-4: whom access groups limit sees no sub-partners.
const ACCESS: Access = Access::Unlimited(Right::RunPortal);
/// ACC-14: primary account and Security Admin.
const GUARDS: Access = Access::Employee(Right::GroupsAndSecurity);

/// The routes of sub-partners.
pub const ROUTES: &[Route] = &[
    Route::get(HERE, ACCESS, list),
    Route::get("/partners/new", ACCESS, new),
    Route::post(HERE, ACCESS, create),
    Route::get("/partners/{partner}", ACCESS, show),
    Route::get("/partners/{partner}/edit", ACCESS, show_edit),
    Route::post("/partners/{partner}/edit", ACCESS, edit),
    Route::post("/partners/{partner}/transfer-right", ACCESS, set_right),
    Route::post("/partners/{partner}/letter", GUARDS, invite),
    Route::post("/partners/{partner}/letter/opening", GUARDS, open_letter),
];

/// Longest search, in characters.
const WORDS: usize = 120;

fn crumbs(partner: Option<&SubPartner>) -> Vec<(&str, String)> {
    let mut crumbs = vec![("Admin", String::new()), ("Manage Partners", HERE.to_owned())];
    crumbs.extend(partner.map(|partner| (partner.name.as_str(), views::href(partner))));
    crumbs
}

/// What it holds of SaaS accounts is counted by the status page's own sums.
fn with_services(db: &impl Read, mut partner: SubPartner) -> Result<SubPartner> {
    partner.totals.services = saas::totals_store::count(db, partner.partner, None, &[])?;
    Ok(partner)
}

/// The partner of the address, beneath one's own.
fn partner(cx: &Cx<'_>) -> Result<SubPartner> {
    let viewer = cx.manager()?.scope().viewer();
    cx.read(|db| with_services(db, store::find(db, viewer, cx.param_text("partner")?)?))
}

fn list(cx: &Cx<'_>) -> Result<Response> {
    let viewer = cx.manager()?.scope().viewer();
    let words: String = cx.query("q").trim().chars().take(WORDS).collect();
    let after: String = cx.query("after").chars().take(20).collect();
    let (mut partners, count) = cx.read(|db| {
        let found = store::list(db, viewer, &words, &after, PER_PAGE + 1)?;
        Ok((found.into_iter().map(|partner| with_services(db, partner)).collect::<Result<Vec<_>>>()?, store::count(db, viewer)?))
    })?;
    let more = partners.len() > PER_PAGE;
    partners.truncate(PER_PAGE);
    let page = ListPage {
        partners: &partners,
        words: &words,
        count,
        next: partners.last().filter(|_| more).map(|last| last.public_id.as_str()),
        later: !after.is_empty(),
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: "Manage Partners",
        crumbs: vec![("Admin", String::new())],
        actions: (0 < count).then(|| views::new_button(ButtonKind::Primary)),
        wide: true,
        ..Sheet::default()
    };
    cx.page(sheet, &views::list(&page))
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    let viewer = cx.manager()?.scope().viewer();
    let country = cx.read(|db| partners::store::country(db, viewer))?;
    draw_new(cx, &Entry { country, ..Entry::default() }, &Problem::default())
}

fn draw_new(cx: &Cx<'_>, entry: &Entry, problem: &Problem) -> Result<Response> {
    let form = EditForm {
        action: HERE,
        back: HERE,
        button: "Create Partner",
        entry,
        person: true,
        errors: &problem.fields,
        hidden: hidden(cx, problem, None)?,
    };
    cx.dialog(Sheet { title: "New Partner", crumbs: crumbs(None), ..Sheet::default() }, Some(views::new_intro()), &views::edit(&form))
}

fn hidden(cx: &Cx<'_>, problem: &Problem, seen: Option<&str>) -> Result<Markup> {
    let form_id = cx.form_id()?;
    Ok(html! { (form_id) (problem.summary()) @if let Some(seen) = seen { (form::hidden("seen", seen)) } })
}

fn create(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let entry = Entry::of_form(cx.form);
    cx.submit(
        |tx| {
            let made = actions::create(tx, &by, &entry.parse(Asked::Person)?)?;
            let sentence = format!(
                "Created {}, Partner ID {}. The set-up letter to its primary account is written; its link works for seven days.",
                made.name, made.public_id
            );
            let sentence = sentence + held(cx, tx)?;
            Ok(Done::said(views::href(&made), sentence).then("Organizations", views::organizations(&made)))
        },
        |problem| draw_new(cx, &entry, problem),
    )
}

/// MAI-1: where letters are held, who can pass this one on.
fn held(cx: &Cx<'_>, db: &impl Read) -> Result<&'static str> {
    if !mail::delivery_actions::holds(db, &cx.portal.world.transport)? {
        return Ok("");
    }
    Ok(if cx.may(Right::GroupsAndSecurity) {
        " The letter waits on this page: open it here and pass its link on."
    } else {
        Wrote::One.held(OpenedBy::Others)
    })
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let partner = partner(cx)?;
    let waits = partner.direct && partner.waiting().is_some();
    let letter = if waits && cx.may(Right::GroupsAndSecurity) { Some((cx.fresh_form_id()?, cx.fresh_form_id()?)) } else { None };
    let page = PartnerPage { partner: &partner, letter, hidden: cx.fresh_form_id()?, times: &cx.times() };
    let sheet = Sheet {
        title: &partner.name,
        crumbs: crumbs(None),
        aside: Some(views::aside(&partner)),
        actions: Some(views::actions(&partner)),
        ..Sheet::default()
    };
    cx.page(sheet, &views::page(&page))
}

fn show_edit(cx: &Cx<'_>) -> Result<Response> {
    draw_edit(cx, None, &Problem::default())
}

fn draw_edit(cx: &Cx<'_>, entry: Option<&Entry>, problem: &Problem) -> Result<Response> {
    let partner = partner(cx)?;
    let sheet = Sheet { title: "Edit Partner", crumbs: crumbs(Some(&partner)), ..Sheet::default() };
    let at = views::href(&partner);
    if let Some(refusal) = partner.refusal() {
        return cx.dialog(sheet, None, &views::not_now(&refusal, &at));
    }
    let now = Entry::of(&partner);
    let given = cx.form.get("seen");
    let seen = if given.is_empty() { partner.fingerprint() } else { given.to_owned() };
    let form = EditForm {
        action: &format!("{at}/edit"),
        back: &at,
        button: "Save Changes",
        entry: entry.unwrap_or(&now),
        person: partner.waiting().is_some() && cx.may(Right::GroupsAndSecurity),
        errors: &problem.fields,
        hidden: hidden(cx, problem, Some(&seen))?,
    };
    cx.dialog(sheet, None, &views::edit(&form))
}

fn edit(cx: &Cx<'_>) -> Result<Response> {
    let (by, found) = (cx.manager()?, partner(cx)?);
    let entry = Entry::of_form(cx.form);
    let guard = cx.security_admin().ok().filter(|_| found.waiting().is_some());
    cx.submit(
        |tx| {
            let wanted = entry.parse(if guard.is_some() { Asked::Person } else { Asked::Firm })?;
            let changed = actions::edit(tx, &by, &found.public_id, cx.form.get("seen"), &wanted)?;
            if let (Some(guard), Some(primary)) = (&guard, &wanted.primary) {
                actions::save_primary(tx, guard, &found.public_id, primary)?;
            }
            Ok(Done::said(views::href(&found), if changed { "Saved." } else { "Nothing was changed." }))
        },
        |problem| draw_edit(cx, Some(&entry), problem),
    )
}

fn set_right(cx: &Cx<'_>) -> Result<Response> {
    let (by, found) = (cx.manager()?, partner(cx)?);
    let right = match cx.form.get("wanted") {
        "granted" => TransferRight::Granted,
        "revoked" => TransferRight::Revoked,
        _ => return Err(Error::NotFound),
    };
    cx.press(&views::href(&found), |tx| {
        let (found, changed) = actions::set_right(tx, &by, &found.public_id, right)?;
        let sentence = match (right, changed) {
            (_, false) => "Nothing was changed.".to_owned(),
            (TransferRight::Granted, true) => format!("{} may ask for transfers.", found.name),
            (TransferRight::Revoked, true) => format!("{} can no longer ask for transfers; you can enter them for it.", found.name),
        };
        Ok(Done::said(views::href(&found), sentence))
    })
}

fn invite(cx: &Cx<'_>) -> Result<Response> {
    let (by, found) = (cx.security_admin()?, partner(cx)?);
    cx.press(&views::href(&found), |tx| {
        let primary = actions::invite(tx, &by, &found.public_id)?;
        let sentence =
            format!("Sent {} the set-up letter again. Its link works for seven days; the older one works no more.", primary.name());
        Ok(Done::said(views::href(&found), sentence + held(cx, tx)?))
    })
}

/// A POST whose answer carries the letter; the event commits first.
fn open_letter(cx: &Cx<'_>) -> Result<Response> {
    let (by, found) = (cx.security_admin()?, partner(cx)?);
    let public_id = found.public_id.clone();
    let opened = cx.portal.db.write(|tx| actions::open_letter(tx, &by, &public_id));
    let (found, kept) = match opened {
        Ok(opened) => opened,
        // What a person can read becomes an alert on the partner's page; anything else goes on up.
        Err(error) => return cx.press(&views::href(&found), |_| Err(error)),
    };
    let content = kept.finished(&cx.portal.public_url);
    let sheet = Sheet { title: "Letter", crumbs: crumbs(Some(&found)), ..Sheet::default() };
    cx.page(sheet, &mail::views::letter(&kept.listed, &content, (&kept.partner_name, None), &cx.times()))
}
