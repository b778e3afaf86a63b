//! Roles, the table "Employees and roles", and an organization user's two levels. Pure.

use crate::text_enum;

text_enum!(
    /// An employee's role, highest first.
    Role {
        /// The partner's first account.
        PrimaryAccount = "primary_account",
        /// Guards access.
        SecurityAdmin = "security_admin",
        /// Runs the portal.
        Admin = "admin",
        /// Looks after backups.
        Tech = "tech",
        /// Looks after bills.
        Business = "business",
        /// Sells.
        SalesAndMarketing = "sales_and_marketing",
    }
);

impl Role {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::PrimaryAccount => "Primary account",
            Self::SecurityAdmin => "Security Admin",
            Self::Admin => "Admin",
            Self::Tech => "Tech",
            Self::Business => "Business",
            Self::SalesAndMarketing => "Sales & Marketing",
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::PrimaryAccount => 0,
            Self::SecurityAdmin => 1,
            Self::Admin => 2,
            Self::Tech => 3,
            Self::Business => 4,
            Self::SalesAndMarketing => 5,
        }
    }

    /// EMP-2: one may act only on roles beneath one's own; nobody on an equal. Tech and below act on nobody.
    pub const fn may_act_on(self, other: Self) -> bool {
        matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin) && self.rank() < other.rank()
    }

    /// Whether this role stands at least as high as the other.
    pub const fn reaches(self, other: Self) -> bool {
        self.rank() <= other.rank()
    }

    /// The table "Employees and roles".
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::AccountSettings => matches!(self, Self::PrimaryAccount),
            Right::GroupsAndSecurity => matches!(self, Self::PrimaryAccount | Self::SecurityAdmin),
            Right::ManageOrganizations | Right::ManageEmployees | Right::RunPortal | Right::ChangeSaas => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin)
            }
            Right::SeeLicenses | Right::SeeStatements => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin | Self::Business)
            }
            Right::SeeSaasStatus | Right::SeeDevices | Right::SeeEndpointBackup => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin | Self::Tech)
            }
            Right::SeePriceList => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin | Self::Business | Self::SalesAndMarketing)
            }
        }
    }
}

/// One line of the table "Employees and roles".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// The partner's account settings; Global branding.
    AccountSettings,
    /// Access groups, security settings, Reset MFA.
    GroupsAndSecurity,
    /// Manage Organizations and everything on an organization's page (EMP-1).
    ManageOrganizations,
    /// Manage Employees (EMP-2 says whom).
    ManageEmployees,
    /// Subscriptions, transfers, sub-partners, API keys, import, activity log, notification settings, outbox.
    RunPortal,
    /// Add a SaaS account, change its commitment, cancel it.
    ChangeSaas,
    /// Licenses, to see.
    SeeLicenses,
    /// SaaS Protection Status, seats of an account.
    SeeSaasStatus,
    /// Device Status, device tasks, alert settings.
    SeeDevices,
    /// Endpoint Backup Status, file restores.
    SeeEndpointBackup,
    /// Statements.
    SeeStatements,
    /// The price list.
    SeePriceList,
}

text_enum!(
    /// EMP-3: how far an employee sees a product.
    ProductAccess {
        /// Its status page is hidden.
        NoAccess = "none",
        /// All of it.
        Full = "full",
    }
);

impl ProductAccess {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::NoAccess => "No access",
            Self::Full => "Full access",
        }
    }
}

/// EMP-3: an employee's two products.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Products {
    /// Devices and what runs on them.
    pub bcdr: ProductAccess,
    /// Endpoint Backup.
    pub endpoint_backup: ProductAccess,
}

impl Products {
    /// EMP-3: Admin and above see both, Tech sees BCDR, the others neither.
    pub const fn of(role: Role) -> Self {
        let (bcdr, endpoint_backup) = match role {
            Role::PrimaryAccount | Role::SecurityAdmin | Role::Admin => (ProductAccess::Full, ProductAccess::Full),
            Role::Tech => (ProductAccess::Full, ProductAccess::NoAccess),
            Role::Business | Role::SalesAndMarketing => (ProductAccess::NoAccess, ProductAccess::NoAccess),
        };
        Self { bcdr, endpoint_backup }
    }

    /// EMP-3: whether a right of the role reaches what these products open.
    pub const fn open(self, right: Right) -> bool {
        match right {
            Right::SeeDevices => matches!(self.bcdr, ProductAccess::Full),
            Right::SeeEndpointBackup => matches!(self.endpoint_backup, ProductAccess::Full),
            Right::AccountSettings
            | Right::GroupsAndSecurity
            | Right::ManageOrganizations
            | Right::ManageEmployees
            | Right::RunPortal
            | Right::ChangeSaas
            | Right::SeeLicenses
            | Right::SeeSaasStatus
            | Right::SeeStatements
            | Right::SeePriceList => true,
        }
    }

    /// What somebody has, in a few words.
    pub const fn shown(self) -> &'static str {
        match (self.bcdr, self.endpoint_backup) {
            (ProductAccess::Full, ProductAccess::Full) => "BCDR, Endpoint Backup",
            (ProductAccess::Full, ProductAccess::NoAccess) => "BCDR",
            (ProductAccess::NoAccess, ProductAccess::Full) => "Endpoint Backup",
            (ProductAccess::NoAccess, ProductAccess::NoAccess) => "None",
        }
    }
}

text_enum!(
    /// USR-2, left: the level for all products but Endpoint Backup.
    OrganizationAccess {
        /// Super Administrator of every linked SaaS account (USR-7).
        Full = "full",
        /// Nothing of them.
        NoAccess = "none",
    }
);

impl OrganizationAccess {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Full => "Full access",
            Self::NoAccess => "No access",
        }
    }
}

text_enum!(
    /// USR-2, right: the level for Endpoint Backup.
    EndpointAccess {
        /// Creates and removes file restores (USR-4).
        FileRestores = "file_restores",
        /// Nothing of it.
        NoAccess = "none",
    }
);

impl EndpointAccess {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::FileRestores => "File restores",
            Self::NoAccess => "No access",
        }
    }
}
