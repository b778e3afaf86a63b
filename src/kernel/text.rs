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
pub const fn turns_text(sign: char) -> bool {
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

/// The fewest characters of a password; a partner may ask for more (SEC-3).
pub const PASSWORD_LEAST: i64 = 12;
/// The most.
const PASSWORD_MOST: i64 = 128;

/// A password somebody chose: `least` to 128 characters, not a common one, not their own e-mail. The error is a sentence.
pub fn password(raw: &str, email: &str, least: i64) -> Result<String, String> {
    let length = i64::try_from(raw.chars().count()).unwrap_or(i64::MAX);
    if length < least {
        return Err(format!("Use at least {least} characters."));
    }
    if PASSWORD_MOST < length {
        return Err(format!("Use at most {PASSWORD_MOST} characters."));
    }
    if is_common(&key(raw), &key(email)) {
        return Err("This password is among the first that are tried. Choose another, such as four unrelated words.".to_owned());
    }
    Ok(raw.to_owned())
}

/// What a field for a new password says below its label.
pub fn password_hint(least: i64) -> String {
    format!("At least {least} characters; four unrelated words do well.")
}

/// Whether a password is one of those that are tried first: in the list, or made of a word of the list (or of one's own e-mail) with digits
/// and signs around it, or of something short again and again, or of a run such as abcdef.
fn is_common(password: &str, email: &str) -> bool {
    let mut letters: Vec<char> = password.chars().collect();
    let run = |step: i64| letters.windows(2).all(|pair| matches!(pair, [one, next] if follows(*one, *next, step)));
    if run(1) || run(-1) || short_again_and_again(&letters) {
        return true;
    }
    letters.sort_unstable();
    letters.dedup();
    let name = email.split('@').next().unwrap_or_default();
    let known =
        |word: &str| word.chars().count() >= 4 && (word == name || word == email || COMMON_PASSWORDS.lines().any(|line| line == word));
    letters.len() < 4 || [password, repeated(password)].into_iter().any(|text| known(text) || cores(text).iter().any(|core| known(core)))
}

/// Whether `next` follows `one` in the alphabet or among the digits, 0 after 9; backwards with step -1.
fn follows(one: char, next: char, step: i64) -> bool {
    let (one, next) = (i64::from(u32::from(one)), i64::from(u32::from(next)));
    next - one == step || (one, next, step) == (0x39, 0x30, 1) || (one, next, step) == (0x30, 0x39, -1)
}

/// Whether it is six characters or fewer, again and again.
fn short_again_and_again(letters: &[char]) -> bool {
    (1..=6).any(|length| length * 2 <= letters.len() && letters.iter().zip(letters.iter().skip(length)).all(|(one, next)| one == next))
}

/// What a password is made of, if that stands in it twice or more; else the password.
fn repeated(password: &str) -> &str {
    let whole = password.len();
    let fits = |length: &usize| {
        let unit = password.get(..*length).filter(|unit| !unit.is_empty() && whole.is_multiple_of(*length));
        unit.is_some_and(|unit| password.split(unit).all(str::is_empty))
    };
    (1..=whole / 2).find(fits).and_then(|length| password.get(..length)).unwrap_or(password)
}

/// So many digits and signs around a word hide nothing: a year, an exclamation mark.
const AROUND: usize = 8;

/// The word inside digits and signs, as it stands and with digits read as the letters they look like.
fn cores(password: &str) -> Vec<String> {
    let sign = |sign: char| !sign.is_alphabetic();
    let (from, inside) = (password.trim_end_matches(sign), password.trim_matches(sign));
    let around = password.chars().count().saturating_sub(inside.chars().count());
    if AROUND < around { Vec::new() } else { vec![inside.to_owned(), read_as_letters(inside), read_as_letters(from)] }
}

fn read_as_letters(word: &str) -> String {
    let letter = |sign| match sign {
        '0' => 'o',
        '1' => 'l',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '!' => 'i',
        other => other,
    };
    word.chars().map(letter).collect()
}

/// Common passwords, one a line, in small letters and sorted: the words in the first 5,000, and whatever has twelve characters or more, of
/// Royce Williams's list of 20,000 that Django 5.2 carries (`common-passwords.txt.gz`); and what people make of "password", keys in a row
/// and a backup portal when they are asked for twelve characters.
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
