//! The pages, line by line: the portal and the bare server by turns.

use std::sync::atomic::{AtomicBool, Ordering};

use portico::kernel::month::Month;
use portico::kernel::time::Timestamp;

use crate::backup;
use crate::bare;
use crate::client::{Answer, CONNECTIONS, Sample, ask_until, get, post};
use crate::estate::{ADA, Estate, PASSWORD, PRIYA, now, shelf};
use crate::portal::Portal;
use crate::process::Running;
use crate::report::{Goal, PageLine, Report, median};
use crate::sign_ins;
use crate::writes::Renames;
use crate::{Fallible, Options};

/// A page to ask for.
#[derive(Clone, Copy, Debug)]
struct Page {
    name: &'static str,
    path: &'static str,
    who: &'static str,
    /// To reach of the bare server at 100,000 and at 1,000,000.
    goal: Option<(f64, f64)>,
}

const fn page(name: &'static str, path: &'static str, goal: Option<(f64, f64)>) -> Page {
    Page { name, path, who: ADA, goal }
}

const LIST: Page = page("organization list", "/organizations", Some((0.4, 0.35)));
const NOBODY: &str = "";

/// The pages of Ada, who sees every organization; `{…}` is filled in.
const PAGES: &[Page] = &[
    LIST,
    page("organization list, second page", "{second}", Some((0.4, 0.35))),
    page("search, beginning of names", "/organizations?q=amber", Some((0.15, 0.12))),
    page("search, inside names", "/organizations?q=ental", Some((0.15, 0.12))),
    page("search, nothing found", "/organizations?q=zyzzyva", Some((0.15, 0.12))),
    page("search, frequent letters, nothing found", "/organizations?q=gardendental", Some((0.15, 0.12))),
    page("search of the top bar", "/search/suggestions?q=dent", None),
    page("organization page", "{organization}", None),
    page("SaaS Protection Status", "/status/saas", None),
    page("home", "/", None),
    page("statement of the month that runs", "{statement}", None),
    Page { name: "sign-in page", path: "/sign-in", who: NOBODY, goal: None },
    Page { name: "static asset", path: "{asset}", who: NOBODY, goal: None },
];

/// Matches each of the small partner's, and one in forty of everybody's.
const OF_FEW: &str = "/organizations?q=lder";

/// Asks the portal and the bare server by turns; samples of both, and the median of the ratios.
struct Pair {
    portal: Sample,
    bare: Sample,
    ratio: f64,
}

fn by_turns(options: &Options, mut portal: impl FnMut() -> Fallible<Sample>, mut bare: impl FnMut() -> Fallible<Sample>) -> Fallible<Pair> {
    // Caches and connections of both are warm before anything counts.
    portal()?;
    bare()?;
    let (mut ours, mut theirs, mut ratios) = (Sample::default(), Sample::default(), Vec::new());
    for _ in 0..options.rounds() {
        let (one, other) = (portal()?, bare()?);
        ratios.push(one.rate() / other.rate());
        ours.add(one);
        theirs.add(other);
    }
    Ok(Pair { portal: ours, bare: theirs, ratio: median(ratios) })
}

/// Asks one page over all connections for a turn.
fn turn(options: &Options, server: &Running, path: &str, lines: &str) -> Fallible<Sample> {
    let request = get(server.address, path, lines);
    server.press(CONNECTIONS, options.turn(), 200, &|_, _| request.clone())
}

/// Every line of one size.
pub fn measure(options: &Options, size: usize, report: &mut Report) -> Fallible<()> {
    let portal = Portal::start(Estate::Of(size), &[ADA, PRIYA])?;
    let watch = portal.process.watch();
    let (second, organization, asset) = addresses(&portal)?;
    let statement = format!("/statements/{}", Month::of(Timestamp(now())).iso());
    let pages: Vec<(Page, String)> = PAGES
        .iter()
        .filter(|page| options.wants(page.name))
        .map(|page| {
            (
                *page,
                page.path
                    .replace("{second}", &second)
                    .replace("{organization}", &organization)
                    .replace("{asset}", &asset)
                    .replace("{statement}", &statement),
            )
        })
        .collect();
    let answers = pages.iter().map(|(page, path)| ask(&portal, page.who, path)).collect::<Fallible<Vec<_>>>()?;
    let bare = bare_with(&answers)?;
    for (number, ((page, path), answer)) in pages.iter().zip(&answers).enumerate() {
        let lines = lines_of(&portal, page.who);
        let pair =
            by_turns(options, || turn(options, &portal.process, path, &lines), || turn(options, &bare, &format!("/{number}"), &lines))?;
        let goal = page.goal.map_or(Goal::None, |(some, many)| Goal::AtLeast(if size < 1_000_000 { some } else { many }));
        report.page(PageLine {
            name: page.name.to_owned(),
            size,
            bytes: answer.body.len(),
            portal: pair.portal,
            bare: pair.bare,
            ratio: pair.ratio,
            goal: if size < 100_000 { Goal::None } else { goal },
            p99: Goal::Under(10.0),
        });
    }
    beside_others(options, size, &portal, report)?;
    if size == 1_000_000 {
        of_few(options, &portal, report)?;
    }
    if options.sizes.iter().max() == Some(&size) {
        backup::measure(options, size, &portal, report)?;
    }
    let (name, peak) = (format!("peak memory under the bench, {size} organizations"), watch.peak());
    if options.wants(&name) {
        report.figure(name, peak as f64 / 1_000.0, "MB", Goal::Under(160.0));
    }
    Ok(())
}

/// The second page of the list, an organization with everything, and the style sheet.
fn addresses(portal: &Portal) -> Fallible<(String, String, String)> {
    let list = String::from_utf8(portal.page("/organizations", portal.lines(ADA))?.body)?;
    let linked = String::from_utf8(portal.page("/organizations?sort=-services", portal.lines(ADA))?.body)?;
    let after = |text: &str, mark: &str| -> Fallible<String> {
        let (_, rest) = text.split_once(mark).ok_or(format!("no {mark} on the page"))?;
        Ok(rest.split(['"', ' ', '>']).next().unwrap_or_default().replace("&amp;", "&"))
    };
    let second = format!("/organizations?after={}", after(&list, "/organizations?after=")?);
    let organization = format!("/organizations/{}", after(&linked, "class=row-link href=/organizations/")?);
    Ok((second, organization, format!("/assets/app.{}", after(&list, "href=\"/assets/app.")?)))
}

fn lines_of(portal: &Portal, who: &str) -> String {
    format!("Accept-Encoding: gzip\r\n{}", portal.lines(who))
}

fn ask(portal: &Portal, who: &str, path: &str) -> Fallible<Answer> {
    let answer = portal.page(path, &lines_of(portal, who))?;
    if answer.status == 200 { Ok(answer) } else { Err(format!("{path} answers {}", answer.status).into()) }
}

fn bare_with(answers: &[Answer]) -> Fallible<Running> {
    let folder = shelf().join("answers");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    for (number, answer) in answers.iter().enumerate() {
        bare::record(&folder, number, answer)?;
    }
    Running::bare(&folder)
}

/// The list while somebody renames one organization after another, and while people sign in, each beside the list alone.
fn beside_others(options: &Options, size: usize, portal: &Portal, report: &mut Report) -> Fallible<()> {
    let lines = lines_of(portal, ADA);
    let list = || turn(options, &portal.process, LIST.path, &lines);
    let name = format!("list during one write after another over the list alone, {size} organizations");
    if options.wants(&name) {
        let renames = Renames::of(portal, 1)?;
        let pair = by_turns(options, || beside(portal, 303, 1, |_| renames.next(0), list), list)?;
        report.figure(name, pair.ratio, "times", Goal::AtLeast(0.7));
    }
    let name = format!("list during sign-ins over the list alone, {size} organizations");
    if options.wants(&name) {
        let sign_in = post(portal.process.address, "/sign-in", "", &[("email", ADA), ("password", PASSWORD)]);
        let pair = by_turns(options, || beside(portal, 303, 4, |_| sign_in.clone(), list), list)?;
        report.figure(name, pair.ratio, "times", Goal::None);
    }
    sign_ins::measure(options, size, portal, report)
}

/// Does `work` while some connections ask for something else without a pause.
fn beside(
    portal: &Portal,
    status: u16,
    connections: usize,
    request: impl Fn(usize) -> Vec<u8> + Sync,
    work: impl Fn() -> Fallible<Sample>,
) -> Fallible<Sample> {
    let (stop, request) = (AtomicBool::new(false), &request);
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| ask_until(&stop, portal.process.address, status, request).map_err(|error| error.to_string())))
            .collect();
        let sample = work();
        stop.store(true, Ordering::SeqCst);
        for other in others {
            if other.join().map_err(|_| "a client panicked")??.is_empty() {
                return Err("nothing was done beside the list".into());
            }
        }
        sample
    })
}

/// A search by the partner with ten organizations, here and in a portal of its own.
fn of_few(options: &Options, portal: &Portal, report: &mut Report) -> Fallible<()> {
    let name = "search by a partner with ten organizations, its cost among a million over that in a portal of its own";
    if !options.wants(name) {
        return Ok(());
    }
    let alone = Portal::start(Estate::Small, &[PRIYA])?;
    for one in [portal, &alone] {
        let found = String::from_utf8(ask(one, PRIYA, OF_FEW)?.body)?.matches("class=row-link").count();
        if found != crate::estate::FEW {
            return Err(format!("{found} of ten were found").into());
        }
    }
    let pair = by_turns(
        options,
        || turn(options, &portal.process, OF_FEW, &lines_of(portal, PRIYA)),
        || turn(options, &alone.process, OF_FEW, &lines_of(&alone, PRIYA)),
    )?;
    report.figure(name, 1.0 / pair.ratio, "times", Goal::Under(2.0));
    Ok(())
}
