//! Feeds the gate's reader anything. From the root of the repository, with `cargo install cargo-fuzz`:
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run reader fuzz/corpus/reader fuzz/seeds/reader -- -max_len=17000`

#![no_main]

#[path = "../../tests/it/support/oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    oracle::check(bytes);
});
