//! File restores from the datasets of endpoint agents.
//!
//! - END-2  Endpoint Backup users create and remove file restores for their organization's agents; so do employees with Endpoint Backup.
//! - USR-4  That is all that a user with Endpoint Backup access alone can do.
//! - PAR-6  Restores go along with their agents.
//! - ORG-8  They are gone with their organization.
//!
//! Portico does not touch backups itself (product.md): a restore is asked for here, an employee carries it out in the vendor's console and says
//! what came of it.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
