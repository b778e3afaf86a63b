//! Home: what needs attention today, and for an organization's user how their organization is.
//!
//! - HOM-1  An employee sees what needs attention, worst first, each line with its one next step; only what this person may see and do.
//! - HOM-2  An organization user sees their organization's state in one sentence, their services, and what they may do.

pub mod model;
pub mod pages;
pub mod store;
pub mod views;
