//! A how-to, step by step.
