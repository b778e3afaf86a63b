//! One error, by what to do next.

use std::fmt;

use crate::kernel::disk::{Outcome, Trouble};

/// What a field's refusal says, by the field's name; in the order the fields were checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldErrors(pub Vec<(String, String)>);

impl FieldErrors {
    /// One field's refusal.
    pub fn one(field: &str, sentence: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), sentence.into())])
    }

    /// Adds a field's refusal.
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.push((field.to_owned(), sentence.into()));
    }

    /// The first sentence about a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.as_str())
    }

    /// `Ok(value)` when nothing was refused, else all refusals together.
    pub fn or<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::Invalid(self)),
        }
    }

    /// Keeps the value of a parsed field, or notes its refusal and gives `None`.
    pub fn take<T>(&mut self, field: &str, parsed: std::result::Result<T, String>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.add(field, sentence);
                None
            }
        }
    }
}

/// Everything that can go wrong, by what to do next.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in: show the way to sign in.
    SignIn,
    /// The request did not come from our own pages.
    Forbidden(&'static str),
    /// Absent, or not this person's: the two look alike (ALL-1).
    NotFound,
    /// Fields to correct.
    Invalid(FieldErrors),
    /// A rule says no, in a sentence for people.
    Refused(String),
    /// Somebody else was faster; look again.
    Conflict(String),
    /// A script asked too often; again after so many seconds.
    TooOften {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// Too busy or asked too often; again after so many seconds.
    Unavailable {
        /// The sentence for people.
        sentence: String,
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The disk or the database's file failed: the operator's to mend, and told in a sentence (OPS-4).
    Disk(Trouble),
    /// Ours to mend: logged once, told as a plain sentence with the request's id.
    Internal(String),
}

/// What nearly everything gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal in a sentence.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }

    /// A refusal of one field.
    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::one(field, sentence))
    }

    /// The same error; what became of the work is added to an error of the disk that does not say so yet.
    #[must_use]
    pub fn with_outcome(self, outcome: Outcome) -> Self {
        match self {
            Self::Disk(trouble) if trouble.outcome == Outcome::NotRead => Self::Disk(Trouble { outcome, ..trouble }),
            Self::Disk(_)
            | Self::Refused(_)
            | Self::SignIn
            | Self::Forbidden(_)
            | Self::NotFound
            | Self::Invalid(_)
            | Self::Conflict(_)
            | Self::TooOften { .. }
            | Self::Unavailable { .. }
            | Self::Internal(_) => self,
        }
    }

    /// Something that must not happen, in words for the log.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn => out.write_str("Please sign in."),
            Self::Forbidden(why) => out.write_str(why),
            Self::NotFound => out.write_str("Not found."),
            Self::Invalid(FieldErrors(fields)) => {
                let sentences: Vec<_> = fields.iter().map(|(field, sentence)| format!("{field}: {sentence}")).collect();
                out.write_str(&sentences.join(" "))
            }
            Self::Refused(sentence) | Self::Conflict(sentence) | Self::Unavailable { sentence, .. } => out.write_str(sentence),
            Self::TooOften { retry_after } => write!(out, "Too many requests. Try again in {retry_after} seconds."),
            Self::Disk(trouble) => trouble.fmt(out),
            Self::Internal(what) => out.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if matches!(error, rusqlite::Error::QueryReturnedNoRows) {
            return Self::NotFound;
        }
        Trouble::behind(&error).map_or_else(|| Self::Internal(format!("database: {error}")), Self::Disk)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Trouble::behind_file(&error).map_or_else(|| Self::Internal(format!("input or output: {error}")), Self::Disk)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("JSON: {error}"))
    }
}
