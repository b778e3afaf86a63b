//! Licenses: what is used of what is bought, and which seats cost while they protect nobody who works.
//!
//! - HOM-1, SEA-4, SEA-5  Billable seats by plan, commitment and retention; seats that are archived, or paused for long, with what they cost.
//! - SUB-1  Costs are by the price list that holds this month; without a price no amount is told.
//! - EMP-4  A limited employee sees their groups' organizations and unlinked accounts alone.

pub mod model;
pub mod pages;
pub mod store;
pub mod views;
