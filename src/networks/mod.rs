//! Managed networks, and the organizations they are linked to.
//!
//! - DEV-2  **Link Networks** searches unlinked networks by name, group name, DNA hostname and DNA serial number; Enter fills in what was
//!   found, and several are linked at once, all or none.
//! - DEV-3  A network is linked to one organization at most; unlinking keeps it, with reason and date.
//! - ORG-8  Deleting an organization unlinks its networks.
//! - PAR-6  They stay behind, unlinked, when it goes to another partner.

pub mod model;
pub mod pages;
pub mod store;
pub mod views;
