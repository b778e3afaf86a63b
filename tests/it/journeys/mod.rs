//! The how-tos, step by step, in a real browser.

mod seed_000;
mod seed_001;
mod seed_004;
