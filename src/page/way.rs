//! Where to go after the way in.

use crate::access::model::Visitor;

/// A place to go to that came with a request: a path of ours outside the way in, else Home.
pub fn local(next: &str) -> &str {
    let plain = next.len() <= 2_000 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let elsewhere = !next.starts_with('/') || next.starts_with("//");
    let way_in = ["/sign-in", "/sign-out", "/choose-account", "/p/"].iter().any(|path| next.starts_with(path));
    if plain && !elsewhere && !way_in { next } else { "/" }
}

/// The same with nothing for Home, as a form or an address carries it on.
pub fn carried(next: &str) -> &str {
    match local(next) {
        "/" => "",
        next => next,
    }
}

/// Where somebody goes who signs in: to the page of their stage, and from there on to `next`; or there at once.
pub fn way_on(visitor: &Visitor, next: &str) -> String {
    let page = match visitor {
        Visitor::Person(_) => return local(next).to_owned(),
        Visitor::Half { stage, .. } => stage.path(),
        Visitor::Guest | Visitor::Script(_) => "/sign-in",
    };
    match carried(next) {
        "" => page.to_owned(),
        next => format!("{page}?next={}", percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC)),
    }
}
