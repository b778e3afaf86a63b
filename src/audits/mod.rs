//! Offsite audits: what of a device lies offsite, as it was on a day.
//!
//! - DEV-8  Per device its size, datasets by agent with recovery points, orphaned chains, recycle bin. At most one a UTC day; asking again on
//!   that day shows the first.
//! - SAS-10 What no import brought is said to be unknown, never shown as 0.
//! - ORG-8, PAR-6  Audits go with their organization.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
