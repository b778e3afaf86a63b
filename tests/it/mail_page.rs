//! Admin → Mail: how letters leave, set by a page (MAI-1, OPS-6).
