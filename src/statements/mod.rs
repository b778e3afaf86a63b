//! Statements: what each organization is billed, month by month; and whether the billing system says the same.
//!
//! - SUB-9  A line an organization: its plan, the seats billed and what they cost by the prices that hold on the month's first day. The seats are
//!   the most that were bought or in use at any moment of the month (UTC). Suspended months are billed, the days of an unsubscribed
//!   organization and the month it is deleted in as well, and none after. A closed statement never changes.
//! - SUB-10  A file of the billing system is compared with a statement, in seats and in money; names that were matched by hand are kept.
//! - PAR-1  Each partner has its own statements; nobody sees another's, above or beneath.
//! - EMP-4  Limited employees see none.

pub mod actions;
pub mod model;
pub mod pages;
pub mod reconcile_actions;
pub mod reconcile_model;
pub mod reconcile_pages;
pub mod reconcile_store;
pub mod reconcile_views;
pub mod store;
pub mod views;
