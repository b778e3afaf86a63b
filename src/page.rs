//! What a handler gets and is: `Cx` here, `Route` and the pieces every page is made of in the files beneath.

pub mod change;
pub mod cookies;
pub mod menu;
pub mod route;
pub mod sheet;
pub mod way;

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::model::{Person, Visitor};
use crate::access::roles_model::Right;
use crate::access::script_model::Script;
use crate::access::stage_model::Demand;
use crate::access::witness_model::{
    Accountant, DeviceAsker, Manager, PrimaryAccount, Restorer, SecurityAdmin, SignedIn, StaffManager, Technician,
};
use crate::kernel::countries;
use crate::kernel::db::{Db, Reader};
use crate::kernel::error::{Error, Result};
use crate::kernel::form::Form;
use crate::kernel::html::when::Times;
use crate::kernel::http::Request;
use crate::kernel::queue::Stumbles;
use crate::kernel::secret::Hasher;
use crate::kernel::time::Zone;
use crate::kernel::world::World;
pub use crate::page::change::{Done, Problem, problem};
use crate::page::cookies::Cookies;
pub use crate::page::route::{Answer, Route};
pub use crate::page::sheet::Sheet;
pub use crate::page::way::{carried, local, way_on};

/// The portal as handlers see it.
#[derive(Clone, Debug)]
pub struct Portal {
    /// The database.
    pub db: Db,
    /// The two threads that hash passwords.
    pub hasher: Hasher,
    /// What reaches outside.
    pub world: World,
    /// Where people reach the portal, without a slash at the end; links in letters begin with it.
    pub public_url: String,
    /// Whether only browsers on this very machine can open such links.
    pub only_here: bool,
    /// How its cookies are named and guarded.
    pub cookies: Cookies,
    /// ACC-1: the one-time secret's hash, while the portal is empty.
    pub set_up_secret: Option<Vec<u8>>,
    /// Whether this is `portico demo`.
    pub demo: bool,
    /// BRA-2: whether partners in EMEA may brand too.
    pub branding_everywhere: bool,
    /// What jobs could not carry out lately.
    pub stumbles: Stumbles,
}

impl Portal {
    /// How strictly second factors are asked for: in the demo they are optional.
    pub const fn demand(&self) -> Demand {
        if self.demo { Demand::Optional } else { Demand::AsRuled }
    }

    /// BRA-2: whether a partner in this country has a look of its own.
    pub fn brands(&self, country: &str) -> bool {
        self.branding_everywhere || !countries::is_emea(country)
    }
}
/// Everything a handler gets.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The portal.
    pub portal: &'a Portal,
    /// The request.
    pub request: &'a Request,
    /// Who is asking.
    pub visitor: &'a Visitor,
    /// What a POST sent.
    pub form: &'a Form,
    /// The path's `{names}`, decoded.
    pub params: Vec<(&'static str, String)>,
}

impl Cx<'_> {
    /// The person, or the way to sign in.
    pub fn person(&self) -> Result<&Person> {
        match self.visitor {
            Visitor::Person(person) => Ok(person),
            Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => Err(Error::SignIn),
        }
    }

    /// The script that came with a key, on addresses for scripts.
    pub fn script(&self) -> Result<&Script> {
        match self.visitor {
            Visitor::Script(script) => Ok(script),
            Visitor::Guest | Visitor::Half { .. } | Visitor::Person(_) => Err(Error::SignIn),
        }
    }

    /// The witness for managing organizations; `NotFound` for anybody who may not (EMP-1).
    pub fn manager(&self) -> Result<Manager> {
        Manager::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for managing employees; `NotFound` for anybody who may not.
    pub fn staff_manager(&self) -> Result<StaffManager> {
        StaffManager::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness of being the partner's primary account; `NotFound` for anybody else.
    pub fn primary_account(&self) -> Result<PrimaryAccount> {
        PrimaryAccount::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for guarding access; `NotFound` for anybody who may not.
    pub fn security_admin(&self) -> Result<SecurityAdmin> {
        SecurityAdmin::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for statements; `NotFound` for anybody who may not see them.
    pub fn accountant(&self) -> Result<Accountant> {
        Accountant::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for looking after devices; `NotFound` for anybody who may not.
    pub fn technician(&self) -> Result<Technician> {
        Technician::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for asking something of devices; `NotFound` for anybody who may not.
    pub fn device_asker(&self) -> Result<DeviceAsker> {
        DeviceAsker::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for looking at and changing what is one's own.
    pub fn signed_in(&self) -> Result<SignedIn> {
        Ok(SignedIn::of(self.person()?))
    }

    /// Someone who may ask for file restores.
    pub fn restorer(&self) -> Result<Restorer> {
        Restorer::of(self.person()?).ok_or(Error::NotFound)
    }

    /// Whether the person has this right as an employee.
    pub fn may(&self, right: Right) -> bool {
        self.person().is_ok_and(|person| person.may(right))
    }

    /// A `{name}` of the path as an id; what is no id is not found.
    pub fn param<T: FromStr<Err = Error>>(&self, name: &str) -> Result<T> {
        self.param_text(name)?.parse()
    }

    /// A `{name}` of the path as text.
    pub fn param_text(&self, name: &str) -> Result<&str> {
        self.params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str()).ok_or(Error::NotFound)
    }

    /// A query parameter, empty when absent.
    pub fn query(&self, name: &str) -> String {
        self.request.param(name)
    }

    /// The token of a session that this form begins in the place of the one it came in: made of both, so that the form sent twice is
    /// answered with the same session (ALL-7).
    pub fn token_of_form(&self, purpose: &str) -> Result<String> {
        let session = self.portal.cookies.session_hash(self.request).ok_or(Error::SignIn)?;
        let content = [session.as_slice(), self.form.get("form_id").as_bytes(), self.request.body.as_slice()];
        Ok(URL_SAFE_NO_PAD.encode(self.portal.db.vault().keyed_hash(purpose, &content)))
    }

    /// Reads.
    pub fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        self.portal.db.read(work)
    }

    /// How this person reads times, and now.
    pub fn times(&self) -> Times {
        let zone = self.person().ok().and_then(|person| Zone::named(&person.time_zone)).unwrap_or_else(Zone::utc);
        Times { zone, now: self.portal.db.clock().now() }
    }
}
