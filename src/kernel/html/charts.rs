//! Charts as drawings made on the server. Each says in words what it shows, and its heights tell the same as its colors.

use maud::{Markup, Render, html};

use crate::kernel::html::frame::Tone;
use crate::kernel::html::text::Words;

/// One day of a strip.
#[derive(Debug, Clone)]
pub struct Day {
    /// How the day went.
    pub tone: Tone,
    /// How much of it went well, from 0 to 1: the height of its bar. A quiet day is an empty outline.
    pub share: f32,
    /// The day and what happened, in words.
    pub label: String,
}

/// The days as a strip the height of a line, oldest first.
pub fn strip(days: &[Day]) -> Markup {
    bars(days, "strip", &Size { step: 9.0, width: 7.0, height: 18.0 })
}

/// A horizontal bar of segments, each a share of the whole from 0 to 1.
pub fn meter(segments: &[(f32, Tone)], label: &str) -> Markup {
    let spans = segments.iter().scan(0.0_f32, |start, (share, tone)| {
        let (x, width) = (*start, share.clamp(0.0, 1.0) * 100.0);
        *start += width;
        Some((x, width, tone.class()))
    });
    html! {
        svg.meter viewBox="0 0 100 7" preserveAspectRatio="none" role="img" aria-label=(label) {
            title { (label) }
            @for (x, width, class) in spans {
                @if width > 0.0 {
                    rect class=(class) x=(Figure(x)) width=(Figure((width - 0.4).max(0.6))) height="7" {}
                }
            }
        }
    }
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

struct Size {
    step: f32,
    width: f32,
    height: f32,
}

fn bars(days: &[Day], class: &str, size: &Size) -> Markup {
    let total = days.iter().fold(0.0_f32, |sum, _| sum + size.step) - (size.step - size.width);
    let total = Figure(total.max(size.width));
    let placed = days.iter().scan(0.0_f32, |next, day| {
        let x = *next;
        *next += size.step;
        Some((day, x))
    });
    html! {
        svg class=(class) width=(total) height=(Figure(size.height)) viewBox={ "0 0 " (total) " " (Figure(size.height)) }
            role="img" aria-label=(summary(days)) {
            @for (day, x) in placed { (Bar { day, x, height: size.height }) }
        }
    }
}

/// A bar stands on the ground line; what is missing shows as a pale track above it. Its width and round corners are the same
/// for every bar, so the style sheet says them once. Written straight into the page: a list of strips has five hundred.
struct Bar<'a> {
    day: &'a Day,
    x: f32,
    height: f32,
}

impl Render for Bar<'_> {
    fn render_to(&self, page: &mut String) {
        let (class, share) = (self.day.tone.class(), self.day.share.clamp(0.12, 1.0));
        let whole = self.day.tone == Tone::Quiet || share > 0.995;
        let tall = if whole { self.height } else { self.height * share };
        if !whole {
            rect(page, &["track ", class], self.x, 0.0, self.height);
            page.push_str("</rect>");
        }
        rect(page, &[class], self.x, self.height - tall, tall);
        page.push_str("<title>");
        Words(&self.day.label).render_to(page);
        page.push_str("</title></rect>");
    }
}

/// Opens a rectangle.
fn rect(page: &mut String, class: &[&str], x: f32, y: f32, height: f32) {
    page.push_str("<rect class=\"");
    page.extend(class.iter().copied());
    for (name, value) in [("\" x=\"", Some(x)), ("\" y=\"", (y > 0.0).then_some(y)), ("\" height=\"", Some(height))] {
        if let Some(value) = value {
            page.push_str(name);
            Figure(value).render_to(page);
        }
    }
    page.push_str("\">");
}

/// The strip in one sentence: how many days of each kind.
fn summary(days: &[Day]) -> String {
    let count = |tone: Tone| days.iter().filter(|day| day.tone == tone).count();
    let words = [
        (count(Tone::Good), "good"),
        (count(Tone::Warn), "with something missed"),
        (count(Tone::Bad), "failed"),
        (count(Tone::Info), "running"),
        (count(Tone::Quiet), "without data"),
    ];
    let parts: Vec<String> = words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    format!("{} days: {}", days.len(), parts.join(", "))
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

    use super::{Day, Figure, Tone, strip};

    #[test]
    fn a_strip_says_in_words_what_it_draws() {
        let day = |tone, share| Day { tone, share, label: "12 Nov: 3 of 4 <seats>".into() };
        let drawn = strip(&[day(Tone::Good, 1.0), day(Tone::Bad, 0.0), day(Tone::Good, 1.0)]).into_string();
        assert!(drawn.contains("aria-label=\"3 days: 2 good, 1 failed\""), "{drawn}");
        assert!(drawn.contains("<title>12 Nov: 3 of 4 &lt;seats&gt;</title>"), "{drawn}");
        assert!(drawn.contains("viewBox=\"0 0 25 18\""), "{drawn}");
    }

    #[test]
    fn coordinates_are_short() {
        let drawn = |value| Figure(value).render().into_string();
        assert_eq!([drawn(9.0), drawn(2.16), drawn(0.04)], ["9", "2.2", "0"]);
    }
}
