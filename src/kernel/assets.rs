//! The files under `assets/`, inside the binary.
//!
//! Each is served under a name that carries a hash of its content (`/assets/app.1a2b3c4d5e6f.css`), so that a browser may keep
//! it for ever: a new content is a new name. Texts are compressed once, at first use.

use std::{
    collections::HashMap,
    fmt::Write as _,
    io::{self, Write},
    sync::OnceLock,
};

use flate2::{Compression, write::GzEncoder};
use rust_embed::RustEmbed;

/// How long a browser keeps an asset: for ever, since the name changes with the content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// One file as it is sent.
#[derive(Debug)]
pub struct Asset {
    /// The address, beginning with `/assets/`.
    pub href: String,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The content as it is.
    pub plain: Vec<u8>,
    /// The content for `Content-Encoding: gzip`; absent where compressing gains nothing.
    pub gzip: Option<Vec<u8>>,
}

/// The address of the file `assets/<name>`. A name that is not embedded comes back without a hash and is not found when asked
/// for, which the tests of the frame notice.
pub fn href(name: &str) -> &str {
    match all().by_name.get(name).and_then(|index| all().files.get(*index)) {
        Some(asset) => &asset.href,
        None => name,
    }
}

/// The asset at `path`, the whole path with its hash; nothing for any other name or hash.
pub fn find(path: &str) -> Option<&'static Asset> {
    all().by_href.get(path).and_then(|index| all().files.get(*index))
}

/// Every asset, in no particular order.
pub fn each() -> impl Iterator<Item = &'static Asset> {
    all().files.iter()
}

struct All {
    files: Vec<Asset>,
    by_name: HashMap<String, usize>,
    by_href: HashMap<String, usize>,
}

fn all() -> &'static All {
    static ALL: OnceLock<All> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = All { files: Vec::new(), by_name: HashMap::new(), by_href: HashMap::new() };
        for name in Files::iter() {
            if let Some(file) = Files::get(&name) {
                let asset = asset(&name, sent(&name, file.data.into_owned()), &file.metadata.sha256_hash());
                all.by_name.insert(name.into_owned(), all.files.len());
                all.by_href.insert(asset.href.clone(), all.files.len());
                all.files.push(asset);
            }
        }
        all
    })
}

/// What is sent of a file: lines that are nothing but a comment, and indentation, are for whoever reads the source.
fn sent(name: &str, content: Vec<u8>) -> Vec<u8> {
    if !matches!(name.rsplit_once('.'), Some((_, "css" | "js"))) {
        return content;
    }
    let is_read = |line: &&str| !line.is_empty() && !is_comment(line);
    match String::from_utf8(content) {
        Ok(text) => text.lines().map(str::trim_start).filter(is_read).flat_map(|line| [line, "\n"]).collect::<String>().into_bytes(),
        Err(other) => other.into_bytes(),
    }
}

/// Whether a line without its indentation is one comment and nothing else.
fn is_comment(line: &str) -> bool {
    let words = line.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/"));
    line.starts_with("//") || words.is_some_and(|words| !words.contains("*/"))
}

fn asset(name: &str, plain: Vec<u8>, hash: &[u8; 32]) -> Asset {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let short = hash.iter().take(6).fold(String::new(), |mut short, byte| {
        // Writing to a string cannot fail.
        let _ = write!(short, "{byte:02x}");
        short
    });
    let gzip = compressed(&plain).ok().filter(|packed| packed.len() < plain.len());
    Asset { href: format!("/assets/{stem}.{short}.{extension}"), content_type: content_type(extension), plain, gzip }
}

fn compressed(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{each, find, href, sent};

    #[test]
    fn an_asset_is_found_under_its_hashed_name_only() {
        let name = href("app.css");
        assert!(name.starts_with("/assets/app.") && name.strip_suffix(".css").is_some() && name.len() > "/assets/app.css".len());
        assert_eq!(find(name).map(|asset| asset.content_type), Some("text/css; charset=utf-8"));
        assert!(find("/assets/app.css").is_none());
        assert!(find("/assets/app.000000000000.css").is_none());
    }

    #[test]
    fn comments_are_not_sent_and_everything_else_is() {
        let text = |content: &str| String::from_utf8(sent("a.css", content.into())).expect("text");
        assert_eq!(
            text("/* Why. */\na { b: c; } /* and this */\n\n  // Why not.\n  d\n/* half\n/* a */ e /* b */\n"),
            "a { b: c; } /* and this */\nd\n/* half\n/* a */ e /* b */\n"
        );
        assert_eq!(sent("a.svg", b" <svg/>\n".to_vec()), b" <svg/>\n");
        for asset in each().filter(|asset| asset.href.contains("/app.")) {
            let lines = String::from_utf8(asset.plain.clone()).expect("text");
            assert!(!lines.lines().any(|line| line.starts_with("//") || line.starts_with("/*")), "{}", asset.href);
            // A text over several lines would lose its indentation.
            assert!(lines.lines().all(|line| line.matches('`').count() % 2 == 0), "{}", asset.href);
        }
    }

    #[test]
    fn style_script_and_icon_together_stay_under_twenty_kilobytes_on_the_wire() {
        let each = each().filter(|asset| ["app.", "icon."].iter().any(|name| asset.href.contains(&format!("/{name}"))));
        let sent: usize = each.map(|asset| asset.gzip.as_ref().unwrap_or(&asset.plain).len()).sum();
        assert!(sent < 20_000, "{sent}");
    }
}
