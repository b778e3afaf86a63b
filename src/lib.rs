//! Portico: the partner portal in one file.
//!
//! Folders are the business, file names are floors; ARCHITECTURE.md says who may import whom.

#[macro_use]
pub mod kernel;
pub mod access;
pub mod accounts;
pub mod activity;
pub mod app;
pub mod backups;
pub mod employees;
pub mod imports;
pub mod mail;
pub mod organizations;
pub mod page;
pub mod partners;
pub mod saas;
pub mod seats;
pub mod subscriptions;
pub mod users;
