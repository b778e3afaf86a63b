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

    /// Adds a row; a cell that would start a formula gets a leading apostrophe.
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

fn safe_cell(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}
