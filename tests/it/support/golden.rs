//! Pages and letters compared with what is kept in `tests/golden/`.

use std::path::Path;

/// Compares `text` with the golden file of that name; `PORTICO_GOLDEN=write` keeps `text` as the new one.
#[track_caller]
pub fn matches(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var("PORTICO_GOLDEN").is_ok_and(|wish| wish == "write") {
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(&path, text).expect("the golden file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == text {
        return;
    }
    let line = kept.lines().zip(text.lines()).position(|(old, new)| old != new).unwrap_or(kept.lines().count().min(text.lines().count()));
    panic!(
        "{name} differs from line {}:\n  kept: {}\n  now:  {}\nIf it should be so, run the tests with PORTICO_GOLDEN=write.",
        line + 1,
        kept.lines().nth(line).unwrap_or("(its end)"),
        text.lines().nth(line).unwrap_or("(its end)"),
    );
}
