//! The seats of a SaaS account: who and what is protected.
//!
//! - SEA-1  Types `User`, `SharedMailbox`, `Site`, `TeamSite`, `Team`; `User`, `SharedDrive`. States Active, Paused, Archived, Unprotected.
//! - SEA-4  Billable: each User seat that is not Unprotected; all SharePoint sites of an account together as one; nothing else.

pub mod model;
pub mod store;
pub mod views;
