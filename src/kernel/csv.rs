//! CSV that a spreadsheet opens safely (ALL-2).

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
