//! An organization's subscription: its plan, its seats and the state it is in. One row an organization, from its first moment on.
//!
//! - ORG-1  A new organization is active and has no plan: nothing is billed until one is chosen.
//! - SUB-5  A deleted organization's subscription is over; nothing of plan and seats remains.

pub mod model;
pub mod store;
pub mod views;
