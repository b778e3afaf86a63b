//! The rules of `activity`, one test a sentence.
