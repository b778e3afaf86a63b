//! An identity's places: how an account comes to be, is invited, set up, switched off, brought back and removed. Employees and
//! organization users go the same way; their own slices add what only they have.
//!
//! - ACC-2, ACC-3  Seven days to set up, the second factor too where there must be one, exact to the moment.
//! - ACC-4  One never set up gets a new letter and seven new days; one that was active is active again.
//! - ACC-5  Deactivating ends the sessions in the same transaction.
//! - ACC-6  A removed account's e-mail rests for 24 hours at that partner.
//! - ACC-9  Reset password by letter, one use, one hour.
//! - USR-5  Several who are entered together are added together, or not at all.
//! - ACC-11, ACC-15  One identity per e-mail and partner; one with a password accepts a further account at its next sign-in.

pub mod actions;
pub mod browsers_store;
pub mod held_store;
pub mod identities_store;
pub mod imported_store;
pub mod letters;
pub mod links_store;
pub mod list_model;
pub mod model;
pub mod newcomers_model;
pub mod moving_actions;
pub mod moving_store;
pub mod notice_actions;
pub mod pages;
pub mod person_views;
pub mod store;
pub mod views;
