//! The top: the only place that knows every slice. A request comes in as a value, a response goes out as one.

pub mod accounts;
pub mod certificates;
pub mod cli;
pub mod config;
pub mod crew;
pub mod demo;
pub mod due;
pub mod errors;
pub mod healthcheck;
pub mod imports;
pub mod jobs;
pub mod keys;
pub mod listening;
pub mod lock;
pub mod machine;
pub mod mailing;
pub mod public_url;
pub mod restore;
pub mod routes;
pub mod scripts;
pub mod second_factor;
pub mod self_signed;
pub mod server;
pub mod signals;
pub mod upkeep;

use std::net::{IpAddr, Ipv4Addr};

use crate::access::model::{Access, Risk, Visitor};
use crate::access::proof_pages::{self, Settled};
use crate::access::store;
use crate::app::routes::Found;
use crate::app::scripts::Pace;
use crate::kernel::assets;
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::form::Form;
use crate::kernel::html::columns;
use crate::kernel::http::{Method, Request, Response, is_for_scripts};
use crate::kernel::ids::{KeyId, SessionId};
use crate::kernel::queue::Stumbles;
use crate::kernel::secret::{Hasher, token_hash};
use crate::kernel::time::{Span, Timestamp};
use crate::kernel::world::World;
use crate::keys::store as keys_store;
use crate::page::{Cx, Portal};

/// HSTS, for a year (security.md, "The server"). Not for subdomains, which belong to others.
const TLS_ONLY: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// A session or a key that somebody used, and when that was noted last.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// A person's session.
    Session(SessionId, Timestamp),
    /// A script's key.
    Key(KeyId, Option<Timestamp>),
}

impl Seen {
    /// Whether a minute has passed since that was noted.
    fn is_due(self, now: Timestamp) -> bool {
        let last = match self {
            Self::Session(_, last) => Some(last),
            Self::Key(_, last) => last,
        };
        last.is_none_or(|last| now - last >= Span::minutes(1))
    }
}

/// The whole portal: answers requests.
#[derive(Clone, Debug)]
pub struct App {
    portal: Portal,
    hosts: Vec<String>,
    origins: Vec<String>,
    tls_only_host: Option<String>,
    pace: Pace,
}

impl App {
    /// Puts the portal together. `set_up_secret` is the one-time secret that was printed for an empty portal (ACC-1).
    pub fn new(db: Db, world: World, config: &config::Config, set_up_secret: Option<&str>) -> Result<Self> {
        let hasher = Hasher::start(world.password_cost)?;
        let portal = Portal {
            db,
            hasher,
            world,
            public_url: config.reach.public_url.to_string(),
            only_here: config.reach.public_url.is_this_machine(),
            cookies: config.reach.cookies(),
            set_up_secret: set_up_secret.map(token_hash),
            demo: config.demo,
            branding_everywhere: config.branding_everywhere,
            stumbles: Stumbles::default(),
        };
        let (hosts, origins, tls_only_host) = (config.reach.hosts(), config.reach.origins(), config.reach.tls_only_host());
        Ok(Self { portal, hosts, origins, tls_only_host, pace: Pace::default() })
    }

    /// The portal as handlers see it; for jobs, the demo and tests.
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The `Host` values that are answered.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Answers a request and notes that its session was seen.
    pub fn handle(&self, request: &Request) -> Response {
        let (response, seen) = self.answer(request);
        if let Some(seen) = seen {
            self.note(seen);
        }
        response
    }

    /// Answers a request; which session or key is to be noted as seen, if that is due. Every error becomes a page here and nowhere else.
    pub fn answer(&self, request: &Request) -> (Response, Option<Seen>) {
        let mut seen = None;
        let mut response = self.drawn(request, &mut seen);
        if self.tls_only_host.as_deref().is_some_and(|ours| request.header("host").is_some_and(|host| ours.eq_ignore_ascii_case(host))) {
            response.headers.push((TLS_ONLY.0, TLS_ONLY.1.to_owned()));
        }
        let now = self.portal.db.clock().now();
        (response, seen.filter(|seen| seen.is_due(now)))
    }

    fn drawn(&self, request: &Request, seen: &mut Option<Seen>) -> Response {
        let host = request.header("host").unwrap_or_default();
        if !self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            return errors::finish(Response::empty(421));
        }
        if is_for_scripts(&request.path) {
            return errors::finish(self.for_script(request, seen));
        }
        if matches!(request.method, Method::Get | Method::Head)
            && let Some(asset) = assets::find(&request.path)
        {
            return errors::finish(send_asset(asset, request.header("accept-encoding").unwrap_or_default()));
        }
        if request.method == Method::Get && request.path == columns::PATH {
            return errors::finish(send_columns(&request.query));
        }
        let visitor = match self.visitor(request, seen) {
            Ok(visitor) => visitor,
            Err(error) => return errors::finish(errors::page(&self.portal, request, &Visitor::Guest, &error)),
        };
        let response = self.routed(request, &visitor).unwrap_or_else(|error| errors::page(&self.portal, request, &visitor, &error));
        errors::finish(for_dialog(request, response))
    }

    /// Whether these cookies are of somebody who gave a password lately, wherever they are.
    pub fn knows(&self, cookies: &str) -> bool {
        let request = Request {
            method: Method::Head,
            path: String::new(),
            query: String::new(),
            headers: vec![("cookie".to_owned(), cookies.to_owned())],
            body: Vec::new(),
            peer: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        };
        let hash = self.portal.cookies.session_hash(&request);
        hash.is_some_and(|hash| self.portal.db.read(|db| store::is_live(db, &hash)).unwrap_or(false))
    }

    fn visitor(&self, request: &Request, seen: &mut Option<Seen>) -> Result<Visitor> {
        let Some(hash) = self.portal.cookies.session_hash(request) else { return Ok(Visitor::Guest) };
        let (visitor, last) = self.portal.db.read(|db| store::visitor(db, &hash, request.peer, self.portal.demand()))?;
        *seen = match &visitor {
            Visitor::Guest | Visitor::Script(_) => None,
            Visitor::Half { session, .. } => Some(Seen::Session(*session, last)),
            Visitor::Person(person) => Some(Seen::Session(person.session, last)),
        };
        Ok(visitor)
    }

    fn routed(&self, request: &Request, visitor: &Visitor) -> Result<Response> {
        let Found { route, params } = routes::find(request)?;
        if !route.access.admits(visitor) {
            let not_found = matches!(visitor, Visitor::Person(_)) || route.access == Access::AnySession;
            return Err(if not_found && !matches!(visitor, Visitor::Guest) { Error::NotFound } else { Error::SignIn });
        }
        if route.method != Method::Get {
            self.check_origin(request)?;
        }
        let mut form = if route.method == Method::Get { Form::default() } else { Form::read(request)? };
        if route.risk == Risk::Dangerous {
            let asked =
                proof_pages::settle(&Cx { portal: &self.portal, request, visitor, form: &form, params: params.clone() }, route.answer)?;
            match asked {
                Settled::GoOn(settled) => form = settled,
                Settled::Asked(response) => return Ok(response),
            }
        }
        (route.handler)(&Cx { portal: &self.portal, request, visitor, form: &form, params })
    }

    /// The one place that decides whether a change was asked for by our own pages (security.md, "CSRF").
    fn check_origin(&self, request: &Request) -> Result<()> {
        const ELSEWHERE: &str = "This request did not come from Portico's own pages, so nothing was done.";
        match (request.header("sec-fetch-site"), request.header("origin")) {
            (Some("same-origin"), _) => Ok(()),
            (None, Some(origin)) if self.origins.iter().any(|ours| ours.eq_ignore_ascii_case(origin)) => Ok(()),
            (None, None) if self.portal.cookies.session_hash(request).is_none() => Ok(()),
            _ => Err(Error::Forbidden(ELSEWHERE)),
        }
    }

    /// Notes that a session or a key was seen. Best effort, after the answer, at most once a minute: a lost note only ends an idle
    /// session a little early.
    pub fn note(&self, seen: Seen) {
        let noted = self.portal.db.write(|tx| match seen {
            Seen::Session(session, _) => store::touch_session(tx, session),
            Seen::Key(key, _) => keys_store::touch(tx, key),
        });
        if let Err(error) = noted {
            errors::log("not noted as seen", &error);
        }
    }
}

/// The words of a list's columns, for narrow screens.
fn send_columns(query: &str) -> Response {
    let headers = vec![("Content-Type", "text/css; charset=utf-8".to_owned()), ("Cache-Control", assets::CACHE_CONTROL.to_owned())];
    Response { status: 200, headers, body: columns::sheet(query).into_bytes(), stored: None }
}

fn send_asset(asset: &assets::Asset, accepted: &str) -> Response {
    let mut headers = vec![
        ("Content-Type", asset.content_type.to_owned()),
        ("Cache-Control", assets::CACHE_CONTROL.to_owned()),
        ("Vary", "Accept-Encoding".to_owned()),
    ];
    match &asset.gzip {
        Some(packed) if accepted.contains("gzip") => {
            headers.push(("Content-Encoding", "gzip".to_owned()));
            Response { status: 200, headers, body: packed.clone(), stored: None }
        }
        _ => Response { status: 200, headers, body: asset.plain.clone(), stored: None },
    }
}

/// A dialog's form cannot follow a redirect by itself; it is told where to go instead.
fn for_dialog(request: &Request, mut response: Response) -> Response {
    if request.header("x-portico-dialog").is_some() && response.status == 303 {
        response.status = 204;
        for (name, _) in &mut response.headers {
            if *name == "Location" {
                *name = "X-Portico-Location";
            }
        }
    }
    response
}
