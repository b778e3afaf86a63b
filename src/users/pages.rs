//! The pages of an organization's users.
