//! A line of a slice's route table.

use crate::access::model::{Access, Risk};
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::{Method, Response};
use crate::page::Cx;

/// What a route is answered with when all is well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A page, or the way to one.
    Page,
    /// A file to keep: the page that asked for it stays open.
    File,
}

/// One line of a slice's route table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method; GET answers HEAD as well.
    pub method: Method,
    /// The path; `{name}` stands for one segment.
    pub path: &'static str,
    /// Who may pass.
    pub access: Access,
    /// SEC-2: whether the password is asked for again when it was given long ago.
    pub risk: Risk,
    /// What it is answered with when all is well.
    pub answer: Answer,
    /// What is done.
    pub handler: fn(&Cx<'_>) -> Result<Response>,
    /// How large a body may be, in bytes.
    pub body_limit: usize,
}

/// Forms are small.
const FORM_LIMIT: usize = 256 * 1024;
/// Imports are not.
const IMPORT_LIMIT: usize = 32 * 1024 * 1024;

impl Route {
    /// A page.
    pub const fn get(path: &'static str, access: Access, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Get, path, access, risk: Risk::Usual, answer: Answer::Page, handler, body_limit: 0 }
    }

    /// A change.
    pub const fn post(path: &'static str, access: Access, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Post, path, access, risk: Risk::Usual, answer: Answer::Page, handler, body_limit: FORM_LIMIT }
    }

    /// A change that comes with files.
    pub const fn upload(path: &'static str, access: Access, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Post, path, access, risk: Risk::Usual, answer: Answer::Page, handler, body_limit: IMPORT_LIMIT }
    }

    /// What a script reads.
    pub const fn read(path: &'static str, right: Right, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Get, path, access: Access::Script(right), risk: Risk::Usual, answer: Answer::Page, handler, body_limit: 0 }
    }

    /// What a script has done.
    pub const fn call(path: &'static str, right: Right, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self::post(path, Access::Script(right), handler)
    }

    /// What a script changes.
    pub const fn put(path: &'static str, right: Right, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self {
            method: Method::Put,
            path,
            access: Access::Script(right),
            risk: Risk::Usual,
            answer: Answer::Page,
            handler,
            body_limit: FORM_LIMIT,
        }
    }

    /// The same change as a dangerous one (SEC-2): it asks for the password again when that was given more than fifteen minutes ago.
    /// Its handler is called with the form as it was sent, once that is settled. Not for files, which cannot wait in a page.
    #[must_use]
    pub const fn dangerous(self) -> Self {
        Self { risk: Risk::Dangerous, ..self }
    }

    /// The same change, answered with a file. Where the password is asked for first, a page between says so and leads back.
    #[must_use]
    pub const fn with_file(self) -> Self {
        Self { answer: Answer::File, ..self }
    }
}
