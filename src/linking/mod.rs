//! Linking: which organization a device or a network is (DEV-1 to DEV-3).
//!
//! **Add Devices** and **Link Networks** are one dialog with other words: a search whose Enter fills in what it finds, ticks that several
//! searches add to, and one button for all. What is linked to another organization is named there, and whoever was slower is told who was
//! faster. Taking a link away deletes nothing. The rows are their own slices'; here is what is done with both.

pub mod actions;
pub mod model;
pub mod pages;
pub mod views;
