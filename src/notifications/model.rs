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
        }
    }

    /// Whether it is written until somebody chooses.
    pub const fn default(self) -> bool {
        match self {
            Self::OrganizationCreated | Self::Unsubscribed | Self::GraceEnding => true,
            Self::AccountReactivated | Self::UserSetUp => false,
        }
    }
}

/// One row of a section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    /// A letter that Portico writes.
    Written(Notice),
    /// A row of the vendor's for which Portico writes none.
    Never(&'static str),
}

/// A section of the page.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Names its element.
    pub id: &'static str,
    /// What is to be known about all its rows.
    pub note: Option<&'static str>,
    /// The rows.
    pub lines: &'static [Line],
}

/// The sections in the vendor's order.
pub const SECTIONS: &[Section] = &[
    Section {
        title: "User Management Notification",
        id: "user-management",
        note: None,
        lines: &[
            Line::Written(Notice::OrganizationCreated),
            Line::Written(Notice::AccountReactivated),
            Line::Written(Notice::UserSetUp),
            Line::Written(Notice::Unsubscribed),
            Line::Written(Notice::GraceEnding),
            Line::Never("Sign-in of an organization disabled or enabled"),
        ],
    },
    Section {
        title: "Backup Notification",
        id: "backup",
        note: Some("Backups are made by the vendor's service. What it reports stands on Home and on SaaS Protection Status."),
        lines: &[
            Line::Never("Backup or archiving completed"),
            Line::Never("Backup out of space, or reaching its limit"),
            Line::Never("Error in the backup process"),
            Line::Never("Mailbox or group mailbox deactivated"),
        ],
    },
    Section {
        title: "Download Notification",
        id: "download",
        note: Some("Downloads are prepared by the vendor's service."),
        lines: &[Line::Never("Download is ready")],
    },
    Section {
        title: "Compliance Notification",
        id: "compliance",
        note: Some("Searches in an archive are kept by the vendor's service."),
        lines: &[Line::Never("New results of a saved search")],
    },
];

/// The letters that the page offers, in its order.
pub fn offered() -> impl Iterator<Item = Notice> {
    SECTIONS.iter().flat_map(|section| section.lines).filter_map(|line| match line {
        Line::Written(notice) => Some(*notice),
        Line::Never(_) => None,
    })
}

/// What a change of one letter is in the log.
pub fn change(notice: Notice, before: bool, after: bool) -> Option<Change> {
    let word = |wanted: bool| if wanted { "On" } else { "Off" };
    Change::between(notice.shown(), word(before), word(after))
}
