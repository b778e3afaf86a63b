//! What the partners concerned are told of a transfer (PAR-4, MAI-4). It holds no secret.

use maud::html;

use crate::kernel::ids::PartnerId;
use crate::kernel::time::Zone;
use crate::mail::model::{BASE, Content};
use crate::transfers::model::{State, Thing, Transfer};

/// Who is told of which transfer.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The reader's full name.
    pub name: &'a str,
    /// Their partner's name.
    pub partner: &'a str,
    /// Their partner, which knows of the transfer what is its own to know.
    pub reader: PartnerId,
    /// The transfer.
    pub transfer: &'a Transfer,
}

/// To the validator: what was asked for, and what to do.
pub fn asked(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    let (from, to) = (&transfer.holder.name, transfer.receiver_for(told.reader));
    write(
        told,
        &format!("A transfer of {} waits for you", transfer.name),
        &[
            format!("{} asked for the transfer of {} from {from} to {to}.", transfer.asked_by, transfer.name),
            "It is yours to validate. The page shows what goes and what does not; what nobody validates within 60 days lapses.".to_owned(),
        ],
    )
}

/// To the sides: it was validated, and when it happens.
pub fn validated(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    let due = transfer.due_at.map(|due| Zone::utc().exact(due)).unwrap_or_default();
    write(
        told,
        &format!("The transfer of {} is validated", transfer.name),
        &[
            format!("{} goes from {} to {} on {due}.", transfer.name, transfer.holder.name, transfer.receiver_for(told.reader)),
            "Either side can withdraw it until then.".to_owned(),
        ],
    )
}

/// To the losing partner's own people: somebody asks for it to go.
pub fn asked_of_yours(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    write(
        told,
        &format!("{} is to go to another partner", transfer.name),
        &[
            format!("{} asked for the transfer of {} to the partner {}.", transfer.asked_by, transfer.name, transfer.receiver_id),
            "Nothing has moved. It goes on the first day of the month after it is validated; what nobody validates within 60 days lapses."
                .to_owned(),
            "The page shows what would go and what would stay. You can withdraw it there until the cut-off date.".to_owned(),
        ],
    )
}

/// To the sides: it happened.
pub fn done(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    if transfer.holder.partner == told.reader {
        let to = transfer.receiver_for(told.reader);
        let lines = [
            format!("{} went to {to}, and is no longer yours.", transfer.name),
            "What you keep of it is your activity log and past statements.".to_owned(),
        ];
        return write(told, &format!("{} went to {to}", transfer.name), &lines);
    }
    let (what, next) = match transfer.thing {
        Thing::Organization(organization) => (
            "Its users sign in at your partner's address from now on, and its subscription is billed by you.",
            format!(
                "Its SaaS accounts arrived linked to no organization: link each to {} to confirm it. Begin here: {BASE}/organizations/{organization}",
                transfer.name
            ),
        ),
        Thing::SaasAccount(account) => (
            "Its organization stayed where it was.",
            format!("It arrived linked to no organization: link it to one of yours to confirm it: {BASE}/saas/{account}"),
        ),
    };
    write(
        told,
        &format!("{} is yours now", transfer.name),
        &[format!("{} came to you from {}. {what}", transfer.name, transfer.holder.name), next],
    )
}

/// To the other side: it was refused or withdrawn, and why.
pub fn ended(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    let by = transfer.ended_by.as_deref().unwrap_or("Somebody");
    let what = if transfer.state == State::Refused { "refused" } else { "withdrew" };
    write(
        told,
        &format!("The transfer of {} was {}", transfer.name, transfer.state.shown().to_lowercase()),
        &[
            format!("{by} {what} the transfer of {}. Nothing moves.", transfer.name),
            transfer.reason.as_ref().map_or_else(|| "No reason was given.".to_owned(), |reason| format!("The reason given: {reason}")),
        ],
    )
}

/// What the users of an organization that moved are told.
#[derive(Clone, Copy, Debug)]
pub struct Moved<'a> {
    /// The reader's full name.
    pub name: &'a str,
    /// What they sign in with.
    pub email: &'a str,
    /// The new partner's name.
    pub partner: &'a str,
    /// The last part of its sign-in address.
    pub slug: &'a str,
    /// The organization's name.
    pub organization: &'a str,
    /// The partner it was with.
    pub from: &'a str,
    /// Whether one can sign in to it: it is neither suspended nor unsubscribed.
    pub open: bool,
}

/// PAR-6: to a user who kept what they sign in with: who looks after their organization now, and where they sign in.
pub fn moved(of: Moved<'_>) -> Content {
    let what = format!("{} is looked after by {} from now on, and no longer by {}.", of.organization, of.partner, of.from);
    let address = format!("{BASE}/p/{}/sign-in", of.slug);
    let how = if of.open {
        format!("Sign in here from now on, with {} and the password you have:", of.email)
    } else {
        format!(
            "Nobody can sign in to it at the moment; ask {} about that. Once it is active again, sign in here, with {} and the password you have:",
            of.partner, of.email
        )
    };
    let rest = format!("The backups of {} were not touched. Questions about them go to {} now.", of.organization, of.partner);
    let blocks = [format!("Hello {},", of.name), what.clone(), how.clone(), address.clone(), rest.clone(), of.partner.to_owned()];
    let page = html! {
        p { "Hello " (of.name) "," }
        p { strong { (what) } }
        p { (how) }
        p { a href=(address) { (address) } }
        p { (rest) }
        p { (of.partner) }
    };
    Content {
        subject: format!("{}: we look after {} now", of.partner, of.organization),
        text: format!("{}\n", blocks.join("\n\n")),
        html: page.into_string(),
    }
}

/// To the sides: it could not be carried out.
pub fn failed(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    write(
        told,
        &format!("{} could not be transferred", transfer.name),
        &[transfer.reason.clone().unwrap_or_default(), "Nothing was changed. It can be asked for again.".to_owned()],
    )
}

fn write(told: &Told<'_>, subject: &str, lines: &[String]) -> Content {
    let link = format!("{BASE}/transfers/{}", told.transfer.id);
    let text = format!("Hello {},\n\n{}\n\n{link}\n\n{}\n", told.name, lines.join("\n\n"), told.partner);
    let page = html! {
        p { "Hello " (told.name) "," }
        @for line in lines { p { (line) } }
        p { a href=(link) { (link) } }
        p { (told.partner) }
    };
    Content { subject: format!("{}: {subject}", told.partner), text, html: page.into_string() }
}
