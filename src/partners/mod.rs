//! Partners and their tree; the first one set up is the operating partner (OPS-6).
//!
//! - ACC-1  An empty portal is set up once, through a link with a one-time secret, or by `portico init`.
//! - PAR-2  Each partner has a public Partner ID.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
