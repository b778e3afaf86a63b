//! Small promises about the tree: no leftovers, true documents.
