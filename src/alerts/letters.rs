//! The letter that says that a rule has come true (DEV-6, MAI-4). It holds no secret.

use maud::html;

use crate::mail::model::{BASE, Content};

/// Lines in a letter; the page has all of them.
const LINES: usize = 20;

/// What a letter tells.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// The receiver's full name.
    pub name: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The organization's name, or the partner's.
    pub about: &'a str,
    /// The rule: "Warning: device not seen for more than 20 minutes".
    pub rule: &'a str,
    /// What it says, a line a thing.
    pub says: &'a [String],
    /// The path of the settings.
    pub path: &'a str,
}

/// What came true, of what, and that it is said once.
pub fn alert(of: Alert<'_>) -> Content {
    let head = format!("{}. {}.", of.about, of.rule);
    let mut lines: Vec<String> = of.says.iter().take(LINES).cloned().collect();
    if LINES < of.says.len() {
        lines.push(format!("and {} more", of.says.len() - LINES));
    }
    let once = "No other letter about this rule follows until it has been over. What is watched, and who is told, is set here:";
    let link = format!("{BASE}{}", of.path);
    let list = lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
    let blocks = [format!("Hello {},", of.name), head.clone(), list, once.to_owned(), link.clone(), of.partner.to_owned()];
    let page = html! {
        p { "Hello " (of.name) "," }
        p { strong { (head) } }
        ul { @for line in &lines { li { (line) } } }
        p { (once) }
        p { a href=(link) { (link) } }
        p { (of.partner) }
    };
    Content { subject: format!("{}: {}", of.about, of.rule), text: format!("{}\n", blocks.join("\n\n")), html: page.into_string() }
}
