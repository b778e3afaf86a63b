//! Parsed strings with limits: what has passed through here needs no further check.

use std::fmt;

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

/// The key by which names are compared and sorted: trimmed, NFKC, case folded, without invisible characters.
pub fn key(text: &str) -> String {
    // Plain letters need no tables, and an import makes a million keys of them.
    if text.is_ascii() {
        let mut key = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(word);
        }
        key.make_ascii_lowercase();
        return key;
    }
    // Invisible characters go first: one between a letter and its accent would keep the two apart.
    let seen = text.chars().filter(|sign| !is_invisible(*sign));
    let folded: String = seen.nfkc().default_case_fold().nfkc().filter(|sign| !is_invisible(*sign)).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that take no room and would make two equal-looking names differ: Unicode's default-ignorable ones, the blank Braille
/// pattern and the marks of interlinear notes.
const fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that turn the text around them: never faithful in somebody else's page.
const fn turns_text(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that end a line without being control characters.
const fn breaks_line(sign: char) -> bool {
    matches!(sign, '\u{2028}' | '\u{2029}')
}

/// Characters without a meaning that everyone shares; the search and the letters use some as marks of their own.
const fn is_private(sign: char) -> bool {
    matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// One line of text, trimmed, of at most `max` characters, without control characters; may be empty.
pub fn line(raw: &str, max: usize) -> Result<String, String> {
    let text = raw.trim();
    if text.chars().count() > max {
        return Err(format!("Use at most {max} characters."));
    }
    if text.chars().any(|sign| sign.is_control() || breaks_line(sign) || turns_text(sign) || is_private(sign)) {
        return Err("Remove the control characters; one line of plain text is what belongs here.".to_owned());
    }
    Ok(text.to_owned())
}

/// What can be shown of a text that nobody checked, such as a file's name: its plain characters, at most `max`.
pub fn shown(raw: &str, max: usize) -> String {
    raw.chars().filter(|sign| !(sign.is_control() || breaks_line(*sign) || turns_text(*sign) || is_private(*sign))).take(max).collect()
}

/// A line that must not be empty.
fn filled(raw: &str, max: usize, what: &str) -> Result<String, String> {
    let text = line(raw, max)?;
    if key(&text).is_empty() {
        return Err(format!("Enter {what}."));
    }
    Ok(text)
}

/// The name of a firm: a partner or an organization, 1 to 120 characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirmName(String);

impl FirmName {
    /// Longest name, in characters.
    pub const MAX: usize = 120;
    /// Parses what somebody typed; the error is a sentence for the field.
    pub fn parse(raw: &str) -> Result<Self, String> {
        filled(raw, Self::MAX, "a name").map(Self)
    }
    /// As it was typed, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// For comparing and sorting.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

/// A first or last name, 1 to 60 characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonName(String);

impl PersonName {
    /// Longest name, in characters.
    pub const MAX: usize = 60;
    /// Parses what somebody typed; the error is a sentence for the field.
    pub fn parse(raw: &str) -> Result<Self, String> {
        filled(raw, Self::MAX, "a name").map(Self)
    }
    /// As it was typed, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, at most 254 characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Email(String);

impl Email {
    /// Longest address, in characters.
    pub const MAX: usize = 254;
    /// Parses what somebody typed; the error is a sentence for the field.
    pub fn parse(raw: &str) -> Result<Self, String> {
        let text = filled(raw, Self::MAX, "an e-mail address")?;
        let options = email_address::Options::default().without_display_text().without_domain_literal().with_required_tld();
        let ordinary =
            !text.chars().any(|sign| sign.is_whitespace() || matches!(sign, '"' | '<' | '>' | ',' | ';' | '\\') || is_invisible(sign));
        match email_address::EmailAddress::parse_with_options(&text, options) {
            Ok(_) if ordinary => Ok(Self(text)),
            _ => Err("Enter an e-mail address such as jo@example.com.".to_owned()),
        }
    }
    /// As it was typed, trimmed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// For comparing: without case (ACC-11).
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A phone number without its country code: 4 to 15 digits, or nothing (USR-1).
pub fn phone(raw: &str) -> Result<Option<String>, String> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("Use numbers only, without spaces, + or -.".to_owned());
    }
    if !(4..=15).contains(&text.len()) {
        return Err("A phone number has 4 to 15 digits.".to_owned());
    }
    Ok(Some(text.to_owned()))
}

/// A password somebody chose: 12 to 128 characters, not a common one, not their own e-mail. The error is a sentence.
pub fn password(raw: &str, email: &str) -> Result<String, String> {
    let length = raw.chars().count();
    if length < 12 {
        return Err("Use at least 12 characters.".to_owned());
    }
    if length > 128 {
        return Err("Use at most 128 characters.".to_owned());
    }
    let lowered = key(raw);
    let mut letters: Vec<char> = lowered.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let common = COMMON_PASSWORDS.lines().any(|line| key(line) == lowered) || letters.len() < 4 || lowered == key(email);
    if common {
        return Err("This password is among the first that are tried. Choose another, such as four unrelated words.".to_owned());
    }
    Ok(raw.to_owned())
}

/// Well-known passwords of at least twelve characters, one a line.
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");

/// The mark under which a partner's rows stand in every search index: three private characters, one trigram, so that a search
/// touches nothing of a neighbour's.
pub fn partner_tag(partner: i64) -> String {
    const BASE: i64 = 6_400;
    [partner % BASE, partner / BASE % BASE, partner / BASE / BASE % BASE]
        .into_iter()
        .filter_map(|digit| u32::try_from(digit).ok().and_then(|digit| char::from_u32(0xe000 + digit)))
        .collect()
}

/// An FTS5 query for rows of one partner that contain `text` (at least three characters), or nothing to search for.
pub fn trigram_query(partner: i64, text: &str) -> Option<String> {
    Some(format!("tags : \"{}\" AND {}", partner_tag(partner), unmarked_trigram_query(text)?))
}

/// The same for rows of whichever partner: only where nearly all are one's own, and that is what is read of them.
pub fn unmarked_trigram_query(text: &str) -> Option<String> {
    let wanted = key(text);
    if wanted.chars().count() < 3 || wanted.chars().any(|sign| is_private(sign) || sign == '\0') {
        return None;
    }
    Some(format!("search : \"{}\"", wanted.replace('"', "\"\"")))
}

/// "1 seat", "2 seats".
pub fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// `1,214`.
pub fn thousands(count: i64) -> String {
    if (-999..=999).contains(&count) {
        return count.to_string();
    }
    let digits = count.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if count < 0 {
        out.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `724 GB`: decimal units, three figures.
pub fn bytes(count: i64) -> String {
    let mut value = count.max(0);
    let mut rest = 0;
    let mut units = ["B", "KB", "MB", "GB", "TB", "PB"].iter();
    let mut unit = units.next().copied().unwrap_or_default();
    while value >= 1_000 {
        let Some(next) = units.next() else { break };
        rest = value % 1_000;
        value /= 1_000;
        unit = next;
    }
    if value < 10 && unit != "B" { format!("{value}.{} {unit}", rest / 100) } else { format!("{value} {unit}") }
}

/// Base 32 (RFC 4648) without padding: capitals and the digits 2 to 7.
pub fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut push = |value: u32| {
        let place = u8::try_from(value & 31).unwrap_or_default();
        out.push(char::from(if place < 26 { b'A' + place } else { b'2' + (place - 26) }));
    };
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xfff;
        bits += 8;
        while 5 <= bits {
            bits -= 5;
            push(held >> bits);
        }
    }
    if 0 < bits {
        push(held << (5 - bits));
    }
    out
}

/// `ABCD-EFGH-IJ`: a text in groups of four signs.
pub fn groups_of_four(text: &str, between: char) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (place, sign) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            out.push(between);
        }
        out.push(sign);
    }
    out
}

/// The first letters of the first and last word, for an avatar.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}
