//! Alert settings: what an organization's people and its partner are told by letter.
//!
//! - DEV-6  Per organization, rules of what, threshold, unit and to whom; two more for the whole partner. A rule that comes true writes one
//!   letter, and another only after it has been false.
//!   Of a warning and a failure that come true in the same look nobody gets both.
//! - USR-8  An organization's users with Full access set rules of their own, which tell them alone. The provider's letters follow the provider's
//!   settings only: a client raises no threshold of its provider's and switches none of its letters off, nor the other way round.
//!
//! Ages count to this very moment: that nothing is heard is what most rules are about.

pub mod actions;
pub mod letters;
pub mod model;
pub mod pages;
pub mod rules_model;
pub mod store;
pub mod views;
