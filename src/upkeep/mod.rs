//! What the portal as a whole needs: copies of the database, which of them are kept, and whether everything still fits.
//!
//! - OPS-1  A backup is made while people work, verified, with the key file beside it; automatic ones are kept for 7 days and 4 weeks.
//! - OPS-2  Before the schema is brought up to date a verified copy is kept.
//! - OPS-6  Backups belong to the operating partner's primary account.
//! - LOG-2  `portico check` verifies the chain of events with all else.
//!
//! What was deleted here lives on in backups until they rotate out. Nothing here writes a table of another slice.

pub mod actions;
pub mod check_actions;
pub mod check_store;
pub mod files_store;
pub mod model;
pub mod pages;
pub mod restore_actions;
pub mod restore_store;
pub mod store;
pub mod swap_store;
pub mod views;
