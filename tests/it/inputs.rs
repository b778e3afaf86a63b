//! Strange input everywhere.
