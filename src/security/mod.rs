//! How a partner guards its people's accounts: Admin → Security Settings (SEC-3). What is set holds from the next click on.
//!
//! - ACC-10 An employee who has not signed in for so many days must reset the password to come back.
//! - ACC-13 Sessions end when they were idle, or have lasted, so long.
//! - SEC-1  A letter goes out when somebody signs in with a browser that is not known.
//! - SEC-3  Employees sign in, and go on, from allowed addresses only; nobody locks themselves out.
//! - ORG-9  Which organizations require a second factor is shown and set here too; the column is theirs.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
