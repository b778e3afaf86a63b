//! The source as the architecture's tests read it: every file with its comments gone, its strings apart, its paths resolved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One file of `src/`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path from `src/`, with `/`.
    pub path: String,
    /// As it stands.
    pub text: String,
    /// Without comments; every string literal is `""`.
    pub code: String,
    /// The string literals in order.
    pub strings: Vec<String>,
}

/// The root of the tree.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file beneath a folder of the tree.
pub fn sources(folder: &str) -> Vec<Source> {
    let base = root().join(folder);
    let mut found = Vec::new();
    collect(&base, &base, &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn collect(base: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(base, &path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let (code, strings) = lex(&text);
            let path = path.strip_prefix(base).expect("beneath").to_string_lossy().replace('\\', "/");
            found.push(Source { path, text, code, strings });
        }
    }
}

/// The code without comments and with empty strings, and the strings.
pub fn lex(text: &str) -> (String, Vec<String>) {
    let signs: Vec<char> = text.chars().collect();
    let at = |place: usize| signs.get(place).copied().unwrap_or('\0');
    let (mut code, mut strings) = (String::new(), Vec::new());
    let mut place = 0;
    while place < signs.len() {
        match (at(place), at(place + 1)) {
            ('/', '/') => {
                while place < signs.len() && at(place) != '\n' {
                    place += 1;
                }
            }
            ('/', '*') => {
                while place < signs.len() && !(at(place) == '*' && at(place + 1) == '/') {
                    place += 1;
                }
                place += 2;
            }
            ('r', '"' | '#') if !at(place.wrapping_sub(1)).is_alphanumeric() && raw_hashes(&signs, place).is_some() => {
                let hashes = raw_hashes(&signs, place).expect("just seen");
                let begin = place + 2 + hashes;
                let mut end = begin;
                while end < signs.len() && !(at(end) == '"' && (1..=hashes).all(|step| at(end + step) == '#')) {
                    end += 1;
                }
                strings.push(signs[begin..end.min(signs.len())].iter().collect());
                code.push_str("\"\"");
                place = end + 1 + hashes;
            }
            ('"', _) => {
                let begin = place + 1;
                let mut end = begin;
                while end < signs.len() && at(end) != '"' {
                    end += if at(end) == '\\' { 2 } else { 1 };
                }
                strings.push(signs[begin..end.min(signs.len())].iter().collect());
                code.push_str("\"\"");
                place = end + 1;
            }
            ('\'', '\\') => {
                place += 3;
                while place < signs.len() && at(place) != '\'' {
                    place += 1;
                }
                place += 1;
                code.push_str("' '");
            }
            ('\'', _) if at(place + 2) == '\'' => {
                place += 3;
                code.push_str("' '");
            }
            (sign, _) => {
                code.push(sign);
                place += 1;
            }
        }
    }
    (code, strings)
}

fn raw_hashes(signs: &[char], place: usize) -> Option<usize> {
    let hashes = signs.iter().skip(place + 1).take_while(|sign| **sign == '#').count();
    (signs.get(place + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// Words and `::`, `{`, `}`, `,`, `;`, `*` of code; everything else as single signs.
fn tokens(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut signs = code.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign.is_alphanumeric() || sign == '_' {
            word.push(sign);
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if sign == ':' && signs.peek() == Some(&':') {
            signs.next();
            out.push("::".to_owned());
        } else if !sign.is_whitespace() {
            out.push(sign.to_string());
        }
    }
    out
}

impl Source {
    /// Every path of ours that the file names, from the crate's root: `["mail", "store", "enqueue"]`.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let tokens = tokens(&self.code);
        let mut paths = Vec::new();
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut place = 0;
        while place < tokens.len() {
            if tokens[place] == "use" {
                let mut found = Vec::new();
                place = use_tree(&tokens, place + 1, &[], &mut found);
                for (path, name) in found {
                    let through = path.first().and_then(|first| names.get(first)).map(|known| [known, &path[1..]].concat());
                    if let Some(path) = self.seen_from_root(&path).or(through) {
                        names.insert(name, path.clone());
                        paths.push(path);
                    }
                }
                continue;
            }
            let begins = place == 0 || tokens[place - 1] != "::";
            if begins && tokens.get(place + 1).is_some_and(|next| next == "::") && is_word(&tokens[place]) {
                let (path, after) = straight_path(&tokens, place);
                if let Some(path) = self.seen_from_root(&path) {
                    paths.push(path);
                } else if let Some(known) = names.get(&path[0]) {
                    let mut whole = known.clone();
                    whole.extend(path[1..].iter().cloned());
                    paths.push(whole);
                }
                place = after;
                continue;
            }
            place += 1;
        }
        paths
    }

    /// The module this file is: `saas/store.rs` is `["saas", "store"]`.
    pub fn module(&self) -> Vec<String> {
        let mut parts: Vec<String> = self.path.trim_end_matches(".rs").split('/').map(ToOwned::to_owned).collect();
        if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
            parts.pop();
        }
        parts
    }

    fn seen_from_root(&self, path: &[String]) -> Option<Vec<String>> {
        match path.first().map(String::as_str) {
            Some("crate" | "portico") => Some(path[1..].to_vec()),
            Some("self") if path.get(1).is_none_or(|next| next != "super") => Some([self.module(), path[1..].to_vec()].concat()),
            Some("self" | "super") => {
                let mut base = self.module();
                let mut rest = if path[0] == "self" { &path[1..] } else { path };
                while rest.first().is_some_and(|one| one == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
                // Inside `mod tests` the first `super` is the file itself; then it stays at home, whatever it names.
                Some([base, rest.to_vec()].concat())
            }
            _ => None,
        }
    }
}

fn is_word(token: &str) -> bool {
    token.chars().all(|sign| sign.is_alphanumeric() || sign == '_')
}

fn straight_path(tokens: &[String], mut place: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[place].clone()];
    while tokens.get(place + 1).is_some_and(|next| next == "::") && tokens.get(place + 2).is_some_and(|next| is_word(next)) {
        path.push(tokens[place + 2].clone());
        place += 2;
    }
    (path, place + 1)
}

/// Reads one tree of a `use`, adding each path with the name it gets; the place after it.
fn use_tree(tokens: &[String], mut place: usize, before: &[String], found: &mut Vec<(Vec<String>, String)>) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens.get(place).map(String::as_str) {
            Some("{") => {
                place += 1;
                while tokens.get(place).is_some_and(|token| token != "}") {
                    place = use_tree(tokens, place, &path, found);
                    if tokens.get(place).is_some_and(|token| token == ",") {
                        place += 1;
                    }
                }
                return place + 1;
            }
            Some("::") => place += 1,
            Some("as") => {
                if path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                let name = tokens.get(place + 1).cloned().unwrap_or_default();
                found.push((path, name));
                return place + 2;
            }
            Some("*") => {
                path.push("*".to_owned());
                found.push((path, "*".to_owned()));
                return place + 1;
            }
            Some(word) if is_word(word) => {
                path.push(word.to_owned());
                place += 1;
            }
            _ => {
                let name = match path.last().map(String::as_str) {
                    Some("self") => {
                        path.pop();
                        path.last().cloned().unwrap_or_default()
                    }
                    Some(name) => name.to_owned(),
                    None => String::new(),
                };
                found.push((path, name));
                return place;
            }
        }
    }
}

#[test]
fn paths_are_read_from_uses_aliases_and_expressions() {
    let text = r#"
        use crate::mail;
        use crate::kernel::{db::{Read, Tx}, text::{self as words}};
        use words as again;
        use again::Email;
        use crate::users::*;
        use self::super::super::home::views;
        // use crate::wrong::thing;
        fn f() { mail::store::enqueue("use crate::wrong"); crate::page::Cx; words::key('"'); super::model::X; r"crate::wrong"; }
    "#;
    let (code, strings) = lex(text);
    let source = Source { path: "saas/actions.rs".to_owned(), text: text.to_owned(), code, strings };
    let paths: Vec<String> = source.paths().iter().map(|path| path.join("::")).collect();
    let expected = [
        "mail",
        "kernel::db::Read",
        "kernel::db::Tx",
        "kernel::text",
        "kernel::text",
        "kernel::text::Email",
        "users::*",
        "home::views",
        "mail::store::enqueue",
        "page::Cx",
        "kernel::text::key",
        "saas::model::X",
    ];
    assert_eq!(paths, expected);
    assert_eq!(source.strings, ["use crate::wrong", "crate::wrong"]);
}
