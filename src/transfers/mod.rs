//! Organizations and SaaS accounts on their way from one partner to another.
//!
//! - PAR-3  An organization's Owner or full administrator asks, with the new partner's Partner ID; what they see is the same for an unknown one.
//! - PAR-4  The nearest common ancestor validates, or the other side where that is one of the two; names are checked and reserved then. What
//!   nobody validates lapses after 60 days. It is carried out on the first day of the next month; either side withdraws until then.
//! - PAR-5  A partner above can take the right to ask away, and enters transfers itself.
//! - PAR-6  Organization, users and subscription go; SaaS accounts go with it and arrive unlinked; groups and keys stay behind.
//! - PAR-7  A single SaaS account in the same way, asked for by an Admin on its page.

pub mod actions;
pub mod asking_pages;
pub mod carrying_actions;
pub mod letters;
pub mod model;
pub mod pages;
pub mod store;
pub mod telling_actions;
pub mod views;
