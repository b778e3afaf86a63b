//! Set Branding → Customize: what a partner's portal looks like to those it is for.
//!
//! - BRA-1  Only the primary account opens Global. What it chooses is kept as a draft, which a preview shows, until it is saved.
//! - BRA-5  An organization's users see the partner's look on every page when ORG-10 is on, Portico's own otherwise; the partner's own sign-in
//!   address, and the pages behind its letters' links, are always in it. Where nothing was chosen, Portico's own is what is shown.
//!
//! Organizations' users get all of it: the accent, the title, the logo, the support contact and the background for all organizations. The
//! **personal portal background** is the one behind the pages of the partner's own employees; nothing else of theirs changes. A sub-partner
//! has a look of its own and inherits none.
//!
//! - BRA-2  Partners in EMEA have none: Customize explains that, its addresses refuse, and whatever was saved before is not shown, until it is
//!   available again. How devices are identified is no look and stays as it was chosen. Whoever runs the portal may lift this for their own install
//!   (`--branding-everywhere`).
//!
//! Pages that were signed in to learn their look with the session (`access/store.rs`), in the one statement that is asked anyway.

pub mod actions;
pub mod background_views;
pub mod built_in_model;
pub mod files_store;
pub mod global_views;
pub mod look_model;
pub mod model;
pub mod pages;
pub mod preview_pages;
pub mod preview_views;
pub mod region_pages;
pub mod sheet_model;
pub mod store;
pub mod upload_pages;
