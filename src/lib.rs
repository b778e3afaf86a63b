//! Portico: the partner portal in one file.
//!
//! Folders are the business, file names are floors; ARCHITECTURE.md says who may import whom. The slices stand in reading
//! order: models and actions import only those above them.

#[macro_use]
pub mod kernel;
pub mod access;
pub mod activity;
pub mod mail;
pub mod notifications;
pub mod partners;
pub mod accounts;
pub mod factors;
pub mod groups;
pub mod employees;
pub mod security;
pub mod addresses;
pub mod settings;
pub mod branding;
pub mod subscriptions;
pub mod organizations;
pub mod users;
pub mod subpartners;
pub mod keys;
pub mod backups;
pub mod saas;
pub mod seats;
pub mod networks;
pub mod devices;
pub mod linking;
pub mod endpoints;
pub mod restores;
pub mod alerts;
pub mod licenses;
pub mod statements;
pub mod tasks;
pub mod audits;
pub mod transfers;
pub mod imports;
pub mod upkeep;
pub mod home;
pub mod guides;
pub mod search;
pub mod design;
pub mod page;
pub mod gate;
pub mod app;
