//! The rules of `mail`, one test a sentence.
