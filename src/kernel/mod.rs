//! The bottom floor: values, time, chance, the database, HTTP as values, HTML parts. No business words.

pub mod assets;
pub mod countries;
pub mod csv;
pub mod db;
pub mod error;
pub mod form;
pub mod html;
pub mod http;
pub mod ids;
pub mod random;
pub mod secret;
pub mod text;
pub mod time;
pub mod words;
pub mod world;
