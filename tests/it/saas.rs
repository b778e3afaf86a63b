//! The rules of `saas`, one test a sentence.
