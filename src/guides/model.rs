//! What a guide is made of. Pure.

use crate::access::model::{Access, Visitor};

/// A guide.
#[derive(Clone, Copy, Debug)]
pub struct Guide {
    /// Its word in the address.
    pub slug: &'static str,
    /// What one gets done with it.
    pub title: &'static str,
    /// For whom and when, in a sentence.
    pub about: &'static str,
    /// Who may open its places.
    pub access: Access,
    /// Its parts, in order.
    pub parts: &'static [Part],
}

/// A part of a guide.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What is done in it.
    pub title: &'static str,
    /// How, in order; each numbered.
    pub steps: &'static [Step],
    /// What else is good to know; not numbered.
    pub notes: &'static [&'static str],
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What to do. Words of the page stand between asterisks.
    pub text: &'static str,
    /// What older pages call it.
    pub older: Option<&'static str>,
    /// The way to its place: what the link says, and the address.
    pub place: Option<(&'static str, &'static str)>,
}

impl Guide {
    /// Whether this visitor may open the guide's places.
    pub fn is_for(&self, visitor: &Visitor) -> bool {
        self.access.admits(visitor)
    }
}

/// A step of plain text.
pub const fn step(text: &'static str) -> Step {
    Step { text, older: None, place: None }
}

impl Step {
    /// The same with the word of older pages.
    #[must_use]
    pub const fn older(self, words: &'static str) -> Self {
        Self { older: Some(words), ..self }
    }

    /// The same with the way to its place.
    #[must_use]
    pub const fn at(self, label: &'static str, href: &'static str) -> Self {
        Self { place: Some((label, href)), ..self }
    }
}
