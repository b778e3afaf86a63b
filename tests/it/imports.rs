//! The rules of `imports`, one test a sentence.
