//! The bottom floor: values, time, chance, the database, HTTP as values, HTML parts. No business words.
//!
//! In reading order: each imports only what stands above it.

#[macro_use]
pub mod output;
pub mod disk;
pub mod error;
pub mod words;
pub mod ids;
pub mod text;
pub mod web;
pub mod addresses;
pub mod countries;
pub mod time;
pub mod month;
pub mod money;
pub mod color;
pub mod picture;
pub mod random;
pub mod secret;
pub mod totp;
pub mod smtp;
pub mod world;
pub mod db;
pub mod queue;
pub mod http;
pub mod form;
pub mod csv;
pub mod json;
pub mod assets;
pub mod html;
