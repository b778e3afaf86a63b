//! Small promises about the tree: no leftovers, no strangers, true documents.

use std::path::Path;
use std::process::Command;

use crate::support::source::{Source, root, sources};

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file that is kept in version control and holds text.
fn kept_files() -> Vec<(String, String)> {
    let listed = Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()).output().expect("git");
    let listed = String::from_utf8(listed.stdout).expect("names");
    let read = |name: &str| Some((name.to_owned(), std::fs::read_to_string(root().join(name)).ok()?));
    let files: Vec<_> = listed.lines().filter_map(read).collect();
    assert!(files.len() > 50, "the files are found");
    files
}

#[test]
fn no_file_knows_a_place_on_one_machine() {
    let homes = [["/ho", "me/"].concat(), ["/Us", "ers/"].concat(), ["/wo", "rk/"].concat(), ["/ro", "ot/"].concat()];
    for (name, text) in kept_files().iter().filter(|(name, _)| name != "Cargo.lock") {
        for home in &homes {
            assert!(!text.contains(home.as_str()), "{name} knows {home}");
        }
    }
}

#[test]
fn nothing_is_left_to_do_in_the_source() {
    let leftovers = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X"].concat(),
        ["todo", "!("].concat(),
        ["unimplemented", "!("].concat(),
        ["dbg", "!("].concat(),
    ];
    for source in sources("src").iter().chain(&sources("tests")) {
        for leftover in &leftovers {
            assert!(!source.text.contains(leftover.as_str()), "{} says {leftover}", source.path);
        }
    }
}

/// The code without its own unit tests.
fn shipped(source: &Source) -> &str {
    source.code.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn the_source_never_gives_up_in_the_middle() {
    for source in sources("src") {
        for word in [".unwrap()", ".expect(", "panic!(", "unreachable!("] {
            assert!(!shipped(&source).contains(word), "{} says {word}", source.path);
        }
    }
}

#[test]
fn every_lint_that_is_silenced_says_why() {
    for source in sources("src") {
        for (place, _) in source.code.match_indices("allow(").chain(source.code.match_indices("expect(")) {
            let before = &source.code[..place];
            if before.ends_with("#[") || before.ends_with("#![") {
                let inside = source.code[place..].split(']').next().unwrap_or_default();
                assert!(inside.contains("reason"), "{}: {inside}", source.path);
            }
        }
    }
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let text = document("Cargo.toml");
    let (mut inside, mut before) = (false, "");
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside && line.contains(" = ") {
            let grouped = before.contains(" = ") && text.contains(&format!("{before}\n{line}"));
            assert!(before.starts_with('#') || grouped, "what is this for? {line}");
        }
        before = line;
    }
}

/// The commands of the README are commands of the program, with the options it names.
#[test]
fn the_readme_is_true() {
    let readme = document("README.md");
    let files = ["cli", "accounts", "listening", "mailing", "imports", "upkeep", "restore", "healthcheck", "keys"]
        .map(|name| document(&format!("src/app/{name}.rs")));
    let commands = files.concat();
    for line in readme.lines().filter(|line| line.starts_with("| `portico ")) {
        let command = line.split('`').nth(1).expect("a command");
        let word = command.split_whitespace().nth(1).expect("its word");
        let variant = word[..1].to_uppercase() + &word[1..];
        let known = ["(", ","].iter().any(|end| commands.contains(&format!("    {variant}{end}")));
        assert!(known, "there is no command {word}");
        for option in line.split('`').filter(|piece| piece.starts_with("--")) {
            let name = option.trim_start_matches('-').replace('-', "_");
            assert!(commands.contains(&format!(" {name}: ")), "{command} has no {option}");
        }
    }
    for command in ["cargo run --release", "./test", ".ci/run"] {
        assert!(readme.contains(command), "the README names {command}");
    }
    for script in ["test", ".ci/run"] {
        assert!(root().join(script).is_file(), "{script} is there");
    }
}

/// What a document points to is there.
#[test]
fn every_link_in_the_documents_leads_somewhere() {
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        for link in document(name).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(link.starts_with("https://") || Path::new(&root()).join(link).exists(), "{name} leads to {link}");
        }
    }
}

#[test]
fn the_architecture_can_be_read_at_one_sitting_and_names_every_slice() {
    let text = document("ARCHITECTURE.md");
    assert!(text.lines().count() <= 150, "ARCHITECTURE.md has {} lines", text.lines().count());
    let modules = document("src/lib.rs");
    for name in modules.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(text.contains(&format!("`{name}`")) || text.contains(&format!("src/{name}")), "ARCHITECTURE.md does not know {name}");
    }
}

/// The changelog says in people's words what there is: each place of the menu is named.
#[test]
fn the_changelog_names_every_place() {
    let text = document("CHANGELOG.md");
    for place in portico::page::menu::MENU.iter().filter(|place| place.label != "Import") {
        assert!(text.contains(place.label), "CHANGELOG.md does not tell of {}", place.label);
    }
}

/// A report, not a judgment: what is longer than a screen. `cargo test --test it budgets -- --nocapture` prints it.
#[test]
fn the_budgets_are_reported() {
    let mut report = Vec::new();
    for source in sources("src") {
        let lines = shipped(&source).lines().count();
        if lines > 300 {
            report.push(format!("{} has {lines} lines", source.path));
        }
        for (name, length) in functions(shipped(&source)) {
            if length > 40 {
                report.push(format!("{}: fn {name} has {length} lines", source.path));
            }
        }
    }
    println!("{}", report.join("\n"));
    assert!(functions("fn a() {\n\n}\n") == [("a".to_owned(), 3)], "functions are measured");
}

/// Functions and their length in lines, as rustfmt lays them out: from `fn` to the brace at the same depth.
fn functions(code: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let Some(at) = line.find("fn ").filter(|at| line[..*at].split_whitespace().all(|word| ["pub", "const", "async"].contains(&word)))
        else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let name: String = line[at + 3..].chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
        let end = lines[first..].iter().position(|line| line.trim_end() == format!("{}}}", " ".repeat(indent)));
        if let Some(end) = end {
            found.push((name, end + 1));
        }
    }
    found
}
