//! The partners beneath one's own: made, looked after until they stand by themselves, and counted.
//!
//! - PAR-1   A partner sees the partners beneath it, at any depth, with what they hold; those directly beneath it are its to change.
//! - PAR-5   It grants and revokes their right to transfer.
//! - ACC-14  Until a sub-partner's primary account is first set up, the primary account and Security Admins of the partner above may mend
//!   its name and e-mail, send its letter again, and open it. Its link lapses, the account stays Invited.
//! - EMP-4   Whom access groups limit sees none of this.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
