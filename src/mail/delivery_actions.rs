//! Handing letters over (MAI-1, MAI-2): a letter is taken into hand, handed over between two transactions, and noted. After a crash in
//! between it is handed over once more, under the same number. What is set is read anew for each round.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::access::witness_model::Clockwork;
use crate::kernel::countries;
use crate::kernel::db::{Db, Read};
use crate::kernel::error::Result;
use crate::kernel::secret::Vault;
use crate::kernel::smtp::{Server, Session, Stage, Stop};
use crate::kernel::time::Span;
use crate::kernel::world::{self, Transport, World};
use crate::mail::delivery_store::{self as store, Claimed};
use crate::mail::letters::{self, Post, public_domain};
use crate::mail::model::{LINK_HAS_EXPIRED, next_attempt};
use crate::mail::settings_actions::password;
use crate::mail::settings_model::{BROKEN_IN_A_ROW, Delivery, PUT_OFF_IN_A_ROW, Sender, Settings, Verdict, verdict};
use crate::mail::settings_store;

/// How many letters go over one connection before what is set is read again.
const BATCH: usize = 100;
/// How many letters are held or given up in one transaction.
const SWEEP: i64 = 500;
/// MAI-2: so long a letter stays in one pair of hands; longer than opening a conversation and handing one letter over can take.
pub const LEASE: Span = Span::minutes(5);

/// Where letters go at this moment.
#[derive(Debug)]
pub enum Way {
    /// They stay here.
    Hold,
    /// Into a folder.
    Folder(PathBuf),
    /// Through a mail server; or in a sentence, why what is set cannot be used.
    Smtp(std::result::Result<Box<Server>, String>),
    /// For tests: into a list.
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
    /// For tests: nowhere.
    Failing,
}

/// Where letters go, by the command line, else as it is set.
pub fn way(transport: &Transport, settings: &Settings, vault: &Vault) -> Way {
    match transport {
        Transport::Folder(folder) => Way::Folder(folder.clone()),
        Transport::Smtp(given) => Way::Smtp(given.server().map(Box::new)),
        Transport::Memory(letters) => Way::Memory(Arc::clone(letters)),
        Transport::Failing => Way::Failing,
        Transport::AsSet => match settings.delivery {
            Delivery::Hold => Way::Hold,
            Delivery::Smtp => Way::Smtp(password(settings, vault).map(|password| Box::new(settings.server(password)))),
        },
    }
}

/// Whether letters stay here: nobody gets one unless somebody reads it in the outbox and passes it on.
pub fn holds(db: &impl Read, transport: &Transport) -> Result<bool> {
    Ok(matches!(transport, Transport::AsSet) && settings_store::settings(db)?.delivery == Delivery::Hold)
}

/// Who letters are from: by the command line, else as it is set, else nobody who answers.
pub fn sender(world: &World, settings: &Settings, public_url: &str) -> Sender {
    let set = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let address = world.sender.address.clone().or_else(|| set(&settings.from_address));
    Sender {
        address: address.unwrap_or_else(|| format!("noreply@{}", public_domain(public_url))),
        name: world.sender.name.clone().or_else(|| set(&settings.from_name)),
    }
}

/// What a round of delivery needs.
#[derive(Debug)]
pub struct Round<'a> {
    /// The database.
    pub db: &'a Db,
    /// The way out, sender and patience.
    pub world: &'a World,
    /// Where people reach the portal.
    pub public_url: &'a str,
    /// BRA-2: whether partners in EMEA may brand too.
    pub branding_everywhere: bool,
    /// Said when the portal stops.
    pub stop: &'a Stop,
}

impl Round<'_> {
    fn brands(&self, country: &str) -> bool {
        self.branding_everywhere || !countries::is_emea(country)
    }
}

/// Hands over what is due, or keeps it where delivery is "hold"; how many letters moved on.
pub fn deliver(round: &Round<'_>, _: &Clockwork) -> Result<usize> {
    let db = round.db;
    let (settings, status) = db.read(|reader| Ok((settings_store::settings(reader)?, settings_store::status(reader)?)))?;
    let way = way(&round.world.transport, &settings, db.vault());
    if matches!(way, Way::Hold) {
        return if db.read(|reader| store::any_waiting(reader))? { db.write(|tx| store::hold(tx, SWEEP)) } else { Ok(0) };
    }
    if status.pause_until.is_some_and(|until| db.clock().now() < until) {
        let reason = status.last_failure.unwrap_or_default();
        return if db.read(|reader| store::any_overdue(reader))? { db.write(|tx| store::give_up(tx, &reason, SWEEP)) } else { Ok(0) };
    }
    let mut carrier = Carrier { round, way, sender: sender(round.world, &settings, round.public_url), settings, session: None };
    let moved = carrier.carry_all();
    if let Some(session) = carrier.session.take() {
        session.close();
    }
    moved
}

/// What became of one letter.
enum Outcome {
    Taken,
    /// The way out is closed, for every letter.
    Closed(String),
    /// The conversation broke off.
    Broken(String),
    Later(String),
    Never(String),
    /// We were told to stop.
    Stopped,
}

struct Carrier<'a> {
    round: &'a Round<'a>,
    way: Way,
    sender: Sender,
    settings: Settings,
    session: Option<Session>,
}

impl Carrier<'_> {
    fn carry_all(&mut self) -> Result<usize> {
        let db = self.round.db;
        let (mut broken, mut put_off) = (0, 0);
        for done in 0..BATCH {
            // What is set may have changed since the last letter; the next round goes by it.
            let goes_on =
                |settings: &Settings| db.read(|reader| Ok(store::any_due(reader)? && settings_store::settings(reader)? == *settings));
            if self.round.stop.is_set() || !goes_on(&self.settings)? {
                return Ok(done);
            }
            let Some(claimed) = db.write(|tx| store::claim(tx, LEASE, self.sender.domain()))? else { return Ok(done) };
            let outcome = self.carry(&claimed);
            match outcome {
                Outcome::Taken | Outcome::Never(_) => (broken, put_off) = (0, 0),
                Outcome::Broken(_) => broken += 1,
                Outcome::Later(_) => put_off += 1,
                Outcome::Closed(_) | Outcome::Stopped => {}
            }
            let given_up = broken >= BROKEN_IN_A_ROW || put_off >= PUT_OFF_IN_A_ROW;
            if self.note(&claimed, &outcome, given_up)? {
                return Ok(done);
            }
        }
        Ok(BATCH)
    }

    /// Notes what became of a letter; whether the round ends with it.
    fn note(&self, claimed: &Claimed, outcome: &Outcome, given_up: bool) -> Result<bool> {
        let (letter, db) = (&claimed.letter, self.round.db);
        db.write(|tx| {
            let next = next_attempt(letter.trying_since, letter.listed.attempts + 1, tx.now());
            match outcome {
                Outcome::Taken => {
                    store::delivered(tx, claimed)?;
                    settings_store::note_success(tx)?;
                }
                Outcome::Never(reason) => store::not_delivered(tx, claimed, reason, None)?,
                Outcome::Later(reason) | Outcome::Broken(reason) => {
                    store::not_delivered(tx, claimed, reason, next)?;
                    if given_up {
                        settings_store::note_closed(tx, reason)?;
                    }
                }
                // The letter is not to blame: it stays first in the row, and the pause is everybody's.
                Outcome::Closed(reason) => {
                    store::not_delivered(tx, claimed, reason, next.and(letter.listed.next_attempt_at))?;
                    settings_store::note_closed(tx, reason)?;
                }
                Outcome::Stopped => store::let_go(tx, claimed)?,
            }
            Ok(given_up || matches!(outcome, Outcome::Closed(_) | Outcome::Stopped))
        })
    }

    fn carry(&mut self, claimed: &Claimed) -> Outcome {
        if claimed.letter.has_dead_link() {
            return Outcome::Never(LINK_HAS_EXPIRED.to_owned());
        }
        let head = claimed.letter.letterhead.as_ref().filter(|head| self.round.brands(&head.country));
        let post = match letters::message(&claimed.letter, head, &claimed.message_id, &self.sender, self.round.public_url) {
            Ok(post) => post,
            Err(reason) => return Outcome::Never(reason),
        };
        let name = claimed.letter.listed.id.to_string();
        match &self.way {
            Way::Folder(folder) => match world::into_folder(folder, &name, &post.message) {
                Ok(()) => Outcome::Taken,
                Err(reason) => Outcome::Closed(reason),
            },
            Way::Memory(letters) => {
                letters.lock().unwrap_or_else(PoisonError::into_inner).push(post.message);
                Outcome::Taken
            }
            Way::Hold | Way::Failing => Outcome::Closed("The way out for letters is closed.".to_owned()),
            Way::Smtp(Err(reason)) => Outcome::Closed(reason.clone()),
            Way::Smtp(Ok(server)) => {
                let server = server.clone();
                self.hand_over(&server, &post)
            }
        }
    }

    /// By the conversation that is open, or a new one. A server may end a conversation between two letters; that is no trouble.
    fn hand_over(&mut self, server: &Server, post: &Post) -> Outcome {
        if let Some(session) = self.session.take() {
            let (result, stage) = self.send(session, post);
            if !matches!((&result, stage), (Outcome::Broken(_), Some(Stage::Sender))) {
                return result;
            }
        }
        let world = self.round.world;
        match Session::open(server, self.sender.domain(), world.patience, &world.clock, self.round.stop) {
            Ok(session) => self.send(session, post).0,
            Err(trouble) if trouble.stopped => Outcome::Stopped,
            Err(trouble) => Outcome::Closed(trouble.sentence),
        }
    }

    /// What became of it, and where the trouble was.
    fn send(&mut self, mut session: Session, post: &Post) -> (Outcome, Option<Stage>) {
        let result = session.send(&post.from, &post.to, &post.message);
        if session.is_usable() {
            self.session = Some(session);
        }
        let Err(trouble) = result else { return (Outcome::Taken, None) };
        let stage = Some(trouble.stage);
        if trouble.stopped {
            return (Outcome::Stopped, stage);
        }
        let outcome = match verdict(&trouble) {
            Verdict::Closed => Outcome::Closed(trouble.sentence),
            Verdict::Broken => Outcome::Broken(trouble.sentence),
            Verdict::Later => Outcome::Later(trouble.sentence),
            Verdict::Never => Outcome::Never(trouble.sentence),
        };
        (outcome, stage)
    }
}
