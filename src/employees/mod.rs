//! A partner's own staff: their roles and their products.
//!
//! - EMP-1  Only primary account, Security Admin and Admin manage organizations (`access::model::Role::may`).
//! - EMP-2  One acts only on roles beneath one's own, and gives only such roles; never on oneself (`model::Employee::check`).
//! - EMP-3  Each employee has two products, BCDR and Endpoint Backup, with defaults by role.
//! - USR-5  Several are added together or not at all, as an organization's users are.
//! - ACC-2 to ACC-6  Invited, lapsed, deactivated, reactivated, removed, by the rules that every account shares.
//! - ACC-4  A set-up that lapsed is brought back by anybody who manages employees, whatever its role: it only gets a new letter.
//! - ACC-14 A partner has one primary account; it is never deactivated or removed, only handed over.
//! - ACC-15, MAI-3  Who rises leaves no letter behind that people beneath the new role could have read.
//! - SEC-4  The operator of the machine lists, brings back, and names another primary account.

pub mod actions;
pub mod dialog_views;
pub mod entry_model;
pub mod model;
pub mod operator_actions;
pub mod pages;
pub mod store;
pub mod views;
