//! What stands between a password and an account, and how long a session may stand anywhere. Pure.

use crate::kernel::time::Span;

/// A session nobody used ends after this.
pub const SESSION_IDLE: Span = Span::minutes(30);

/// A session ends after this whatever happens.
pub const SESSION_LONGEST: Span = Span::hours(8);

/// SEC-2: a dangerous step wants a proof of the password that is no older than this.
pub const PROOF_LASTS: Span = Span::minutes(15);

/// A session that is not in yet (security.md, "Sessions").
pub const HALF_SESSION: Span = Span::minutes(10);

/// ACC-8: a one-time passcode's life.
pub const PASSCODE_WITHIN: Span = Span::hours(24);

/// What stands between a session and its account, in the order in which it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// A code of the second factor (ACC-7).
    Code,
    /// A new password, after a one-time passcode (ACC-8).
    Password,
    /// Setting up a second factor (ACC-7, ACC-8, ORG-9).
    SetUp,
    /// Choosing one of several accounts, or accepting one (ACC-11, ACC-15).
    Choice,
}

impl Stage {
    /// The page that asks for it.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Code => "/sign-in/code",
            Self::Password => "/sign-in/password",
            Self::SetUp => "/sign-in/second-factor",
            Self::Choice => "/choose-account",
        }
    }
}

/// How a session stands to its identity's second factor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Factor {
    /// The identity has none.
    Missing,
    /// It has one, and no code of it was given in this session.
    Asked,
    /// A code of it was given.
    Given,
}

/// What is known of a session when its next stage is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The second factor.
    pub factor: Factor,
    /// ACC-8: whether the password was a one-time passcode, to be followed by a new password.
    pub owes_password: bool,
    /// ACC-7, ACC-8, ORG-9: whether there has to be a second factor.
    pub needs_factor: bool,
    /// Whether an account is chosen.
    pub chosen: bool,
}

impl Standing {
    /// The one place that decides what comes next; nothing when the session is in.
    pub const fn next(self) -> Option<Stage> {
        match self {
            Self { factor: Factor::Asked, .. } => Some(Stage::Code),
            Self { owes_password: true, .. } => Some(Stage::Password),
            Self { factor: Factor::Missing, needs_factor: true, .. } => Some(Stage::SetUp),
            Self { chosen: false, .. } => Some(Stage::Choice),
            Self { .. } => None,
        }
    }
}

/// How strictly ACC-7 and ORG-9 are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Demand {
    /// As the rules say.
    AsRuled,
    /// Nobody has to set one up; whoever has one is asked for it. The demo's way.
    Optional,
}

/// What a session begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// A password, or a mailed link.
    Password,
    /// That, and a code of the second factor.
    Both,
}
