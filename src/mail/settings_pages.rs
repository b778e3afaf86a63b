//! Admin → Mail: how letters leave the portal (MAI-1, OPS-6).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::model::Access;
use crate::access::store as answers;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::html::frame::{Alert, Tone};
use crate::kernel::http::Response;
use crate::kernel::smtp::{Patience, Server, Session, Stop};
use crate::kernel::text;
use crate::kernel::time::Span;
use crate::kernel::world::Transport;
use crate::mail::delivery_actions::sender;
use crate::mail::letters;
use crate::mail::settings_actions as actions;
use crate::mail::settings_model::{Delivery, Entered, Sender, Settings};
use crate::mail::settings_store as store;
use crate::mail::settings_views::{self as views, IN_VAIN, MailPage, Set};
use crate::page::{Cx, Done, Problem, Route, Sheet};

/// The Mail page's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/mail", Access::Operating, show),
    Route::post("/mail", Access::Operating, save).dangerous(),
    Route::post("/mail/test-letter", Access::Operating, test),
    Route::post("/mail/held-letters", Access::Operating, release_held),
];

const BY_OPTION: &str = "How letters leave was set when Portico was started, so it cannot be changed here.";

/// What the page shows beside what is set.
#[derive(Default)]
struct Shown<'a> {
    entered: Option<&'a Entered>,
    problem: Problem,
    alert: Option<Alert>,
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, &Shown::default())
}

fn draw(cx: &Cx<'_>, shown: &Shown<'_>) -> Result<Response> {
    let (settings, status, counts) = cx.read(|db| Ok((store::settings(db)?, store::status(db)?, store::counts(db)?)))?;
    let world = &cx.portal.world;
    let set = match &world.transport {
        Transport::AsSet => Set::ByPage,
        Transport::Smtp(given) => Set::Server(given),
        Transport::Folder(folder) => Set::Folder(folder.display().to_string()),
        Transport::Memory(_) | Transport::Failing => Set::Folder("memory".to_owned()),
    };
    let entered = shown.entered.cloned().unwrap_or_else(|| Entered::of(&settings));
    let page = MailPage {
        set,
        sender: sender(world, &settings, &cx.portal.public_url),
        given_sender: &world.sender,
        carried: carry(cx, &entered)?,
        in_vain: in_vain(cx, shown),
        only_here: cx.portal.only_here.then_some(cx.portal.public_url.as_str()),
        entered: &entered,
        settings: &settings,
        status: &status,
        counts,
        own_email: &cx.person()?.email,
        problem: &shown.problem.fields,
        summary: shown.problem.summary(),
        alert: shown.alert.as_ref(),
        form_id: if shown.alert.is_some() { cx.fresh_form_id()? } else { cx.form_id()? },
        test_id: cx.fresh_form_id()?,
        release_id: cx.fresh_form_id()?,
        times: &cx.times(),
    };
    let crumbs = vec![("Admin", String::new()), ("Mail", String::new())];
    cx.page(Sheet { title: "Mail", crumbs, ..Sheet::default() }, &views::page(&page))
}

fn entered(cx: &Cx<'_>) -> Entered {
    let field = |name: &str| cx.form.get(name).to_owned();
    let mut entered = Entered {
        delivery: field("delivery"),
        host: field("host"),
        port: field("port"),
        security: field("security"),
        user: field("user"),
        password: field("password"),
        authority: field("authority"),
        from_address: field("from_address"),
        from_name: field("from_name"),
    };
    if entered.password.is_empty() {
        entered.password = carried(cx, &entered).unwrap_or_default();
    }
    entered
}

/// A password that was entered travels with the form that comes back, sealed for the same server, user and person: it is never shown, and
/// nobody has to enter it twice.
fn carry(cx: &Cx<'_>, entered: &Entered) -> Result<Option<String>> {
    if entered.password.is_empty() {
        return Ok(None);
    }
    let vault = cx.portal.db.vault();
    let sealed = vault.seal(ON_ITS_WAY, &carried_for(cx, entered)?, entered.password.as_bytes(), cx.portal.world.tokens)?;
    Ok(Some(URL_SAFE_NO_PAD.encode(sealed)))
}

const ON_ITS_WAY: &str = "mail password on its way";

fn carried(cx: &Cx<'_>, entered: &Entered) -> Option<String> {
    let sealed = URL_SAFE_NO_PAD.decode(cx.form.get("carried")).ok()?;
    let opened = cx.portal.db.vault().open(ON_ITS_WAY, &carried_for(cx, entered).ok()?, &sealed)?;
    String::from_utf8(opened).ok()
}

fn carried_for(cx: &Cx<'_>, entered: &Entered) -> Result<Vec<u8>> {
    let mut words = entered.meant_for();
    words.extend(cx.person()?.account.0.to_le_bytes());
    Ok(words)
}

/// The very values, as a test letter was sent with: nobody but the portal can make this, and nothing can be read from it.
fn values(cx: &Cx<'_>, entered: &Entered) -> String {
    let parts = [&entered.meant_for()[..], entered.password.as_bytes(), entered.from_address.as_bytes()];
    URL_SAFE_NO_PAD.encode(cx.portal.db.vault().keyed_hash("mail settings tried in vain", &parts))
}

/// Whether the form still holds the very values whose test letter was not taken.
fn tried_in_vain(cx: &Cx<'_>, entered: &Entered) -> bool {
    cx.form.get(IN_VAIN) == values(cx, entered)
}

/// What a form remembers of a test letter that was not taken.
fn in_vain(cx: &Cx<'_>, shown: &Shown<'_>) -> Option<String> {
    let entered = shown.entered?;
    let failed = shown.alert.as_ref().map_or_else(|| tried_in_vain(cx, entered), |alert| alert.tone == Tone::Bad);
    failed.then(|| values(cx, entered))
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let (person, entered) = (cx.person()?, entered(cx));
    let given = cx.portal.world.sender.address.as_deref();
    let in_vain = tried_in_vain(cx, &entered);
    cx.submit(
        |tx| {
            by_page(cx)?;
            let wanted = entered.parse(&store::settings(tx)?, given).map_err(Error::Invalid)?;
            let changed = actions::save(tx, person, &wanted, &entered.password, in_vain)?;
            let said = match (changed, wanted.delivery) {
                (false, _) => "Nothing was changed.".to_owned(),
                (true, Delivery::Hold) => "Saved. Letters stay in the Outbox from now on.".to_owned(),
                (true, Delivery::Smtp) if in_vain => {
                    format!("Saved, but the last test letter was not taken. New letters leave through {}.", wanted.place())
                }
                (true, Delivery::Smtp) => format!("Saved. New letters leave through {}.", wanted.place()),
            };
            Ok(Done::said("/mail", said).then("Outbox", "/outbox"))
        },
        |problem| draw(cx, &Shown { entered: Some(&entered), problem: problem.clone(), alert: None }),
    )
}

fn by_page(cx: &Cx<'_>) -> Result<()> {
    if matches!(cx.portal.world.transport, Transport::AsSet) { Ok(()) } else { Err(Error::refused(BY_OPTION)) }
}

/// Sends a test letter to oneself with what stands in the form, saved or not, and says what the server said. A form does so once.
fn test(cx: &Cx<'_>) -> Result<Response> {
    let (person, entered) = (cx.person()?, entered(cx));
    let shown = by_page(cx).is_ok().then_some(&entered);
    let refused = |problem: Problem| {
        let mut response = draw(cx, &Shown { entered: shown, problem, alert: None })?;
        response.status = 422;
        Ok(response)
    };
    let (server, sender) = match target(cx, &entered) {
        Ok(target) => target,
        Err(Error::Invalid(fields)) => return refused(Problem { fields, sentence: None }),
        Err(Error::Refused(sentence)) => return refused(Problem { fields: FieldErrors::default(), sentence: Some(sentence) }),
        Err(other) => return Err(other),
    };
    let db = &cx.portal.db;
    let form = db.vault().keyed_hash("test letter", &[cx.form.get("form_id").as_bytes(), &person.account.0.to_le_bytes()]);
    let begun = db.write(|tx| match answers::form_answer(tx, &form)? {
        Some((_, _, said)) => Ok(Test::Done(said)),
        None if store::begin_test(tx, LONGEST_TEST)? => Ok(Test::Begun),
        None => Ok(Test::Running),
    })?;
    match begun {
        Test::Begun => {}
        Test::Running => {
            let sentence = "A test letter is on its way at this moment. Look at this page again in half a minute.".to_owned();
            return refused(Problem { fields: FieldErrors::default(), sentence: Some(sentence) });
        }
        Test::Done(said) => return draw(cx, &Shown { entered: shown, alert: Some(outcome(&said)), ..Shown::default() }),
    }
    let place = format!("{}:{}", server.host, server.port);
    let (ok, said) = match send(cx, &server, &sender) {
        Ok(said) => (true, format!("{place} took the test letter to {}. It said: {said}", person.email)),
        Err(sentence) => (false, sentence),
    };
    let answer = format!("{}{said}", if ok { TAKEN } else { NOT_TAKEN });
    db.write(|tx| {
        actions::tested(tx, person, &place, ok, &said)?;
        answers::keep_form_answer(tx, &form, &[], "/mail", &answer)
    })?;
    draw(cx, &Shown { entered: shown, alert: Some(outcome(&answer)), ..Shown::default() })
}

/// ALL-7: a form sends its test letter once, and there is one at a time.
enum Test {
    Begun,
    /// One is on its way.
    Running,
    /// This form has sent its own; what came of it.
    Done(String),
}

/// How an answer that is kept begins.
const TAKEN: &str = "+";
const NOT_TAKEN: &str = "-";

/// Longer than both of `Patience::TEST` together.
const LONGEST_TEST: Span = Span::seconds(30);

fn outcome(answer: &str) -> Alert {
    let (tone, text) = match answer.strip_prefix(TAKEN) {
        Some(said) => (Tone::Good, said.to_owned()),
        None => (Tone::Bad, format!("The test letter did not leave. {}", answer.trim_start_matches(NOT_TAKEN))),
    };
    Alert { tone, text, next: Vec::new() }
}

/// The server and the sender to try: those of the command line, or those in the form.
fn target(cx: &Cx<'_>, entered: &Entered) -> Result<(Server, Sender)> {
    let world = &cx.portal.world;
    let before = cx.read(|db| store::settings(db))?;
    match &world.transport {
        Transport::Smtp(given) => {
            let server = given.server().map_err(Error::refused)?;
            Ok((server, sender(world, &before, &cx.portal.public_url)))
        }
        Transport::Folder(_) | Transport::Memory(_) | Transport::Failing => Err(Error::refused(BY_OPTION)),
        Transport::AsSet => {
            let wanted = Entered { delivery: Delivery::Smtp.word().to_owned(), ..entered.clone() };
            let wanted = wanted.parse(&before, world.sender.address.as_deref()).map_err(Error::Invalid)?;
            let password = to_try(cx, &before, &wanted, &entered.password)?;
            let from = sender(world, &wanted, &cx.portal.public_url);
            Ok((wanted.server(password), from))
        }
    }
}

/// The password in the form; where it is empty, the kept one, if it was given for this very server and user.
fn to_try(cx: &Cx<'_>, before: &Settings, wanted: &Settings, entered: &str) -> Result<Option<String>> {
    if wanted.user.is_empty() {
        return Ok(None);
    }
    if !entered.is_empty() {
        return Ok(Some(entered.to_owned()));
    }
    if before.sealed_password.is_none() || before.meant_for() != wanted.meant_for() {
        return Err(Error::field("password", actions::password_missing(before)));
    }
    actions::password(before, cx.portal.db.vault()).map_err(|sentence| Error::field("password", sentence))
}

fn send(cx: &Cx<'_>, server: &Server, sender: &Sender) -> Result<String, String> {
    let person = cx.person().map_err(|error| error.to_string())?;
    let world = &cx.portal.world;
    let number = world.tokens.id().map_err(|error| error.to_string())?;
    let number = format!("test-{number}@{}", sender.domain());
    let post = letters::test((&person.name, &person.email), &person.partner_name, sender, &number, world.clock.now())?;
    let patience =
        Patience { opening: world.patience.opening.min(Patience::TEST.opening), letter: world.patience.letter.min(Patience::TEST.letter) };
    let mut session =
        Session::open(server, sender.domain(), patience, &world.clock, &Stop::default()).map_err(|trouble| trouble.sentence)?;
    let said = session.send(&post.from, &post.to, &post.message).map_err(|trouble| trouble.sentence);
    session.close();
    said
}

/// What was held stays held until somebody asks: it may be old, and the people it is for may have their links already.
fn release_held(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    cx.press("/mail", |tx| {
        if crate::mail::delivery_actions::holds(tx, &cx.portal.world.transport)? {
            return Err(Error::refused("Letters are held here. Choose how they leave first."));
        }
        let released = actions::release_held(tx, person)?;
        let said =
            format!("{} on {} way.", text::counted(released, "letter is", "letters are"), if released == 1 { "its" } else { "their" });
        Ok(Done::said("/mail", said).then("Outbox", "/outbox"))
    })
}
