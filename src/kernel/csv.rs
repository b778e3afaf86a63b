//! CSV that a spreadsheet opens safely (ALL-2).

use crate::kernel::text;

/// A table as CSV, UTF-8, with its header row; every line ends in CR LF.
#[derive(Debug)]
pub struct Csv(Vec<u8>);

impl Csv {
    /// Begins with the header row.
    pub fn new(header: &[&str]) -> Self {
        let mut csv = Self(Vec::new());
        csv.row(header.iter().copied());
        csv
    }

    /// Adds a row; where a formula would start, in a cell or behind a semicolon in it, stands an apostrophe.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut self.0);
        let safe: Vec<String> = cells.into_iter().map(safe_cell).collect();
        // Writing to memory does not fail, and each row is flushed before the next.
        drop(writer.write_record(&safe));
        drop(writer.flush());
    }

    /// The finished file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// A spreadsheet where a comma is the decimal sign splits lines at semicolons, and some read the wide forms of the signs as well.
fn safe_cell(cell: &str) -> String {
    let mut safe = String::with_capacity(cell.len() + 1);
    let mut fresh = true;
    for sign in cell.chars() {
        if fresh && matches!(sign, '=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}') {
            safe.push('\'');
            fresh = false;
        } else if matches!(sign, ';' | '\n' | '\t') {
            fresh = true;
        } else if !sign.is_whitespace() && sign != '"' {
            fresh = false;
        }
        safe.push(sign);
    }
    safe
}

/// Reads CSV of which only the separator is not known: a comma, or a semicolon where the first line has more of those. A BOM is skipped.
pub fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    let bytes = without_bom(bytes);
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let cells = |sign: u8| header.split(|byte| *byte == sign).count();
    let delimiter = if cells(b';') > cells(b',') { b';' } else { b',' };
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes)
}

/// The bytes behind a byte order mark.
pub fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What stands in the first column below the header row, without empty cells; the error is a sentence for the field.
pub fn first_column(bytes: &[u8], most: usize) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    if bytes.contains(&0) {
        return Err("This is no CSV in UTF-8. Save it as \u{201c}CSV UTF-8\u{201d} and send it again.".to_owned());
    }
    for (place, record) in reader(bytes).into_records().enumerate() {
        let record = record.map_err(|_| format!("Line {} is not CSV in UTF-8.", place + 1))?;
        let cell = record.get(0).unwrap_or_default().trim();
        if place == 0 && cell.contains('@') {
            return Err(
                "The first line is the header row, and this one has an e-mail in it. Add a line such as \"email\" on top.".to_owned()
            );
        }
        let is_none = 0 < place && !cell.is_empty() && !cell.contains('@');
        let is_strange = |sign: char| sign.is_whitespace() || sign.is_control() || text::turns_text(sign);
        if is_none || cell.contains(is_strange) || cell.chars().count() > 254 {
            let said = text::shown(cell, 60);
            return Err(format!("Line {}: the first column holds no e-mail. It says “{said}”.", place + 1));
        }
        if 0 < place && !cell.is_empty() {
            found.push(cell.to_owned());
        }
    }
    match found.len() {
        0 => Err("There is no e-mail in the first column below the header row.".to_owned()),
        count if most < count => Err(format!("The file names {count} seats; send at most {most} at once.")),
        _ => Ok(found),
    }
}
