//! What happened, who did it, when: an append-only log that is a hash chain.
//!
//! - LOG-1  Each change, sign-in, export and letter opened is one event, in the transaction of the change.
//! - LOG-2  Events form a keyed hash chain; a job verifies it and a page shows the last result.
//! - API-2  Scripts read their partner's log in the vendor's body.
//! - LOG-3  Filter by time, person, organization, kind; CSV; an organization's page shows its own.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod served_model;
pub mod served_store;
pub mod store;
pub mod views;
