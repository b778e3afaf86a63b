//! Notification Settings: which letters a partner wants written to the people of its organizations.
//!
//! - NOT-1  The vendor's rows by section, and what becomes of each; a switched-off letter is not written, the event is.
//! - SUB-8  "Organization first created", the first row of User Management Notification, hides and shows Send sign in.
//!
//! Whoever writes such a letter asks `store::is_wanted` first. Letters that carry a link or a code somebody waits for are always written.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
