//! An organization's own people, who may sign in and see what is theirs.
//!
//! - USR-1, USR-2  Name, e-mail, phone, and two levels of access.
//! - USR-3  One user of an organization at most has Endpoint Backup access.
//! - USR-5  Several are added together or not at all.
//! - USR-6  Adding sends the welcome letter with the set-up link.
//! - USR-7  Full access makes a user Super Administrator of every linked SaaS account.
//! - SUB-8  Send sign in makes the organization's contact its first user, Full access, marked Owner.
//! - PAR-3  A box in Edit Organization User makes a full administrator.
//! - USR-9  Edit, deactivate, reactivate, remove, by the rules that every account shares.
//! - USR-10 None of it touches backup data.
//! - ACC-15 Who also works at the partner is acted on only by somebody above their role.
//! - SUP-1  Who is authorized for support, once their support PIN is confirmed.
//! - IMP-4  Imported users wait for their letter: one, those ticked, or all.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod support_actions;
pub mod support_model;
pub mod support_pages;
pub mod support_store;
pub mod support_views;
pub mod views;
