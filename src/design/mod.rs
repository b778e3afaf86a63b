//! The parts that pages are made of, all of them in every state on one page (`/design`), to look at while one changes them.
//!
//! - Only the demo has it: elsewhere it is not found.
//! - It draws with `kernel/html` alone, so that it cannot show what no page has.

pub mod pages;
pub mod views;
