//! A partner's own staff: their roles and their products.
//!
//! - EMP-1  Only primary account, Security Admin and Admin manage organizations (`access::model::Role::may`).
//! - EMP-2  One acts only on roles beneath one's own, and gives only such roles (`access::model::Role::may_act_on`).
//! - EMP-3  Each employee has two products, BCDR and Endpoint Backup, with defaults by role.
//! - ACC-14 A partner has one primary account; it is never deactivated or removed.

pub mod actions;
pub mod model;
pub mod store;
