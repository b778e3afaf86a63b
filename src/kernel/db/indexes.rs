//! Keeping a trigram index in few pieces.
//!
//! An index is written piece by piece, and SQLite joins pieces now and then. Whoever takes a row out looks for each of its trigrams in every
//! piece, since nothing of what is deleted may stay behind: an index in twenty pieces makes an end many times dearer than one in five.

use rusqlite::params;

use super::{Read, Tx};
use crate::kernel::error::Result;

/// Where an index keeps the list of its pieces.
const LIST: i64 = 10;
/// What marks a list that tells more of each piece.
const LONG: [u8; 4] = [0xff, 0, 0, 1];

/// Whether so many pieces of a like size lie side by side that joining them is due.
pub fn is_scattered(db: &impl Read, index: &str, many: u64) -> Result<bool> {
    let list: Option<Vec<u8>> = db.maybe(&format!("select block from {index}_data where id = ?1"), [LIST], |row| row.get(0))?;
    Ok(list.and_then(|list| most_on_a_level(&list)).is_some_and(|most| many <= most))
}

/// The pieces on the level that has the most; nothing if this is no such list.
fn most_on_a_level(list: &[u8]) -> Option<u64> {
    let mut rest = list.get(4..)?;
    let mut numbers_of_a_piece = 3;
    if let Some(after) = rest.strip_prefix(&LONG) {
        (rest, numbers_of_a_piece) = (after, 8);
    }
    let levels = number(&mut rest)?;
    // How many pieces there are in all, and how much was written.
    number(&mut rest)?;
    number(&mut rest)?;
    let mut most = 0;
    for _ in 0..levels {
        number(&mut rest)?;
        let pieces = number(&mut rest)?;
        for _ in 0..pieces.checked_mul(numbers_of_a_piece)? {
            number(&mut rest)?;
        }
        most = most.max(pieces);
    }
    Some(most)
}

/// SQLite's numbers of up to nine bytes, seven bits each; nothing here needs the ninth.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    for _ in 0..8 {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value = value << 7 | u64::from(byte & 0x7f);
        if *byte < 0x80 {
            return Some(value);
        }
    }
    None
}

impl Tx<'_> {
    /// Joins pieces of an index, about so many pages of them; whether there were any to join.
    pub fn join_index(&self, index: &str, pages: i64) -> Result<bool> {
        let known: Option<i64> = self.maybe(&format!("select v from {index}_config where k = 'usermerge'"), [], |row| row.get(0))?;
        if known != Some(2) {
            self.execute(&format!("insert into {index} ({index}, rank) values ('usermerge', 2)"), [])?;
        }
        let before = self.connection().total_changes();
        self.execute(&format!("insert into {index} ({index}, rank) values ('merge', ?1)"), params![pages])?;
        // The command itself counts as one.
        Ok(before + 2 <= self.connection().total_changes())
    }
}

#[cfg(test)]
mod tests {
    use super::most_on_a_level;

    #[test]
    fn the_level_with_the_most_pieces_is_found() {
        let short = [0, 0, 0, 9, 2, 3, 5, 0, 2, 1, 1, 1, 2, 1, 1, 0, 1, 3, 1, 0x81, 0];
        assert_eq!(most_on_a_level(&short), Some(2));
        assert_eq!(most_on_a_level(&short[..12]), None, "cut off");
        let long = [0, 0, 0, 9, 0xff, 0, 0, 1, 1, 1, 5, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0];
        assert_eq!(most_on_a_level(&long), Some(1));
    }
}
