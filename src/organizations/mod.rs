//! Organizations: the firms and people a partner looks after, from the list to the page of each.
//!
//! - EMP-1  Only primary account, Security Admin and Admin come here; for anybody else nothing of it is found.
//! - ORG-1, ORG-11  **Create Organization** needs a name only; nothing is created in another system.
//! - ORG-2, ORG-3  **+ New Organization** asks for contact, country, partner, plan and name; a personal plan's name is the contact's.
//! - ORG-4  Names and contact e-mails are unique within a partner, compared without case and surrounding space.
//! - ORG-5  The list: tabs with kept counts, plan filter, search as one types in the order of best match, sorting and paging by key,
//!   and a CSV of the whole filtered list that opens safely (ALL-2).
//! - ORG-6  The name can be changed at any time.
//! - ORG-7, ORG-8  Deleting keeps or purges the backups, says so, and leaves ID, name, dates and a purge's receipt. The end of the 45 days
//!   (SUB-3) destroys by the same code.
//! - SUB-9  What each uses and has bought is followed as it happens, and kept month by month.
//! - PAR-1  A partner sees the organizations of the partners beneath it: the listing has a row per viewing partner.

pub mod actions;
pub mod bulk_pages;
pub mod bulk_views;
pub mod deletion_actions;
pub mod link_model;
pub mod list_model;
pub mod list_pages;
pub mod list_store;
pub mod list_views;
pub mod model;
pub mod moving_store;
pub mod new_actions;
pub mod new_model;
pub mod new_pages;
pub mod new_store;
pub mod new_views;
pub mod pages;
pub mod store;
pub mod usage_store;
pub mod views;
