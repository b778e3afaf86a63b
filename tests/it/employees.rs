//! The rules of `employees`, one test a sentence.
