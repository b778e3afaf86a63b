//! A whole portal in this process, and somebody who uses it as a person would: by the words on the page.

use std::cell::OnceCell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use portico::access::roles_model::{Products, Role};
use portico::access::stage_model::{Proof, Stage};
use portico::access::store as sessions;
use portico::app::config::{Config, DATABASE, Reach, Spoken};
use portico::app::server::{self, Options, Running};
use portico::app::{App, jobs};
use portico::gate::hall::Left;
use portico::kernel::db::{Db, Read as _, Tx};
use portico::kernel::error::Result;
use portico::kernel::http::{Method, Request, Response};
use portico::kernel::ids::{AccountId, IdentityId, PartnerId};
use portico::kernel::month::Month;
use portico::kernel::random::Tokens;
use portico::kernel::secret::{Hasher, PasswordCost, Vault, token_hash};
use portico::kernel::smtp::{Patience, Stop};
use portico::kernel::text;
use portico::kernel::time::{Clock, Span, Timestamp};
use portico::kernel::totp::Secret;
use portico::kernel::world::{GivenSender, Transport, World};
use portico::page::cookies::Cookies;
use rusqlite::{Connection, Params, params};
use tempfile::TempDir;

use super::authenticator;
use super::html::{self, Button, Element, Form, surroundings};
use super::people::*;

/// Where every test begins: 2026-11-22T06:26:00Z.
pub const START: Timestamp = Timestamp(1_795_328_760_000);

/// Where people reach the portal in tests.
pub const HOST: &str = "portico.example";

/// The key file of every portal here.
pub const KEY: [u8; 32] = [7; 32];

/// The name of the cookie that carries a session, in every portal but one without TLS on a network.
pub const SESSION_COOKIE: &str = Cookies::Guarded.session();

/// The name of the cookie that carries an alert.
pub const ALERT_COOKIE: &str = Cookies::Guarded.alert();

/// A whole portal. Clones are the same portal.
#[derive(Clone)]
pub struct Portal {
    /// Answers requests.
    pub app: App,
    /// Letters as they left (`Transport::Memory`), raw.
    pub left: Arc<Mutex<Vec<Vec<u8>>>>,
    config: Config,
    set_up_secret: Option<String>,
    folder: Arc<TempDir>,
}

pub fn temporary_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let builder = |place: &Path| tempfile::Builder::new().prefix("portico-test-").tempdir_in(place);
    builder(memory).or_else(|_| builder(&std::env::temp_dir())).expect("a temporary folder")
}

/// An empty, migrated database; made once a process.
fn empty_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let folder = temporary_folder();
        let path = folder.path().join("portico.db");
        let db = Db::open(&path, Clock::manual(START), Vault::new(KEY)).expect("an empty database");
        db.checkpoint().expect("its log is emptied");
        drop(db);
        (folder, path)
    });
    path
}

/// The same with Harbor MSP and the cast.
pub(super) fn firm_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let folder = temporary_folder();
        let path = folder.path().join("portico.db");
        std::fs::copy(empty_template(), &path).expect("a copy");
        let db = Db::open(&path, Clock::manual(START), Vault::new(KEY)).expect("an empty database");
        db.write(people_the_firm).expect("the cast");
        db.checkpoint().expect("its log is emptied");
        drop(db);
        (folder, path)
    });
    path
}

impl Portal {
    /// Nobody is there yet; letters stay in the outbox.
    pub fn empty() -> Self {
        Self::from_template(empty_template(), Transport::AsSet, None)
    }

    /// Nobody is there yet, and this is the secret that was printed (ACC-1).
    pub fn waiting_for_set_up(secret: &str) -> Self {
        Self::from_template(empty_template(), Transport::AsSet, Some(secret))
    }

    /// Harbor MSP with the cast; letters stay in the outbox.
    pub fn firm() -> Self {
        Self::from_template(firm_template(), Transport::AsSet, None)
    }

    /// Harbor MSP; letters leave and are kept in `left`.
    pub fn firm_that_sends() -> Self {
        let left = Arc::new(Mutex::new(Vec::new()));
        let mut portal = Self::from_template(firm_template(), Transport::Memory(Arc::clone(&left)), None);
        portal.left = left;
        portal
    }

    /// Harbor MSP; no letter ever arrives.
    pub fn firm_with_failing_mail() -> Self {
        Self::from_template(firm_template(), Transport::Failing, None)
    }

    /// Harbor MSP; letters leave as the command line said.
    pub fn firm_by(transport: Transport) -> Self {
        Self::from_template(firm_template(), transport, None)
    }

    /// Harbor MSP; letters leave as the command line said, sender included.
    pub fn firm_from(transport: Transport, sender: GivenSender) -> Self {
        let portal = Self::firm_by(transport);
        let inside = portal.app.portal();
        let world = World { sender, ..inside.world.clone() };
        Self { app: App::new(inside.db.clone(), world, &portal.config, None).expect("a portal"), ..portal }
    }

    /// The same portal where hashing a password costs this.
    #[must_use]
    pub fn with_password_cost(self, password_cost: PasswordCost) -> Self {
        let inside = self.app.portal();
        let world = World { password_cost, ..inside.world.clone() };
        Self { app: App::new(inside.db.clone(), world, &self.config, None).expect("a portal"), ..self }
    }

    /// A portal over a copy of this database.
    pub(super) fn from_copy_of(template: &Path) -> Self {
        Self::from_template(template, Transport::AsSet, None)
    }

    /// A portal over a copy of this database on a disk that can fail; letters leave and are kept in `left`.
    pub(super) fn on_disk(template: &Path, folder: Arc<TempDir>) -> Self {
        let left = Arc::new(Mutex::new(Vec::new()));
        let mut portal = Self::in_folder(folder, template, Transport::Memory(Arc::clone(&left)), None);
        portal.left = left;
        portal
    }

    fn from_template(template: &Path, transport: Transport, set_up_secret: Option<&str>) -> Self {
        Self::in_folder(Arc::new(temporary_folder()), template, transport, set_up_secret)
    }

    fn in_folder(folder: Arc<TempDir>, template: &Path, transport: Transport, set_up_secret: Option<&str>) -> Self {
        std::fs::copy(template, folder.path().join(DATABASE)).expect("a copy of the template");
        Self::begin(folder, transport, set_up_secret)
    }

    /// The same portal, started with `--branding-everywhere`.
    #[must_use]
    pub fn branding_everywhere(mut self) -> Self {
        self.config.branding_everywhere = true;
        let portal = self.app.portal();
        self.app = App::new(portal.db.clone(), portal.world.clone(), &self.config, self.set_up_secret.as_deref()).expect("a portal");
        self
    }

    /// The portal whose database is in this folder already.
    pub fn of_folder(folder: TempDir) -> Self {
        Self::begin(Arc::new(folder), Transport::AsSet, None)
    }

    fn begin(folder: Arc<TempDir>, transport: Transport, set_up_secret: Option<&str>) -> Self {
        let config = Config {
            data: folder.path().to_owned(),
            reach: Reach {
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 1)),
                spoken: Spoken::Plain,
                public_url: format!("http://{HOST}").parse().expect("an address"),
            },
            trusted_proxy: None,
            demo: false,
            branding_everywhere: false,
        };
        std::fs::write(config.key_file(), KEY).expect("the key file");
        let clock = Clock::manual(START);
        let db = Db::open(&config.database(), clock.clone(), Vault::new(KEY)).expect("the database");
        let world = World {
            clock,
            tokens: Tokens,
            transport,
            sender: GivenSender::default(),
            patience: Patience { opening: Duration::from_secs(2), letter: Duration::from_secs(2) },
            password_cost: PasswordCost::Tests,
        };
        let app = App::new(db, world, &config, set_up_secret).expect("a portal");
        Self { app, left: Arc::default(), config, set_up_secret: set_up_secret.map(ToOwned::to_owned), folder }
    }

    /// The same portal, reached another way: what it speaks, and where people reach it.
    #[must_use]
    pub fn reached(mut self, spoken: Spoken, public_url: &str) -> Self {
        self.config.reach.spoken = spoken;
        self.config.reach.public_url = public_url.parse().expect("an address");
        let portal = self.app.portal();
        self.app = App::new(portal.db.clone(), portal.world.clone(), &self.config, self.set_up_secret.as_deref()).expect("a portal");
        self
    }

    /// The same portal as `portico demo` runs it.
    #[must_use]
    pub fn into_demo(mut self) -> Self {
        self.config.demo = true;
        let portal = self.app.portal();
        self.app = App::new(portal.db.clone(), portal.world.clone(), &self.config, None).expect("a portal");
        self
    }

    /// How its cookies are made.
    pub fn cookies(&self) -> Cookies {
        self.app.portal().cookies
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database, for calling stores and actions directly.
    pub fn db(&self) -> &Db {
        &self.app.portal().db
    }

    /// Does work in a transaction, as an action's caller would.
    #[track_caller]
    pub fn write<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> T {
        self.db().write(work).expect("the work is done")
    }

    /// The portal's now.
    pub fn now(&self) -> Timestamp {
        self.db().clock().now()
    }

    /// Lets time pass; who is signed in stays so (as if they came back and signed in again). Jobs do not run by themselves.
    #[track_caller]
    pub fn wait(&self, span: Span) -> &Self {
        self.db().clock().advance(span);
        self.execute(
            "update session set created_at = created_at + ?1, last_seen_at = last_seen_at + ?1, proved_at = proved_at + ?1",
            [span.0],
        );
        self
    }

    /// Lets time pass while nobody does anything: sessions age.
    pub fn wait_idle(&self, span: Span) -> &Self {
        self.db().clock().advance(span);
        self
    }

    /// Runs every job until nothing is left to do.
    pub fn run_jobs(&self) -> &Self {
        jobs::run_all(self.app.portal());
        jobs::deliver_letters(self.app.portal(), &Stop::default());
        self
    }

    /// A connection of the test's own, beside the portal's.
    #[track_caller]
    pub fn connection(&self) -> Connection {
        let connection = Connection::open(self.config.database()).expect("the database opens");
        connection.execute_batch("pragma foreign_keys = on; pragma busy_timeout = 5000;").expect("it listens");
        connection
    }

    /// Changes the database behind the portal's back; how many rows.
    #[track_caller]
    pub fn execute(&self, sql: &str, params: impl Params) -> usize {
        self.connection().execute(sql, params).expect("the statement runs")
    }

    /// One value out of the database.
    #[track_caller]
    pub fn sql<T: rusqlite::types::FromSql>(&self, sql: &str, params: impl Params) -> T {
        self.connection().query_row(sql, params, |row| row.get(0)).expect("one value")
    }

    /// One value out of the database, if there is a row.
    #[track_caller]
    pub fn sql_maybe<T: rusqlite::types::FromSql>(&self, sql: &str, params: impl Params) -> Option<T> {
        match self.connection().query_row(sql, params, |row| row.get(0)) {
            Ok(value) => Some(value),
            Err(rusqlite::Error::QueryReturnedNoRows) => None,
            Err(error) => panic!("{sql}: {error}"),
        }
    }

    /// How many rows: `sql_count("account where organization = 7")`.
    #[track_caller]
    pub fn sql_count(&self, from: &str) -> i64 {
        self.sql(&format!("select count(*) from {from}"), [])
    }

    /// How often a text stands anywhere in the database: in any column of any table.
    #[track_caller]
    pub fn mentions(&self, text: &str) -> Vec<String> {
        let connection = self.connection();
        let mut found = Vec::new();
        for table in tables(&connection) {
            let mut statement = connection.prepare(&format!("select * from \"{table}\"")).expect("a table is read");
            let columns: Vec<String> = statement.column_names().map(ToOwned::to_owned).collect();
            let mut rows = statement.query([]).expect("a table is read");
            while let Some(row) = rows.next().expect("a row") {
                for (place, column) in columns.iter().enumerate() {
                    let bytes = match row.get_ref(place).expect("a column") {
                        rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => bytes.to_vec(),
                        _ => continue,
                    };
                    if String::from_utf8_lossy(&bytes).to_lowercase().contains(&text.to_lowercase()) {
                        found.push(format!("{table}.{column}"));
                    }
                }
            }
        }
        found
    }

    /// The newest activity of Harbor MSP or beneath: its sentence.
    #[track_caller]
    pub fn last_activity(&self) -> String {
        self.sql("select sentence from activity order by seq desc limit 1", [])
    }

    /// The text of the newest letter to an address, its link still sealed.
    #[track_caller]
    pub fn letter_to(&self, email: &str) -> String {
        self.sql_maybe(
            "select subject || char(10) || text from letter where to_email = ?1 order by created_at desc, rowid desc limit 1",
            [email],
        )
        .unwrap_or_else(|| panic!("no letter was written to {email}"))
    }

    /// The path of the secret link in the newest letter to an address, as its receiver could open it.
    #[track_caller]
    pub fn link_for(&self, email: &str) -> String {
        let (link, sealed): (i64, Vec<u8>) = self
            .connection()
            .query_row(
                "select link, sealed_link from letter where to_email = ?1 and sealed_link is not null order by created_at desc, rowid desc limit 1",
                [email],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap_or_else(|_| panic!("no letter with a link was written to {email}"));
        let token = self.db().vault().open("letter link", &link.to_le_bytes(), &sealed).expect("the link opens");
        format!("/links/{}", String::from_utf8_lossy(&token))
    }

    /// Somebody who is not signed in.
    pub fn guest(&self) -> Visit {
        Visit::new(self.clone())
    }

    /// One of the cast, signed in a moment ago.
    #[track_caller]
    pub fn sign_in(&self, member: Member) -> Visit {
        let mut visit = self.guest();
        visit.renew(member);
        visit
    }

    /// One of the cast between password and choice of account.
    #[track_caller]
    pub fn half_signed_in(&self, member: Member) -> Visit {
        let mut visit = self.guest();
        visit.begin_session(member.email, None);
        visit
    }

    /// One of the cast at a stage of the way in. An employee's second factor is taken away for all but the code.
    #[track_caller]
    pub fn at_stage(&self, member: Member, stage: Stage) -> Visit {
        if stage != Stage::Code {
            self.lose_factor(member);
        }
        if stage == Stage::Password {
            self.execute("update identity set passcode_until = 0, owes_factor = 1 where email = ?1", [member.email]);
        }
        let mut visit = self.guest();
        let account = if stage == Stage::Choice { None } else { Some(member.account) };
        visit.begin_session_with(member.email, account, Proof::Password);
        visit
    }

    /// A member of the cast without a second factor.
    #[track_caller]
    pub fn lose_factor(&self, member: Member) {
        for table in ["recovery_code", "second_factor"] {
            self.execute(&format!("delete from {table} where identity = (select id from identity where email = ?1)"), [member.email]);
        }
    }

    /// What the app of a member of the cast shows now; the portal forgets that it may have seen that code already.
    #[track_caller]
    pub fn fresh_code(&self, member: Member) -> String {
        self.execute("update second_factor set last_step = 0 where identity = (select id from identity where email = ?1)", [member.email]);
        authenticator::code(&authenticator::secret_of(member), self.now())
    }

    /// Serves this portal on a free port, for a real browser.
    #[track_caller]
    pub fn serve(&self) -> Served {
        self.serve_with(Options::default())
    }

    /// The same with other limits.
    #[track_caller]
    pub fn serve_with(&self, options: Options) -> Served {
        let listener = server::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let mut config = self.config.clone();
        config.reach = Reach::on_this_machine(address);
        let portal = self.app.portal();
        let app = App::new(portal.db.clone(), portal.world.clone(), &config, self.set_up_secret.as_deref()).expect("a portal");
        let running = Running::start(&app, listener, options).expect("a server");
        Served { address: config.reach.public_url.to_string(), app, running: Some(running), portal: self.clone() }
    }
}

/// The tables that hold rows of ours, the search's own and SQLite's not among them.
pub fn tables(connection: &Connection) -> Vec<String> {
    let sql = "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'
                 and name not like '%\\_search%' escape '\\' and name <> 'refinery_schema_history' order by name";
    let mut statement = connection.prepare(sql).expect("the schema");
    statement.query_map([], |row| row.get(0)).expect("the schema").collect::<rusqlite::Result<_>>().expect("the schema")
}

/// A portal that answers on a socket until it is dropped.
pub struct Served {
    /// `http://127.0.0.1:…`
    pub address: String,
    /// What answers there.
    pub app: App,
    /// The portal behind it.
    pub portal: Portal,
    running: Option<Running>,
}

impl Served {
    /// Ends it; what it leaves.
    pub fn stop(&mut self) -> Left {
        self.running.take().map_or(Left::Nothing, Running::stop)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Somebody with a browser's memory: cookies, and the page that is open.
#[derive(Clone)]
pub struct Visit {
    /// Where they are.
    pub portal: Portal,
    /// The last answer.
    pub response: Response,
    /// The address of the page that is open: path and query.
    pub url: String,
    cookies: Vec<(String, String)>,
    peer: IpAddr,
    page: OnceCell<Element>,
    filled: Vec<Fill>,
    near: Option<String>,
}

#[derive(Clone, Debug)]
enum Fill {
    Text { label: String, value: String },
    Tick { label: String, ticked: bool },
    File { label: String, name: String, bytes: Vec<u8> },
}

impl Visit {
    fn new(portal: Portal) -> Self {
        Self {
            portal,
            response: Response::empty(0),
            url: "/".to_owned(),
            cookies: Vec::new(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            page: OnceCell::new(),
            filled: Vec::new(),
            near: None,
        }
    }

    /// Gives the visit a new session of this member.
    #[track_caller]
    pub fn renew(&mut self, member: Member) {
        self.begin_session(member.email, Some(member.account));
    }

    /// Begins a session for an e-mail, with this account chosen or none yet, as if every code that was asked for had been given.
    #[track_caller]
    pub fn begin_session(&mut self, email: &str, account: Option<i64>) {
        self.begin_session_with(email, account, Proof::Both);
    }

    /// The same with what was proved.
    #[track_caller]
    pub fn begin_session_with(&mut self, email: &str, account: Option<i64>, proof: Proof) {
        let token = Tokens.token().expect("chance");
        let (identity, partner): (i64, i64) = self
            .portal
            .connection()
            .query_row("select id, partner from identity where email_key = ?1", [text::key(email)], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap_or_else(|_| panic!("nobody has the e-mail {email}"));
        self.portal.write(|tx| {
            sessions::begin_session(
                tx,
                &sessions::NewSession {
                    token_hash: &token_hash(&token),
                    partner: PartnerId(partner),
                    identity: IdentityId(identity),
                    account: account.map(AccountId),
                    address: "127.0.0.1",
                    browser: "Test",
                    proof,
                },
            )
        });
        self.keep_cookie(self.portal.cookies().session(), Some(&token));
    }

    /// Signs in as people do, from the sign-in page, with the code that is asked for.
    #[track_caller]
    pub fn sign_in_by_hand(&mut self, member: Member) -> &mut Self {
        self.visit("/sign-in").fill("E-mail", member.email).fill("Password", PASSWORD).press("Sign in").give_code(member)
    }

    /// Gives the code of this member's app if it is asked for.
    #[track_caller]
    pub fn give_code(&mut self, member: Member) -> &mut Self {
        if !self.url.starts_with("/sign-in/code") {
            return self;
        }
        let code = self.portal.fresh_code(member);
        self.fill("Code", &code).press("Continue")
    }

    /// Sets up the second factor that the open page offers, and goes on; what the app keeps of it.
    #[track_caller]
    pub fn set_up_factor(&mut self) -> Vec<u8> {
        let secret = self.offered_secret();
        let code = authenticator::code(&secret, self.portal.now());
        self.fill("Code", &code).press("Confirm").status(200).sees("Your recovery codes").press("I have kept them");
        secret
    }

    /// The key on the page that sets a second factor up, as an app keeps it.
    #[track_caller]
    pub fn offered_secret(&self) -> Vec<u8> {
        let line = self.page().all(|element| element.has_class("key"));
        let key = line.first().unwrap_or_else(|| panic!("no key on {}: {}", self.url, self.excerpt()));
        authenticator::typed(&key.first("code").expect("a key").text())
    }

    /// The recovery codes that the page shows.
    pub fn recovery_codes(&self) -> Vec<String> {
        let list = self.page().all(|element| element.has_class("recovery-codes"));
        list.first().map(|list| list.named("code").iter().map(|code| code.text()).collect()).unwrap_or_default()
    }

    /// An account of whose session this is; 0 for a guest.
    pub fn own_account(&self) -> i64 {
        let Some(token) = self.cookie(self.portal.cookies().session()) else { return 0 };
        let sql = "select max(a.id) from session s join account a on a.identity = s.identity where s.token_hash = ?1";
        self.portal.sql_maybe::<Option<i64>>(sql, [token_hash(token)]).flatten().unwrap_or(0)
    }

    fn keep_cookie(&mut self, name: &str, value: Option<&str>) {
        self.cookies.retain(|(key, _)| key != name);
        if let Some(value) = value {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    /// A cookie's value, if there is one.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// From now on the visit comes from this address.
    pub fn from(&mut self, address: IpAddr) -> &mut Self {
        self.peer = address;
        self
    }

    /// Asks for a page; a redirect is not followed.
    pub fn get(&mut self, url: &str) -> &mut Self {
        self.send(Method::Get, url, &[], Vec::new())
    }

    /// Asks for a page and goes where it leads.
    #[track_caller]
    pub fn visit(&mut self, url: &str) -> &mut Self {
        self.get(url).follow()
    }

    /// Sends a form as our own pages would, with a form id of its own unless one is among the fields; a redirect is not followed.
    pub fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> &mut Self {
        let mut body = form_urlencoded::Serializer::new(String::new());
        if !fields.iter().any(|(name, _)| *name == "form_id") {
            body.append_pair("form_id", &Tokens.token().expect("chance"));
        }
        body.extend_pairs(fields);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send(Method::Post, url, &headers, body.finish().into_bytes())
    }

    /// Sends a form with files (field, file name, content) as our own pages would.
    pub fn upload(&mut self, url: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> &mut Self {
        let mut all: Vec<(&str, &str)> = fields.to_vec();
        let form_id = Tokens.token().expect("chance");
        if !fields.iter().any(|(name, _)| *name == "form_id") {
            all.push(("form_id", &form_id));
        }
        let body = multipart(&all, files);
        let headers = [("content-type", MULTIPART), ("sec-fetch-site", "same-origin")];
        self.send(Method::Post, url, &headers, body)
    }

    /// Sends anything; the page that comes back is open from now on. Redirects are not followed.
    pub fn send(&mut self, method: Method, url: &str, headers: &[(&str, &str)], body: Vec<u8>) -> &mut Self {
        let url = url.split('#').next().unwrap_or_default();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut all = vec![("Host".to_owned(), self.portal.config.reach.public_url.authority())];
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            all.push(("Cookie".to_owned(), cookies.join("; ")));
        }
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let peer = self.peer;
        let request = Request { method, path: path.to_owned(), query: query.to_owned(), headers: all, body, peer };
        let response = self.portal.app.handle(&request);
        for (name, value) in response.headers.iter().filter(|(name, _)| *name == "Set-Cookie") {
            let kind = self.portal.cookies();
            assert!(value.contains(&format!("; {}", kind.rules())), "{name}: {value}");
            assert!(
                [kind.session(), kind.alert(), kind.browser()].iter().any(|name| value.starts_with(&format!("{name}="))),
                "{name}: {value}"
            );
            let (pair, rules) = value.split_once(';').expect("a cookie has rules");
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            self.keep_cookie(name, if rules.contains("Max-Age=0") { None } else { Some(value) });
        }
        self.page = OnceCell::new();
        url.clone_into(&mut self.url);
        self.response = response;
        self.filled.clear();
        self.near = None;
        self
    }

    /// Goes where the last answer leads, as browsers do by themselves.
    #[track_caller]
    pub fn follow(&mut self) -> &mut Self {
        for _ in 0..5 {
            if self.response.status != 303 {
                return self;
            }
            let location = self.location().to_owned();
            self.get(&location);
        }
        panic!("{} leads in circles", self.url);
    }

    /// The whole page as it came.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.response.body).into_owned()
    }

    /// The page as a tree.
    pub fn page(&self) -> &Element {
        self.page.get_or_init(|| {
            let is_page = self.response.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            if is_page { html::parse(&self.body()) } else { Element::default() }
        })
    }

    /// The words a person reads, single spaces between them.
    pub fn text(&self) -> String {
        if self.page().children.is_empty() { self.body() } else { self.page().text() }
    }

    /// Where a 303 leads.
    #[track_caller]
    pub fn location(&self) -> &str {
        self.response.header("location").unwrap_or_else(|| panic!("{} answered {} and leads nowhere", self.url, self.response.status))
    }

    /// The answer's status is this one.
    #[track_caller]
    pub fn status(&mut self, expected: u16) -> &mut Self {
        assert_eq!(self.response.status, expected, "{} says: {}", self.url, self.excerpt());
        self
    }

    /// The words are on the page.
    #[track_caller]
    pub fn sees(&mut self, words: &str) -> &mut Self {
        assert!(self.text().contains(words), "{:?} is not on {} ({}): {}", words, self.url, self.response.status, self.excerpt());
        self
    }

    /// The words are not on the page.
    #[track_caller]
    pub fn does_not_see(&mut self, words: &str) -> &mut Self {
        assert!(!self.text().contains(words), "{words:?} is on {}: {}", self.url, self.excerpt());
        self
    }

    /// There is a button or link with this label.
    #[track_caller]
    pub fn is_offered(&mut self, label: &str) -> &mut Self {
        assert!(self.offers(label), "{label:?} is not offered on {}: {}", self.url, self.excerpt());
        self
    }

    /// There is no button or link with this label.
    #[track_caller]
    pub fn is_not_offered(&mut self, label: &str) -> &mut Self {
        assert!(!self.offers(label), "{label:?} is offered on {}", self.url);
        self
    }

    /// Whether there is a button or link with this label.
    pub fn offers(&self, label: &str) -> bool {
        let button = self.forms().iter().any(|form| form.buttons.iter().any(|button| button.label == label && !button.disabled));
        button || self.links().iter().any(|(text, _, _)| text == label)
    }

    /// Every form on the page.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(self.page())
    }

    /// Every link on the page: words, address, what is around it.
    pub fn links(&self) -> Vec<(String, String, Vec<String>)> {
        let mut links = Vec::new();
        self.page().walk(&mut Vec::new(), &mut |above, element| {
            if element.name == "a"
                && let Some(href) = element.attr("href")
            {
                links.push((element.label(), href.to_owned(), surroundings(above)));
            }
        });
        links
    }

    /// What a field holds.
    #[track_caller]
    pub fn value_of(&self, label: &str) -> String {
        let forms = self.forms();
        let field = forms.iter().flat_map(|form| &form.fields).find(|field| is_called(&field.label, &field.name, label));
        field.map_or_else(|| panic!("no field {label:?} on {}: {}", self.url, self.excerpt()), |field| field.value.clone())
    }

    /// The next `press` or `open` means the one nearest to these words.
    pub fn near(&mut self, words: &str) -> &mut Self {
        self.near = Some(words.to_owned());
        self
    }

    /// Types into the field with this label, or chooses from a drop-down by its words.
    pub fn fill(&mut self, label: &str, value: &str) -> &mut Self {
        self.filled.push(Fill::Text { label: label.to_owned(), value: value.to_owned() });
        self
    }

    /// Ticks a box or chooses a radio button by its label.
    pub fn tick(&mut self, label: &str) -> &mut Self {
        self.filled.push(Fill::Tick { label: label.to_owned(), ticked: true });
        self
    }

    /// Takes a tick away.
    pub fn untick(&mut self, label: &str) -> &mut Self {
        self.filled.push(Fill::Tick { label: label.to_owned(), ticked: false });
        self
    }

    /// Chooses a file for the field with this label.
    pub fn attach(&mut self, label: &str, name: &str, bytes: &[u8]) -> &mut Self {
        self.filled.push(Fill::File { label: label.to_owned(), name: name.to_owned(), bytes: bytes.to_vec() });
        self
    }

    /// Follows the link with these words (a cell's or card's words may be longer: the whole text or its beginning fits).
    #[track_caller]
    pub fn open(&mut self, words: &str) -> &mut Self {
        let links = self.links();
        let found = self
            .nearest(&links.iter().filter(|(text, _, _)| text == words).map(|link| (link, link.2.as_slice())).collect::<Vec<_>>(), words);
        let found = found.or_else(|| links.iter().find(|(text, _, _)| text.starts_with(words)));
        let Some((_, href, _)) = found else { panic!("no link {words:?} on {}: {}", self.url, self.excerpt()) };
        let href = self.resolve(href);
        self.visit(&href)
    }

    /// Presses the button with these words, or the link that looks like one; sends what was filled in, and goes where it leads.
    #[track_caller]
    pub fn press(&mut self, words: &str) -> &mut Self {
        let forms = self.forms();
        let buttons: Vec<(&Form, &Button)> = forms.iter().flat_map(|form| form.buttons.iter().map(move |button| (form, button))).collect();
        let candidates = buttons.iter().filter(|(_, button)| button.label == words && !button.disabled);
        let found = self.nearest(&candidates.map(|pair| (pair, pair.1.around.as_slice())).collect::<Vec<_>>(), words);
        let Some((form, button)) = found.copied() else {
            assert!(self.filled.is_empty(), "no button {words:?} on {}: {}", self.url, self.excerpt());
            return self.open(words);
        };
        self.submit(&form.clone(), &button.clone())
    }

    #[track_caller]
    fn nearest<'a, T>(&self, candidates: &[(&'a T, &[String])], words: &str) -> Option<&'a T> {
        let Some(near) = &self.near else {
            return candidates.first().map(|(candidate, _)| *candidate);
        };
        let distance = |around: &[String]| around.iter().position(|text| text.contains(near.as_str())).unwrap_or(usize::MAX);
        let best = candidates.iter().min_by_key(|(_, around)| distance(around));
        if let Some((_, around)) = best {
            assert!(distance(around) < usize::MAX, "{words:?} is nowhere near {near:?} on {}", self.url);
        }
        best.map(|(candidate, _)| *candidate)
    }

    #[track_caller]
    fn submit(&mut self, form: &Form, button: &Button) -> &mut Self {
        let (fields, files) = self.to_send(form, button);
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let action = self.resolve(button.action.as_deref().unwrap_or(&form.action));
        if button.method.as_deref().unwrap_or(&form.method) != "post" {
            let path = action.split('?').next().unwrap_or_default();
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            return self.visit(&format!("{path}?{query}"));
        }
        if form.multipart {
            let files: Vec<(&str, &str, &[u8])> =
                files.iter().map(|(field, name, bytes)| (field.as_str(), name.as_str(), bytes.as_slice())).collect();
            return self.upload(&action, &pairs, &files).follow();
        }
        self.post(&action, &pairs).follow()
    }

    /// What the form sends: its own values with what was filled in.
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "read in one place")]
    fn to_send(&self, form: &Form, button: &Button) -> (Vec<(String, String)>, Vec<(String, String, Vec<u8>)>) {
        let mut fields = form.fields.clone();
        let mut files = Vec::new();
        for fill in &self.filled {
            let (Fill::Text { label, .. } | Fill::Tick { label, .. } | Fill::File { label, .. }) = fill;
            let place = fields.iter().position(|field| is_called(&field.label, &field.name, label));
            let Some(place) = place else {
                let labels: Vec<&str> = form.fields.iter().map(|field| field.label.as_str()).collect();
                panic!("the form on {} has no field {label:?}, only {labels:?}", self.url);
            };
            match fill {
                Fill::Text { value, .. } => {
                    let choice = fields[place].options.iter().find(|(_, words)| words == value).map(|(value, _)| value.clone());
                    assert!(
                        fields[place].kind != "select" || choice.is_some() || fields[place].options.iter().any(|(one, _)| one == value),
                        "{label:?} does not offer {value:?}, only {:?}",
                        fields[place].options
                    );
                    fields[place].value = choice.unwrap_or_else(|| value.clone());
                    fields[place].sent = true;
                }
                Fill::Tick { ticked, .. } => {
                    if fields[place].kind == "radio" {
                        let group = fields[place].name.clone();
                        fields.iter_mut().filter(|field| field.name == group).for_each(|field| field.sent = false);
                    }
                    fields[place].sent = *ticked;
                }
                Fill::File { name, bytes, .. } => files.push((fields[place].name.clone(), name.clone(), bytes.clone())),
            }
        }
        let mut sent: Vec<(String, String)> =
            fields.into_iter().filter(|field| field.sent && field.kind != "file").map(|field| (field.name, field.value)).collect();
        if let Some(name) = &button.name {
            sent.push((name.clone(), button.value.clone()));
        }
        (sent, files)
    }

    /// An address on this page as a whole path.
    pub fn absolute(&self, href: &str) -> String {
        self.resolve(href)
    }

    fn resolve(&self, href: &str) -> String {
        let path = self.url.split('?').next().unwrap_or("/");
        match href {
            "" => self.url.clone(),
            _ if href.starts_with('/') => href.to_owned(),
            _ if href.starts_with('?') => format!("{path}{href}"),
            _ if href.starts_with('#') => format!("{}{href}", self.url),
            _ if href.starts_with("http") => {
                href.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned())).unwrap_or_default()
            }
            _ => format!("{}/{href}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
        }
    }

    /// The beginning of what the page says, for a failing test.
    pub fn excerpt(&self) -> String {
        let main = self.page().first("main").map_or_else(|| self.text(), Element::text);
        main.chars().take(1_500).collect()
    }
}

/// A label as it stands, or without the word that marks what may be left out, or the field's name.
fn is_called(label: &str, name: &str, wanted: &str) -> bool {
    label == wanted || name == wanted || label.strip_suffix(" Optional").is_some_and(|label| label == wanted)
}

const MULTIPART: &str = "multipart/form-data; boundary=portico-test-boundary";

fn multipart(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--portico-test-boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (field, name, bytes) in files {
        body.extend(
            format!(
                "--portico-test-boundary\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .bytes(),
        );
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--portico-test-boundary--\r\n");
    body
}

/// Harbor MSP, the partners beneath it, their organizations and everybody.
fn people_the_firm(tx: &Tx<'_>) -> Result<()> {
    let hash = Hasher::start(PasswordCost::Tests)?.hash(PASSWORD, Tokens)?;
    let harbor = partner(tx, 1, None, HARBOR)?;
    let tidewater = partner(tx, 2, Some(harbor), TIDEWATER)?;
    let quay = partner(tx, 3, Some(harbor), QUAY)?;
    for (member, role) in STAFF {
        employee(tx, harbor, *member, role, &hash)?;
    }
    employee(tx, tidewater, PIA, "primary_account", &hash)?;
    employee(tx, tidewater, MALLORY, "admin", &hash)?;
    employee(tx, quay, QUINN, "primary_account", &hash)?;
    organization(tx, harbor, ALDER_ID, ALDER)?;
    organization(tx, harbor, BIRCH_ID, BIRCH)?;
    organization(tx, tidewater, CEDAR_ID, CEDAR)?;
    organization(tx, quay, DOGWOOD_ID, DOGWOOD)?;
    user(tx, harbor, ALDER_ID, OLU, ("full", "none"), &hash)?;
    user(tx, harbor, ALDER_ID, NOOR, ("none", "none"), &hash)?;
    user(tx, harbor, ALDER_ID, FINN, ("none", "file_restores"), &hash)?;
    user(tx, harbor, BIRCH_ID, NIA, ("full", "none"), &hash)?;
    user(tx, tidewater, CEDAR_ID, CARL, ("full", "none"), &hash)
}

fn partner(tx: &Tx<'_>, id: i64, parent: Option<i64>, name: &str) -> Result<i64> {
    let slug = name.split(' ').next().unwrap_or_default().to_lowercase();
    tx.change_one(
        "insert into partner (id, public_id, parent, name, name_key, country, slug, created_at) values (?1, ?2, ?3, ?4, ?5, 'US', ?6, ?7)",
        params![id, format!("P-4000000{id}"), parent, name, text::key(name), slug, tx.now()],
    )?;
    tx.execute("insert into partner_ancestor (ancestor, partner, depth) values (?1, ?1, 0)", [id])?;
    tx.execute(
        "insert into partner_ancestor (ancestor, partner, depth) select ancestor, ?2, depth + 1 from partner_ancestor where partner = ?1",
        params![parent, id],
    )?;
    Ok(id)
}

/// An organization with an active subscription of seven seats, seen by its partner and those above.
fn organization(tx: &Tx<'_>, partner: i64, id: i64, name: &str) -> Result<()> {
    let key = text::key(name);
    let tags = portico::accounts::store::tags(tx, PartnerId(partner))?;
    tx.change_one(
        "insert into organization (id, partner, name, name_key, country, created_at, created_by, tags, search)
         values (?1, ?2, ?3, ?4, 'US', ?5, 'Ada Lane', ?6, ?4)",
        params![id, partner, name, key, tx.now(), tags],
    )?;
    tx.change_one(
        "insert into subscription (organization, partner, plan, seats, state, since) values (?1, ?2, 'backup', 7, 'active', ?3)",
        params![id, partner, tx.now()],
    )?;
    tx.execute(
        "insert into organization_listing (viewer, organization, state, name_key, plan, seats)
         select ancestor, ?1, 'active', ?2, 'backup', 7 from partner_ancestor where partner = ?3",
        params![id, key, partner],
    )?;
    tx.change_one(
        "insert into organization_usage (organization, partner, month, plan_now, plan, used, committed, most_used, most_committed)
         values (?1, ?2, ?3, 'backup', 'backup', 0, 7, 0, 7)",
        params![id, partner, Month::of(tx.now())],
    )
}

fn employee(tx: &Tx<'_>, partner: i64, member: Member, role: &str, hash: &str) -> Result<()> {
    account(tx, partner, None, member, hash)?;
    let secret = Secret::of(&authenticator::secret_of(member)).expect("twenty bytes");
    portico::factors::store::save(tx, PartnerId(partner), IdentityId(member.account + 500), &secret, 0)?;
    let products = Products::of(Role::from_word(role).expect("a role"));
    tx.change_one(
        "insert into employee (account, partner, role, bcdr, endpoint_backup) values (?1, ?2, ?3, ?4, ?5)",
        params![member.account, partner, role, products.bcdr, products.endpoint_backup],
    )
}

fn user(tx: &Tx<'_>, partner: i64, organization: i64, member: Member, access: (&str, &str), hash: &str) -> Result<()> {
    account(tx, partner, Some(organization), member, hash)?;
    tx.change_one(
        "insert into organization_user (account, partner, organization, access, endpoint_access) values (?1, ?2, ?3, ?4, ?5)",
        params![member.account, partner, organization, access.0, access.1],
    )?;
    tx.execute("update organization_listing set users = users + 1 where organization = ?1", [organization])?;
    Ok(())
}

/// An identity with the cast's password, and its active account. The identity's id is the account's plus 500.
fn account(tx: &Tx<'_>, partner: i64, organization: Option<i64>, member: Member, hash: &str) -> Result<()> {
    let identity = member.account + 500;
    tx.change_one(
        "insert into identity (id, partner, email, email_key, password_hash, password_set_at, created_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
        params![identity, partner, member.email, text::key(member.email), hash, tx.now()],
    )?;
    let tags = portico::accounts::store::tags(tx, PartnerId(partner))?;
    tx.change_one(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, state, since, set_up_at, created_at, tags, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'active', ?8, ?8, ?8, ?9, ?10)",
        params![
            member.account, partner, identity, organization, member.first, member.last,
            text::key(&format!("{} {}", member.last, member.first)), tx.now(), tags,
            text::key(&format!("{} {} {}", member.first, member.last, member.email))
        ],
    )
}

#[test]
fn the_cast_can_be_who_they_are() {
    let portal = Portal::firm();
    assert_eq!(START.iso(), "2026-11-22T06:26:00Z");
    for member in [ADA, SAM, ABE, TESS, BEA, SID, OLU, NOOR, FINN, NIA, MALLORY, CARL, QUINN] {
        portal.sign_in(member).get("/no-such-page").status(404).sees(&member.name());
    }
    portal.guest().get("/no-such-page").status(404).does_not_see("Sign out");
    assert_eq!(portal.sql_count("organization_listing where viewer = 1"), 4);
    assert_eq!(portal.sql_count("organization_listing where viewer = 2"), 1);
    portal.wait(Span::days(1));
    assert_eq!(portal.now(), START + Span::days(1));
}
