//! An organization's subscription: its plan, its seats and the state it is in. One row an organization, from its first moment on.
//!
//! - ORG-1  A new organization is active and has no plan: nothing is billed until one is chosen.
//! - SUB-1  Backup, archiver and personal plans; a price list says what a seat of each costs a month. A personal plan is one seat.
//! - SUB-2  Suspended: backups stop, users are kept out, billing and data stay.
//! - SUB-3  Unsubscribed: the same, and after 45 days to the millisecond it is deleted, job or no job.
//! - SUB-4  Reactivate brings both back.
//! - SUB-5  A deleted organization's subscription is over; nothing of plan and seats remains.
//! - SUB-11 Letters say how much of the 45 days is left, and a receipt what was destroyed.
//! - SUB-12 What fell due happens once, in the order of its due time.
//! - SUB-13 What may be done in which state stands in `life_model::after` alone.
//! - SUB-7  With Auto License seats follow use; without, at least those in use are bought.

pub mod actions;
pub mod countdown_actions;
pub mod countdown_letters;
pub mod countdown_store;
pub mod life_actions;
pub mod life_model;
pub mod life_pages;
pub mod life_store;
pub mod life_views;
pub mod model;
pub mod pages;
pub mod price_actions;
pub mod price_model;
pub mod price_pages;
pub mod price_store;
pub mod price_views;
pub mod receipt_model;
pub mod receipt_pages;
pub mod receipt_store;
pub mod receipt_views;
pub mod store;
pub mod views;
