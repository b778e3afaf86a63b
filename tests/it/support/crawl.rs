//! Walks through the portal by its own links, as far as they lead.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use portico::app::routes;
use portico::kernel::http::Method;

use super::portal::Visit;

/// Every page a visitor can reach by links from the addresses of the route table that need no id: its address and the visit as it stood there. Pages of
/// one shape (the same path but for ids and query) are kept `each` times at most.
#[track_caller]
pub fn crawl(visit: &Visit, each: usize) -> Vec<Visit> {
    let begin = routes::all().filter(|route| route.method == Method::Get && !route.path.contains('{'));
    let mut waiting: VecDeque<String> = begin.map(|route| route.path.to_owned()).chain(["/p/harbor/sign-in".to_owned()]).collect();
    let mut asked: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut linked: BTreeSet<String> = BTreeSet::new();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    while let Some(url) = waiting.pop_front() {
        let count = shapes.entry(shape(&url)).or_default();
        *count += 1;
        if *count > each {
            continue;
        }
        let mut here = visit.clone();
        here.get(&url);
        // Whoever may not is led to sign in or told that nothing is there; the access matrix looks at that.
        let turned_away = here.response.status == 404 && !linked.contains(&url);
        let to_sign_in = here.response.status == 303 && here.location().starts_with("/sign-in");
        if turned_away || to_sign_in {
            continue;
        }
        here.follow();
        assert!(here.response.status < 500, "{url} answers {}: {}", here.response.status, here.excerpt());
        let links = here.links().into_iter().map(|(_, href, _)| href);
        for href in links.chain(
            here.page()
                .all(|element| element.has("data-href"))
                .iter()
                .filter_map(|element| element.attr("data-href").map(ToOwned::to_owned)),
        ) {
            let url = here.absolute(&href);
            let url = url.split('#').next().unwrap_or_default().to_owned();
            if url.starts_with('/') && !url.starts_with("/assets/") {
                linked.insert(url.clone());
                if asked.insert(url.clone()) {
                    waiting.push_back(url);
                }
            }
        }
        assert!(found.len() < 700, "the portal has no end: {url}");
        found.push(here);
    }
    found
}

/// A path without what makes it one of many: ids and tokens, and the values of its query.
pub fn shape(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path: Vec<&str> = path
        .split('/')
        .map(|segment| if segment.len() > 7 && segment.bytes().any(|byte| byte.is_ascii_digit()) { "{}" } else { segment })
        .collect();
    let names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
    format!("{}?{}", path.join("/"), names.join("&"))
}
