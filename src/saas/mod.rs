//! SaaS accounts at the vendor, and the organizations they are linked to.
//!
//! - SAS-1   Customer id, name, domain, product, subscription id, region, retention, commitment, seats, authorized, partner.
//! - SAS-2   Linked to at most one organization of the same partner; of two who link the same one, the second is told who did.
//! - SAS-3   The Link dialog searches unlinked accounts and links several, all or none.
//! - SAS-4   Unlinking keeps account, seats and backups; reason and date stay.
//! - USR-7   Who has Full access at an organization is Super Administrator of its linked accounts, while both last.
//! - USR-10  Removing a link never deletes backup data.
//! - SAS-5   Unlinked accounts are listed with a suggested organization and one click to link.
//! - SAS-6   An account is added in four steps, and pending until an import fills it or somebody enters its customer id.
//! - SAS-7   Commitment, retention, cap and Auto-add are set on its page; cancelling destroys its backups, and it stays listed as cancelled
//!   until a report shows backups that were made after it.
//! - API-2   Scripts read accounts and reports in the vendor's bodies.
//! - SAS-8   SaaS Protection Status: charts and a row an account; for an organization's users just theirs.
//! - SAS-11  Where its address is set, an account offers to open the vendor's console in a new tab.

pub mod account_pages;
pub mod account_views;
pub mod actions;
pub mod adding_actions;
pub mod adding_model;
pub mod adding_pages;
pub mod adding_views;
pub mod authorizing_pages;
pub mod authorizing_views;
pub mod api;
pub mod console_actions;
pub mod console_pages;
pub mod console_views;
pub mod days_views;
pub mod letters;
pub mod mapping_model;
pub mod mapping_pages;
pub mod mapping_store;
pub mod mapping_views;
pub mod model;
pub mod moving_store;
pub mod pages;
pub mod served_model;
pub mod served_store;
pub mod simulated_store;
pub mod status_model;
pub mod status_pages;
pub mod status_store;
pub mod status_views;
pub mod store;
pub mod terms_actions;
pub mod terms_model;
pub mod terms_pages;
pub mod terms_store;
pub mod terms_views;
pub mod totals_store;
pub mod views;
pub mod walk_store;
