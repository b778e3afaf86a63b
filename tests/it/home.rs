//! The rules of `home`, one test a sentence.
