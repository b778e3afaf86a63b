//! The outbox (MAI-1, MAI-3).

use crate::access::model::{Access, Person};
use crate::access::roles_model::{Right, Role};
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::LetterId;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::kernel::web;
use crate::mail::delivery_actions::holds;
use crate::mail::model::{LetterKind, LetterState, Listed, Page};
use crate::mail::views::{self, Line, Opening, OutboxPage};
use crate::mail::{actions, settings_store, store};
use crate::page::{Cx, Done, Route, Sheet};

const ACCESS: Access = Access::Employee(Right::RunPortal);

/// The outbox's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/outbox", ACCESS, outbox),
    Route::post("/outbox/{letter}/opening", ACCESS, open),
    Route::post("/outbox/{letter}/retry", ACCESS, retry),
];

/// Letters on a page.
const PER_PAGE: usize = 50;

fn outbox(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let receiver = text::line(&cx.query("receiver"), 254).unwrap_or_default();
    let state = LetterState::from_word(&cx.query("state"));
    let page = page_of(cx);
    let limit = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    let (letters, held, status) = cx.read(|db| {
        let letters = store::list(db, &person.scope(), &receiver, state, page, limit)?;
        Ok((letters, holds(db, &cx.portal.world.transport)?, settings_store::status(db)?))
    })?;
    let (letters, newer, older) = edges(letters, page);
    let state = state.map_or("", LetterState::word);
    let address = |edge: &str, at: (Timestamp, LetterId)| {
        let at = format!("{}.{}", at.0.0, at.1);
        web::address("/outbox", [("receiver", receiver.as_str()), ("state", state), (edge, at.as_str())])
    };
    let view = OutboxPage {
        receiver: &receiver,
        state,
        letters: letters.into_iter().map(|letter| line(cx, person, letter, held)).collect::<Result<_>>()?,
        newer: newer.map(|at| address("after", at)),
        older: older.map(|at| address("before", at)),
        held,
        closed: status.failing_since.and(status.last_failure.as_deref()).filter(|_| !held),
        times: &cx.times(),
    };
    let crumbs = vec![("Admin", String::new()), ("Outbox", String::new())];
    cx.page(Sheet { title: "Outbox", crumbs, wide: true, ..Sheet::default() }, &views::page(&view))
}

/// The edge in the address, `milliseconds.id`; what cannot be read is the first page.
fn page_of(cx: &Cx<'_>) -> Page {
    let edge = |name: &str| {
        let text = cx.query(name);
        let (at, id) = text.split_once('.')?;
        Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
    };
    match (edge("before"), edge("after")) {
        (Some((at, id)), _) => Page::Before(at, id),
        (_, Some((at, id))) => Page::After(at, id),
        _ => Page::Newest,
    }
}

type Edge = Option<(Timestamp, LetterId)>;

/// Cuts the surplus letter off; the edges from which newer and older pages go on.
fn edges(mut letters: Vec<Listed>, page: Page) -> (Vec<Listed>, Edge, Edge) {
    let more = letters.len() > PER_PAGE;
    if more && matches!(page, Page::After(..)) {
        letters.remove(0);
    } else {
        letters.truncate(PER_PAGE);
    }
    let edge = |letter: Option<&Listed>| letter.map(|letter| (letter.created_at, letter.id));
    let (first, last) = (edge(letters.first()), edge(letters.last()));
    let (has_newer, has_older) = match page {
        Page::Newest => (false, more),
        Page::Before(..) => (true, more),
        Page::After(..) => (more, true),
    };
    (letters, first.filter(|_| has_newer), last.filter(|_| has_older))
}

/// What can be done with a letter: opened by some, tried again by all who run the portal; it shows nothing of what is in it.
fn line(cx: &Cx<'_>, person: &Person, letter: Listed, held: bool) -> Result<Line> {
    let opening =
        if actions::may_open(person, &letter) { Opening::Form(cx.fresh_form_id()?) } else { Opening::Closed(why_not(person, &letter)) };
    let retry = match letter.state {
        LetterState::Delivered => None,
        LetterState::Queued | LetterState::Held | LetterState::Failed if held => None,
        LetterState::Queued if letter.attempts == 0 => None,
        LetterState::Queued | LetterState::Held | LetterState::Failed => Some(cx.fresh_form_id()?),
    };
    Ok(Line { letter, opening, retry })
}

/// MAI-2: a further try at once.
fn retry(cx: &Cx<'_>) -> Result<Response> {
    let (person, letter) = (cx.person()?, cx.param("letter")?);
    cx.press("/outbox", |tx| {
        let letter = actions::retry(tx, person, letter)?;
        Ok(Done::said("/outbox", format!("The letter to {} is tried again at once.", letter.to_name)))
    })
}

/// MAI-3 in a sentence, for the one who asks.
fn why_not(person: &Person, letter: &Listed) -> String {
    match letter.highest {
        _ if letter.identity == Some(person.identity) => "Your own reset letter".to_owned(),
        _ if letter.further => "Its receiver sees more than you".to_owned(),
        _ if letter.kind == LetterKind::Passcode && !person.may(Right::GroupsAndSecurity) => "Only a Security Admin opens it".to_owned(),
        Some(Role::PrimaryAccount) => "Only the primary account opens it".to_owned(),
        Some(role) => format!("Only roles above {} open it", role.shown()),
        None => "Closed".to_owned(),
    }
}

/// A POST whose answer carries the letter; the event commits first.
fn open(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let letter = cx.param("letter")?;
    let kept = cx.portal.db.write(|tx| actions::open(tx, person, letter))?;
    let content = kept.finished(&cx.portal.public_url);
    let crumbs = vec![("Admin", String::new()), ("Outbox", "/outbox".to_owned())];
    let sheet = Sheet { title: "Letter", crumbs, ..Sheet::default() };
    let head = kept.letterhead.as_ref().filter(|head| cx.portal.brands(&head.country));
    cx.page(sheet, &views::letter(&kept.listed, &content, (&kept.partner_name, head), &cx.times()))
}
