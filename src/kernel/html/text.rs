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

/// An attribute's value, with quotes around it only where HTML asks for them; what is inside escapes itself.
#[derive(Debug, Clone, Copy)]
pub struct Value<T>(pub T);

impl<T: Render> Render for Value<T> {
    fn render_to(&self, page: &mut String) {
        let begin = page.len();
        self.0.render_to(page);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'#');
        let bare = page.get(begin..).is_some_and(|value| !value.is_empty() && value.bytes().all(plain));
        if !bare {
            page.insert(begin, '"');
            page.push('"');
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
        page.push_str("<span class=sub>");
        self.0.render_to(page);
        page.push_str("</span>");
    }
}

#[cfg(test)]
mod tests {
    use maud::Render as _;

    use super::{Figure, Value, Words};

    #[test]
    fn a_value_has_quotes_unless_it_is_one_plain_word() {
        let drawn = |text| Value(Words(text)).render().into_string();
        assert_eq!(
            ["Seats", "/saas/17", "https://a.example:8443/", "24-h_."].map(drawn),
            ["Seats", "/saas/17", "https://a.example:8443/", "24-h_."]
        );
        for text in ["", "a b", "a\tb", "a\nb", "a=b", "a'b", "a`b", "é", "?x", "+1"] {
            assert_eq!(drawn(text), format!("\"{text}\""));
        }
        assert_eq!(["a>b", "a\"b", "a&b"].map(drawn), ["\"a&gt;b\"", "\"a&quot;b\"", "\"a&amp;b\""]);
    }

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
