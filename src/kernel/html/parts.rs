//! What pages are made of: cards, badges, alerts, empty states, dialogs, menus.

use maud::{Markup, Render, html};

use crate::kernel::html::{
    form::{self, ButtonKind},
    frame::{Alert, Tone},
    icons::{Icon, icon, large_icon},
    text::{Value, Words},
};

/// A card with a heading, perhaps a count beside it and actions at the right. The body brings its own padding
/// (`padded`, `definition_list`, `settings_row`, a bare table).
#[expect(clippy::needless_pass_by_value, reason = "a page hands over what it has just made")]
pub fn card(id: &str, title: &str, count: Option<&str>, actions: Option<Markup>, body: Markup) -> Markup {
    html! {
        section.card id=(id) aria-labelledby={ (id) "-title" } {
            header.card-head {
                h2 id={ (id) "-title" } { (title) }
                @if let Some(count) = count { span.card-count { (count) } }
                @if let Some(actions) = actions { div.actions { (actions) } }
            }
            (body)
        }
    }
}

/// Content with the padding of a card.
pub fn padded(content: &Markup) -> Markup {
    html! { div.padded { (content) } }
}

/// Two columns of cards, one below the other on a narrow screen.
pub fn columns(left: &Markup, right: &Markup) -> Markup {
    html! { div.columns { div.stack { (left) } div.stack { (right) } } }
}

/// Cards below each other at the usual distance.
pub fn stack(content: &Markup) -> Markup {
    html! { div.stack { (content) } }
}

/// A name over a smaller line, in a cell of a list.
pub fn two_lines(name: impl Render, below: impl Render) -> Markup {
    TwoLines(name, below).render()
}

/// The same, written straight into the page: for long lists.
#[derive(Debug, Clone, Copy)]
pub struct TwoLines<Name, Below>(pub Name, pub Below);

impl<Name: Render, Below: Render> Render for TwoLines<Name, Below> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<b>");
        self.0.render_to(page);
        page.push_str("</b><small>");
        self.1.render_to(page);
        page.push_str("</small>");
    }
}

/// A state: word, shape and color.
pub fn badge(tone: Tone, shape: Icon, word: &str) -> Markup {
    Badge(tone, shape, word).render()
}

/// The same, written straight into the page: for long lists.
#[derive(Debug, Clone, Copy)]
pub struct Badge<'a>(pub Tone, pub Icon, pub &'a str);

impl Render for Badge<'_> {
    fn render_to(&self, page: &mut String) {
        let Self(tone, shape, word) = *self;
        page.extend(["<span class=\"badge ", tone.class()]);
        if let Some(class) = drawn(tone, shape) {
            page.extend([class, "\">"]);
        } else {
            page.push_str("\">");
            icon(shape).render_to(page);
        }
        Words(word).render_to(page);
        page.push_str("</span>");
    }
}

/// The shapes that the style sheet draws from lines, and by which class; lists have a hundred of them.
const fn drawn(tone: Tone, shape: Icon) -> Option<&'static str> {
    match (tone, shape) {
        (Tone::Good, Icon::Check) => Some(" check"),
        (Tone::Bad, Icon::Cross) => Some(" cross"),
        (Tone::Quiet, Icon::Dash) => Some(" dash"),
        (Tone::Quiet, Icon::Pause) => Some(" pause"),
        _ => None,
    }
}

/// An empty state: what belongs here, and the button that makes the first one.
pub fn empty(title: &str, sentence: &str, action: Option<Markup>) -> Markup {
    html! {
        div.empty {
            p.name { (title) }
            p.sub { (sentence) }
            @if let Some(action) = action { div.empty-action { (action) } }
        }
    }
}

/// Labels and values.
pub fn definition_list(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl { @for (label, value) in pairs { div { dt { (label) } dd { (value) } } } } }
}

/// A link to another host, opened in a new tab that is not told where somebody came from (ALL-5). The address was checked when it came in.
pub fn link_out(label: &str, address: &str, class: Option<&str>) -> Markup {
    html! {
        a class=[class] href=(address) target="_blank" rel="noreferrer noopener" {
            (label) (icon(Icon::External)) span.hidden { " (opens in a new tab)" }
        }
    }
}

/// A standing notice on a page, with the way to settle it.
pub fn banner(tone: Tone, text: &str, action: Option<Markup>) -> Markup {
    html! {
        div class={ "notice " (tone.class()) } {
            (large_icon(tone.icon()))
            (sentences(text))
            @if let Some(action) = action { div.actions { (action) } }
        }
    }
}

/// What became of the last step; announced to screen readers.
pub fn alert(alert: &Alert) -> Markup {
    let role = match alert.tone {
        Tone::Bad => "alert",
        Tone::Good | Tone::Warn | Tone::Quiet | Tone::Info => "status",
    };
    html! {
        div class={ "notice " (alert.tone.class()) } role=(role) tabindex="-1" data-alert {
            (large_icon(alert.tone.icon()))
            (sentences(&alert.text))
            @if !alert.next.is_empty() {
                div.actions {
                    @for link in &alert.next { a.button.secondary.small href=(link.href) { (link.label) } }
                }
            }
        }
    }
}

/// The first sentence in a stronger weight. A full stop after a short word is no end ("St. Mary").
fn sentences(text: &str) -> Markup {
    let end = text
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| text.get(..*at).and_then(|before| before.rsplit(' ').next()).is_some_and(|word| word.chars().count() > 3));
    let (first, rest) = end.and_then(|at| text.split_at_checked(at + 1)).unwrap_or((text, ""));
    html! { p { strong { (first) } (rest) } }
}

/// A moment as people say it, the exact one in the tooltip and in the attribute.
pub fn time_tag(iso: &str, exact: &str, human: &str) -> Markup {
    TimeTag { iso, exact, human, sub: false }.render()
}

/// The same, written straight into the page: for long lists.
#[derive(Debug, Clone, Copy)]
pub struct TimeTag<'a> {
    /// For machines.
    pub iso: &'a str,
    /// For the tooltip.
    pub exact: &'a str,
    /// As people say it.
    pub human: &'a str,
    /// Smaller and paler than what stands beside it.
    pub sub: bool,
}

impl Render for TimeTag<'_> {
    fn render_to(&self, page: &mut String) {
        page.push_str(if self.sub { "<time class=sub datetime=" } else { "<time datetime=" });
        Value(Words(self.iso)).render_to(page);
        page.push_str(" title=\"");
        Words(self.exact).render_to(page);
        page.push_str("\">");
        Words(self.human).render_to(page);
        page.push_str("</time>");
    }
}

/// A text with every match of the words looked for marked. Upper and lower case match each other.
#[derive(Debug, Clone, Copy)]
pub struct Highlighted<'a> {
    /// The text.
    pub text: &'a str,
    /// What is looked for; nothing is marked when it is blank.
    pub query: &'a str,
}

impl Render for Highlighted<'_> {
    fn render_to(&self, page: &mut String) {
        let query: Vec<char> = self.query.trim().chars().flat_map(char::to_lowercase).collect();
        let mut rest = self.text;
        while let Some((before, hit, after)) = next_match(rest, &query) {
            html! { (Words(before)) mark { (Words(hit)) } }.render_to(page);
            rest = after;
        }
        Words(rest).render_to(page);
    }
}

/// The text with every match marked.
pub fn highlight(text: &str, query: &str) -> Markup {
    Highlighted { text, query }.render()
}

/// The first match, compared character by character, so that letters whose other case is longer cannot shift it.
fn next_match<'t>(text: &'t str, query: &[char]) -> Option<(&'t str, &'t str, &'t str)> {
    if query.is_empty() {
        return None;
    }
    if text.is_ascii() {
        return next_ascii_match(text, query);
    }
    text.char_indices().find_map(|(start, _)| {
        let tail = text.get(start..)?;
        let mut wanted = query.iter();
        for (at, letter) in tail.char_indices() {
            for lower in letter.to_lowercase() {
                if wanted.next() != Some(&lower) {
                    return None;
                }
            }
            if wanted.len() == 0 {
                let (hit, after) = tail.split_at_checked(at + letter.len_utf8())?;
                return Some((text.get(..start)?, hit, after));
            }
        }
        None
    })
}

/// The same where each letter is one byte, as in nearly all that a list looks through.
fn next_ascii_match<'t>(text: &'t str, query: &[char]) -> Option<(&'t str, &'t str, &'t str)> {
    let same = |(byte, letter): (&u8, &char)| char::from(byte.to_ascii_lowercase()) == *letter;
    let start = text.as_bytes().windows(query.len()).position(|window| window.iter().zip(query).all(same))?;
    let (before, rest) = text.split_at_checked(start)?;
    let (hit, after) = rest.split_at_checked(query.len())?;
    Some((before, hit, after))
}

/// What a dialog's page wraps its content in: on the page a card (the page's heading is its title), lifted into a dialog a
/// heading of its own.
pub fn dialog_body(title: &str, intro: Option<Markup>, content: &Markup) -> Markup {
    html! {
        section.dialog-body data-dialog-body aria-label=(title) {
            header { h2.dialog-title { (title) } @if let Some(intro) = intro { div.intro { (intro) } } }
            (content)
        }
    }
}

/// A button that copies a text; it shows only where scripts run.
pub fn copy_button(text: &str, label: &str) -> Markup {
    html! { button.icon-button type="button" data-copy=(text) aria-label=(label) title=(label) { (icon(Icon::Copy)) } }
}

/// A button that prints the page; it shows only where scripts run.
pub fn print_button(label: &str) -> Markup {
    html! { button.button.secondary type="button" data-print { (icon(Icon::Document)) (label) } }
}

/// A setting with its switch: a form whose button says on or off and changes it.
#[derive(Debug, Clone, Default)]
pub struct SettingsRow<'a> {
    /// Names the elements of this row.
    pub id: &'a str,
    /// What is switched.
    pub title: &'a str,
    /// What it means.
    pub text: &'a str,
    /// Where the form goes.
    pub action: &'a str,
    /// Its hidden fields, among them the value wanted.
    pub fields: Markup,
    /// How it stands.
    pub on: bool,
    /// Why it cannot be switched.
    pub locked: Option<&'a str>,
    /// Whether switching opens a dialog first, at `action`.
    pub dialog: bool,
}

/// A setting with its switch.
pub fn settings_row(row: &SettingsRow<'_>) -> Markup {
    let state = if row.on { "true" } else { "false" };
    let title = format!("{}-label", row.id);
    html! {
        div.setting {
            div.two {
                span.name id=(title) { (row.title) }
                span.sub { (row.text) }
                @if let Some(reason) = row.locked { span.sub.locked { (icon(Icon::Lock)) (reason) } }
            }
            span.sub.switch-word aria-hidden="true" { (if row.on { "On" } else { "Off" }) }
            @if row.dialog && row.locked.is_none() {
                a.switch href=(row.action) data-dialog role="switch" aria-checked=(state) aria-labelledby=(title) { span {} }
            } @else {
                form action=(row.action) method="post" {
                    (row.fields)
                    button.switch type="submit" role="switch" aria-checked=(state) aria-labelledby=(title) disabled[row.locked.is_some()] {
                        span {}
                    }
                }
            }
        }
    }
}

/// Where one is in a task of several pages; `at` counts from 1.
pub fn steps(words: &[&str], at: usize) -> Markup {
    html! {
        ol.steps aria-label="Steps" {
            @for (index, word) in words.iter().enumerate() {
                li class=[(index + 1 < at).then_some("done")] aria-current=[(index + 1 == at).then_some("step")] {
                    span.step-number { @if index + 1 < at { (icon(Icon::Check)) } @else { (index + 1) } }
                    (word)
                }
            }
        }
    }
}

/// What happened, newest first: a sentence over a smaller line.
pub fn feed(lines: &[(Markup, Markup)]) -> Markup {
    html! { ul.feed { @for (what, when) in lines { li { span.two { span { (what) } span.sub { (when) } } } } } }
}

/// A button alone that does something at once.
pub fn action_form(action: &str, fields: &Markup, label: &str, kind: ButtonKind, picture: Option<Icon>) -> Markup {
    html! { form.inline action=(action) method="post" { (fields) (form::button(label, kind, picture)) } }
}

#[cfg(test)]
mod tests {
    use super::{highlight, sentences};

    #[test]
    fn matches_are_marked_whatever_their_case_and_escaped() {
        assert_eq!(highlight("Nov<ember> Ember", "EMBER").into_string(), "Nov&lt;<mark>ember</mark>&gt; <mark>Ember</mark>");
        assert_eq!(highlight("İstanbul straße", "sTr").into_string(), "İstanbul <mark>str</mark>aße");
        assert_eq!(highlight("anything", "  ").into_string(), "anything");
    }

    #[test]
    fn the_first_sentence_of_an_alert_is_strong_and_an_abbreviation_does_not_end_it() {
        let drawn = |text| sentences(text).into_string();
        assert_eq!(drawn("Linked it to St. Mary. Add users."), "<p><strong>Linked it to St. Mary.</strong> Add users.</p>");
        assert_eq!(drawn("Saved."), "<p><strong>Saved.</strong></p>");
    }
}
