//! The words before a list's values on a phone, where rows become cards.
//!
//! Written into each cell they would be a sixth of a long list. They are the same in all rows, so each list brings a small style sheet
//! that says them once a column. The sheet's address holds the words, so nothing is kept for it, and whoever asks for it needs no session:
//! it says only what the address says. A browser asks for it where the screen is narrow, and keeps it for ever.

use std::fmt::Write as _;

use maud::{Markup, html};

/// Where the sheets are; the words follow as a query. A sheet that is made in another way needs another name.
pub const PATH: &str = "/assets/columns.1.css";
/// Where rows become cards.
const NARROW: &str = "screen and (max-width: 760px)";
/// More columns than any list has.
const MOST: usize = 24;

/// What a list refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    query: String,
}

impl Labels {
    /// The words of these columns, each with its place in the row, from 1; nothing where there are none.
    pub fn of<'a>(words: impl Iterator<Item = (usize, &'a str)>) -> Option<Self> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (place, word) in words {
            query.append_pair(&place.to_string(), word);
        }
        let query = query.finish();
        (!query.is_empty()).then_some(Self { query })
    }

    /// The class of the table.
    pub fn class(&self) -> String {
        class(&self.query)
    }

    /// The link to the sheet.
    pub fn link(&self) -> Markup {
        html! { link rel="stylesheet" media=(NARROW) href={ (PATH) "?" (self.query) }; }
    }
}

/// The same words have the same class, and other words another one.
fn class(query: &str) -> String {
    // FNV-1a.
    let hash = query.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("c{hash:08x}")
}

/// The sheet for a query; of what is no query of `Labels` it makes nothing that a browser would show.
pub fn sheet(query: &str) -> String {
    let class = class(query);
    let mut sheet = format!("@media {NARROW}{{.{class}>tbody>tr>td::before{{display:block;color:var(--soft);font-size:12.5px}}");
    for (place, word) in form_urlencoded::parse(query.as_bytes()).take(MOST) {
        let Ok(place) = place.parse::<u8>() else { continue };
        // Writing to a string cannot fail.
        let _ = write!(sheet, ".{class}>tbody>tr>td:nth-child({place})::before{{content:\"{}\"}}", quoted(&word));
    }
    sheet.push('}');
    sheet
}

/// A text inside the quotes of a style sheet: whatever is no letter, digit or space stands there by its number.
fn quoted(word: &str) -> String {
    word.chars().fold(String::new(), |mut quoted, letter| {
        if letter.is_alphanumeric() || letter == ' ' {
            quoted.push(letter);
        } else {
            let _ = write!(quoted, "\\{:x} ", u32::from(letter));
        }
        quoted
    })
}

#[cfg(test)]
mod tests {
    use super::{Labels, sheet};

    #[test]
    fn a_sheet_says_each_column_s_word_once_in_its_own_tables() {
        let labels = Labels::of([(2, "State"), (4, "24 h"), (5, "Who & when")].into_iter()).expect("words");
        let made = sheet(&labels.query);
        assert!(made.contains(&format!(".{}>tbody>tr>td:nth-child(4)::before{{content:\"24 h\"}}", labels.class())), "{made}");
        assert!(made.contains("content:\"Who \\26  when\""), "{made}");
        assert!(labels.link().into_string().contains("?2=State&amp;4=24+h&amp;5=Who+%26+when"));
        assert_eq!(Labels::of([].into_iter()), None);
        assert_ne!(Labels::of([(2, "State")].into_iter()).map(|other| other.class()), Some(labels.class()));
    }

    #[test]
    fn no_word_gets_out_of_its_quotes() {
        let made = sheet("1=%22%7D*%7Bcolor:red%7D%0a%5c&x=y&300=far&-1=less&2");
        assert!(made.contains("content:\"\\22 \\7d \\2a \\7b color\\3a red\\7d \\a \\5c \"") && !made.contains("color:red"), "{made}");
        assert_eq!(made.matches("nth-child").count(), 2, "{made}");
        assert_eq!(sheet(&"1=x&".repeat(100)).matches("nth-child").count(), 24);
    }
}
