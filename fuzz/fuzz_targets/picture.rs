//! Feeds what reads uploaded pictures anything. From the root of the repository, with `cargo install cargo-fuzz`:
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run picture fuzz/corpus/picture fuzz/seeds/picture -- -max_len=20000 -rss_limit_mb=1024 -timeout=2`

#![no_main]

use portico::kernel::picture::{Purpose, clean};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(picture) = clean(bytes, Purpose::Logo) {
        assert_eq!(clean(&picture.bytes, Purpose::Logo).map(|again| again.bytes), Ok(picture.bytes), "what is clean stays as it is");
    }
});
