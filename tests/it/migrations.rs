//! The database's history: forward only, embedded, and equal to what the code says.
