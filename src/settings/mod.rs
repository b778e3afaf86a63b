//! One's own Account Settings: how times, pages and devices look, the password, the sessions.
//!
//! - ALL-6  Pages show the viewer's zone, UTC by default.
//! - BRA-3  Display: how one sees devices.
//! - ACC-13 People see and end their own sessions; a new password ends all others.

pub mod actions;
pub mod local_model;
pub mod local_pages;
pub mod local_views;
pub mod model;
pub mod pages;
pub mod views;
