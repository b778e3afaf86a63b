//! Endpoint Backup: agents on people's computers, and the datasets they own.
//!
//! - END-1  An agent is tied to its organization at registration. Deleting the organization destroys its agents' datasets; ORG-7 counts and
//!   names them. Removing the Endpoint Backup user destroys nothing.
//! - PAR-6  Agents and datasets go along when their organization goes to another partner.
//! - API-2  Scripts read agents and assets in the vendor's bodies, and what they read can be imported.
//! - EMP-3  Employees see them with Full access to Endpoint Backup.
//!
//! The vendor tells of the same computer in two ways: as an agent of an `EndpointClient` (uuid, short code), and as a `DtcAsset` (asset uuid, agent
//! code), one a dataset. An asset belongs to the agent whose short code is its agent code, else to the one of its own uuid, else to one that is
//! made of it. An agent that has backups and no asset owns one dataset all the same: that of its machine.

pub mod api;
pub mod imported_store;
pub mod model;
pub mod served_model;
pub mod served_store;
pub mod status_model;
pub mod status_pages;
pub mod status_store;
pub mod status_views;
pub mod store;
pub mod views;
