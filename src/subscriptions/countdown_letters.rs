//! The letters that say how long an unsubscribed organization can still come back (SUB-11, MAI-4). They hold no secret.

use maud::html;

use crate::kernel::ids::OrganizationId;
use crate::mail::model::{BASE, Content};

/// Whom a letter is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receiver {
    /// A user of the organization, who cannot sign in to it meanwhile.
    User,
    /// Somebody on the partner's staff who can reactivate it.
    Admin,
}

/// What a letter tells.
#[derive(Clone, Copy, Debug)]
pub struct Countdown<'a> {
    /// The receiver's full name.
    pub name: &'a str,
    /// What they may do about it.
    pub receiver: Receiver,
    /// The partner's name.
    pub partner: &'a str,
    /// Which organization.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: &'a str,
    /// Since when it is unsubscribed, in UTC.
    pub since: &'a str,
    /// When everything is destroyed, in UTC.
    pub end: &'a str,
    /// What is left: "14 days".
    pub left: &'a str,
}

/// Since when, until when, what happens then, and what can be done.
pub fn countdown(of: Countdown<'_>) -> Content {
    let Countdown { organization_name: organization, partner, .. } = of;
    let stopped =
        format!("{organization} is unsubscribed since {}: its backups have stopped, and its users cannot sign in to it.", of.since);
    let end = format!(
        "It can come back until {}, in {}. At that moment it is deleted by itself, and all its backup data is destroyed for good.",
        of.end, of.left
    );
    let (ask, link) = match of.receiver {
        Receiver::User => (format!("If you want to keep it, ask {partner} to reactivate it before then."), None),
        Receiver::Admin => (
            "Reactivate it before then to keep everything as it was:".to_owned(),
            Some(format!("{BASE}/organizations/{}", of.organization)),
        ),
    };
    let mut blocks = vec![format!("Hello {},", of.name), stopped.clone(), end.clone(), ask.clone()];
    blocks.extend(link.clone());
    blocks.push(partner.to_owned());
    let page = html! {
        p { "Hello " (of.name) "," }
        p { (stopped) }
        p { strong { (end) } }
        p { (ask) }
        @if let Some(link) = &link { p { a href=(link) { (link) } } }
        p { (partner) }
    };
    Content {
        subject: format!("{partner}: {} left until the backups of {organization} are destroyed", of.left),
        text: format!("{}\n", blocks.join("\n\n")),
        html: page.into_string(),
    }
}

/// What a letter about an organization that is back tells.
#[derive(Clone, Copy, Debug)]
pub struct Back<'a> {
    /// The receiver's full name.
    pub name: &'a str,
    /// What they can do now.
    pub receiver: Receiver,
    /// The partner's name.
    pub partner: &'a str,
    /// The last part of its sign-in address.
    pub slug: &'a str,
    /// Which organization.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: &'a str,
    /// What it was until now: "suspended".
    pub was: &'a str,
    /// When it was reactivated, in UTC.
    pub at: &'a str,
}

/// SUB-4: that it is active again, and what that means for the reader.
pub fn back(of: Back<'_>) -> Content {
    let Back { organization_name: organization, partner, .. } = of;
    let what = format!("{organization} was {} and is active again since {}. Its backups go on, and nothing of it is lost.", of.was, of.at);
    let (then, link) = match of.receiver {
        Receiver::User => ("You can sign in to it again:".to_owned(), format!("{BASE}/p/{}/sign-in", of.slug)),
        Receiver::Admin => {
            ("Its users can sign in again. No end is due any more:".to_owned(), format!("{BASE}/organizations/{}", of.organization))
        }
    };
    let blocks = [format!("Hello {},", of.name), what.clone(), then.clone(), link.clone(), partner.to_owned()];
    let page = html! {
        p { "Hello " (of.name) "," }
        p { strong { (what) } }
        p { (then) }
        p { a href=(link) { (link) } }
        p { (partner) }
    };
    Content {
        subject: format!("{partner}: {organization} is active again"),
        text: format!("{}\n", blocks.join("\n\n")),
        html: page.into_string(),
    }
}
