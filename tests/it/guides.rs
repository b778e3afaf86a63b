//! The rules of `guides`, one test a sentence.
