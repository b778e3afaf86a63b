//! Route by visitor by state: who is let in, and who must not even learn that there is something.
//!
//! Made from the route table. A route whose path it cannot fill fails until it is taught to.

use portico::access::model::{Access, Risk};
use portico::access::roles_model::Right;
use portico::access::stage_model::Stage;
use portico::app::routes;
use portico::kernel::http::{Method, Response};
use portico::page::Route;

use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, DOGWOODINE, TENANTS, Tenant};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Guest,
    Half,
    /// Gave the password, and no code yet.
    MustGiveCode,
    /// Gave a one-time passcode.
    MustSetPassword,
    /// An employee without a second factor.
    MustSetFactor,
    PrimaryAccount,
    SecurityAdmin,
    Admin,
    Tech,
    Business,
    Sales,
    FullUser,
    NoAccessUser,
    EndpointUser,
    /// Nia, Full access at another organization of the same partner.
    OtherUser,
    /// Mallory, Admin of another partner.
    OtherAdmin,
}

use Kind::{
    Admin, Business, EndpointUser, FullUser, Guest, Half, MustGiveCode, MustSetFactor, MustSetPassword, NoAccessUser, OtherAdmin,
    OtherUser, PrimaryAccount, Sales, SecurityAdmin, Tech,
};

const KINDS: [Kind; 16] = [
    Guest,
    Half,
    MustGiveCode,
    MustSetPassword,
    MustSetFactor,
    PrimaryAccount,
    SecurityAdmin,
    Admin,
    Tech,
    Business,
    Sales,
    FullUser,
    NoAccessUser,
    EndpointUser,
    OtherUser,
    OtherAdmin,
];

impl Kind {
    const fn member(self) -> Option<Member> {
        match self {
            Guest => None,
            PrimaryAccount => Some(ADA),
            SecurityAdmin => Some(SAM),
            Admin => Some(ABE),
            Tech => Some(TESS),
            Business => Some(BEA),
            Sales => Some(SID),
            FullUser | Half => Some(OLU),
            NoAccessUser => Some(NOOR),
            EndpointUser => Some(FINN),
            OtherUser => Some(NIA),
            OtherAdmin => Some(MALLORY),
            // Nobody else here is them: what they owe would be owed by all their sessions.
            MustGiveCode => Some(TESS),
            MustSetPassword => Some(PIA),
            MustSetFactor => Some(QUINN),
        }
    }

    /// What is asked of them before they are in.
    const fn stage(self) -> Option<Stage> {
        match self {
            Half => Some(Stage::Choice),
            MustGiveCode => Some(Stage::Code),
            MustSetPassword => Some(Stage::Password),
            MustSetFactor => Some(Stage::SetUp),
            _ => None,
        }
    }

    /// Whether they are in.
    fn is_in(self) -> bool {
        self != Guest && self.stage().is_none()
    }

    fn visit(self, portal: &Portal) -> Visit {
        match (self, self.member()) {
            (Half, Some(member)) => portal.half_signed_in(member),
            (MustGiveCode, Some(member)) => portal.at_stage(member, Stage::Code),
            (MustSetPassword, Some(member)) => portal.at_stage(member, Stage::Password),
            (MustSetFactor, Some(member)) => portal.at_stage(member, Stage::SetUp),
            (_, Some(member)) => portal.sign_in(member),
            (_, None) => portal.guest(),
        }
    }

    /// The tenant whose things are this visitor's.
    const fn home(self) -> Tenant {
        match self {
            OtherUser => BIRCHINE,
            OtherAdmin => CEDARINE,
            _ => ALDERINE,
        }
    }

    const fn is_employee(self) -> bool {
        matches!(self, PrimaryAccount | SecurityAdmin | Admin | Tech | Business | Sales | OtherAdmin)
    }

    /// Tenants whose things of this sort they must never see. Harbor MSP sees the organizations of the partners beneath it, but not
    /// their letters, imports and staff.
    fn strangers(self, sort: Sort) -> Vec<Tenant> {
        let mine = self.home();
        let may_see = |tenant: &Tenant| match (self, sort) {
            (FullUser | NoAccessUser | EndpointUser | OtherUser, _) => *tenant == mine,
            (OtherAdmin, _) | (_, Sort::Letter | Sort::Import | Sort::Employee | Sort::Address) => tenant.partner == mine.partner,
            _ => true,
        };
        TENANTS.into_iter().filter(|tenant| !may_see(tenant)).collect()
    }
}

/// The table of rules.md, "Employees and roles", and of the other kinds of access, written down a second time.
fn admits(access: Access, kind: Kind) -> bool {
    match access {
        Access::Anyone => true,
        Access::AnySession => kind != Guest,
        Access::At(Stage::Choice) => kind.is_in() || kind == Half,
        Access::At(stage) => kind.stage() == Some(stage),
        Access::SignedIn => kind.is_in(),
        Access::AnyEmployee => kind.is_employee(),
        Access::SaasViewer => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Tech | FullUser | OtherUser | OtherAdmin),
        Access::Operating => kind == PrimaryAccount,
        Access::Employee(right) | Access::Unlimited(right) => match right {
            Right::AccountSettings => kind == PrimaryAccount,
            Right::GroupsAndSecurity => matches!(kind, PrimaryAccount | SecurityAdmin),
            Right::ManageOrganizations | Right::ManageEmployees | Right::RunPortal | Right::ChangeSaas => {
                matches!(kind, PrimaryAccount | SecurityAdmin | Admin | OtherAdmin)
            }
            Right::SeeLicenses | Right::SeeStatements => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Business | OtherAdmin),
            Right::SeeSaasStatus | Right::SeeDevices | Right::SeeEndpointBackup => {
                matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Tech | OtherAdmin)
            }
            Right::SeePriceList => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Business | Sales | OtherAdmin),
        },
    }
}

/// What a `{name}` of a path stands for, told by the words before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Organization,
    User,
    Employee,
    SaasAccount,
    Unlinked,
    Letter,
    Import,
    Session,
    Token,
    Slug,
    Secret,
    Guide,
    Backup,
    Address,
}

fn sort_of(route: &Route, place: usize) -> Sort {
    let segments: Vec<&str> = route.path.split('/').collect();
    match (segments.get(place - 1).copied().unwrap_or_default(), segments[place]) {
        ("organizations", _) => Sort::Organization,
        ("users", _) => Sort::User,
        ("employees", _) => Sort::Employee,
        ("unmapped", _) => Sort::Unlinked,
        ("saas" | "saas-accounts" | "services" | "accounts", _) => Sort::SaasAccount,
        ("outbox" | "letters", _) => Sort::Letter,
        ("imports", _) => Sort::Import,
        ("sessions", _) => Sort::Session,
        ("links", _) => Sort::Token,
        ("p", _) => Sort::Slug,
        ("set-up", _) => Sort::Secret,
        ("guides", _) => Sort::Guide,
        ("backups", _) => Sort::Backup,
        ("addresses", _) => Sort::Address,
        (before, name) => panic!("{}: what is {name} after {before:?}? Teach sort_of.", route.path),
    }
}

impl Sort {
    /// Whether the thing belongs to a tenant at all.
    const fn has_owner(self) -> bool {
        matches!(
            self,
            Self::Organization
                | Self::User
                | Self::Employee
                | Self::SaasAccount
                | Self::Unlinked
                | Self::Letter
                | Self::Import
                | Self::Session
                | Self::Address
        )
    }

    fn of(self, tenant: Tenant, portal: &Portal, owner: Option<Member>) -> String {
        match self {
            Self::Organization => tenant.organization.to_string(),
            Self::User => tenant.invited().to_string(),
            Self::Employee => one_of_the_staff(tenant).account.to_string(),
            Self::SaasAccount => tenant.linked().to_string(),
            Self::Unlinked => tenant.unlinked().to_string(),
            Self::Letter => tenant.letter().to_string(),
            Self::Import => tenant.import().to_string(),
            Self::Session => {
                let account = owner.map_or_else(|| stranger_in(tenant), |member| member.account);
                portal.sql::<i64>("select coalesce(max(id), 1) from session where account = ?1", [account]).to_string()
            }
            Self::Token => tenant.token(),
            Self::Slug => "harbor".to_owned(),
            Self::Secret => "s".repeat(43),
            Self::Guide => first_guide(owner),
            Self::Backup => a_backup(portal),
            Self::Address => tenant.address().to_string(),
        }
    }

    fn missing(self) -> String {
        match self {
            Self::Organization => "99999999".to_owned(),
            Self::Token | Self::Secret => "m".repeat(43),
            Self::Slug | Self::Guide => "no-such-thing".to_owned(),
            Self::Backup => "portico-20260101T000000Z-daily.db".to_owned(),
            _ => "999999999999999".to_owned(),
        }
    }
}

const fn stranger_in(tenant: Tenant) -> i64 {
    match tenant.number {
        1 => OLU.account,
        2 => NIA.account,
        3 => CARL.account,
        _ => QUINN.account,
    }
}

/// Somebody on the staff of the tenant's partner.
const fn one_of_the_staff(tenant: Tenant) -> Member {
    match tenant.number {
        1 => TESS,
        2 => SID,
        3 => PIA,
        _ => QUINN,
    }
}

/// The name of a backup of this portal, which is there.
fn a_backup(portal: &Portal) -> String {
    let name = "portico-20261122T000000Z-by-hand.db";
    let folder = portal.folder().join("backups");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::copy(portal.db().path(), folder.join(name)).expect("a copy");
    name.to_owned()
}

/// The first guide that the list of guides leads this person to.
fn first_guide(reader: Option<Member>) -> String {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(reader.unwrap_or(ADA));
    visit.get("/guides").status(200);
    let link = visit.links().into_iter().find_map(|(_, href, _)| href.strip_prefix("/guides/").map(ToOwned::to_owned));
    link.expect("the list of guides leads to one")
}

/// The path with each `{name}` filled by `fill(sort)`.
fn filled(route: &Route, mut fill: impl FnMut(Sort) -> String) -> String {
    let segments = route
        .path
        .split('/')
        .enumerate()
        .map(|(place, segment)| if segment.starts_with('{') { fill(sort_of(route, place)) } else { segment.to_owned() });
    segments.collect::<Vec<_>>().join("/")
}

fn sorts(route: &Route) -> Vec<Sort> {
    let mut found = Vec::new();
    filled(route, |sort| {
        found.push(sort);
        String::new()
    });
    found
}

/// What a form must name for its address to be there at all: paths and the account whose id they want in `account`.
const WITH_ACCOUNT: &[&str] = &["/choose-account", "/choose-account/acceptance"];

fn ask<'v>(visit: &'v mut Visit, route: &Route, path: &str) -> &'v Response {
    match route.method {
        Method::Post if WITH_ACCOUNT.contains(&route.path) => {
            let own = visit.own_account().to_string();
            visit.post(path, &[("account", &own)])
        }
        Method::Post => visit.post(path, &[]),
        _ => visit.get(path),
    };
    &visit.response
}

/// Status, headers and body, with form ids and request ids masked (ALL-1).
fn masked(response: &Response) -> String {
    let body = String::from_utf8_lossy(&response.body);
    let mut out = format!("{}\n", response.status);
    for (name, value) in response.headers.iter().filter(|(name, _)| *name != "Date") {
        out.extend([name, ": ", value, "\n"]);
    }
    let mut rest = body.as_ref();
    while let Some(at) = rest.find("name=\"form_id\" value=\"") {
        let begin = at + "name=\"form_id\" value=\"".len();
        out.push_str(&rest[..begin]);
        let end = rest[begin..].find('"').expect("the value ends");
        rest = &rest[begin + end..];
    }
    out.push_str(rest);
    out
}

/// Paths that exist while the portal is empty and never again (ACC-1).
const GONE: &[&str] = &["/set-up/{secret}"];

/// EMP-1, USR-8, OPS-6, ACC-1: everybody passes exactly where the table says; nobody else learns more than that nothing is there.
#[test]
fn every_route_lets_in_whom_the_table_says_and_nobody_else() {
    let mut broken = Vec::new();
    let mut positive = 0;
    for route in routes::all() {
        assert!(KINDS.iter().any(|kind| admits(route.access, *kind)), "{} lets nobody in", route.path);
        let shared = Portal::estate();
        for kind in KINDS {
            let admitted = admits(route.access, kind);
            let portal = if route.method == Method::Post && admitted { Portal::estate() } else { shared.clone() };
            let mut visit = kind.visit(&portal);
            let path = filled(route, |sort| sort.of(kind.home(), &portal, kind.member()));
            let nothing = masked(&visit.clone().get("/no-such-page").response);
            let response = ask(&mut visit, route, &path);
            let to_sign_in = response.status == 303 && response.header("location").is_some_and(|to| to.starts_with("/sign-in"));
            let well = if GONE.contains(&route.path) {
                response.status == 404
            } else if admitted {
                positive += 1;
                matches!(response.status, 200 | 204 | 303 | 422) && !(to_sign_in && kind.is_in() && route.path != "/sign-out")
            } else if !kind.is_in() {
                to_sign_in
            } else {
                masked(response) == nothing && response.status == 404
            };
            if !well {
                broken.push(format!("{:?} {path} for {kind:?} (admitted: {admitted}): {}", route.method, response.status));
            }
        }
    }
    assert!(positive > 10, "the positive controls were asked");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// ALL-1: a stranger's thing answers as one that does not exist, byte for byte, on every route, for everyone who may use the route.
#[test]
fn what_is_not_ones_own_is_not_found_exactly_as_what_does_not_exist() {
    let mut broken = Vec::new();
    let mut asked = 0;
    let portal = Portal::estate();
    for member in [OLU, NIA, CARL, QUINN] {
        portal.sign_in(member);
    }
    for route in routes::all().filter(|route| sorts(route).iter().any(|sort| sort.has_owner())) {
        let sorts = sorts(route);
        for kind in KINDS.into_iter().filter(|kind| admits(route.access, *kind) && kind.is_in()) {
            let mut visit = kind.visit(&portal);
            // Each name of the path in turn is a stranger's, and then all of them.
            for which in 0..=sorts.len() {
                let strange = |place: usize| which == place || which == sorts.len();
                let mut place = 0;
                let missing = filled(route, |sort| {
                    place += 1;
                    if strange(place - 1) { sort.missing() } else { sort.of(kind.home(), &portal, kind.member()) }
                });
                let expected = masked(ask(&mut visit, route, &missing));
                if !expected.starts_with("404") {
                    broken.push(format!("{:?} {missing} for {kind:?} exists: {}", route.method, &expected[..3]));
                    continue;
                }
                for tenant in kind.strangers(sorts.get(which).copied().unwrap_or(sorts[0])) {
                    let mut place = 0;
                    let path = filled(route, |sort| {
                        place += 1;
                        if strange(place - 1) { sort.of(tenant, &portal, None) } else { sort.of(kind.home(), &portal, kind.member()) }
                    });
                    asked += 1;
                    let found = masked(ask(&mut visit, route, &path));
                    if found != expected {
                        broken.push(format!("{:?} {path} for {kind:?} tells of {}: {}", route.method, tenant.word, &found[..3]));
                    }
                }
            }
        }
    }
    assert!(asked > 0, "strangers asked");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Ids that are none, or far too large, are not found; never an error.
#[test]
fn what_is_no_id_is_not_found() {
    let portal = Portal::estate();
    let mut ada = portal.sign_in(ADA);
    for route in routes::all().filter(|route| !sorts(route).is_empty() && admits(route.access, PrimaryAccount)) {
        for wrong in ["0", "-1", "007", "abc", "1e3", "9223372036854775808", "%00", "%FF", "%27", "..", "1%20or%201=1", "%E2%80%AE"] {
            let path = filled(route, |_| wrong.to_owned());
            let status = ask(&mut ada, route, &path).status;
            assert!(matches!(status, 404 | 200 | 303 | 422) && (status == 404 || !sorts(route)[0].has_owner()), "{path}: {status}");
        }
    }
}

/// ACC-5, SUB-2: a session is worth what its account is worth at this moment, on every route.
#[test]
fn a_session_ends_with_its_account_or_organization() {
    let states: [(&str, &str, Member); 5] = [
        ("an employee deactivated", "update account set state = 'deactivated' where id = 110000000000003", ABE),
        ("a user deactivated", "update account set state = 'deactivated' where id = 120000000000001", OLU),
        ("a user invited anew", "update account set state = 'invited', invited_until = since + 604800000 where id = 120000000000001", OLU),
        ("an organization suspended", "update subscription set state = 'suspended' where organization = 10000001", OLU),
        ("an organization deleted", "update subscription set state = 'deleted' where organization = 10000001", OLU),
    ];
    for (what, change, member) in states {
        let portal = Portal::estate();
        let mut visit = portal.sign_in(member);
        let before: Vec<(&Route, String)> =
            routes::all().map(|route| (route, filled(route, |sort| sort.of(ALDERINE, &portal, Some(member))))).collect();
        visit.get("/no-such-page").sees(&member.name());
        assert_eq!(portal.execute(change, []), 1, "{what}");
        for (route, path) in before.iter().filter(|(route, _)| route.access != Access::Anyone) {
            let response = ask(&mut visit, route, path);
            let to_sign_in = response.status == 303 && response.header("location").is_some_and(|to| to.starts_with("/sign-in"));
            assert!(to_sign_in, "{what}: {:?} {path} answers {}", route.method, response.status);
        }
    }
}

/// A change is taken from our own pages only, on every route (security.md, "CSRF").
#[test]
fn no_other_page_can_send_our_forms() {
    let portal = Portal::estate();
    let mut ada = portal.sign_in(ADA);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    for route in routes::all().filter(|route| route.method == Method::Post && admits(route.access, PrimaryAccount)) {
        let path = filled(route, |sort| sort.of(ALDERINE, &portal, Some(ADA)));
        for forged in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://elsewhere.example")],
            vec![("origin", "null")],
            vec![],
        ] {
            let headers: Vec<(&str, &str)> = kind.iter().copied().chain(forged.iter().copied()).collect();
            ada.send(Method::Post, &path, &headers, Vec::new()).status(403);
        }
    }
}

/// A GET changes nothing: whatever was asked for, the database is as it was.
#[test]
fn looking_changes_nothing() {
    let portal = Portal::estate();
    let mut visits: Vec<Visit> = [ADA, OLU, MALLORY].map(|member| portal.sign_in(member)).to_vec();
    let before = fingerprint(&portal);
    for route in routes::all().filter(|route| route.method == Method::Get) {
        for visit in &mut visits {
            let path = filled(route, |sort| sort.of(ALDERINE, &portal, None));
            visit.get(&path);
        }
    }
    assert_eq!(fingerprint(&portal), before);
}

fn fingerprint(portal: &Portal) -> Vec<(String, i64, String)> {
    let connection = portal.connection();
    crate::support::portal::tables(&connection)
        .into_iter()
        .map(|table| {
            let columns: Vec<String> = {
                let mut statement = connection.prepare(&format!("select * from \"{table}\" limit 0")).expect("a table");
                let names: Vec<String> = statement.column_names().map(|name| format!("quote(\"{name}\")")).collect();
                drop(statement.query([]).expect("a table"));
                names
            };
            let sql = format!("select count(*), coalesce(group_concat({}, ','), '') from \"{table}\"", columns.join(" || '|' || "));
            let (count, content) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a table");
            (table, count, content)
        })
        .collect()
}

/// The printed table: route by role, as the rows say.
#[test]
fn the_table_can_be_read() {
    let mut table = String::new();
    for route in routes::all() {
        let who: Vec<String> = KINDS.into_iter().filter(|kind| admits(route.access, *kind)).map(|kind| format!("{kind:?}")).collect();
        table.extend([format!("{:?} {}: {}\n", route.method, route.path, who.join(", "))]);
    }
    println!("{table}");
    assert_eq!(table.lines().count(), routes::all().count());
}

/// No two rows answer the same address.
#[test]
fn every_address_has_one_row() {
    let mut seen = std::collections::BTreeSet::new();
    for route in routes::all() {
        let shape: Vec<&str> = route.path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect();
        assert!(seen.insert((format!("{:?}", route.method), shape.join("/"))), "{:?} {} stands twice", route.method, route.path);
    }
}

/// The two other tenants of the sister partners exist for those who own them.
#[test]
fn the_sister_sees_her_own() {
    let portal = Portal::estate();
    assert_eq!(portal.sql::<i64>("select partner from organization where id = ?1", [DOGWOODINE.organization]), 3);
    assert!(!OtherAdmin.strangers(Sort::Organization).contains(&CEDARINE));
    assert!(OtherAdmin.strangers(Sort::Organization).contains(&DOGWOODINE));
}

/// What needs no account stands here by name; nothing joins it by accident.
#[test]
fn only_the_ways_in_need_no_account() {
    let ways_in = [
        "/choose-account",
        "/choose-account/acceptance",
        "/forgot-password",
        "/health",
        "/links/{token}",
        "/p/{slug}/forgot-password",
        "/p/{slug}/sign-in",
        "/recovery-codes",
        "/set-up/{secret}",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/password",
        "/sign-in/second-factor",
        "/sign-out",
    ];
    let open: std::collections::BTreeSet<&str> = routes::all()
        .filter(|route| KINDS.iter().any(|kind| !kind.is_in() && admits(route.access, *kind)))
        .map(|route| route.path)
        .collect();
    assert_eq!(open.into_iter().collect::<Vec<_>>(), ways_in);
}

/// SEC-2: what asks for the password again when it was given long ago.
const DANGEROUS: &[&str] = &[
    "/backups/{backup}/deletion",
    "/backups/{backup}/download",
    "/employees/primary-account",
    "/employees/{employee}/removal",
    "/employees/{employee}/second-factor",
    "/mail",
    "/organizations/{organization}/deletion",
    "/organizations/{organization}/users/{user}/removal",
    "/organizations/{organization}/users/{user}/second-factor",
    "/security-settings",
    "/security-settings/organizations/{organization}",
];

/// SEC-2: what does not, because it can be taken back, shows what the page shows, ends no more than one's own session, or asks for the
/// password by itself.
const HARMLESS: &[&str] = &[
    "/account",
    "/account/password",
    "/account/recovery-codes",
    "/account/second-factor",
    "/account/sessions/removal",
    "/account/sessions/{session}/removal",
    "/account/theme",
    "/addresses",
    "/addresses/{address}/removal",
    "/activity/export",
    "/backups",
    "/backups/daily",
    "/choose-account",
    "/choose-account/acceptance",
    "/employees/new",
    "/employees/{employee}",
    "/employees/{employee}/deactivation",
    "/employees/{employee}/letter",
    "/employees/{employee}/reactivation",
    "/forgot-password",
    "/imports",
    "/imports/{import}/completion",
    "/imports/{import}/discard",
    "/imports/{import}/refusals",
    "/links/{token}",
    "/mail/held-letters",
    "/mail/test-letter",
    "/organizations",
    "/organizations/export",
    "/organizations/{organization}/services/link",
    "/organizations/{organization}/services/{saas_account}/unlink",
    "/organizations/{organization}/settings",
    "/organizations/{organization}/second-factor",
    "/organizations/{organization}/users/letters",
    "/organizations/{organization}/users/new",
    "/organizations/{organization}/users/{user}",
    "/organizations/{organization}/users/{user}/deactivation",
    "/organizations/{organization}/users/{user}/letter",
    "/organizations/{organization}/users/{user}/reactivation",
    "/outbox/{letter}/opening",
    "/outbox/{letter}/retry",
    "/p/{slug}/forgot-password",
    "/p/{slug}/sign-in",
    "/recovery-codes",
    "/set-up/{secret}",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/password",
    "/sign-in/second-factor",
    "/sign-out",
    "/status/saas/export",
    "/status/saas/unmapped/{saas_account}",
];

/// SEC-2: every change stands in one of the two lists, and asks for the password again just where the first one says. Files cannot wait
/// for it, and who is not signed in has none to give.
#[test]
fn every_change_is_either_dangerous_or_known_to_be_harmless() {
    for route in routes::all() {
        let (dangerous, harmless) = (DANGEROUS.contains(&route.path), HARMLESS.contains(&route.path));
        if route.method == Method::Get {
            assert_eq!(route.risk, Risk::Usual, "looking at {} asks for the password", route.path);
            continue;
        }
        assert!(
            dangerous != harmless,
            "{}: DANGEROUS or HARMLESS? It stands in {}.",
            route.path,
            if dangerous { "both" } else { "neither" }
        );
        assert_eq!(route.risk == Risk::Dangerous, dangerous, "{} is dangerous: {dangerous}", route.path);
        assert!(!dangerous || route.body_limit <= 256 * 1024, "{} takes files", route.path);
        assert!(!dangerous || KINDS.iter().all(|kind| kind.is_in() || !admits(route.access, *kind)), "{} has nobody to ask", route.path);
    }
    for path in DANGEROUS.iter().chain(HARMLESS) {
        assert!(routes::all().any(|route| route.path == *path && route.method != Method::Get), "{path} is no more");
    }
}

/// SEC-2: every dangerous step asks sixteen minutes after the password was given, whoever may take it, and tells nobody else anything.
#[test]
fn every_dangerous_step_asks_again() {
    for path in DANGEROUS {
        let route = routes::all().find(|route| route.path == *path && route.method == Method::Post).expect("a route");
        let portal = Portal::estate();
        let visits: Vec<(Kind, Visit)> = KINDS.into_iter().map(|kind| (kind, kind.visit(&portal))).collect();
        portal.wait_idle(portico::kernel::time::Span::minutes(16));
        for (kind, mut visit) in visits {
            let path = filled(route, |sort| sort.of(kind.home(), &portal, kind.member()));
            let asked = ask(&mut visit, route, &path).clone();
            let asks = asked.status == 200 && String::from_utf8_lossy(&asked.body).contains("Enter your password again");
            assert_eq!(asks, admits(route.access, kind), "{path} for {kind:?}: {}", asked.status);
        }
    }
}

/// USR-8, EMP-1: nothing of organizations, imports, letters or the log is ever a user's or a Tech's.
#[test]
fn what_runs_the_portal_is_for_who_may_run_it() {
    for route in routes::all() {
        let runs = ["/organizations", "/imports", "/outbox", "/activity"].iter().any(|begin| route.path.starts_with(begin));
        for kind in [
            Guest,
            Half,
            MustGiveCode,
            MustSetPassword,
            MustSetFactor,
            Tech,
            Business,
            Sales,
            FullUser,
            NoAccessUser,
            EndpointUser,
            OtherUser,
        ] {
            assert!(!(runs && admits(route.access, kind)), "{} lets {kind:?} in", route.path);
        }
    }
}
