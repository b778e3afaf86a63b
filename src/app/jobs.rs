//! What has become true is carried out here: each job does a small batch and says how much it did.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::access::store;
use crate::access::witness_model::Clockwork;
use crate::app::{demo, due, errors};
use crate::imports;
use crate::kernel::db::copies::{Pace, Watch};
use crate::kernel::error::Result;
use crate::kernel::smtp::Stop;
use crate::mail::delivery_actions::Round;
use crate::notifications::digest_actions;
use crate::page::Portal;
use crate::subscriptions::countdown_actions;
use crate::upkeep::model::Turn;
use crate::{accounts, activity, alerts, mail, seats, statements, transfers, upkeep};

/// A job: its name for the log, and one batch of its work.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// For the log.
    pub name: &'static str,
    /// Does a batch; how much was done, 0 when nothing is left.
    pub run: fn(&Portal, &Clockwork) -> Result<usize>,
}

/// Every job, in the order they run.
pub static JOBS: &[Job] = &[
    Job { name: "sessions", run: |portal, _| portal.db.write(|tx| store::prune_sessions(tx, 500)) },
    Job { name: "failures", run: |portal, _| portal.db.write(store::prune_failures) },
    Job { name: "lapsed accounts", run: |portal, clock| portal.db.write(|tx| accounts::actions::lapse_due(tx, clock)) },
    Job { name: "held e-mails", run: |portal, _| portal.db.write(accounts::held_store::prune_held_emails) },
    Job {
        name: "reset requests",
        run: |portal, clock| portal.db.write(|tx| accounts::actions::answer_reset_request(tx, clock)).map(usize::from),
    },
    Job { name: "links", run: |portal, _| portal.db.write(accounts::actions::prune_links) },
    Job { name: "unprotected seats", run: |portal, clock| portal.db.write(|tx| seats::actions::destroy_due(tx, clock)) },
    Job {
        name: "the demo's vendor",
        run: |portal, clock| if portal.demo { demo::vendor::play(&portal.db, clock, demo::vendor::SEED) } else { Ok(0) },
    },
    Job { name: "the demo's devices", run: |portal, _| if portal.demo { portal.db.write(demo::devices::check_in) } else { Ok(0) } },
    Job { name: "chain", run: |portal, clock| activity::actions::verify_when_due(&portal.db, clock) },
    Job { name: "imported users' letters", run: |portal, clock| portal.db.write(|tx| imports::actions::send_letters(tx, clock)) },
    Job { name: "imports", run: |portal, _| portal.db.write(imports::actions::sweep) },
    // Before the ends of subscriptions: what ends after its cut-off date ends at the new partner (SUB-12).
    Job { name: "lapsed transfers", run: |portal, clock| portal.db.write(|tx| transfers::actions::lapse_due(tx, clock)) },
    Job { name: "transfers", run: due::carry_out_transfers },
    // Before the ends: the fewer the pieces, the sooner a row is out of them.
    Job { name: "search indexes", run: |portal, _| due::join_indexes(&portal.db) },
    Job {
        name: "ends of subscriptions",
        run: |portal, clock| due::end_subscriptions(&portal.db, clock, &portal.stumbles).map(|done| done.steps),
    },
    Job { name: "countdown letters", run: |portal, clock| portal.db.write(|tx| countdown_actions::remind(tx, clock)).map(usize::from) },
    // After everything that ends subscriptions: what fell due in a month is out of it before it is closed.
    Job { name: "statements", run: |portal, clock| portal.db.write(|tx| statements::actions::close_due(tx, clock)) },
    Job { name: "alerts", run: |portal, clock| alerts::actions::look(&portal.db, clock) },
    // After everything that they tell of.
    Job { name: "partners' own letters", run: |portal, clock| write_digests(portal, *clock) },
    Job { name: "form answers", run: |portal, _| portal.db.write(store::prune_form_answers) },
];

/// So many of the letters that are due together at an edge are a batch, each in a transaction of its own.
const DIGESTS: usize = 20;

/// Those first due first. How many were due.
fn write_digests(portal: &Portal, clock: Clockwork) -> Result<usize> {
    for written in 0..DIGESTS {
        if !portal.db.write_in_turn(GAP, |tx| digest_actions::write_due(tx, &clock))? {
            return Ok(written);
        }
    }
    Ok(DIGESTS)
}

/// Between two transactions, so that whoever waits for the write lock gets it.
const GAP: Duration = Duration::from_micros(200);

/// A job stops after so many batches and goes on at the next round, so that none starves the others.
const BATCHES: usize = 50;

/// Runs every job until it has nothing left to do.
pub fn run_all(portal: &Portal) {
    let clockwork = Clockwork::ticking();
    for job in JOBS {
        for _ in 0..BATCHES {
            match (job.run)(portal, &clockwork) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    errors::log(job.name, &error);
                    break;
                }
            }
        }
    }
}

/// Hands letters over until none is due (MAI-1).
pub fn deliver_letters(portal: &Portal, stop: &Stop) {
    let Portal { db, world, public_url, branding_everywhere, .. } = portal;
    let round = Round { db, world, public_url, branding_everywhere: *branding_everywhere, stop };
    while !stop.is_set() {
        match mail::delivery_actions::deliver(&round, &Clockwork::ticking()) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => return errors::log("letters", &error),
        }
    }
}

/// Makes the copy that is due, if one is (OPS-1). The demo makes none.
pub fn back_up(portal: &Portal, turn: Turn, watch: &Watch) {
    if portal.demo {
        return;
    }
    if let Err(error) = upkeep::actions::make_due(&portal.db, &Clockwork::ticking(), turn, watch) {
        errors::log("backups", &error);
    }
}

/// A panic costs one round, never the thread: what it would have done is done in the next.
fn spared(what: &str, round: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(round)).is_err() {
        eprintln!("a round of {what} ended in a panic; the next one follows");
    }
}

/// Whoever starts a portal wants its pages first: the day's copy of a large one keeps the disk busy for a while.
const QUIET_START: Duration = Duration::from_mins(5);

/// How long the end waits for a letter that is on its way out; what is not noted by then is sent once more at the next start.
const LETTER_GRACE: Duration = Duration::from_secs(5);

/// The thread that runs the jobs every few seconds, the one that hands letters over, and the one that makes backups: neither a slow mail
/// server nor a large copy holds up any other job.
#[derive(Debug)]
pub struct Scheduler {
    stop: Stop,
    jobs: JoinHandle<()>,
    letters: JoinHandle<()>,
    backups: JoinHandle<()>,
    watch: Watch,
}

impl Scheduler {
    /// Starts all three.
    pub fn start(portal: Portal) -> Result<Self> {
        let stop = Stop::default();
        let (working, delivering, own) = (stop.clone(), stop.clone(), portal.clone());
        let watch = Watch::unstopped(Pace::Gentle);
        let (copied, watching, ending) = (portal.clone(), watch.clone(), stop.clone());
        let work = move || {
            // LOG-2: also at every start, however short ago the last look was.
            if let Err(error) = activity::actions::verify(&portal.db, &Clockwork::ticking()) {
                errors::log("chain", &error);
            }
            while !working.is_set() {
                spared("the jobs", || run_all(&portal));
                std::thread::park_timeout(Duration::from_secs(5));
            }
        };
        let deliver = move || {
            while !delivering.is_set() {
                spared("the delivery of letters", || deliver_letters(&own, &delivering));
                std::thread::park_timeout(Duration::from_secs(2));
            }
        };
        let copy = move || {
            let begun = Instant::now();
            while !ending.is_set() {
                let turn = if begun.elapsed() < QUIET_START { Turn::Asked } else { Turn::AskedOrDaily };
                spared("backups", || back_up(&copied, turn, &watching));
                std::thread::park_timeout(Duration::from_secs(1));
            }
        };
        let jobs = std::thread::Builder::new().name("jobs".to_owned()).spawn(work)?;
        let letters = std::thread::Builder::new().name("letters".to_owned()).spawn(deliver)?;
        let backups = std::thread::Builder::new().name("backups".to_owned()).spawn(copy)?;
        Ok(Self { stop, jobs, letters, backups, watch })
    }

    /// Lets the jobs finish their round, and a letter its last moment.
    pub fn stop(self) {
        self.stop.set();
        self.jobs.thread().unpark();
        self.letters.thread().unpark();
        // A copy in the making is given up; the next start finds it due.
        self.watch.stop.store(true, Ordering::Relaxed);
        self.backups.thread().unpark();
        if self.backups.join().is_err() {
            eprintln!("the backups ended in a panic");
        }
        if self.jobs.join().is_err() {
            eprintln!("the jobs ended in a panic");
        }
        let end = Instant::now() + LETTER_GRACE;
        while !self.letters.is_finished() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        if self.letters.is_finished() && self.letters.join().is_err() {
            eprintln!("the delivery of letters ended in a panic");
        }
    }
}
