//! Whole pages and letters as they should be.
