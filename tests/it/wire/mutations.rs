//! Requests that nobody would think of: honest and dishonest ones, changed at random, always the same random.

use std::path::PathBuf;
use std::time::Duration;

use portico::gate::limits::Limits;

use crate::support::oracle;
use crate::support::source::root;
use crate::support::wire::{Client, Gate, is_well, short_limits};

/// Where the fuzz target begins as well.
fn seeds() -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/seeds/reader");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).expect("the seeds").map(|entry| entry.expect("a seed").path()).collect();
    paths.sort();
    assert!(paths.len() > 20, "the seeds are found");
    paths.iter().map(|path| std::fs::read(path).expect("a seed")).collect()
}

/// A small generator: the same numbers each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("a number") % sides.max(1)
    }
}

/// What smuggles, when it stands in the right place.
const SPICE: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b"\r\n ",
    b"\r\n\r\n",
    b"Content-Length: 3\r\n",
    b"content-length:\t7\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Host: portal.example\r\n",
    b"Host: elsewhere.example\r\n",
    b"Connection: close\r\n",
    b"X-Portico-Client: 10.0.0.1\r\n",
    b"Expect: 100-continue\r\n",
    b"\xff",
    b"GET / HTTP/1.1\r\n",
    b" HTTP/1.1\r\n",
];

fn mutate(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.roll(seeds.len())].clone();
    for _ in 0..=dice.roll(4) {
        let place = dice.roll(bytes.len() + 1);
        match dice.roll(6) {
            0 => drop(bytes.splice(place..place, SPICE[dice.roll(SPICE.len())].iter().copied())),
            1 => bytes.truncate(place),
            2 if place < bytes.len() => bytes[place] = u8::try_from(dice.roll(256)).expect("a byte"),
            3 if place < bytes.len() => drop(bytes.remove(place)),
            4 => {
                let other = &seeds[dice.roll(seeds.len())];
                let from = dice.roll(other.len());
                drop(bytes.splice(place..place, other[from..].iter().take(dice.roll(60)).copied()));
            }
            _ => {
                let end = bytes.len().min(place + dice.roll(40));
                let piece = bytes[place..end].to_vec();
                drop(bytes.splice(place..place, piece));
            }
        }
    }
    bytes
}

/// Every head that passes can be read in one way only, behind the gate too.
#[test]
fn no_changed_request_is_passed_on_in_two_meanings() {
    let seeds = seeds();
    let mut dice = Dice(0x5EED_0FA1_1C0D_E5AB);
    let passed = (0..40_000).filter(|_| oracle::check(&mutate(&seeds, &mut dice))).count();
    assert!((1_000..39_000).contains(&passed), "of 40,000 requests {passed} pass");
    assert!(seeds.iter().filter(|seed| oracle::check(seed)).count() >= 8);
}

/// The same on the wire: each gets well-formed answers or none, and a good request beside it is answered.
#[test]
fn no_changed_request_harms_the_next_one() {
    let seeds = seeds();
    let mut dice = Dice(0x0DD5_1DE5_CAFE_F00D);
    let gate = Gate::open(Limits { head: Duration::from_millis(150), idle: Duration::from_millis(150), ..short_limits() });
    let mut answers = 0;
    for round in 0..400 {
        let bytes = mutate(&seeds, &mut dice);
        let mut client = Client::connect(gate.address);
        client.send(&bytes);
        client.half_close();
        while let Some(reply) = client.maybe(bytes.starts_with(b"HEAD ")) {
            assert!((100..600).contains(&reply.status));
            assert_ne!(reply.status, 502, "the server behind did not understand {:?}", String::from_utf8_lossy(&bytes));
            answers += 1;
        }
        if round % 20 == 0 {
            is_well(gate.address);
        }
    }
    assert!(answers > 200, "{answers} answers");
    is_well(gate.address);
}
