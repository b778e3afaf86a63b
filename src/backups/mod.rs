//! What was backed up when: the days of an account's applications as the vendor reported them, and what they mean.
//!
//! - SAS-9   A day is as good as its worst application with active services; three days running not perfect are red.
//! - SAS-10  Data carries its time; the last 24 hours count back from it; nothing is made up where there is none.

pub mod model;
pub mod store;
