//! Who asks, and the table of rules.md written down a second time.

use portico::access::model::Access;
use portico::access::roles_model::Right;
use portico::access::stage_model::Stage;

use super::things::Sort;
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, TENANTS, Tenant};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
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

pub(super) const KINDS: [Kind; 16] = [
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
    pub(super) const fn member(self) -> Option<Member> {
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
    pub(super) const fn stage(self) -> Option<Stage> {
        match self {
            Half => Some(Stage::Choice),
            MustGiveCode => Some(Stage::Code),
            MustSetPassword => Some(Stage::Password),
            MustSetFactor => Some(Stage::SetUp),
            _ => None,
        }
    }

    /// Whether they are in.
    pub(super) fn is_in(self) -> bool {
        self != Guest && self.stage().is_none()
    }

    pub(super) fn visit(self, portal: &Portal) -> Visit {
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
    pub(super) const fn home(self) -> Tenant {
        match self {
            OtherUser => BIRCHINE,
            OtherAdmin => CEDARINE,
            _ => ALDERINE,
        }
    }

    pub(super) const fn is_employee(self) -> bool {
        matches!(self, PrimaryAccount | SecurityAdmin | Admin | Tech | Business | Sales | OtherAdmin)
    }

    /// Tenants whose things of this sort they must never see. Harbor MSP sees the organizations of the partners beneath it, but not
    /// their letters, imports and staff.
    pub(super) fn strangers(self, sort: Sort) -> Vec<Tenant> {
        let mine = self.home();
        let may_see = |tenant: &Tenant| match (self, sort) {
            (FullUser | NoAccessUser | EndpointUser | OtherUser, _) => *tenant == mine,
            (OtherAdmin, _)
            | (_, Sort::Letter | Sort::Import | Sort::Employee | Sort::Address | Sort::Key | Sort::Group | Sort::Member | Sort::Transfer) => {
                tenant.partner == mine.partner
            }
            _ => true,
        };
        TENANTS.into_iter().filter(|tenant| !may_see(tenant)).collect()
    }
}

/// The table of rules.md, "Employees and roles", and of the other kinds of access, written down a second time.
pub(super) fn admits(access: Access, kind: Kind) -> bool {
    match access {
        Access::Anyone => true,
        Access::AnySession => kind != Guest,
        Access::At(Stage::Choice) => kind.is_in() || kind == Half,
        Access::At(stage) => kind.stage() == Some(stage),
        Access::SignedIn => kind.is_in(),
        // No session opens what scripts come to: `api.rs` has their table.
        Access::Script(_) => false,
        Access::AnyEmployee => kind.is_employee(),
        Access::SaasViewer => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Tech | FullUser | OtherUser | OtherAdmin),
        Access::DeviceViewer => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Tech | FullUser | OtherUser | OtherAdmin),
        // EMP-3: Tech has BCDR and not Endpoint Backup, unless somebody gave it.
        Access::EndpointViewer => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | EndpointUser | OtherAdmin),
        Access::FullUser => matches!(kind, FullUser | OtherUser),
        Access::Operating => kind == PrimaryAccount,
        Access::Employee(right) | Access::Unlimited(right) => match right {
            Right::AccountSettings => kind == PrimaryAccount,
            Right::GroupsAndSecurity => matches!(kind, PrimaryAccount | SecurityAdmin),
            Right::ManageOrganizations | Right::ManageEmployees | Right::RunPortal | Right::ChangeSaas => {
                matches!(kind, PrimaryAccount | SecurityAdmin | Admin | OtherAdmin)
            }
            Right::SeeLicenses | Right::SeeStatements => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Business | OtherAdmin),
            Right::SeeSaasStatus | Right::SeeDevices => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Tech | OtherAdmin),
            Right::SeeEndpointBackup => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | OtherAdmin),
            Right::SeePriceList => matches!(kind, PrimaryAccount | SecurityAdmin | Admin | Business | Sales | OtherAdmin),
        },
    }
}
