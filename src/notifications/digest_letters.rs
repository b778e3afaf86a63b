//! A partner's own letters as they are read (NOT-1, MAI-4). They hold no secret.

use maud::html;

use crate::mail::model::{BASE, Content};
use crate::notifications::digest_model::{Block, Digest, Every};

/// What a letter is about.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// The reader's full name.
    pub name: &'a str,
    /// Their partner's name.
    pub partner: &'a str,
    /// Which one.
    pub digest: Digest,
    /// How often they get it.
    pub every: Every,
    /// The day it is of, in UTC.
    pub day: &'a str,
    /// What it tells.
    pub blocks: &'a [Block],
}

/// What there is to tell, the page behind each part, and where the letter is switched off.
pub fn digest(of: Letter<'_>) -> Content {
    let settings = format!("{BASE}/notification-settings");
    let end = format!("You get this letter {}. Notification Settings say how often:", of.every.word());
    let parts: Vec<String> = of.blocks.iter().map(plain).collect();
    let text = format!("Hello {},\n\n{}\n{end}\n{settings}\n\n{}\n", of.name, parts.join("\n"), of.partner);
    let page = html! {
        p { "Hello " (of.name) "," }
        @for block in of.blocks {
            p { strong { (block.title) } }
            ul {
                @for (what, below) in &block.lines { li { (what) ": " (below) } }
                @if let Some(rest) = &block.rest { li { (rest) } }
            }
            @let href = format!("{BASE}{}", block.href);
            p { a href=(href) { (href) } }
        }
        p { (end) " " a href=(settings) { (settings) } }
        p { (of.partner) }
    };
    Content { subject: format!("{}: {} of {}", of.partner, of.digest.shown(), of.day), text, html: page.into_string() }
}

/// A part in plain text, a line for each thing.
fn plain(block: &Block) -> String {
    let lines = block.lines.iter().map(|(what, below)| format!("- {what}: {below}\n"));
    let rest = block.rest.iter().map(|rest| format!("- {rest}\n"));
    format!("{}\n{}{BASE}{}\n", block.title, lines.chain(rest).collect::<String>(), block.href)
}
