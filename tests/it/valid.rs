//! Every page is HTML as the standard has it: the Nu checker reads them all.

use std::path::PathBuf;

use crate::access_matrix::pages::{Shown, design_page, every_page, every_refusal, set_up_page};
use crate::support::portal::{Portal, temporary_folder};
use crate::support::tools;

/// What the checker says of these pages, each with the page's name.
#[track_caller]
fn complaints(pages: &[Shown]) -> Vec<String> {
    let folder = temporary_folder();
    let file = |(index, page): (usize, &Shown)| {
        let path: PathBuf = folder.path().join(format!("{index}.html"));
        std::fs::write(&path, &page.body).expect("a page is kept");
        path
    };
    let files: Vec<PathBuf> = pages.iter().enumerate().map(file).collect();
    let named = |line: String| {
        let (index, rest) = line.split_once(".html:").expect("a file's name");
        format!("{}: {rest}", pages[index.parse::<usize>().expect("its number")].name())
    };
    tools::complaints(&files).into_iter().map(named).collect()
}

/// ALL-4: every page that is shown and every form that comes back validates.
#[test]
fn every_page_is_valid_html() {
    let mut pages = every_page(&Portal::estate());
    pages.extend(every_refusal());
    pages.push(set_up_page().1);
    pages.push(design_page().1);
    let found = complaints(&pages);
    assert!(found.is_empty(), "{} pages, {} complaints:\n{}", pages.len(), found.len(), found.join("\n"));
}

/// The checker reads what it is given: a page that is wrong is complained of, at the place where it is wrong.
#[test]
fn a_page_that_is_not_valid_is_noticed() {
    let mut pages = every_page(&Portal::estate());
    pages.truncate(2);
    pages[1].body = pages[1].body.replacen("</h1>", "</h1><p><div>A block in a line</div></p><img src=\"/a.png\">", 1);
    let found = complaints(&pages);
    assert!(found.iter().all(|line| line.starts_with(&pages[1].name())), "{found:?}");
    assert!(found.iter().any(|line| line.contains("“p”")) && found.iter().any(|line| line.contains("“img”")), "{found:?}");
}
