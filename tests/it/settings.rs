//! The rules of `settings`, one test a sentence.
