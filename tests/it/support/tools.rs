//! What `./test` brings along from npm: axe-core and the Nu HTML checker (`tests/tools/package.json`).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A file of one of the tools; fails with what to do when it is not there.
#[track_caller]
fn tool(file: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/node_modules").join(file);
    assert!(path.is_file(), "{file} is not there: run ./test once, which installs what pages are looked at with.");
    path
}

/// The source of axe-core, to be run in a page.
#[track_caller]
pub fn axe() -> String {
    std::fs::read_to_string(tool("axe-core/axe.min.js")).expect("axe-core can be read")
}

/// What the checker has to say against these HTML files, a line a complaint: file, place, sentence, and the piece of the page.
#[track_caller]
pub fn complaints(files: &[PathBuf]) -> Vec<String> {
    let checker = tool("vnu-jar/build/dist/vnu.jar");
    let mut run = Command::new("java");
    run.args(["-Xss2m", "-jar"]).arg(checker).args(["--format", "json", "--stdout", "--exit-zero-always"]).args(files);
    let output = run.output();
    let output = output.unwrap_or_else(|error| panic!("java does not start ({error}): run ./test once, which installs it."));
    let said: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("the checker does not answer ({error}): {}", String::from_utf8_lossy(&output.stderr)));
    let messages = said.get("messages").and_then(Value::as_array).expect("the checker lists what it found");
    messages.iter().map(complaint).filter(|line| !MISTAKEN.iter().all(|words| line.contains(words))).collect()
}

/// The one thing in which the checker is mistaken: any button may be a switch ("ARIA in HTML"), and ours send a form.
const MISTAKEN: [&str; 2] = ["Bad value “submit” for attribute “type” on element “button”", "type=\"submit\" role=\"switch\""];

fn complaint(message: &Value) -> String {
    let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
    let file = text("url").rsplit('/').next().unwrap_or_default();
    format!("{file}:{}: {}: {} — {}", message["lastLine"], text("type"), text("message"), text("extract").replace('\n', " "))
}
