//! The seats of a SaaS account: who and what is protected.
//!
//! - SEA-1  Types `User`, `SharedMailbox`, `Site`, `TeamSite`, `Team`; `User`, `SharedDrive`. States Active, Paused, Archived, Unprotected.
//! - SEA-2  `changes_model::after` alone says what may become of a seat; `Room` adds what stands in the way of protecting one (SUB-2, SUB-7,
//!   SEA-5). `actions::change` does it for pages and scripts alike: seats are named by `store::Pick`, each has its own result in the order
//!   they were named, what may not be is refused by itself, and all that changed is one event. `actions::foresee`
//!   says beforehand what it would come to, and people see that before they confirm it.
//! - SEA-3  `data_until` of an unprotected seat: until then protecting it again keeps its backups (`Seat::backups`).
//! - SEA-4  Billable: each User seat that is not Unprotected; all SharePoint sites of an account together as one; nothing else.

pub mod actions;
pub mod api;
pub mod changes_model;
pub mod model;
pub mod pages;
pub mod review_views;
pub mod served_model;
pub mod store;
pub mod views;
