//! Charts as drawings made on the server. Each says in words what it shows, and its heights tell the same as its colors.

use maud::{Markup, Render, html};

use crate::kernel::html::frame::Tone;
use crate::kernel::html::text::Words;

/// Days as a strip the height of a line, oldest first: an element a day, its class the tone. What it says in words, day by day, is the
/// name of the whole and its tooltip. Written straight into the page: a list has five hundred days, and a good one takes seven bytes.
#[derive(Debug, Clone, Copy)]
pub struct Strip<'a, Days> {
    /// How each day went.
    pub days: Days,
    /// The same in words.
    pub words: &'a str,
}

impl<Days: Iterator<Item = Tone> + Clone> Render for Strip<'_, Days> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<span class=strip role=img title=\"");
        Words(self.words).render_to(page);
        page.push_str("\">");
        for tone in self.days.clone() {
            page.push_str(match tone {
                Tone::Good => "<i></i>",
                Tone::Warn => "<i class=warn></i>",
                Tone::Bad => "<i class=bad></i>",
                Tone::Quiet => "<i class=quiet></i>",
                Tone::Info => "<i class=info></i>",
            });
        }
        page.push_str("</span>");
    }
}

/// What the colors of bars say.
pub fn legend(of: &str, colors: &[(Tone, &str)]) -> Markup {
    html! {
        p.legend {
            span.legend-entry { (of) }
            @for (tone, words) in colors { span.legend-entry { i class=(tone.class()) {} (words) } }
        }
    }
}

/// A square a thing, its class the tone and its shape: many of them are one picture, whose name says in words what it shows. Written straight
/// into the page; a good one takes seven bytes.
#[derive(Debug, Clone, Copy)]
pub struct Glance<'a, Squares> {
    /// How each thing is, and what a pointer reads there.
    pub squares: Squares,
    /// How many there are: many are drawn smaller.
    pub count: usize,
    /// The same in words.
    pub label: &'a str,
}

impl<Squares: Iterator<Item = (Tone, Option<String>)> + Clone> Render for Glance<'_, Squares> {
    fn render_to(&self, page: &mut String) {
        let size = match self.count {
            0..=24 => "huge",
            25..=80 => "large",
            _ => "middling",
        };
        page.extend(["<span class=\"glance ", size, "\" role=img aria-label=\""]);
        Words(self.label).render_to(page);
        page.push_str("\">");
        for (tone, title) in self.squares.clone() {
            match (tone, title) {
                (Tone::Good, None) => page.push_str("<i></i>"),
                (tone, title) => {
                    page.extend(["<i class=", tone.class()]);
                    if let Some(title) = title {
                        page.push_str(" title=\"");
                        Words(&title).render_to(page);
                        page.push('"');
                    }
                    page.push_str("></i>");
                }
            }
        }
        page.push_str("</span>");
    }
}

/// A horizontal bar of segments, each a share of the whole from 0 to 1. What it says in words is its name and its tooltip.
#[derive(Debug, Clone, Copy)]
pub struct Meter<'a>(pub &'a [(f32, Tone)], pub &'a str);

impl Render for Meter<'_> {
    fn render_to(&self, page: &mut String) {
        let Self(segments, label) = self;
        page.push_str("<svg class=meter role=img><title>");
        Words(label).render_to(page);
        page.push_str("</title>");
        let mut start = 0.0_f32;
        for (share, tone) in *segments {
            let width = share.clamp(0.0, 1.0) * 100.0;
            if width > 0.0 {
                page.extend(["<rect class=", tone.class()]);
                percent(page, " x=", start);
                percent(page, " width=", (width - 0.4).max(0.6));
                page.push_str(" height=7 />");
            }
            start += width;
        }
        page.push_str("</svg>");
    }
}

/// An attribute in percent, left out where it is nothing.
fn percent(page: &mut String, name: &str, value: f32) {
    if value > 0.0 {
        page.push_str(name);
        Figure(value).render_to(page);
        page.push('%');
    }
}

/// Such a bar.
pub fn meter(segments: &[(f32, Tone)], label: &str) -> Markup {
    Meter(segments, label).render()
}

/// A card with one large figure.
pub fn stat_card(title: &str, big: &str, rest: &str, meter: Option<Markup>, note: Option<&str>) -> Markup {
    html! {
        div.card.stat {
            h2.stat-title { (title) }
            p { span.big { (big) } " " span.sub { (rest) } }
            @if let Some(meter) = meter { (meter) }
            @if let Some(note) = note { p.sub { (note) } }
        }
    }
}

/// Cards with figures, as many beside each other as fit.
pub fn stats(cards: &[Markup]) -> Markup {
    html! { div.stats { @for card in cards { (card) } } }
}

/// A coordinate with at most one decimal. A list has a thousand, and the way floats are printed takes as long as all the rest of it.
#[derive(Clone, Copy)]
struct Figure(f32);

impl Render for Figure {
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "drawings are a few hundred units wide at most")]
    fn render_to(&self, page: &mut String) {
        let tenths = (self.0 * 10.0).round() as i32;
        (tenths / 10).render_to(page);
        if tenths % 10 != 0 {
            page.push('.');
            (tenths % 10).render_to(page);
        }
    }
}

#[cfg(test)]
mod tests {
    use maud::Render as _;

    use super::{Figure, Strip, Tone, meter};

    #[test]
    fn a_strip_says_in_words_what_it_draws() {
        let days = [Tone::Good, Tone::Bad, Tone::Quiet];
        let drawn = Strip { days: days.into_iter(), words: "12 Nov: 3 of 4 <seats>" }.render().into_string();
        assert!(drawn.contains("role=img title=\"12 Nov: 3 of 4 &lt;seats&gt;\""), "{drawn}");
        assert!(drawn.contains("><i></i><i class=bad></i><i class=quiet></i><"), "{drawn}");
    }

    #[test]
    fn a_bar_s_segments_begin_where_the_one_before_ends() {
        let drawn = meter(&[(0.25, Tone::Good), (0.0, Tone::Warn), (0.75, Tone::Bad)], "1 of 4 <seats>").into_string();
        assert_eq!(
            drawn,
            "<svg class=meter role=img><title>1 of 4 &lt;seats&gt;</title><rect class=good width=24.6% height=7 />\
             <rect class=bad x=25% width=74.6% height=7 /></svg>"
        );
    }

    #[test]
    fn coordinates_are_short() {
        let drawn = |value| Figure(value).render().into_string();
        assert_eq!([drawn(9.0), drawn(2.16), drawn(0.04)], ["9", "2.2", "0"]);
    }
}
