//! What the `{names}` of a path stand for, and which thing is meant.

use portico::access::witness_model::{Manager, Operator};
use portico::accounts::newcomers_model::PersonEntry;
use portico::kernel::ids::PartnerId;
use portico::kernel::month::Month;
use portico::page::Route;
use portico::subpartners;
use portico::subpartners::model::{Asked, Entry};

use crate::support::estate::Tenant;
use crate::support::people::*;
use crate::support::portal::Portal;

/// What a `{name}` of a path stands for, told by the words before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Organization,
    User,
    Employee,
    SaasAccount,
    Unlinked,
    /// A device that is linked to the tenant's organization.
    Device,
    Letter,
    Import,
    Session,
    Token,
    Slug,
    Secret,
    Guide,
    Backup,
    Address,
    /// An access group of the tenant's partner.
    Group,
    /// An employee who is in it.
    Member,
    Month,
    /// The month that runs, whose statement every partner has.
    Statement,
    Key,
    /// A purge's receipt, under the ID of its organization.
    Receipt,
    /// A partner beneath the tenant's, which nobody has set up yet.
    SubPartner,
    Transfer,
    /// Something that was asked for on the device, by a user who is not authorized for support.
    Task,
    /// An offsite audit of the device.
    Audit,
    /// A network that is linked to the organization.
    Network,
    /// An endpoint agent of the organization.
    EndpointAgent,
    /// A file restore from it.
    FileRestore,
    /// A style sheet that is served to anybody.
    BrandFile,
    /// What can be previewed.
    Preview,
}

pub(super) fn sort_of(route: &Route, place: usize) -> Sort {
    let segments: Vec<&str> = route.path.split('/').collect();
    match (segments.get(place - 1).copied().unwrap_or_default(), segments[place]) {
        ("organizations", _) => Sort::Organization,
        ("users", _) => Sort::User,
        ("employees", _) => Sort::Employee,
        ("groups", _) => Sort::Group,
        ("members" | "limits", _) => Sort::Member,
        ("unmapped", _) => Sort::Unlinked,
        ("saas" | "saas-accounts" | "services" | "accounts", _) => Sort::SaasAccount,
        ("devices", _) => Sort::Device,
        ("alerts", _) => Sort::Organization,
        ("outbox" | "letters", _) => Sort::Letter,
        ("imports", _) => Sort::Import,
        ("sessions", _) => Sort::Session,
        ("links", _) => Sort::Token,
        ("p", _) => Sort::Slug,
        ("set-up", _) => Sort::Secret,
        ("guides", _) => Sort::Guide,
        ("backups", _) => Sort::Backup,
        ("addresses", _) => Sort::Address,
        ("price-list", _) => Sort::Month,
        ("statements", _) => Sort::Statement,
        ("api-keys", _) => Sort::Key,
        ("receipts", _) => Sort::Receipt,
        ("partners", _) => Sort::SubPartner,
        ("transfers", _) => Sort::Transfer,
        ("tasks", _) => Sort::Task,
        ("audits", _) => Sort::Audit,
        ("networks", _) => Sort::Network,
        ("endpoints", _) => Sort::EndpointAgent,
        ("restores", _) => Sort::FileRestore,
        ("brand", _) => Sort::BrandFile,
        ("preview", _) => Sort::Preview,
        (before, name) => panic!("{}: what is {name} after {before:?}? Teach sort_of.", route.path),
    }
}

impl Sort {
    /// Whether the thing belongs to a tenant at all.
    pub(super) const fn has_owner(self) -> bool {
        matches!(
            self,
            Self::Organization
                | Self::User
                | Self::Employee
                | Self::SaasAccount
                | Self::Unlinked
                | Self::Device
                | Self::Letter
                | Self::Import
                | Self::Session
                | Self::Address
                | Self::Key
                | Self::Group
                | Self::Member
                | Self::Receipt
                | Self::SubPartner
                | Self::Transfer
                | Self::Task
                | Self::Audit
                | Self::Network
                | Self::EndpointAgent
                | Self::FileRestore
        )
    }

    pub(super) fn of(self, tenant: Tenant, portal: &Portal, owner: Option<Member>) -> String {
        match self {
            Self::Organization | Self::Receipt => tenant.organization.to_string(),
            Self::User => tenant.invited().to_string(),
            Self::Employee => colleague_of(owner, tenant).account.to_string(),
            Self::SaasAccount => tenant.linked().to_string(),
            Self::Unlinked => tenant.unlinked().to_string(),
            Self::Device => tenant.device().to_string(),
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
            Self::Group => tenant.group().to_string(),
            Self::Member => tenant.member().account.to_string(),
            Self::Month => a_price_list(portal),
            Self::Statement => Month::of(portal.now()).iso(),
            Self::Key => tenant.key().to_string(),
            Self::SubPartner => a_sub_partner(portal, tenant),
            Self::Transfer => tenant.transfer().to_string(),
            Self::Task => tenant.task().to_string(),
            Self::Audit => tenant.audit().to_string(),
            Self::Network => tenant.network().to_string(),
            Self::EndpointAgent => tenant.agent().to_string(),
            Self::FileRestore => tenant.file_restore().to_string(),
            Self::BrandFile => a_style_sheet(portal),
            Self::Preview => "status".to_owned(),
        }
    }

    pub(super) fn missing(self) -> String {
        match self {
            Self::Organization | Self::Receipt => "99999999".to_owned(),
            Self::Token | Self::Secret => "m".repeat(43),
            Self::Slug | Self::Guide | Self::Month | Self::Statement | Self::BrandFile | Self::Preview => "no-such-thing".to_owned(),
            Self::Backup => "portico-20260101T000000Z-daily.db".to_owned(),
            _ => "999999999999999".to_owned(),
        }
    }
}

pub(super) const fn stranger_in(tenant: Tenant) -> i64 {
    match tenant.number {
        1 => OLU.account,
        2 => NIA.account,
        3 => CARL.account,
        _ => QUINN.account,
    }
}

/// Somebody on the staff of the tenant's partner who is not this one.
pub(super) fn colleague_of(member: Option<Member>, tenant: Tenant) -> Member {
    let one = one_of_the_staff(tenant);
    if member == Some(one) && tenant.number == 3 { PIA } else { one }
}

/// Somebody on the staff of the tenant's partner.
pub(super) const fn one_of_the_staff(tenant: Tenant) -> Member {
    match tenant.number {
        1 => TESS,
        2 => SID,
        3 => MALLORY,
        _ => QUINN,
    }
}

/// The name of a style sheet that a partner shows.
fn a_style_sheet(portal: &Portal) -> String {
    let name = "0123456789abcdef0123456789abcdef.css";
    portal.execute(
        "insert or ignore into branding_file (name, partner, kind, width, height, brightness, bytes) values (?1, 1, 'css', 0, 0, 0, x'00')",
        [name],
    );
    portal.execute(
        "insert or ignore into branding (partner, stage, devices_named, portal_kind, portal_value, clients_kind, clients_value, preview_sheet)
         values (1, 'live', 'hostname', 'none', '', 'none', '', ?1)",
        [name],
    );
    name.to_owned()
}

/// A month for which every partner has prices that are yet to come.
fn a_price_list(portal: &Portal) -> String {
    portal.execute("insert or ignore into price_list (partner, month, currency, backup) select id, 2027 * 12, 'EUR', 300 from partner", []);
    "2027-01".to_owned()
}

/// The Partner ID of a partner beneath the tenant's, whose primary account has its letter and is not set up.
fn a_sub_partner(portal: &Portal, tenant: Tenant) -> String {
    let name = format!("{} Beneath", tenant.word);
    if let Some(known) = portal.sql_maybe("select public_id from partner where name = ?1", [&name]) {
        return known;
    }
    let entry = Entry {
        name,
        country: "NO".to_owned(),
        person: PersonEntry {
            first_name: "Ingrid".to_owned(),
            last_name: "Dale".to_owned(),
            email: format!("ingrid@{}.example", tenant.word.to_lowercase()),
            ..PersonEntry::default()
        },
    };
    let by = Manager::operator(&Operator::of_this_machine(), PartnerId(tenant.partner));
    portal.write(|tx| subpartners::actions::create(tx, &by, &entry.parse(Asked::Person)?)).public_id
}

/// The name of a backup of this portal, which is there.
pub(super) fn a_backup(portal: &Portal) -> String {
    let name = "portico-20261122T000000Z-by-hand.db";
    let folder = portal.folder().join("backups");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::copy(portal.db().path(), folder.join(name)).expect("a copy");
    name.to_owned()
}

/// The first guide that the list of guides leads this person to.
pub(super) fn first_guide(reader: Option<Member>) -> String {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(reader.unwrap_or(ADA));
    visit.get("/guides").status(200);
    let link = visit.links().into_iter().find_map(|(_, href, _)| href.strip_prefix("/guides/").map(ToOwned::to_owned));
    link.expect("the list of guides leads to one")
}

/// The path with each `{name}` filled by `fill(sort)`.
pub(super) fn filled(route: &Route, mut fill: impl FnMut(Sort) -> String) -> String {
    let segments = route
        .path
        .split('/')
        .enumerate()
        .map(|(place, segment)| if segment.starts_with('{') { fill(sort_of(route, place)) } else { segment.to_owned() });
    segments.collect::<Vec<_>>().join("/")
}

pub(super) fn sorts(route: &Route) -> Vec<Sort> {
    let mut found = Vec::new();
    filled(route, |sort| {
        found.push(sort);
        String::new()
    });
    found
}
