//! A kept letter as a message (MAI-1, MAI-4): text and the same as HTML, from the one sender address.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::{Mailbox, MultiPart};

use crate::kernel::time::Timestamp;
use crate::mail::model::Kept;

/// The whole message, or in a sentence why there can be none.
pub fn message(letter: &Kept, public_url: &str, now: Timestamp) -> Result<Vec<u8>, String> {
    let listed = &letter.listed;
    let content = letter.finished(public_url);
    let domain = sender_domain(public_url);
    let from = format!("noreply@{domain}").parse().map_err(|error| format!("The sender address cannot be used ({error})."))?;
    let to = listed.to_email.parse().map_err(|error| format!("The address {} cannot be used ({error}).", listed.to_email))?;
    let sent = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or_default());
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title>{}</html>",
        escape(&content.subject),
        content.html
    );
    Message::builder()
        .from(Mailbox::new(Some(letter.partner_name.clone()), from))
        .to(Mailbox::new(Some(listed.to_name.clone()), to))
        .subject(content.subject)
        .date(sent)
        .message_id(Some(format!("<{}@{domain}>", listed.id)))
        .multipart(MultiPart::alternative_plain_html(content.text, page))
        .map(|message| message.formatted())
        .map_err(|error| format!("The letter cannot be written as a message ({error})."))
}

fn escape(text: &str) -> String {
    maud::html! { (text) }.into_string()
}

/// The public address's host; a bare IP address has no mailbox, so this machine's name stands in.
fn sender_domain(public_url: &str) -> &str {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.is_empty() || name.starts_with('[') || name.parse::<std::net::IpAddr>().is_ok() { "localhost" } else { name }
}
