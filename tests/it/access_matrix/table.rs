//! The whole matrix, asked by real requests and printed so that it can be read.

use std::fmt::Write as _;

use portico::access::model::{Access, Risk};
use portico::access::roles_model::Right;
use portico::access::stage_model::Stage;
use portico::app::routes;
use portico::kernel::http::Method;
use portico::kernel::time::Span;
use portico::page::Route;
use rusqlite::Connection;

use super::forms::{self, NEVER, Step};
use super::kinds::{Kind, admits};
use super::things::{filled, sorts};
use super::{DEMO, GONE, fingerprint_on, masked};
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, DOGWOODINE, Tenant};
use crate::support::golden;
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// One kind of visitor, and whose things they ask for.
#[derive(Clone, Copy)]
struct Column {
    /// Its word above the cells.
    head: &'static str,
    /// Who that is.
    note: &'static str,
    /// Their account, if they have one.
    by: Option<Member>,
    /// Whose things.
    tenant: Whose,
    /// How they come, and what happens before they ask.
    come: fn(&Portal) -> Visit,
    /// Which accesses of the route table are theirs, written down a second time.
    passes: fn(Access) -> bool,
}

#[derive(Clone, Copy)]
enum Whose {
    Of(Tenant),
    /// A thing that does not exist.
    Missing,
}

/// The words of the cells.
const WORDS: &str = "  opens     the page
  leads on  the page leads somewhere else: they are past it
  changes   the form, filled in, does what it is for
  file      the form is answered with a file, and the log says so
  refused   the page or the form says why not; nothing is changed
  asks      the password is asked for first; nothing is changed yet
  sign-in   leads to the sign-in page, or to the stage of the way in that comes next
  -         not found: status, headers and body of a page that does not exist; nothing is changed
";

const COLUMNS_IN: &[Column] = &[
    column("guest", "nobody who is known", None, Portal::guest, |access| admits(access, Kind::Guest)),
    column(
        "primary",
        "Ada, the operating partner's primary account",
        Some(ADA),
        |portal| portal.sign_in(ADA),
        |access| admits(access, Kind::PrimaryAccount),
    ),
    column("security", "Sam, Security Admin", Some(SAM), |portal| portal.sign_in(SAM), |access| admits(access, Kind::SecurityAdmin)),
    column("admin", "Abe, Admin", Some(ABE), |portal| portal.sign_in(ABE), |access| admits(access, Kind::Admin)),
    column("tech", "Tess, Tech", Some(TESS), |portal| portal.sign_in(TESS), |access| admits(access, Kind::Tech)),
    column("business", "Bea, Business", Some(BEA), |portal| portal.sign_in(BEA), |access| admits(access, Kind::Business)),
    column("sales", "Sid, Sales & Marketing", Some(SID), |portal| portal.sign_in(SID), |access| admits(access, Kind::Sales)),
    column("limited", "Abe, limited by an access group with Alder Dental", Some(ABE), |portal| limited(portal, &[ALDERINE]), limited_admin),
    Column {
        tenant: Whose::Of(CEDARINE),
        ..column(
            "primary 2",
            "Pia, primary account of a partner beneath, about her own partner's things",
            Some(PIA),
            |portal| portal.sign_in(PIA),
            |access| admits(access, Kind::PrimaryAccount) && access != Access::Operating,
        )
    },
    column(
        "full",
        "Olu, an organization's user: Full access",
        Some(OLU),
        |portal| portal.sign_in(OLU),
        |access| admits(access, Kind::FullUser),
    ),
    column(
        "files",
        "Finn, an organization's user: Endpoint Backup file restores alone",
        Some(FINN),
        |portal| portal.sign_in(FINN),
        |access| admits(access, Kind::EndpointUser),
    ),
    column(
        "none",
        "Noor, an organization's user: No access on both sides",
        Some(NOOR),
        |portal| portal.sign_in(NOOR),
        |access| admits(access, Kind::NoAccessUser),
    ),
];

/// What a session that is nobody's any more passes.
fn nobody(access: Access) -> bool {
    access == Access::Anyone
}

const COLUMNS_ON_THE_WAY: &[Column] = &[
    column(
        "choose",
        "Olu gave the password and chose no account yet",
        Some(OLU),
        |portal| portal.half_signed_in(OLU),
        |access| admits(access, Kind::Half),
    ),
    column(
        "code",
        "Tess gave the password and no code yet",
        Some(TESS),
        |portal| portal.at_stage(TESS, Stage::Code),
        |access| admits(access, Kind::MustGiveCode),
    ),
    column(
        "password",
        "Pia gave a one-time passcode: a new password is owed",
        Some(PIA),
        |portal| portal.at_stage(PIA, Stage::Password),
        |access| admits(access, Kind::MustSetPassword),
    ),
    column(
        "set up",
        "Quinn, an employee, has no second factor yet",
        Some(QUINN),
        |portal| portal.at_stage(QUINN, Stage::SetUp),
        |access| admits(access, Kind::MustSetFactor),
    ),
    column("held", "Olu was in when her organization began to require a second factor", Some(OLU), held, |access| {
        admits(access, Kind::MustSetFactor)
    }),
    column(
        "deactiv.",
        "Abe was in when his account was deactivated",
        Some(ABE),
        |portal| ended(portal, ABE, "/employees/110000000000003/deactivation"),
        nobody,
    ),
    column(
        "removed",
        "Abe was in when his account was removed",
        Some(ABE),
        |portal| ended(portal, ABE, "/employees/110000000000003/removal"),
        nobody,
    ),
    column("invited", "Abe was in when his account became one that is still to be set up", Some(ABE), invited, nobody),
    column("suspend.", "Olu was in when her organization was suspended", Some(OLU), |portal| in_state(portal, "suspended"), nobody),
    column("unsubscr.", "Olu was in when her organization was unsubscribed", Some(OLU), |portal| in_state(portal, "unsubscribed"), nobody),
    of(BIRCHINE, column("deleted", "Olu was in when her organization was deleted; about another one's things", Some(OLU), deleted, nobody)),
    column("idle", "Ada was in and did nothing for thirty minutes", Some(ADA), idle, nobody),
    column("elsewhere", "Ada comes from an address that is not allowed", Some(ADA), elsewhere, nobody),
];

/// Access groups have columns of their own here (EMP-4).
const COLUMNS_OF_THINGS: &[Column] = &[
    column("own", "Sam, Security Admin: his own partner's", Some(SAM), |portal| portal.sign_in(SAM), sam),
    column("suspended", "Sam: of an organization of his that is suspended", Some(SAM), |portal| with_state(portal, "suspended"), sam),
    column("unsubscr.", "Sam: of one that is unsubscribed", Some(SAM), |portal| with_state(portal, "unsubscribed"), sam),
    column("deleted", "Sam: of one that is deleted", Some(SAM), with_deleted, sam),
    of(CEDARINE, column("beneath", "Sam: of a partner beneath his", Some(SAM), |portal| portal.sign_in(SAM), sam)),
    Column {
        tenant: Whose::Missing,
        ..column("missing", "Sam: nobody's, there is no such thing", Some(SAM), |portal| portal.sign_in(SAM), sam)
    },
    of(
        CEDARINE,
        column("own", "Mallory, Admin: her own partner's, which is beneath Sam's", Some(MALLORY), |portal| portal.sign_in(MALLORY), admin),
    ),
    of(ALDERINE, column("above", "Mallory: of the partner above hers", Some(MALLORY), |portal| portal.sign_in(MALLORY), admin)),
    of(
        DOGWOODINE,
        column("sister", "Mallory: of another partner beneath the same", Some(MALLORY), |portal| portal.sign_in(MALLORY), admin),
    ),
    column(
        "in group",
        "Abe, limited by a group, as Tess is: of an organization in it",
        Some(ABE),
        |portal| limited(portal, &[ALDERINE]),
        limited_admin,
    ),
    column("not in it", "Abe: of an organization that is not in it", Some(ABE), |portal| limited(portal, &[BIRCHINE]), limited_admin),
    column("emptied", "Abe, limited by a group without organizations", Some(ABE), |portal| limited(portal, &[]), limited_admin),
    column("own", "Olu: her own organization's", Some(OLU), |portal| portal.sign_in(OLU), |access| admits(access, Kind::FullUser)),
    of(
        BIRCHINE,
        column(
            "other",
            "Olu: of another organization of the same partner",
            Some(OLU),
            |portal| portal.sign_in(OLU),
            |access| admits(access, Kind::FullUser),
        ),
    ),
];

fn sam(access: Access) -> bool {
    admits(access, Kind::SecurityAdmin)
}

fn admin(access: Access) -> bool {
    admits(access, Kind::Admin)
}

const fn column(
    head: &'static str,
    note: &'static str,
    by: Option<Member>,
    come: fn(&Portal) -> Visit,
    passes: fn(Access) -> bool,
) -> Column {
    Column { head, note, by, tenant: Whose::Of(ALDERINE), come, passes }
}

const fn of(tenant: Tenant, column: Column) -> Column {
    Column { tenant: Whose::Of(tenant), ..column }
}

/// What a limited Admin passes (EMP-4).
fn limited_admin(access: Access) -> bool {
    admits(access, Kind::Admin) && !matches!(access, Access::Unlimited(_))
}

/// Abe and Tess in a group of these tenants' organizations.
fn limited(portal: &Portal, tenants: &[Tenant]) -> Visit {
    portal.execute("insert into access_group (id, partner, name, name_key, created_at) values (7, 1, 'North', 'north', 0)", []);
    for tenant in tenants {
        let values = (tenant.organization, tenant.partner);
        portal.execute("insert into access_group_organization (access_group, organization, partner) values (7, ?1, ?2)", values);
    }
    for member in [ABE, TESS] {
        portal.execute("insert into access_group_member (account, access_group, partner) values (?1, 7, 1)", [member.account]);
        portal.execute("update employee set limited = 1 where account = ?1", [member.account]);
    }
    portal.sign_in(ABE)
}

fn held(portal: &Portal) -> Visit {
    let olu = portal.sign_in(OLU);
    portal.sign_in(ADA).post("/organizations/10000001/second-factor", &[("wanted", "required")]).status(303);
    olu
}

/// Ada takes this step while the member is in.
fn ended(portal: &Portal, member: Member, path: &str) -> Visit {
    let visit = portal.sign_in(member);
    portal.sign_in(ADA).post(path, &[]).status(303);
    visit
}

fn invited(portal: &Portal) -> Visit {
    let visit = portal.sign_in(ABE);
    portal.execute("update account set state = 'invited', invited_until = since + 604800000 where id = ?1", [ABE.account]);
    visit
}

fn in_state(portal: &Portal, state: &str) -> Visit {
    let visit = portal.sign_in(OLU);
    set_state(portal, state);
    visit
}

fn with_state(portal: &Portal, state: &str) -> Visit {
    set_state(portal, state);
    portal.sign_in(SAM)
}

fn set_state(portal: &Portal, state: &str) {
    portal.execute("update subscription set state = ?2 where organization = ?1", (ALDERINE.organization, state));
    portal.execute("update organization_listing set state = ?2 where organization = ?1", (ALDERINE.organization, state));
}

fn deleted(portal: &Portal) -> Visit {
    let visit = portal.sign_in(OLU);
    with_deleted(portal);
    visit
}

fn with_deleted(portal: &Portal) -> Visit {
    let typed = format!("{ALDER} {}", ALDERINE.word);
    // The estate has receipts of organizations that are still there; this one gets its own.
    portal.execute("delete from receipt where organization = ?1", [ALDERINE.organization]);
    portal.sign_in(SAM).post("/organizations/10000001/deletion", &[("typed", &typed), ("backups", "keep")]).status(303);
    portal.sign_in(SAM)
}

fn idle(portal: &Portal) -> Visit {
    let visit = portal.sign_in(ADA);
    portal.wait_idle(Span::minutes(30));
    visit
}

fn elsewhere(portal: &Portal) -> Visit {
    let mut visit = portal.sign_in(ADA);
    visit.visit("/security-settings").fill("addresses", "127.0.0.1").press("Save").status(200);
    visit.from(std::net::IpAddr::from([10, 0, 0, 9]));
    visit
}

/// What tells whether something changed: a new event, or a look at everything where there is none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Watch {
    Log,
    Everything,
}

/// One portal with one visitor, as nobody has changed it.
struct Asking {
    column: Column,
    shared: Portal,
    visit: Visit,
    nothing: String,
    watch: Connection,
}

impl Asking {
    fn begin(column: Column) -> Self {
        let shared = Portal::estate();
        let visit = (column.come)(&shared);
        let nothing = masked(&visit.clone().get("/no-such-page").response);
        let watch = shared.connection();
        Self { column, shared, visit, nothing, watch }
    }

    /// What becomes of asking this route. A portal in which something changed is not asked again.
    fn cell(&mut self, route: &Route) -> &'static str {
        let clean = self.commits();
        let word = self.look(route, Watch::Log);
        if self.commits() != clean {
            self.begin_anew();
        }
        word.unwrap_or_else(|| {
            let word = self.look(route, Watch::Everything).expect("a word");
            self.begin_anew();
            word
        })
    }

    fn begin_anew(&mut self) {
        self.shared = Portal::estate();
        self.visit = (self.column.come)(&self.shared);
        self.watch = self.shared.connection();
    }

    /// The word of a cell; none where something was written that only a look at everything can tell.
    fn look(&self, route: &Route, watch: Watch) -> Option<&'static str> {
        let Column { by, tenant, .. } = self.column;
        let (portal, mut visit) = (&self.shared, self.visit.clone());
        if route.path.contains("{session}") && (self.column.passes)(route.access) {
            others_come(portal, by);
        }
        let step = Step { by, tenant: if let Whose::Of(tenant) = tenant { tenant } else { ALDERINE } };
        let may = route.method == Method::Post && (self.column.passes)(route.access);
        let prepared = if may && !matches!(tenant, Whose::Missing) { forms::prepare(route, portal, step) } else { None };
        let path = prepared.unwrap_or_else(|| match tenant {
            Whose::Of(tenant) => filled(route, |sort| sort.of(tenant, portal, by.filter(|by| owns(*by, tenant)))),
            Whose::Missing => filled(route, |sort| if sort.has_owner() { sort.missing() } else { sort.of(ALDERINE, portal, by) }),
        });
        let fields = forms::fields(&visit, route, &path, step);
        let everything = (watch == Watch::Everything).then(|| fingerprint_on(&self.watch));
        let (commits, events) = (self.commits(), self.events());
        forms::ask(&mut visit, route, &path, &fields);
        let wrote = self.commits() != commits;
        assert!(may || !wrote, "{:?} {path} of {} writes something", route.method, self.column.note);
        let changed = match everything {
            Some(before) => differs(&before, &fingerprint_on(&self.watch)),
            None if wrote && self.events() == events => return None,
            None => wrote,
        };
        Some(self.word(&visit, route, changed))
    }

    /// A number that changes with each commit.
    fn commits(&self) -> i64 {
        self.watch.query_row("pragma data_version", [], |row| row.get(0)).expect("a number")
    }

    /// The number of the newest event.
    fn events(&self) -> i64 {
        self.watch.query_row("select coalesce(max(seq), 0) from activity", [], |row| row.get(0)).expect("a number")
    }

    fn word(&self, visit: &Visit, route: &Route, changed: bool) -> &'static str {
        let response = &visit.response;
        let to_sign_in = response.status == 303 && response.header("location").is_some_and(|to| to.starts_with("/sign-in"));
        let refused = response.status == 422 || (response.status == 303 && visit.cookie(visit.portal.cookies().alert()).is_some());
        let asks = response.status == 200 && visit.body().contains("Enter your password again");
        match response.status {
            404 => {
                assert!(!changed, "{} changes something and is not found", visit.url);
                let same = masked(response) == self.nothing || route.access == Access::Anyone;
                assert!(same, "{:?} {} for {} tells more than a page that is not there", route.method, visit.url, self.column.note);
                "-"
            }
            200 if asks && !changed => "asks",
            200 | 303 if changed && response.header("content-disposition").is_some() => "file",
            200 | 303 if changed => "changes",
            303 if to_sign_in && route.access != Access::Anyone => "sign-in",
            303 if route.method == Method::Get => "leads on",
            _ if refused => "refused",
            200 => "opens",
            other => panic!("{:?} {} for {}: {other} {}", route.method, visit.url, self.column.note, visit.excerpt()),
        }
    }
}

fn owns(member: Member, tenant: Tenant) -> bool {
    match tenant.number {
        1 => [ADA, SAM, ABE, TESS, BEA, SID, OLU, NOOR, FINN].contains(&member),
        2 => member == NIA,
        3 => [PIA, MALLORY, CARL].contains(&member),
        _ => member == QUINN,
    }
}

/// The sessions of others, for who would end them.
fn others_come(portal: &Portal, by: Option<Member>) {
    for other in [OLU, NIA, CARL, QUINN].into_iter().filter(|other| Some(*other) != by) {
        if portal.sql_count(&format!("account where id = {}", other.account)) == 1 {
            portal.sign_in(other);
        }
    }
}

/// Whether anything is different but what was counted as a failure or kept as an answer.
fn differs(before: &[(String, i64, String)], after: &[(String, i64, String)]) -> bool {
    let passing = |table: &str| ["form_answer", "sign_in_failure"].contains(&table);
    before.iter().zip(after).any(|(before, after)| !passing(&before.0) && before != after)
}

/// The cells of these columns, row by row, asked by as many at a time as there are processors.
fn cells(columns: &[Column], rows: &[&'static Route]) -> Vec<Vec<&'static str>> {
    let work = std::sync::Mutex::new(columns.iter().enumerate());
    let done = std::sync::Mutex::new(vec![Vec::new(); columns.len()]);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((place, column)) = { work.lock().expect("the work").next() } {
                    let mut asking = Asking::begin(*column);
                    let cells = rows.iter().map(|route| asking.cell(route)).collect();
                    done.lock().expect("what is done")[place] = cells;
                }
            });
        }
    });
    done.into_inner().expect("what is done")
}

/// Who may pass, as the row says it.
fn who(access: Access) -> String {
    let words = match access {
        Access::Anyone => "everyone",
        Access::AnySession => "a session at any stage",
        Access::At(Stage::Code) => "who owes a code",
        Access::At(Stage::Password) => "who owes a password",
        Access::At(Stage::SetUp) => "who owes a second factor",
        Access::At(Stage::Choice) => "who chooses an account",
        Access::SignedIn => "who is in",
        Access::AnyEmployee => "employees",
        Access::SaasViewer => "who sees SaaS accounts",
        Access::DeviceViewer => "who sees devices or has them",
        Access::EndpointViewer => "who sees endpoint agents",
        Access::FullUser => "users with Full access",
        Access::Operating => "the operating primary",
        Access::Employee(right) => whose(right),
        Access::Script(_) => "scripts",
        // EMP-4.
        Access::Unlimited(right) => return format!("{}, of all", whose(right)),
    };
    words.to_owned()
}

fn whose(right: Right) -> &'static str {
    match right {
        Right::AccountSettings => "primary accounts",
        Right::GroupsAndSecurity => "who guards access",
        Right::ManageOrganizations => "who manages organizations",
        Right::ManageEmployees => "who manages employees",
        Right::RunPortal => "who runs the portal",
        Right::ChangeSaas => "who changes SaaS accounts",
        Right::SeeLicenses => "who sees licenses",
        Right::SeeSaasStatus => "who sees SaaS status",
        Right::SeeDevices => "who sees devices",
        Right::SeeEndpointBackup => "who sees Endpoint Backup",
        Right::SeeStatements => "who sees statements",
        Right::SeePriceList => "who sees the price list",
    }
}

/// A row's method, path, access and whether it is dangerous.
fn label(route: &Route) -> String {
    let method = if route.method == Method::Get { "GET" } else { "POST" };
    let risk = if route.risk == Risk::Dangerous { "!" } else { " " };
    format!("{method:<4} {:<60} {risk} {:<28}", route.path, who(route.access))
}

fn print(out: &mut String, title: &str, columns: &[Column], rows: &[&'static Route], cells: &[Vec<&'static str>]) {
    writeln!(out, "\n\n{title}\n{}\n", "=".repeat(title.chars().count())).expect("text");
    for column in columns {
        writeln!(out, "  {:<10} {}", column.head, column.note).expect("text");
    }
    let head: String = columns.iter().map(|column| format!(" {:<9}", column.head)).collect();
    let line = format!("{:<96}{head}", "");
    writeln!(out, "\n{}\n{}", line.trim_end(), "-".repeat(line.len())).expect("text");
    let held = |row: usize| cells.iter().all(|column| column[row] == "sign-in");
    for (row, route) in rows.iter().enumerate().filter(|(row, _)| !held(*row)) {
        let line: String = cells.iter().map(|column| format!(" {:<9}", column[row])).collect();
        writeln!(out, "{}", format!("{}{line}", label(route)).trim_end()).expect("text");
    }
    let rest = (0..rows.len()).filter(|row| held(*row)).count();
    if rest > 0 {
        writeln!(out, "{:<96} sign-in in every column", format!("and each of the {rest} other rows of the first table")).expect("text");
    }
}

/// EMP-1, EMP-2, USR-8, OPS-6, ACC-1, ACC-5, ORG-9, SUB-2, SEC-2, SEC-3, ALL-1: everybody passes exactly where the table of rules.md says,
/// nobody else learns more than that nothing is there, and every change can be made by somebody.
#[test]
fn the_whole_matrix_is_as_it_was_read() {
    let all: Vec<&'static Route> = routes::all().collect();
    let mut out = String::from("Who reaches what. Each cell is a real request; `!` marks a dangerous step (SEC-2).\n\n");
    out.push_str(WORDS);
    let within = cells(COLUMNS_IN, &all);
    as_written_down_twice(COLUMNS_IN, &all, &within);
    everything_can_be_done(&all, &within);
    print(&mut out, "Who is in, about what is theirs", COLUMNS_IN, &all, &within);
    let dangerous: Vec<&'static Route> = all.iter().copied().filter(|route| route.risk == Risk::Dangerous).collect();
    let long_ago = long_ago(COLUMNS_IN, &dangerous);
    print(&mut out, "The same, sixteen minutes after the password was given", COLUMNS_IN, &dangerous, &long_ago);
    let on_the_way = cells(COLUMNS_ON_THE_WAY, &all);
    as_written_down_twice(COLUMNS_ON_THE_WAY, &all, &on_the_way);
    print(&mut out, "On the way in, and out again", COLUMNS_ON_THE_WAY, &all, &on_the_way);
    let things: Vec<&'static Route> = all.iter().copied().filter(|route| sorts(route).iter().any(|sort| sort.has_owner())).collect();
    let of_things = cells(COLUMNS_OF_THINGS, &things);
    print(&mut out, "Whose thing it is", COLUMNS_OF_THINGS, &things, &of_things);
    print_products(&mut out, &all, &within);
    golden::matches("access_matrix.txt", &out);
}

/// SEC-2: every dangerous step asks whoever may take it, and tells nobody else anything.
fn long_ago(columns: &[Column], rows: &[&'static Route]) -> Vec<Vec<&'static str>> {
    let cells = |column: &Column| {
        let mut asking = Asking::begin(*column);
        asking.shared.execute("update session set proved_at = proved_at - ?1", [Span::minutes(16).0]);
        let may = column.passes;
        asking.column.passes = |_| false;
        let cells: Vec<&'static str> = rows.iter().map(|route| asking.cell(route)).collect();
        for (route, cell) in rows.iter().zip(&cells) {
            assert_eq!(*cell == "asks", may(route.access), "{} for {}: {cell}", route.path, column.note);
        }
        cells
    };
    columns.iter().map(cells).collect()
}

/// EMP-3: where an employee's products make a difference.
fn print_products(out: &mut String, all: &[&'static Route], without: &[Vec<&'static str>]) {
    const WITH: &[fn(&Portal) -> Visit] = &[
        |portal| with_products(portal, ADA),
        |portal| with_products(portal, SAM),
        |portal| with_products(portal, ABE),
        |portal| with_products(portal, TESS),
        |portal| with_products(portal, BEA),
        |portal| with_products(portal, SID),
    ];
    // Whoever manages anything may change whatever they may see; their changes are not tried a second time.
    let rows: Vec<&'static Route> = all.iter().copied().filter(|route| route.method == Method::Get).collect();
    let columns: Vec<Column> = COLUMNS_IN[1..=6].iter().zip(WITH).map(|(column, come)| Column { come: *come, ..*column }).collect();
    let with = cells(&columns, &rows);
    let title = "What the products BCDR and Endpoint Backup change, both Full access instead of both No access";
    writeln!(out, "\n\n{title}\n{}\n", "=".repeat(title.len())).expect("text");
    let mut differences = 0;
    for (place, column) in columns.iter().enumerate() {
        let before = all.iter().zip(&without[place + 1]).filter(|(route, _)| route.method == Method::Get);
        for ((route, before), after) in before.zip(&with[place]).filter(|((_, before), after)| before != after) {
            writeln!(out, "{} {}: {before}, then {after}", label(route), column.head).expect("text");
            differences += 1;
        }
    }
    if differences == 0 {
        writeln!(out, "Nothing: no page asks for them yet.").expect("text");
    }
}

fn with_products(portal: &Portal, member: Member) -> Visit {
    portal.execute("update employee set bcdr = 'full', endpoint_backup = 'full' where account = ?1", [member.account]);
    portal.sign_in(member)
}

/// A cell lets in where the second table says so, and nowhere else.
fn as_written_down_twice(columns: &[Column], rows: &[&'static Route], cells: &[Vec<&'static str>]) {
    let mut broken = Vec::new();
    for (column, cells) in columns.iter().zip(cells) {
        let is_in = (column.passes)(Access::SignedIn);
        for (route, cell) in rows.iter().zip(cells) {
            let passes = (column.passes)(route.access);
            let expected: &[&str] = match (GONE.contains(&route.path) || (passes && DEMO.contains(&route.path)), passes) {
                (true, _) => &["-"],
                (false, true) => &["opens", "leads on", "changes", "file", "refused"],
                (false, false) if is_in => &["-"],
                (false, false) => &["sign-in"],
            };
            if !expected.contains(cell) {
                broken.push(format!("{:?} {} for {}: {cell}", route.method, route.path, column.note));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Each refusal has its positive control: no change is refused to everybody.
fn everything_can_be_done(rows: &[&'static Route], cells: &[Vec<&'static str>]) {
    for (row, route) in rows.iter().enumerate() {
        let done = cells.iter().any(|column| ["opens", "changes", "file"].contains(&column[row]));
        let known = NEVER.iter().any(|(path, _)| *path == route.path);
        let on_the_way = matches!(route.access, Access::At(_));
        assert!(
            done != known || on_the_way,
            "{:?} {}: {}",
            route.method,
            route.path,
            if done { "somebody does it, so it stands in NEVER no more" } else { "nobody can do it; tell forms.rs what its form holds" }
        );
    }
}
