//! The rules of `subscriptions`, one test a sentence.
