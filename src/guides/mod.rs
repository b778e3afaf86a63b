//! Guides: how to get something done, step by step, each step with the way to its place. Older words stand in brackets, so that who
//! follows an older page finds the way (product.md "Older words").
//!
//! - SAS-9  One guide explains the colors and columns of SaaS Protection Status.
//! - A reader sees only guides whose places they may open.

pub mod branding_texts;
pub mod device_texts;
pub mod model;
pub mod organization_texts;
pub mod pages;
pub mod partner_texts;
pub mod portal_texts;
pub mod saas_texts;
pub mod texts;
pub mod views;
