//! A letter, finished but for the two things only the moment of opening or sending knows.

use crate::kernel::ids::{AccountId, IdentityId, LinkId, OrganizationId, PartnerId};
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
