//! A letter, finished but for the two things only the moment of opening or sending knows.

use crate::access::roles_model::Role;
use crate::kernel::ids::{AccountId, IdentityId, LetterId, LinkId, OrganizationId, PartnerId};
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

/// Stands in a letter's text for the portal's public address. Names cannot contain it (`text::line` refuses it).
pub const BASE: char = '\u{e100}';
/// Stands in a letter's text for the secret link.
pub const LINK: char = '\u{e101}';

text_enum!(
    /// What a letter is about.
    LetterKind {
        /// USR-6: a new organization user.
        Welcome = "welcome",
        /// A new employee.
        Invitation = "invitation",
        /// ACC-15: an account for an identity that has a password.
        FurtherAccount = "further_account",
        /// ACC-9.
        Reset = "reset",
        /// ACC-8.
        Passcode = "passcode",
        /// Anything without a secret.
        Notice = "notice",
    }
);

impl LetterKind {
    /// As the outbox shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Welcome => "Welcome",
            Self::Invitation => "Invitation",
            Self::FurtherAccount => "Further account",
            Self::Reset => "Reset password",
            Self::Passcode => "One-time passcode",
            Self::Notice => "Notice",
        }
    }
}

text_enum!(
    /// Where a letter is on its way.
    LetterState {
        /// Waiting for the delivery job.
        Queued = "queued",
        /// Kept for reading here; delivery is "hold".
        Held = "held",
        /// Handed over.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
);

/// A letter to write.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Whose outbox.
    pub partner: PartnerId,
    /// The organization it concerns; its letters go with it (ORG-8).
    pub organization: Option<OrganizationId>,
    /// The receiver's account.
    pub account: Option<AccountId>,
    /// The receiver's identity.
    pub identity: Option<IdentityId>,
    /// What about.
    pub kind: LetterKind,
    /// The receiver's name.
    pub to_name: String,
    /// The receiver's address.
    pub to_email: String,
    /// Subject, text and HTML.
    pub content: Content,
    /// The link it carries and that link's token; text and HTML hold `LINK` where the address belongs.
    pub link: Option<(LinkId, String)>,
}

/// What a letter says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// For a text browser.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Whether a step wrote one letter or several.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrote {
    /// One.
    One,
    /// More than one.
    Several,
    /// One with a one-time passcode in it (ACC-8).
    Passcode,
}

/// Who can open a letter that is held, seen by the person who caused it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpenedBy {
    /// That person.
    Oneself,
    /// Whoever runs the portal.
    Others,
    /// Somebody above the receiver's role (MAI-3).
    HigherRole,
}

impl Wrote {
    /// MAI-1: where letters are held nobody gets one unless somebody passes its link on. What to do about it, after a sentence.
    pub const fn held(self, by: OpenedBy) -> &'static str {
        match (by, self) {
            (OpenedBy::Oneself, Self::One) => " The letter waits in the Outbox: read it there and pass its link on.",
            (OpenedBy::Oneself, Self::Passcode) => " The letter waits in the Outbox: read it there and pass the passcode on.",
            (OpenedBy::Others, Self::Passcode) => " The letter waits in the Outbox: ask a Security Admin to pass the passcode on.",
            (OpenedBy::HigherRole, Self::Passcode) => {
                " The letter waits in the Outbox: ask somebody above their role to pass the passcode on."
            }
            (OpenedBy::Oneself, Self::Several) => " The letters wait in the Outbox: read them there and pass their links on.",
            (OpenedBy::Others, Self::One) => " The letter waits in the Outbox: ask whoever runs the portal to pass its link on.",
            (OpenedBy::Others, Self::Several) => " The letters wait in the Outbox: ask whoever runs the portal to pass their links on.",
            (OpenedBy::HigherRole, Self::One) => " The letter waits in the Outbox: ask somebody above their role to pass its link on.",
            (OpenedBy::HigherRole, Self::Several) => {
                " The letters wait in the Outbox: ask somebody above their roles to pass their links on."
            }
        }
    }
}

impl LetterState {
    /// As the outbox shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Queued => "Waiting",
            Self::Held => "Held here",
            Self::Delivered => "Delivered",
            Self::Failed => "Failed",
        }
    }
}

/// A letter as the outbox lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: LetterId,
    /// What about.
    pub kind: LetterKind,
    /// The receiver's name.
    pub to_name: String,
    /// The receiver's address.
    pub to_email: String,
    /// One line.
    pub subject: String,
    /// Where it is on its way.
    pub state: LetterState,
    /// How often delivery was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When the next try is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was handed over.
    pub delivered_at: Option<Timestamp>,
    /// The organization it concerns.
    pub organization: Option<OrganizationId>,
    /// The receiver's identity.
    pub identity: Option<IdentityId>,
    /// The highest role among that identity's accounts.
    pub highest: Option<Role>,
    /// EMP-4: whether one of those accounts sees what the one who looks does not.
    pub further: bool,
}

/// A letter with its content.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What the outbox lists.
    pub listed: Listed,
    /// The partner that sends it.
    pub partner_name: String,
    /// Whether that is the operating partner.
    pub of_operating_partner: bool,
    /// When its three days began (MAI-2).
    pub trying_since: Timestamp,
    /// Subject, text and HTML, with `BASE` and `LINK` in them.
    pub content: Content,
    /// The link's token while the link works.
    pub token: Option<String>,
    /// BRA-5: what stands above it where its receiver sees the partner's look (ORG-10) and the partner has a logo. Letters to the partner's own
    /// people have none: the logo is the one for all organizations.
    pub letterhead: Option<Letterhead>,
}

/// The logo above a letter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letterhead {
    /// What the partner calls its portal, or the partner's name.
    pub name: String,
    /// The country whose partners may have no look of their own (BRA-2).
    pub country: String,
    /// The logo's name under `/brand/`.
    pub file: String,
    /// `image/png`.
    pub content_type: String,
    /// All of it.
    pub bytes: Vec<u8>,
    /// How wide it is, in pixels.
    pub width: i64,
    /// How high it is, in pixels.
    pub height: i64,
}

impl Letterhead {
    /// How wide and high it is shown, in pixels: no higher than a few lines.
    pub fn shown(&self) -> (i64, i64) {
        let height = self.height.clamp(1, LETTERHEAD);
        ((self.width * height / self.height.max(1)).max(1), height)
    }
}

/// A logo is shown no higher, in pixels; those of 160 pixels are sharp then on any screen.
const LETTERHEAD: i64 = 48;

/// What stands in place of a link that works no more.
pub const DEAD_LINK: &str = "(this link has been used or has expired)";

/// What stands in place of a one-time passcode that works no more.
pub const DEAD_PASSCODE: &str = "(this passcode has been used or has expired)";

/// Why a letter is not sent whose link works no more.
pub const LINK_HAS_EXPIRED: &str =
    "It was not sent, since its link has expired or was replaced by a newer letter\u{2019}s. Where one is needed, send a new letter.";

impl Kept {
    /// Whether it would arrive with a link that works no more.
    pub fn has_dead_link(&self) -> bool {
        self.token.is_none() && (self.content.text.contains(LINK) || self.content.html.contains(LINK))
    }

    /// The content as it is at this moment: with the portal's address, and the link while it works (MAI-3).
    pub fn finished(&self, public_url: &str) -> Content {
        let link = format!("{BASE}/links/{LINK}");
        let fill = |text: &str| match &self.token {
            Some(token) => text.replace(LINK, token).replace(BASE, public_url),
            None => text.replace(&link, DEAD_LINK).replace(LINK, DEAD_PASSCODE).replace(BASE, public_url),
        };
        Content { subject: self.content.subject.clone(), text: fill(&self.content.text), html: fill(&self.content.html) }
    }
}

/// Which page of the outbox, newest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// The first.
    Newest,
    /// Letters older than this one.
    Before(Timestamp, LetterId),
    /// Letters newer than this one.
    After(Timestamp, LetterId),
}

/// MAI-2: how long delivery is tried.
pub const TRY_FOR: Span = Span::days(3);
/// MAI-2: the first pause; each further one is three times as long.
pub const FIRST_PAUSE: Span = Span::minutes(1);
/// MAI-2: no pause is longer.
pub const LONGEST_PAUSE: Span = Span::hours(8);

/// MAI-2: when a letter is tried again after so many failed tries; `None` when three days are over. The last try is at three days.
pub fn next_attempt(trying_since: Timestamp, failures: i64, now: Timestamp) -> Option<Timestamp> {
    let end = trying_since + TRY_FOR;
    if now >= end {
        return None;
    }
    let growth = u32::try_from(failures.clamp(1, 20) - 1).unwrap_or(0);
    let pause = Span(FIRST_PAUSE.0.saturating_mul(3_i64.saturating_pow(growth)).min(LONGEST_PAUSE.0));
    Some((now + pause).min(end))
}
