//! Device tasks: what an organization or an employee wants done about a device, and what became of it.
//!
//! - DEV-7  **Add device task**: a kind by the vendor's words, a note; queued, in progress, done or refused. A connector takes and reports
//!   it over the API; an employee can close it by hand. Who asked withdraws what no connector has; an employee puts back into the queue what a
//!   connector took and fell silent about, and a late report of that take is refused.
//! - DEV-9  Restore requests of the Recovery Launchpad (file restore, virtual machine) go the same way.
//! - SUP-1  What a user asks for who is authorized for support is queued at once, with that authorization recorded; what another one asks
//!   for waits for an employee's approval. What is marked disaster recovery stands first once that is confirmed: by the authorization, or by
//!   an approval. Until then the claim is shown and gives no place, so approvals stand by age.
//! - ORG-8, PAR-6  Tasks go with their organization; what is asked of a device is seen by the organization that asked, and by no later one.

pub mod actions;
pub mod api;
pub mod launchpad_pages;
pub mod launchpad_views;
pub mod letters;
pub mod list_model;
pub mod list_pages;
pub mod list_store;
pub mod list_views;
pub mod model;
pub mod pages;
pub mod served_model;
pub mod store;
pub mod views;
