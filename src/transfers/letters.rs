//! What the partners concerned are told of a transfer (PAR-4, MAI-4). It holds no secret.

use maud::html;

use crate::kernel::ids::PartnerId;
use crate::kernel::time::Zone;
use crate::mail::model::{BASE, Content};
use crate::transfers::model::Transfer;

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

/// To the sides: it happened.
pub fn done(told: &Told<'_>) -> Content {
    let transfer = told.transfer;
    let arrived = if transfer.holder.partner == told.reader {
        "What you keep of it is your activity log and past statements."
    } else {
        "Its SaaS accounts are unlinked: confirm each by linking it."
    };
    write(
        told,
        &format!("{} was transferred", transfer.name),
        &[
            format!(
                "{} is no longer with {}, and belongs to {} now.",
                transfer.name,
                transfer.holder.name,
                transfer.receiver_for(told.reader)
            ),
            arrived.to_owned(),
        ],
    )
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
