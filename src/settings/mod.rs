//! One's own Account Settings: how times and pages look, the password, the sessions.
//!
//! - ALL-6  Pages show the viewer's zone, UTC by default.
//! - ACC-13 People see and end their own sessions; a new password ends all others.

pub mod actions;
pub mod model;
pub mod pages;
pub mod views;
