//! Access groups: which employees see which organizations.
//!
//! - EMP-4  An employee in at least one group sees only those groups' organizations and what is linked to them; one in no group sees all.
//!   The primary account and Security Admins are never limited, whatever groups they are in. What a limited employee creates joins all their
//!   groups. Deleting or emptying a group leaves its members limited to nothing until they are moved; taking somebody out of their last
//!   group by hand lets them see all.
//! - ALL-1  A group of another partner is not found.
//!
//! The effect is not here: every store asks `in_sight!` of the organization it reads (`kernel/db/sight.rs`), with the values of the visitor's
//! scope. Whether somebody is limited is a mark on the employee, set when they come into a group; what they then see is what their groups
//! hold at that moment.

pub mod actions;
pub mod dialog_views;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
