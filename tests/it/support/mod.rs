//! What tests are written with: a whole portal, the cast, pages read as a person reads them.

#![allow(dead_code, reason = "helpers are there for every slice; each test takes what it needs")]

pub mod authenticator;
pub mod browser;
pub mod crawl;
pub mod devices;
pub mod disk;
pub mod estate;
pub mod faults;
pub mod golden;
pub mod html;
pub mod mail_server;
pub mod older;
pub mod oracle;
pub mod people;
pub mod pictures;
pub mod portal;
pub mod process;
pub mod qr;
pub mod saas;
pub mod script;
pub mod secure;
pub mod source;
pub mod tools;
pub mod wire;
pub mod workload;
