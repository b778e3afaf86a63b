//! What has become true is carried out here: each job does a small batch and says how much it did.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::access::model::Clockwork;
use crate::access::store;
use crate::app::errors;
use crate::imports;
use crate::kernel::error::Result;
use crate::page::Portal;
use crate::{accounts, activity, mail};

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
    Job { name: "held e-mails", run: |portal, _| portal.db.write(accounts::store::prune_held_emails) },
    Job {
        name: "reset requests",
        run: |portal, clock| portal.db.write(|tx| accounts::actions::answer_reset_request(tx, clock)).map(usize::from),
    },
    Job { name: "letters", run: |portal, clock| mail::actions::deliver(&portal.db, &portal.world.transport, &portal.public_url, clock) },
    Job { name: "links", run: |portal, _| portal.db.write(accounts::actions::prune_links) },
    Job { name: "chain", run: |portal, clock| activity::actions::verify_when_due(&portal.db, clock) },
    Job { name: "imported users' letters", run: |portal, clock| portal.db.write(|tx| imports::actions::send_letters(tx, clock)) },
    Job { name: "imports", run: |portal, _| portal.db.write(imports::actions::sweep) },
    Job { name: "form answers", run: |portal, _| portal.db.write(store::prune_form_answers) },
];

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

/// The thread that runs the jobs every few seconds.
#[derive(Debug)]
pub struct Scheduler {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Scheduler {
    /// Starts it.
    pub fn start(portal: Portal) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = Arc::clone(&stop);
        let work = move || {
            // LOG-2: also at every start, however short ago the last look was.
            if let Err(error) = activity::actions::verify(&portal.db, &Clockwork::ticking()) {
                errors::log("chain", &error);
            }
            while !stopping.load(Ordering::SeqCst) {
                run_all(&portal);
                std::thread::park_timeout(Duration::from_secs(5));
            }
        };
        Ok(Self { stop, thread: std::thread::Builder::new().name("jobs".to_owned()).spawn(work)? })
    }

    /// Lets it finish its round.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.thread().unpark();
        if self.thread.join().is_err() {
            eprintln!("the jobs ended in a panic");
        }
    }
}
