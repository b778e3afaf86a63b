//! Backup appliances (BCDR), what they protect, and the organizations they are linked to.
//!
//! - DEV-1  **Add Devices** searches unlinked devices by hostname or serial number; Enter fills in what was found; **Link Devices** links
//!   one or several, all or none.
//! - DEV-3  A device is linked to one organization at most; unlinking keeps it, with reason and date.
//! - DEV-4  **Device Status**: how each device fares by its viewer's thresholds (BRA-3), and why; a row opens what it protects.
//! - DEV-5  A device's own address is http or https, checked when it comes in.
//! - ORG-8  Deleting an organization unlinks its devices.
//! - PAR-6  They stay behind, unlinked, when it goes to another partner.
//! - API-2  A report is kept as the vendor sends it, so that nothing of it is lost.

pub mod api;
pub mod assets_store;
pub mod detail_views;
pub mod model;
pub mod page_views;
pub mod pages;
pub mod parts_store;
pub mod report_model;
pub mod served_model;
pub mod served_store;
pub mod simulated_store;
pub mod spotlight_views;
pub mod status_model;
pub mod status_pages;
pub mod status_store;
pub mod status_views;
pub mod store;
pub mod views;
