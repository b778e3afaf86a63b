//! The rules of `search`, one test a sentence.
