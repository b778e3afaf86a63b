//! Who is asking: identities, accounts and their states, sessions, mailed links, sign-in, and what each role may do.
//!
//! - ACC-2, ACC-3  An invited account has seven days to set itself up; at that moment the link is dead and the account deactivated.
//! - ACC-4  Reactivating one never set up sends a new letter; one that was active is active again.
//! - ACC-5  A deactivated account cannot sign in and its sessions end in the same instant.
//! - ACC-6  A removed account's e-mail is held for 24 hours at that partner.
//! - ACC-9  Reset password answers alike whether or not the e-mail is known, by the same work.
//! - ACC-11  One identity per e-mail and partner; several active accounts are offered after sign-in.
//! - ACC-13  People see and end their own sessions; a new password ends all others.
//! - ACC-15  An identity with a password never gets a set-up link again; it accepts a further account at its next sign-in.
//! - EMP-1, EMP-2  The roles and what each may do are data in `roles_model`.
//! - SEC-1  Failures are throttled per entered e-mail and per address, kept in the database.
//! - SEC-2  Dangerous steps ask for the password again: their route's row says so, and `proof_pages` asks.

pub mod actions;
pub mod guard_actions;
pub mod model;
pub mod roles_model;
pub mod script_model;
pub mod stage_model;
pub mod state_model;
pub mod throttle_model;
pub mod witness_model;
pub mod pages;
pub mod proof_pages;
pub mod proof_views;
pub mod store;
pub mod views;
