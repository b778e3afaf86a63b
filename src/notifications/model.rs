//! The rows of Notification Settings. Pure.

use crate::activity::model::Change;
use crate::text_enum;

text_enum!(
    /// NOT-1: a letter that Portico writes to the people of an organization, and that a partner can switch off.
    Notice {
        /// SUB-8: the sign-in letter to the contact of a new organization.
        OrganizationCreated = "organization_created",
        /// ACC-4: a user who was deactivated can sign in again.
        AccountReactivated = "account_reactivated",
        /// ACC-2: somebody who was invited has set a password; to the organization's Owner.
        UserSetUp = "user_set_up",
        /// SUB-11: the organization was unsubscribed, and the 45 days begin.
        Unsubscribed = "unsubscribed",
        /// SUB-11: the 45 days are ending.
        GraceEnding = "grace_ending",
        /// SUB-4: the organization was reactivated.
        Reactivated = "reactivated",
        /// PAR-4: somebody asks for one of the partner's organizations or accounts to go to another one.
        TransferAsked = "transfer_asked",
        /// PAR-6: the organization came from another partner.
        Transferred = "transferred",
        /// DEV-6: a rule of Alert settings came true.
        AlertRaised = "alert_raised",
    }
);

impl Notice {
    /// As its box says it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::OrganizationCreated => "Organization first created",
            Self::AccountReactivated => "Deactivated account reactivated",
            Self::UserSetUp => "Invited user has set a password",
            Self::Unsubscribed => "Organization unsubscribed",
            Self::GraceEnding => "Grace period is ending",
            Self::Reactivated => "Organization reactivated",
            Self::TransferAsked => "Transfer asked for",
            Self::Transferred => "Organization transferred",
            Self::AlertRaised => "Alert raised",
        }
    }

    /// What is written, to whom.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::OrganizationCreated => {
                "Send sign in: the sign-in address and a link to set the password, to the contact. Off hides Send sign in."
            }
            Self::AccountReactivated => "To the user, who can sign in again.",
            Self::UserSetUp => "To the organization's Owner.",
            Self::Unsubscribed => "To the organization's users, when the 45 days begin.",
            Self::GraceEnding => "To the organization's users, with 14, 3 and 1 days left.",
            Self::Reactivated => {
                "To the organization's users, who can sign in again, and to your primary account, Security Admins and Admins."
            }
            Self::TransferAsked => {
                "To your primary account, Security Admins and Admins, when one of your organizations or SaaS accounts is to go to another partner."
            }
            Self::Transferred => "To the users of an organization that came to you: whose it is now, and where they sign in.",
            Self::AlertRaised => {
                "When a rule of Alert settings comes true, to whom the rule names. Off, no alert writes a letter, nor one that an organization's users set."
            }
        }
    }

    /// Whether it is written until somebody chooses.
    pub const fn default(self) -> bool {
        match self {
            Self::OrganizationCreated
            | Self::Unsubscribed
            | Self::GraceEnding
            | Self::Reactivated
            | Self::TransferAsked
            | Self::Transferred
            | Self::AlertRaised => true,
            Self::AccountReactivated | Self::UserSetUp => false,
        }
    }
}

/// A section of the page.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Names its element.
    pub id: &'static str,
    /// The rows.
    pub notices: &'static [Notice],
}

/// The sections. Of the vendor's rows those stand here for which Portico writes a letter: a switch that switches nothing is none.
pub const SECTIONS: &[Section] = &[
    Section {
        title: "User Management Notification",
        id: "user-management",
        notices: &[
            Notice::OrganizationCreated,
            Notice::AccountReactivated,
            Notice::UserSetUp,
            Notice::Unsubscribed,
            Notice::GraceEnding,
            Notice::Reactivated,
        ],
    },
    Section { title: "Transfer Notification", id: "transfers", notices: &[Notice::TransferAsked, Notice::Transferred] },
    Section { title: "Alert Notification", id: "alerts", notices: &[Notice::AlertRaised] },
];

/// Why the vendor's other sections have no switches.
pub const BY_THE_VENDOR: &str = "Backup, download and compliance notifications come from the vendor's service, which makes the backups, prepares the downloads and keeps the searches. What it reports stands on Home, on SaaS Protection Status, and in the letter Errors.";

/// The letters that the page offers, in its order.
pub fn offered() -> impl Iterator<Item = Notice> {
    SECTIONS.iter().flat_map(|section| section.notices).copied()
}

/// What a change of one letter is in the log.
pub fn change(notice: Notice, before: bool, after: bool) -> Option<Change> {
    let word = |wanted: bool| if wanted { "On" } else { "Off" };
    Change::between(notice.shown(), word(before), word(after))
}
