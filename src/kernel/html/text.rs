//! Text in a page.

use maud::Render;

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

#[cfg(test)]
mod tests {
    use maud::Render as _;

    use super::Words;

    #[test]
    fn words_are_escaped_as_any_other_text() {
        for text in ["", "plain", "<b>", "a & b", "say \"so\"", "1 > 0", "straße &"] {
            assert_eq!(Words(text).render().into_string(), text.render().into_string());
        }
    }
}
