//! What comes in from files: the vendor's JSON as a script saved it, and CSV lists.
//!
//! - IMP-1  A preview shows new, changed, unchanged and refused rows; a refusal has file, line, field and reason.
//! - IMP-2  All of an import or none; the same import twice changes nothing.
//! - IMP-3  Files are recognised by content; an unknown one is named and refused; a supported kind of a later version of the format
//!   says which field it does not know.
//! - IMP-4  Imported users are Not invited and get no letter until somebody sends it; their seven days start then.
//!
//! Files are parsed, checked and staged in small transactions; one transaction moves what was staged.

pub mod actions;
pub mod format_views;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
