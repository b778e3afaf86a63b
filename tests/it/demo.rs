//! The rules of `demo`, one test a sentence.
