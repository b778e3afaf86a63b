//! The rules of `users`, one test a sentence.
