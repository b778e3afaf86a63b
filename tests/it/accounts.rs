//! The rules of `accounts`, one test a sentence.
