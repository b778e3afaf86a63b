//! The rules of `partners`, one test a sentence.
