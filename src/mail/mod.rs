//! The outbox: every letter Portico writes is kept here and can be read by who may act on its receiver.
//!
//! - MAI-1  A letter is written in the transaction that causes it; delivery is hold, folder or SMTP, from one sender address. The command
//!   line decides, else the Mail page; a folder is the command line's alone. Letters that were held stay held until somebody sends them.
//! - MAI-2  Delivery that fails is tried again after growing pauses for three days, then the letter has failed. One letter's trouble is its
//!   own; where no letter would get through, all wait together. A letter is sent at least once, under one number, and by one at a time.
//! - MAI-3  Letters hold secrets: links are sealed with the key file and vanish once used or expired; opening is an event.
//! - MAI-4  Letters are plain text and HTML, named after the partner.

pub mod actions;
pub mod delivery_actions;
pub mod delivery_store;
pub mod letters;
pub mod model;
pub mod pages;
pub mod settings_actions;
pub mod settings_model;
pub mod settings_pages;
pub mod settings_store;
pub mod settings_views;
pub mod store;
pub mod views;
