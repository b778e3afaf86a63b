//! How a script comes in: HTTP Basic with an API key, and from there to the handler of its address. No session opens these addresses, no
//! cookie is read or set, and what goes wrong is told in JSON.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::access::model::Visitor;
use crate::access::script_model::Script;
use crate::app::routes::{self, Found};
use crate::app::{App, Seen, errors};
use crate::kernel::error::{Error, Result};
use crate::kernel::form::Form;
use crate::kernel::http::{Request, Response};
use crate::kernel::ids::KeyId;
use crate::kernel::time::{Span, Timestamp};
use crate::keys::pace_model::Bucket;
use crate::keys::secret_model::Given;
use crate::keys::{actions, store};
use crate::page::Cx;

/// Keys whose requests are counted at once; those who have rested long enough are forgotten first.
const MOST_COUNTED: usize = 4_096;

/// How often each key may ask: in memory, since it is worth nothing after a minute.
#[derive(Clone, Debug, Default)]
pub struct Pace(Arc<Mutex<HashMap<KeyId, Bucket>>>);

impl Pace {
    /// Counts a request of this key; `TooOften` when it has to wait.
    fn count(&self, key: KeyId, now: Timestamp) -> Result<()> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST_COUNTED <= buckets.len() && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            if MOST_COUNTED <= buckets.len() {
                buckets.clear();
            }
        }
        buckets.entry(key).or_insert_with(|| Bucket::full(now)).take(now).map_err(too_often)
    }
}

fn too_often(wait: Span) -> Error {
    Error::TooOften { retry_after: u32::try_from((wait.0 + 999) / 1_000).unwrap_or(u32::MAX).max(1) }
}

impl App {
    /// Answers a request to an address for scripts.
    pub(super) fn for_script(&self, request: &Request, seen: &mut Option<Seen>) -> Response {
        let answer = routes::find(request).and_then(|found| self.admitted(request, found, seen));
        answer.unwrap_or_else(|error| errors::for_script(&self.portal, request, &error))
    }

    fn admitted(&self, request: &Request, found: Found, seen: &mut Option<Seen>) -> Result<Response> {
        let given = given(request).ok_or(Error::SignIn)?;
        let script = self.known(&given, request.peer)?;
        *seen = Some(Seen::Key(script.key, script.last_used_at));
        self.pace.count(script.key, self.portal.db.clock().now())?;
        let visitor = Visitor::Script(Box::new(script));
        if !found.route.access.admits(&visitor) {
            return Err(Error::Forbidden("The account that made this key may not do this."));
        }
        let form = Form::default();
        (found.route.handler)(&Cx { portal: &self.portal, request, visitor: &visitor, form: &form, params: found.params })
    }

    /// Whose key this is. A wrong secret costs what an unknown key does; either is counted, and slowed down by address (SEC-1). A right
    /// one is let in however many wrong ones came from its address: 256 bits are not guessed, and one script must not lock out others.
    fn known(&self, given: &Given, address: IpAddr) -> Result<Script> {
        let db = &self.portal.db;
        let tried = db.read(|db| store::tried(db, &given.public))?;
        let refused = match tried.open(given, db.vault(), db.clock().now(), address) {
            Ok(script) => return Ok(script),
            Err(refused) => refused,
        };
        match db.write(|tx| actions::refuse(tx, &refused, address))? {
            Span(0) => Err(Error::SignIn),
            wait => Err(too_often(wait)),
        }
    }
}

/// The public and the secret part that came with a request.
fn given(request: &Request) -> Option<Given> {
    let (scheme, rest) = request.header("authorization")?.split_once(' ')?;
    let decoded = STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (public, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some(Given { public: public.to_owned(), secret: secret.to_owned() })
}
