//! A kept letter as a message (MAI-1, MAI-4): text and the same as HTML, from the one sender address.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::kernel::time::Timestamp;
use crate::mail::model::{Content, Kept, Letterhead};
use crate::mail::settings_model::Sender;

/// A message, ready to be handed over.
#[derive(Debug)]
pub struct Post {
    /// The sender's address.
    pub from: Address,
    /// The receiver's.
    pub to: Address,
    /// Head and body.
    pub message: Vec<u8>,
}

/// The whole message, or in a sentence why there can be none. It is the same at every try: its number, and the date when it was
/// written. It says that no person wrote it (RFC 3834), so that no holiday notice answers it. Answers go to the sender's address, which
/// the operating partner chose; whoever else might want them (the partner's primary account) did not ask for a stranger's mail.
/// `head` stands above it: the logo travels with the letter, so that nothing is loaded from elsewhere.
pub fn message(letter: &Kept, head: Option<&Letterhead>, number: &str, sender: &Sender, public_url: &str) -> Result<Post, String> {
    let listed = &letter.listed;
    let content = letter.finished(public_url);
    let own_name = sender.name.as_ref().filter(|_| letter.of_operating_partner);
    let envelope = Envelope {
        from_name: own_name.unwrap_or(&letter.partner_name),
        from: &sender.address,
        to_name: &listed.to_name,
        to: &listed.to_email,
        number,
        written: listed.created_at,
    };
    write(&envelope, content, head)
}

/// What stands around a letter's content.
struct Envelope<'a> {
    from_name: &'a str,
    from: &'a str,
    to_name: &'a str,
    to: &'a str,
    number: &'a str,
    written: Timestamp,
}

fn write(envelope: &Envelope<'_>, content: Content, head: Option<&Letterhead>) -> Result<Post, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|error| format!("The address {text} cannot be used ({error})."));
    let (from, to) = (address(envelope.from)?, address(envelope.to)?);
    let written = UNIX_EPOCH + Duration::from_millis(u64::try_from(envelope.written.0).unwrap_or_default());
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title>{}{}</html>",
        escape(&content.subject),
        head.map_or_else(String::new, |head| letterhead(head).into_string()),
        content.html
    );
    let parts = match head {
        None => MultiPart::alternative_plain_html(content.text, page),
        Some(head) => {
            let kind = head.content_type.parse().map_err(|error| format!("The logo cannot be sent ({error})."))?;
            let logo = Attachment::new_inline_with_name(LOGO.to_owned(), one_line(&head.file)).body(head.bytes.clone(), kind);
            let shown = MultiPart::related().singlepart(SinglePart::html(page)).singlepart(logo);
            MultiPart::alternative().singlepart(SinglePart::plain(content.text)).multipart(shown)
        }
    };
    let by_a_program = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let message = Message::builder()
        .from(Mailbox::new(Some(one_line(envelope.from_name)), from.clone()))
        .to(Mailbox::new(Some(one_line(envelope.to_name)), to.clone()))
        .subject(one_line(&content.subject))
        .date(written)
        .message_id(Some(format!("<{}>", one_line(envelope.number))))
        .raw_header(by_a_program)
        .multipart(parts)
        .map_err(|error| format!("The letter cannot be written as a message ({error})."))?;
    Ok(Post { from, to, message: message.formatted() })
}

/// By which name a letter's page finds its logo.
const LOGO: &str = "logo";

fn letterhead(head: &Letterhead) -> maud::Markup {
    let (width, height) = head.shown();
    maud::html! { p { img src={ "cid:" (LOGO) } alt=(head.name) width=(width) height=(height); } }
}

/// The test letter of the Mail page, to whoever asked for it.
pub fn test(to: (&str, &str), partner: &str, sender: &Sender, number: &str, now: Timestamp) -> Result<Post, String> {
    let text = format!("Hello {},\n\nthis letter tests how Portico sends letters for {partner}. It arrived, so they do arrive.\n", to.0);
    let html = maud::html! {
        p { "Hello " (to.0) "," }
        p { "this letter tests how Portico sends letters for " (partner) ". It arrived, so they do arrive." }
    };
    let content = Content { subject: format!("{partner}: Test letter"), text, html: html.into_string() };
    let envelope = Envelope {
        from_name: sender.name.as_deref().unwrap_or(partner),
        from: &sender.address,
        to_name: to.0,
        to: to.1,
        number,
        written: now,
    };
    write(&envelope, content, None)
}

/// Names and subjects were parsed into one line when they came in; whatever else stands in the database cannot begin a header.
fn one_line(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

fn escape(text: &str) -> String {
    maud::html! { (text) }.into_string()
}

/// The public address's host; a bare IP address has no mailbox, so this machine's name stands in.
pub fn public_domain(public_url: &str) -> &str {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.is_empty() || name.starts_with('[') || name.parse::<std::net::IpAddr>().is_ok() { "localhost" } else { name }
}
