//! The import law and its neighbours, read from the source itself.
