//! API keys, with which scripts come in.
//!
//! - API-1  A key belongs to a partner or to one of its organizations, has an expiry, and can do what its maker can at that moment, no more:
//!   a lesser role, an access group, a deactivated account hold for the key from the next call on. It is shown once; a keyed hash of its
//!   secret is stored. It goes with its maker or its organization.
//! - SEC-1  Wrong keys are slowed down by address. SEC-3  Where employees may come from holds for their keys too.
//! - Whose keys: everybody may deactivate, bring back and delete their own and those of roles beneath theirs (EMP-2). Only its maker has a
//!   key's secret made anew, since a key acts in its maker's name.

pub mod actions;
pub mod model;
pub mod pace_model;
pub mod pages;
pub mod secret_model;
pub mod store;
pub mod views;
