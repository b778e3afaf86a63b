//! Text in a page.

use maud::Render;

use crate::kernel::text;

/// A text, escaped. It is what `(text)` writes too, without looking at each letter by itself: for what a list shows hundreds of times.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a>(pub &'a str);

impl Render for Words<'_> {
    fn render_to(&self, page: &mut String) {
        if self.0.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
            self.0.render_to(page);
        } else {
            page.push_str(self.0);
        }
    }
}

/// `1,214`, as a list shows it hundreds of times.
#[derive(Debug, Clone, Copy)]
pub struct Figure(pub i64);

impl Render for Figure {
    fn render_to(&self, page: &mut String) {
        if (0..1_000).contains(&self.0) {
            self.0.render_to(page);
        } else {
            page.push_str(&text::thousands(self.0));
        }
    }
}

/// Several texts in a row, escaped: a name that is put together for each of a list's buttons needs no place of its own.
#[derive(Debug, Clone, Copy)]
pub struct Joined<'a>(pub &'a [&'a str]);

impl Render for Joined<'_> {
    fn render_to(&self, page: &mut String) {
        for part in self.0 {
            Words(part).render_to(page);
        }
    }
}

/// Two texts where a list shows the second in a row of hundreds: "/saas/", 17.
#[derive(Debug, Clone, Copy)]
pub struct Both<A, B>(pub A, pub B);

impl<A: Render, B: Render> Render for Both<A, B> {
    fn render_to(&self, page: &mut String) {
        self.0.render_to(page);
        self.1.render_to(page);
    }
}

/// What a list has little to say of: smaller and paler.
#[derive(Debug, Clone, Copy)]
pub struct Sub<T>(pub T);

impl<T: Render> Render for Sub<T> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<span class=\"sub\">");
        self.0.render_to(page);
        page.push_str("</span>");
    }
}

#[cfg(test)]
mod tests {
    use maud::Render as _;

    use super::{Figure, Words};

    #[test]
    fn figures_are_what_thousands_says() {
        for count in [-1_000, -1, 0, 7, 999, 1_000, 1_234_567] {
            assert_eq!(Figure(count).render().into_string(), crate::kernel::text::thousands(count));
        }
    }

    #[test]
    fn words_are_escaped_as_any_other_text() {
        for text in ["", "plain", "<b>", "a & b", "say \"so\"", "1 > 0", "straße &"] {
            assert_eq!(Words(text).render().into_string(), text.render().into_string());
        }
    }
}
