//! The second factor of what people sign in with: codes of an authenticator app, and recovery codes for when it is lost.
//!
//! - ACC-7  A code of six digits, thirty seconds, one step either side, none taken twice; ten recovery codes that each work once.
//!   Employees must have one; organization users must when their organization says so, and may otherwise.
//! - ACC-8  Reset MFA: the old one ends at once, and a mailed one-time passcode leads to a new password and a new second factor.
//! - ACC-13 Setting one up or replacing it ends all other sessions.
//! - ORG-9  What an organization asks for takes effect at its users' next step (`access::model::Standing` decides).
//! - SEC-1  Wrong codes are slowed down by the same counts as wrong passwords.

pub mod actions;
pub mod model;
pub mod own_proof_pages;
pub mod pages;
pub mod sign_in_pages;
pub mod store;
pub mod views;
