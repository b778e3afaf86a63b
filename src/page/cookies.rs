//! The three cookies: which names and attributes they have, and the only place that reads or sets one.

use crate::kernel::error::Result;
use crate::kernel::http::{Request, Response};
use crate::kernel::secret::token_hash;

/// How a portal's cookies are made; it follows from how browsers reach it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cookies {
    /// `__Host-…; Secure`: bound to this origin. Browsers keep them over TLS, and over plain HTTP on the machine itself.
    Guarded,
    /// Without both, since browsers drop them where plain HTTP comes over a network (`--insecure-lan`).
    Bare,
}

impl Cookies {
    /// The name of the cookie that carries a session.
    pub const fn session(self) -> &'static str {
        match self {
            Self::Guarded => "__Host-portico",
            Self::Bare => "portico",
        }
    }

    /// The name of the cookie that carries an alert to the next page.
    pub const fn alert(self) -> &'static str {
        match self {
            Self::Guarded => "__Host-portico-alert",
            Self::Bare => "portico-alert",
        }
    }

    /// The name of the cookie by which a browser is known again (SEC-1).
    pub const fn browser(self) -> &'static str {
        match self {
            Self::Guarded => "__Host-portico-browser",
            Self::Bare => "portico-browser",
        }
    }

    /// What every cookie says after its value.
    pub const fn rules(self) -> &'static str {
        match self {
            Self::Guarded => "Path=/; Secure; HttpOnly; SameSite=Lax",
            Self::Bare => "Path=/; HttpOnly; SameSite=Lax",
        }
    }

    /// The answer, with a session's token for the browser to keep.
    pub fn begin_session(self, answer: Response, token: &str) -> Result<Response> {
        self.set(answer, self.session(), token, "")
    }

    /// The answer, with the session's token taken away.
    pub fn end_session(self, answer: Response) -> Result<Response> {
        self.set(answer, self.session(), "", "; Max-Age=0")
    }

    /// The answer, with a signed alert for the next page; a browser that shows none within a minute forgets it.
    pub fn carry_alert(self, answer: Response, signed: &str) -> Result<Response> {
        self.set(answer, self.alert(), signed, "; Max-Age=60")
    }

    /// The answer, with the alert taken away.
    pub fn drop_alert(self, answer: Response) -> Result<Response> {
        self.set(answer, self.alert(), "", "; Max-Age=0")
    }

    /// The answer, with the token by which this browser is known again; browsers keep it for 400 days at most.
    pub fn keep_browser(self, answer: Response, token: &str) -> Result<Response> {
        self.set(answer, self.browser(), token, "; Max-Age=34560000")
    }

    /// The token by which the request's browser is known, if it brought one.
    pub fn browser_token(self, request: &Request) -> Option<&str> {
        request.cookie(self.browser()).filter(|token| token.len() == 43)
    }

    fn set(self, answer: Response, name: &str, value: &str, age: &str) -> Result<Response> {
        answer.with("Set-Cookie", &format!("{name}={value}; {}{age}", self.rules()))
    }

    /// The hash under which the request's session is stored, if it brought one.
    pub fn session_hash(self, request: &Request) -> Option<Vec<u8>> {
        request.cookie(self.session()).filter(|token| token.len() == 43).map(token_hash)
    }

    /// The signed alert that the request brought.
    pub fn carried_alert(self, request: &Request) -> Option<&str> {
        request.cookie(self.alert())
    }
}
