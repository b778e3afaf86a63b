//! Notification Settings: which letters a partner wants written to the people of its organizations.
//!
//! - NOT-1  The vendor's rows by section, and what becomes of each; a switched-off letter is not written, the event is.
//! - SUB-8  "Organization first created", the first row of User Management Notification, hides and shows Send sign in.
//! - NOT-1, SUB-12  A partner's own letters, Errors, Invoices and General, daily, weekly or monthly: written at the edges of UTC days, weeks
//!   (Mondays) and months, once, also after a week switched off, to its primary account, Security Admins and Admins, each about what they see.
//!
//! Whoever writes such a letter asks `store::is_wanted` first. Letters that carry a link or a code somebody waits for are always written.

pub mod actions;
pub mod digest_actions;
pub mod digest_blocks_letters;
pub mod digest_letters;
pub mod digest_model;
pub mod digest_store;
pub mod model;
pub mod pages;
pub mod readers_store;
pub mod store;
pub mod views;
