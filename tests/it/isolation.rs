//! What one tenant wrote, no other ever reads.
