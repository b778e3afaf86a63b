//! The rules of `seats`, one test a sentence.
