//! The rules of `organizations`, one test a sentence.
