//! What can be wrong with the disk and the database's file, and what a person and the operator hear of it (OPS-4).

use std::fmt;
use std::io::ErrorKind;

use rusqlite::ErrorCode;

/// What is wrong, by what to do about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No room is left.
    Full,
    /// The file or its folder may only be read.
    NotWritable,
    /// Reading or writing failed.
    Failing,
    /// The machine has no memory left.
    OutOfMemory,
    /// Another program holds the lock for longer than anybody waits.
    Busy,
    /// What the file holds is not a whole database.
    Damaged,
}

/// What became of the work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It did not try to change anything.
    NotRead,
    /// Nothing was changed, for certain.
    NotSaved,
    /// The disk failed at the last moment: it may turn out to be saved.
    InDoubt,
    /// It was not begun, since that of somebody before is still in doubt.
    NotBegun,
}

/// One failure of the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What is wrong.
    pub fault: Fault,
    /// What became of the work.
    pub outcome: Outcome,
    /// In the words of whoever noticed, for the log.
    pub why: String,
}

impl Trouble {
    /// The trouble behind an error of SQLite's, if the disk or the file is the cause. Whoever knows that nothing was, or may have
    /// been, saved says so with `outcome`.
    pub fn behind(error: &rusqlite::Error) -> Option<Self> {
        let (rusqlite::Error::SqliteFailure(cause, _) | rusqlite::Error::SqlInputError { error: cause, .. }) = error else {
            return None;
        };
        let fault = match cause.code {
            ErrorCode::DiskFull => Fault::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => Fault::NotWritable,
            ErrorCode::SystemIoFailure if cause.extended_code == rusqlite::ffi::SQLITE_IOERR_NOMEM => Fault::OutOfMemory,
            ErrorCode::SystemIoFailure | ErrorCode::NoLargeFileSupport => Fault::Failing,
            ErrorCode::OutOfMemory => Fault::OutOfMemory,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => Fault::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Fault::Damaged,
            ErrorCode::InternalMalfunction
            | ErrorCode::OperationAborted
            | ErrorCode::OperationInterrupted
            | ErrorCode::NotFound
            | ErrorCode::SchemaChanged
            | ErrorCode::TooBig
            | ErrorCode::ConstraintViolation
            | ErrorCode::TypeMismatch
            | ErrorCode::ApiMisuse
            | ErrorCode::AuthorizationForStatementDenied
            | ErrorCode::ParameterOutOfRange
            | ErrorCode::Unknown
            | _ => return None,
        };
        Some(Self { fault, outcome: Outcome::NotRead, why: format!("{error} (SQLite {})", cause.extended_code) })
    }

    /// The trouble behind an error of writing a file of ours, if the disk is the cause.
    pub fn behind_file(error: &std::io::Error) -> Option<Self> {
        let kind = error.kind();
        let full = matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge);
        let fault = if full { Some(Fault::Full) } else { (kind == ErrorKind::ReadOnlyFilesystem).then_some(Fault::NotWritable) };
        fault.map(|fault| Self { fault, outcome: Outcome::NotSaved, why: error.to_string() })
    }

    /// For whoever runs the portal: what is wrong and what mends it.
    pub const fn advice(&self) -> &'static str {
        match self.fault {
            Fault::Full => "the disk is full; make room on it",
            Fault::NotWritable => {
                "the database cannot be opened for writing; look at who may write its folder and whether its disk is mounted read-only"
            }
            Fault::Failing => "the disk reports errors; look at it, and at whether the file may grow",
            Fault::OutOfMemory => "the machine is out of memory; end what uses it",
            Fault::Busy => "another program holds the database",
            Fault::Damaged => "the database is damaged; run `portico check`, and restore a backup",
        }
    }

    /// A few words for the title of a page.
    pub const fn title(&self) -> &'static str {
        match (self.outcome, self.fault) {
            (_, Fault::Damaged) => "The database is damaged",
            (Outcome::NotRead, _) => "This could not be shown",
            (Outcome::NotSaved | Outcome::NotBegun, _) => "This could not be saved",
            (Outcome::InDoubt, _) => "It is not known whether this was saved",
        }
    }

    const fn cause(&self) -> &'static str {
        match self.fault {
            Fault::Full => "the disk is full",
            Fault::NotWritable => "the database cannot be written to",
            Fault::Failing => "the disk reports errors",
            Fault::OutOfMemory => "the machine is out of memory",
            Fault::Busy => "something large is being saved just now",
            Fault::Damaged => "the database is damaged",
        }
    }
}

/// The sentence for people.
impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = self.cause();
        match (self.outcome, self.fault) {
            (Outcome::NotRead, Fault::Damaged) => write!(
                out,
                "The database is damaged, so this could not be shown. Tell whoever runs this portal: `portico check` says what is wrong, and \
                 a backup can be restored."
            ),
            (Outcome::NotSaved | Outcome::NotBegun, Fault::Damaged) => write!(
                out,
                "This could not be saved, nothing was changed: the database is damaged. Tell whoever runs this portal: `portico check` says \
                 what is wrong, and a backup can be restored."
            ),
            (Outcome::NotRead, Fault::Busy) => write!(out, "This could not be shown: {cause}. Try again in a moment."),
            (Outcome::NotRead, _) => write!(out, "This could not be shown: {cause}. Tell whoever runs this portal, and try again later."),
            (Outcome::NotSaved, Fault::Busy) => {
                write!(out, "This could not be saved, nothing was changed: {cause}. Send it again in a moment.")
            }
            (Outcome::NotSaved, _) => write!(
                out,
                "This could not be saved, nothing was changed: {cause}. Tell whoever runs this portal, and send it again when that is mended."
            ),
            (Outcome::InDoubt, _) => write!(
                out,
                "It is not known yet whether this was saved: {cause}. Tell whoever runs this portal. Once that is mended, send it again from \
                 here: what was saved already is not done twice."
            ),
            (Outcome::NotBegun, _) => write!(
                out,
                "This could not be saved: {cause}, and whether the last change before was saved will be known when the disk works again. Tell \
                 whoever runs this portal. Once that is mended, send it again from here: what was saved already is not done twice."
            ),
        }
    }
}
