//! The rules of `access`, one test a sentence.
