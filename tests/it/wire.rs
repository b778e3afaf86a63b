//! The gate against everything that can be sent to it. Each attack stands beside a good request that is answered meanwhile.
//!
//! `reading` is about what a request may look like, `waiting` about clients and servers that are slow or gone, `crowds` about many at
//! once, `behind` about the server behind the gate, `process` about the whole program: threads, descriptors, signals.

mod behind;
mod crowds;
mod mutations;
mod pictures;
mod portal;
mod process;
mod reading;
mod waiting;
