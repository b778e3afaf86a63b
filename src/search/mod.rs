//! The search of the top bar: organizations, users, SaaS accounts, devices and places, within what the visitor may see and open.
//!
//! - ALL-1  Nothing outside the visitor's scope is found, and nothing whose page they may not open.
//! - EMP-1  Organizations and their users are found by managers only.
//! - EMP-2  A partner's own staff is found by those who manage employees.
//! - USR-8  An organization user finds their own SaaS accounts only, with Full access.
//! - ALL-3  A page without JavaScript, suggestions as one types with it.
//!
//! Places are found by their label and by the older words of other guides.

pub mod model;
pub mod pages;
pub mod store;
pub mod views;
