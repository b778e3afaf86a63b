//! An organization's subscription: its plan, its seats and the state it is in. One row an organization, from its first moment on.
//!
//! - ORG-1  A new organization is active and has no plan: nothing is billed until one is chosen.
//! - SUB-1  Backup, archiver and personal plans; a price list says what a seat of each costs a month. A personal plan is one seat.
//! - SUB-5  A deleted organization's subscription is over; nothing of plan and seats remains.
//! - SUB-7  With Auto License seats follow use; without, at least those in use are bought.

pub mod actions;
pub mod model;
pub mod pages;
pub mod price_actions;
pub mod price_model;
pub mod price_pages;
pub mod price_store;
pub mod price_views;
pub mod store;
pub mod views;
