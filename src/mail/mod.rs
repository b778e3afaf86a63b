//! The outbox: every letter Portico writes is kept here and can be read by who may act on its receiver.
//!
//! - MAI-1  A letter is written in the transaction that causes it; delivery is hold, folder (or, later, SMTP).
//! - MAI-2  Delivery that fails is tried again after growing pauses for three days, then the letter has failed.
//! - MAI-3  Letters hold secrets: links are sealed with the key file and vanish once used or expired; opening is an event.
//! - MAI-4  Letters are plain text and HTML, named after the partner.

pub mod actions;
pub mod letters;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
