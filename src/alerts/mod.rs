//! Alert settings: what an organization's people and its partner are told by letter.
//!
//! - DEV-6  Per organization, rules of what, threshold, unit and to whom; two more for the whole partner. A rule that comes true writes one
//!   letter, and another only after it has been false.
//! - USR-8  An organization's users with Full access set their own organization's.
//!
//! Ages count to this very moment: that nothing is heard is what most rules are about.

pub mod actions;
pub mod letters;
pub mod model;
pub mod pages;
pub mod rules_model;
pub mod store;
pub mod views;
