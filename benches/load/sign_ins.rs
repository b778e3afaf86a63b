//! The list while people sign in, as many a second as a portal is promised to bear.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::client::{CONNECTIONS, Connection, get, post};
use crate::estate::{ADA, ADMINS, PASSWORD, admin};
use crate::portal::Portal;
use crate::report::{Goal, Report, percentile};
use crate::{Fallible, Options};

/// Valid sign-ins a second.
const RATE: u32 = 50;

/// The organization list over 16 connections; meanwhile sign-ins at `RATE`, each at its own time whether or not the last was slow.
pub fn measure(options: &Options, size: usize, portal: &Portal, report: &mut Report) -> Fallible<()> {
    let name = format!("99th percentile of the list during {RATE} sign-ins a second, {size} organizations");
    if !options.wants(&name) {
        return Ok(());
    }
    let address = portal.process.address;
    let list = get(address, "/organizations", portal.lines(ADA));
    let (stop, begun) = (AtomicBool::new(false), Instant::now());
    let (sample, took) = std::thread::scope(|scope| {
        let doors: Vec<_> = (0..ADMINS)
            .map(|number| {
                let stop = &stop;
                scope.spawn(move || knock(stop, begun, number, portal).map_err(|error| error.to_string()))
            })
            .collect();
        let sample = portal.process.press(CONNECTIONS, options.turn() * 2, 200, &|_, _| list.clone());
        stop.store(true, Ordering::SeqCst);
        let mut took = Vec::new();
        for door in doors {
            took.extend(door.join().map_err(|_| "a client panicked")??);
        }
        Ok::<_, Box<dyn std::error::Error>>((sample?, took))
    })?;
    let rate = took.len() as f64 / sample.span.as_secs_f64();
    report.figure(name, percentile(&sample.took, 0.99), "ms", Goal::Under(50.0));
    report.figure(format!("sign-ins a second meanwhile, {size} organizations"), rate, "", Goal::AtLeast(f64::from(RATE) * 0.95));
    report.figure(format!("99th percentile of those sign-ins, {size} organizations"), percentile(&took, 0.99), "ms", Goal::None);
    Ok(())
}

/// An Admin signs in at their turns of the clock; how long each took, counted from the moment it was due.
fn knock(stop: &AtomicBool, begun: Instant, number: u32, portal: &Portal) -> Fallible<Vec<Duration>> {
    let sign_in = post(portal.process.address, "/sign-in", "", &[("email", &admin(number)), ("password", PASSWORD)]);
    let mut connection = Connection::open(portal.process.address)?;
    let mut took = Vec::new();
    for turn in 0.. {
        let due = begun + Duration::from_secs(1) * (turn * ADMINS + number) / RATE;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let answer = connection.ask(&sign_in, false)?;
        took.push(due.elapsed());
        if answer.status != 303 {
            return Err(format!("a sign-in answers {}", answer.status).into());
        }
    }
    Ok(took)
}
