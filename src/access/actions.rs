//! Signing in, choosing an account, signing out. Guessing is slowed down here (SEC-1).
//!
//! A try is two transactions with the hashing between them. The first counts the try as a failure, so that tries at the same moment
//! cannot share one count; a success takes it back.

use std::net::IpAddr;

use crate::access::guard_actions;
use crate::access::model::{Actor, Person, Visitor};
use crate::access::stage_model::{Demand, Proof, Stage};
use crate::access::store::{self, Failures, NewSession, Throttled};
use crate::access::throttle_model::{FAILURES_FORGOTTEN, FAILURES_PER_ADDRESS, pause_after};
use crate::accounts;
use crate::accounts::model::{Candidate, Choice};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::factors;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, SessionId};
use crate::kernel::text::{self, Email};
use crate::kernel::time::{Span, Timestamp};
use crate::partners;
use crate::security::model::Closed;

/// Somebody at the sign-in page.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// What was entered as e-mail.
    pub email: &'a str,
    /// The slug of a partner's own address (ACC-11).
    pub slug: Option<&'a str>,
    /// The other end.
    pub address: IpAddr,
    /// The browser in a few words.
    pub browser: &'a str,
    /// How strictly second factors are asked for.
    pub demand: Demand,
    /// The hash of the token by which the browser is known (SEC-1).
    pub browser_token: &'a [u8],
}

/// What is entered may be as long as a form; an e-mail is not.
fn entered_key(email: &str) -> String {
    text::key(&email.chars().take(Email::MAX + 1).collect::<String>())
}

/// Whether a try may go on.
#[derive(Clone, Debug)]
pub enum Admission {
    /// The password may be checked, against this if there is one.
    Check(Option<Candidate>),
    /// Not before this has passed.
    Wait(Span),
}

/// How a try ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The password was right: in, or at the first stage on the way.
    In {
        /// Who the new session is.
        visitor: Visitor,
    },
    /// Refused, for whatever reason; the next try may come after this.
    Out {
        /// Nothing for the first failures.
        wait: Span,
    },
    /// ACC-10: the password was right, but nobody signed in for so many days that it has to be reset.
    Inactive {
        /// The partner's number of days.
        days: i64,
    },
}

/// SEC-1: counts the try, and finds what its password is checked against. Known and unknown cost the same.
pub fn admit(tx: &Tx<'_>, attempt: &Attempt<'_>) -> Result<Admission> {
    let candidate = accounts::identities_store::candidate(tx, &entered_key(attempt.email), attempt.slug, attempt.browser_token)?;
    let wait = count(tx, &subject(tx, attempt.email, candidate.as_ref()), attempt.address)?;
    Ok(if wait > Span(0) { Admission::Wait(wait) } else { Admission::Check(candidate) })
}

/// SEC-1: the same for somebody who gives the password again. `Refused` while tries have to wait.
pub fn admit_again(tx: &Tx<'_>, identity: IdentityId, address: IpAddr) -> Result<Candidate> {
    let candidate = accounts::identities_store::candidate_again(tx, identity)?.ok_or(Error::NotFound)?;
    match count(tx, &own_subject(tx, &candidate), address)? {
        Span(0) => Ok(candidate),
        wait => Err(Error::field("current_password", refusal("The password is not right.", wait))),
    }
}

/// SEC-2: a person has given the password again; their session is as good as new for dangerous steps.
pub fn prove(tx: &Tx<'_>, person: &Person, proved: &Candidate) -> Result<()> {
    if accounts::identities_store::candidate_again(tx, person.identity)?.as_ref() != Some(proved) {
        return Err(Error::refused("The password was changed elsewhere at the same moment. Sign in again."));
    }
    forgive(tx, proved, person.address)?;
    store::note_proof(tx, person.session)
}

/// SEC-2, ACC-7: the same by a code of the person's app, which is spent by it. Nothing when it is right, else how long the next try has to
/// wait.
pub fn prove_by_code(tx: &Tx<'_>, person: &Person, code: &str) -> Result<Option<Span>> {
    let (candidate, wait) = admit_code(tx, person.identity, person.address)?;
    if Span(0) < wait {
        return Ok(Some(wait));
    }
    if !factors::store::take_code(tx, person.identity, code)? {
        return not_proved(tx, person, &candidate, "gave a wrong code when asked for the password again").map(Some);
    }
    forgive(tx, &candidate, person.address)?;
    store::note_proof(tx, person.session)?;
    Ok(None)
}

/// SEC-2, LOG-1: a person was asked again and gave a wrong password or code. How long the next try has to wait.
pub fn not_proved(tx: &Tx<'_>, person: &Person, tried: &Candidate, sentence: &'static str) -> Result<Span> {
    let mut event = Event::new(Kind::ProofFailed, sentence);
    event.organization = person.scope().only();
    activity::store::record(tx, &person.actor(), &event)?;
    wait_after(tx, &own_subject(tx, tried), person.address)
}

/// SEC-1: the same for a code of the second factor, by the same counts: whose it is, and how long they have to wait; zero when the code
/// may be looked at.
pub fn admit_code(tx: &Tx<'_>, identity: IdentityId, address: IpAddr) -> Result<(Candidate, Span)> {
    let candidate = accounts::identities_store::candidate_again(tx, identity)?.ok_or(Error::NotFound)?;
    let wait = count(tx, &own_subject(tx, &candidate), address)?;
    Ok((candidate, wait))
}

/// A wrong code: the event, and how long the next try has to wait.
pub fn refuse_code(tx: &Tx<'_>, candidate: &Candidate, address: IpAddr) -> Result<Span> {
    let event = Event::new(Kind::SignInFailed, "gave the password and a wrong code");
    activity::store::record(tx, &actor(candidate, None, address), &event)?;
    wait_after(tx, &own_subject(tx, candidate), address)
}

/// Counts a try as a failure, or says how long it has to wait; zero when it may go on.
fn count(tx: &Tx<'_>, subject: &[u8], address: IpAddr) -> Result<Span> {
    let now = tx.now();
    let (mut email, mut there) = (failures_of_email(tx, subject)?, failures_of_address(tx, address)?);
    let free_at = email.blocked_until.max(there.blocked_until);
    if now < free_at {
        return Ok(free_at - now);
    }
    email = Failures { count: email.count + 1, window_from: now, blocked_until: now + pause_after(email.count + 1) };
    there.count += 1;
    if there.count >= FAILURES_PER_ADDRESS {
        there.blocked_until = there.window_from + Span::minutes(1);
    }
    store::keep_failures(tx, Throttled::Email, subject, email)?;
    store::keep_failures(tx, Throttled::Address, &address_subject(tx, address), there)?;
    Ok(Span(0))
}

fn failures_of_email(tx: &Tx<'_>, subject: &[u8]) -> Result<Failures> {
    let known = store::failures(tx, Throttled::Email, subject)?;
    let old = tx.now() - known.window_from.max(known.blocked_until) >= FAILURES_FORGOTTEN;
    Ok(if old { Failures { count: 0, window_from: tx.now(), blocked_until: Timestamp(0) } } else { known })
}

fn failures_of_address(tx: &Tx<'_>, address: IpAddr) -> Result<Failures> {
    let known = store::failures(tx, Throttled::Address, &address_subject(tx, address))?;
    let over = tx.now() - known.window_from >= Span::minutes(1);
    Ok(if over { Failures { count: 0, window_from: tx.now(), blocked_until: Timestamp(0) } } else { known })
}

/// Under what failures are counted: the e-mail as it was entered, and the partner whose identity it is tried for. Another partner can make
/// an identity of the same e-mail, and its successes must not forgive what was tried here.
fn subject(tx: &Tx<'_>, email: &str, tried: Option<&Candidate>) -> Vec<u8> {
    let partner = tried.map_or(0, |candidate| candidate.partner.0);
    tx.vault().keyed_hash("failures of an e-mail", &[entered_key(email).as_bytes(), &partner.to_le_bytes()])
}

fn own_subject(tx: &Tx<'_>, candidate: &Candidate) -> Vec<u8> {
    subject(tx, &candidate.email, Some(candidate))
}

fn address_subject(tx: &Tx<'_>, address: IpAddr) -> Vec<u8> {
    tx.vault().keyed_hash("failures of an address", &[address.to_string().as_bytes()])
}

/// Takes back what `admit` counted: the try succeeded, or was never decided.
pub fn forgive(tx: &Tx<'_>, candidate: &Candidate, address: IpAddr) -> Result<()> {
    store::forget_failures(tx, Throttled::Email, &own_subject(tx, candidate))?;
    take_back_address(tx, address)
}

/// The try was never decided: the portal was too busy to hash. Its failure does not count; earlier ones do.
pub fn undecided(tx: &Tx<'_>, email: &str, tried: Option<&Candidate>, address: IpAddr) -> Result<()> {
    let subject = subject(tx, email, tried);
    let known = store::failures(tx, Throttled::Email, &subject)?;
    let back = Failures { count: (known.count - 1).max(0), window_from: known.window_from, blocked_until: tx.now() };
    store::keep_failures(tx, Throttled::Email, &subject, back)?;
    take_back_address(tx, address)
}

fn take_back_address(tx: &Tx<'_>, address: IpAddr) -> Result<()> {
    let there = failures_of_address(tx, address)?;
    let back = Failures { count: (there.count - 1).max(0), window_from: there.window_from, blocked_until: Timestamp(0) };
    store::keep_failures(tx, Throttled::Address, &address_subject(tx, address), back)
}

/// Ends a try. With the right password, and an account to enter or to accept, a session with this token begins and `replaced` ends;
/// anything else is a refusal that looks like a wrong password (ACC-5, ACC-11, ACC-15).
pub fn finish(
    tx: &Tx<'_>,
    attempt: &Attempt<'_>,
    proved: Option<&Candidate>,
    token_hash: &[u8],
    replaced: Option<(IdentityId, SessionId)>,
) -> Result<Outcome> {
    // The password may have been changed while the old one was being hashed.
    let still = match proved {
        Some(candidate) => accounts::identities_store::candidate_again(tx, candidate.identity)?.filter(|now| now == candidate),
        None => None,
    };
    let (choices, closed) = match &still {
        Some(candidate) => guard_actions::open_choices(tx, candidate, attempt.address)?,
        None => (Vec::new(), None),
    };
    let spent = still.as_ref().and_then(|candidate| candidate.passcode_until).is_some_and(|until| until <= tx.now());
    let (Some(candidate), false) = (still, choices.is_empty() || spent) else { return refuse(tx, attempt, closed) };
    if let Some((identity, session)) = replaced {
        store::end_session(tx, identity, session)?;
    }
    if candidate.passcode_until.is_some() {
        accounts::identities_store::spend_passcode(tx, candidate.identity)?;
    }
    let only = match choices.as_slice() {
        [only] if only.state.is_active() => Some(only),
        _ => None,
    };
    let session = NewSession {
        token_hash,
        partner: candidate.partner,
        identity: candidate.identity,
        account: only.map(|choice| choice.account),
        address: &attempt.address.to_string(),
        browser: attempt.browser,
        proof: Proof::Password,
    };
    store::begin_session(tx, &session)?;
    let (visitor, _) = store::visitor(tx, token_hash, attempt.address, attempt.demand)?;
    if matches!(visitor, Visitor::Half { stage: Stage::Code, .. }) {
        // Earlier failures count on until the code is right too: else a known password would give ever new tries of the code.
        undecided(tx, attempt.email, Some(&candidate), attempt.address)?;
    } else {
        forgive(tx, &candidate, attempt.address)?;
    }
    guard_actions::greet_browser(tx, attempt, &candidate, choices.first())?;
    note_way_in(tx, &visitor, &candidate, only, attempt.address)?;
    Ok(Outcome::In { visitor })
}

/// Notes how far somebody has come who gave a password: as a sign-in once they are in.
fn note_way_in(tx: &Tx<'_>, visitor: &Visitor, candidate: &Candidate, only: Option<&Choice>, address: IpAddr) -> Result<()> {
    let (kind, sentence) = match visitor {
        Visitor::Person(_) => (Kind::SignedIn, "signed in"),
        Visitor::Half { stage: Stage::Code, .. } => (Kind::PasswordGiven, "gave the password, with a code still to come"),
        Visitor::Half { stage: Stage::Password, .. } => (Kind::PasswordGiven, "gave a one-time passcode, with a new password still to set"),
        Visitor::Half { stage: Stage::SetUp, .. } => (Kind::PasswordGiven, "gave the password, with a second factor still to set up"),
        Visitor::Half { stage: Stage::Choice, .. } => (Kind::SignedIn, "signed in, with an account still to choose"),
        Visitor::Guest | Visitor::Script(_) => return Err(Error::internal("a session that began is nobody's")),
    };
    let chosen = only.filter(|_| matches!(visitor, Visitor::Person(_)));
    accounts::identities_store::note_sign_in(tx, candidate.identity, chosen.map(|choice| choice.account))?;
    let mut event = Event::new(kind, sentence);
    event.organization = only.and_then(|choice| choice.organization.as_ref()).map(|(id, _)| *id);
    activity::store::record(tx, &actor(candidate, only, address), &event).map(drop)
}

/// After a stage: who the session with this token is now. A sign-in is noted once it is in; the event is the caller's, of whom the
/// session is the actor. `SignIn` when it is nobody's any more.
pub fn go_on(tx: &Tx<'_>, token_hash: &[u8], address: IpAddr, demand: Demand) -> Result<(Visitor, Actor)> {
    let (visitor, _) = store::visitor(tx, token_hash, address, demand)?;
    let actor = match &visitor {
        Visitor::Guest | Visitor::Script(_) => return Err(Error::SignIn),
        Visitor::Person(person) => {
            accounts::identities_store::note_sign_in(tx, person.identity, Some(person.account))?;
            person.actor()
        }
        Visitor::Half { identity, .. } => on_the_way(tx, *identity, address)?,
    };
    Ok((visitor, actor))
}

/// The refusal, the same work for known and unknown: an event at the partner of the e-mail, else at the operating partner. It tells why only
/// whoever may see it; the person hears of nothing but a password that has to be reset, which they had right.
fn refuse(tx: &Tx<'_>, attempt: &Attempt<'_>, closed: Option<Closed>) -> Result<Outcome> {
    let key = entered_key(attempt.email);
    let candidate = accounts::identities_store::candidate(tx, &key, attempt.slug, attempt.browser_token)?;
    let operating = partners::store::operating(tx)?;
    if let Some(partner) = candidate.as_ref().map(|candidate| candidate.partner).or(operating) {
        // What is no e-mail may be a password in the wrong field.
        let name = Email::parse(attempt.email).map_or_else(|_| "Somebody".to_owned(), |email| email.as_str().to_owned());
        let actor = Actor { partner, account: None, name, roles: "Not signed in".to_owned(), address: attempt.address.to_string() };
        let sentence = match closed {
            None => "tried to sign in and was refused".to_owned(),
            Some(Closed::Address) => "tried to sign in from an address that is not allowed, and was refused".to_owned(),
            Some(Closed::Inactive { days }) => format!("tried to sign in after {days} days or more, and has to reset the password"),
        };
        activity::store::record(tx, &actor, &Event::new(Kind::SignInFailed, sentence))?;
    }
    if let Some(Closed::Inactive { days }) = closed {
        return Ok(Outcome::Inactive { days });
    }
    Ok(Outcome::Out { wait: wait_after(tx, &subject(tx, attempt.email, candidate.as_ref()), attempt.address)? })
}

/// How long the next try has to wait after a failure that was counted.
fn wait_after(tx: &Tx<'_>, subject: &[u8], address: IpAddr) -> Result<Span> {
    let free_at = failures_of_email(tx, subject)?.blocked_until.max(failures_of_address(tx, address)?.blocked_until);
    Ok(Span((free_at - tx.now()).0.max(0)))
}

fn actor(candidate: &Candidate, choice: Option<&Choice>, address: IpAddr) -> Actor {
    Actor {
        partner: candidate.partner,
        account: choice.map(|choice| choice.account),
        name: choice.map_or_else(|| candidate.email.clone(), |choice| format!("{} ({})", choice.name, candidate.email)),
        roles: choice.map_or("No account chosen", Choice::role_shown).to_owned(),
        address: address.to_string(),
    }
}

/// "E-mail or password is not right. You can try again in 4 seconds."
pub fn refusal(what: &str, wait: Span) -> String {
    if wait <= Span(0) {
        return what.to_owned();
    }
    let seconds = Span::seconds((wait.0 + 999) / 1_000);
    let words = match seconds.0 / 1_000 {
        1 => "1 second".to_owned(),
        count @ 2..=119 => format!("{count} seconds"),
        count => format!("{} minutes", (count + 59) / 60),
    };
    format!("{what} You can try again in {words}.")
}

/// Who does something about their own sign-in while no account is theirs yet.
pub fn on_the_way(tx: &Tx<'_>, identity: IdentityId, address: IpAddr) -> Result<Actor> {
    let candidate = accounts::identities_store::candidate_again(tx, identity)?.ok_or(Error::NotFound)?;
    let choices = accounts::store::choices(tx, identity)?;
    let only = match choices.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    Ok(actor(&candidate, only, address))
}

/// Who accepts an account (ACC-15): the one it is offered to. `NotFound` for an account that is not.
pub fn offered_to(tx: &Tx<'_>, identity: IdentityId, account: AccountId, address: IpAddr) -> Result<Actor> {
    let choices = accounts::store::choices(tx, identity)?;
    let choice = choices.iter().find(|choice| choice.account == account).ok_or(Error::NotFound)?;
    let candidate = accounts::identities_store::candidate_again(tx, identity)?.ok_or(Error::NotFound)?;
    Ok(actor(&candidate, Some(choice), address))
}

/// Takes an account that is offered into the session (ACC-11). `NotFound` for any other.
pub fn choose(tx: &Tx<'_>, session: SessionId, identity: IdentityId, account: AccountId, address: IpAddr) -> Result<()> {
    let choices = accounts::store::choices(tx, identity)?;
    let choice = choices.iter().find(|choice| choice.account == account && choice.state.is_active()).ok_or(Error::NotFound)?;
    let candidate = accounts::identities_store::candidate_again(tx, identity)?.ok_or(Error::NotFound)?;
    guard_actions::refuse_closed(tx, candidate.partner, choice, address)?;
    store::choose_account(tx, session, identity, account)?;
    accounts::identities_store::note_sign_in(tx, identity, Some(account))?;
    let mut event = Event::new(Kind::SignedIn, format!("chose the account at {}", choice.title()));
    event.organization = choice.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, &actor(&candidate, Some(choice), address), &event).map(drop)
}

/// Ends the visitor's own session.
pub fn sign_out(tx: &Tx<'_>, visitor: &Visitor, address: IpAddr) -> Result<()> {
    let (session, identity, actor) = match visitor {
        Visitor::Guest | Visitor::Script(_) => return Ok(()),
        Visitor::Person(person) => (person.session, person.identity, person.actor()),
        Visitor::Half { session, identity, .. } => {
            let candidate = accounts::identities_store::candidate_again(tx, *identity)?.ok_or(Error::NotFound)?;
            (*session, *identity, actor(&candidate, None, address))
        }
    };
    store::end_session(tx, identity, session)?;
    activity::store::record(tx, &actor, &Event::new(Kind::SignedOut, "signed out")).map(drop)
}
