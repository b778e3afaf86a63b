//! Older words, and what a place is worth as an answer. Pure.

use crate::access::model::Access;
use crate::access::roles_model::{Right, Role};
use crate::guides::model::Guide;
use crate::kernel::ids::{AccountId, DeviceId, OrganizationId, SaasAccountId};
use crate::kernel::text;
use crate::networks::model::Network;

/// A word of a page or of an older guide, and the place it means today.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// What the place is called.
    pub label: &'static str,
    /// How to get there, in words; may be empty.
    pub way: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Who may go there.
    pub access: Access,
    /// What it was called elsewhere.
    pub older: &'static [&'static str],
}

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);
const STAFF: Access = Access::Employee(Right::ManageEmployees);
const LIST: &str = "/organizations";

/// Places beneath those of the menu, with their older words.
pub const WORDS: &[Word] = &[
    Word {
        label: "Create Organization",
        way: "Manage Organizations",
        href: "/organizations/new",
        access: MANAGERS,
        older: &["Create Client", "New Client"],
    },
    Word {
        label: "An organization's page",
        way: "Choose it in Manage Organizations",
        href: LIST,
        access: MANAGERS,
        older: &["Client Name page", "organization admin page"],
    },
    Word { label: "SaaS Protection Services", way: "On an organization's page", href: LIST, access: MANAGERS, older: &["SaaS Accounts"] },
    Word {
        label: "Link",
        way: "On an organization's page, beside SaaS Protection Services",
        href: LIST,
        access: MANAGERS,
        older: &["Link Accounts", "Link Services"],
    },
    Word {
        label: "Link Services",
        way: "In the dialog Link SaaS Protection Services of an organization's page",
        href: LIST,
        access: MANAGERS,
        older: &["Link SaaS Accounts", "Link SaaS Protection Services"],
    },
    Word {
        label: "Add Organization Users",
        way: "On an organization's page, Add Users",
        href: LIST,
        access: MANAGERS,
        older: &["Add Client User", "Add Client Users", "Add Organization User"],
    },
    Word {
        label: "Edit Organization User",
        way: "On an organization's page, the pencil in Users",
        href: LIST,
        access: MANAGERS,
        older: &["Edit Client User", "Edit Client Users", "Edit Organization Users"],
    },
    Word { label: "Organization user", way: "On an organization's page, Users", href: LIST, access: MANAGERS, older: &["Client Admin"] },
    Word {
        label: "Add Employees",
        way: "Manage Employees",
        href: "/employees/new",
        access: STAFF,
        older: &["Add Employee", "New employee", "Add technician", "Invite a colleague"],
    },
    Word {
        label: "Edit Employee",
        way: "In Manage Employees, the pencil",
        href: "/employees",
        access: STAFF,
        older: &["Change a role", "Employee roles", "Products of an employee", "Deactivate an employee", "Reactivate an employee"],
    },
    Word {
        label: "Hand over the primary account",
        way: "In Manage Employees, the options in your own row",
        href: "/employees/primary-account",
        access: Access::Employee(Right::AccountSettings),
        older: &["Change the primary account", "Transfer ownership"],
    },
    Word {
        label: "Add Devices",
        way: "On an organization's page, beside Devices",
        href: LIST,
        access: MANAGERS,
        older: &["Link Devices", "Add Device", "Siris", "BCDR"],
    },
    Word { label: "Users", way: "On an organization's page", href: LIST, access: MANAGERS, older: &["Manage Users"] },
    Word {
        label: "Google Workspace",
        way: "SaaS Protection Status",
        href: "/status/saas?q=Google+Workspace",
        access: Access::SaasViewer,
        older: &["G Suite"],
    },
    Word {
        label: "Microsoft 365",
        way: "SaaS Protection Status",
        href: "/status/saas?q=Microsoft+365",
        access: Access::SaasViewer,
        older: &["Office 365"],
    },
    Word {
        label: "Link Networks",
        way: "On an organization's page, beside Networks",
        href: LIST,
        access: MANAGERS,
        older: &["Add Networks", "Networks", "DNA"],
    },
    Word {
        label: "Trash can",
        way: "In the rows of Manage Organizations",
        href: LIST,
        access: MANAGERS,
        older: &["wastebasket", "trashcan", "Delete an organization"],
    },
    Word {
        label: "Trash can beside a SaaS account",
        way: "On an organization's page, SaaS Protection Services",
        href: LIST,
        access: MANAGERS,
        older: &["wastebasket", "trashcan", "Unlink"],
    },
    Word {
        label: "Trash can beside a user",
        way: "On an organization's page, Users",
        href: LIST,
        access: MANAGERS,
        older: &["wastebasket", "trashcan", "Remove User"],
    },
    Word {
        label: "View Unmapped Organizations",
        way: "SaaS Protection Status",
        href: "/status/saas/unmapped",
        access: Access::Employee(Right::SeeSaasStatus),
        older: &["unlinked accounts"],
    },
    Word { label: "Sign in", way: "", href: "/sign-in", access: Access::SignedIn, older: &["log in", "login"] },
    Word {
        label: "Sign out",
        way: "In the menu at the top right",
        href: "/account",
        access: Access::SignedIn,
        older: &["log out", "logout"],
    },
    Word {
        label: "Security",
        way: "Account Settings",
        href: "/account/security",
        access: Access::SignedIn,
        older: &["Password", "Where you are signed in", "Sessions"],
    },
    Word {
        label: "Display",
        way: "Account Settings",
        href: "/account/display",
        access: Access::SignedIn,
        older: &["Local", "Customize", "Devices per page", "Sort devices by", "Local storage format", "Backup thresholds"],
    },
    Word {
        label: "Account Settings",
        way: "In the menu at the top right",
        href: "/account",
        access: Access::SignedIn,
        older: &["Personal Details", "Time zone", "Theme"],
    },
];

/// A place as an answer: what it is called, how one gets there, the older word that was meant, if one was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its label.
    pub label: &'static str,
    /// The way there in words; may be empty.
    pub way: &'static str,
    /// Its address.
    pub href: &'static str,
    /// The older word that fits better than the label.
    pub older: Option<&'static str>,
}

/// How well a word answers a key: 0 for the same, 1 for a beginning, 2 for a word inside that begins so, 3 for all words of the key
/// in another order; nothing for no match.
fn fit(word: &str, key: &str) -> Option<u8> {
    let word = text::key(word);
    if word == key {
        Some(0)
    } else if word.starts_with(key) {
        Some(1)
    } else if word.split(' ').any(|part| part.starts_with(key)) || (key.chars().count() > 2 && word.contains(key)) {
        Some(2)
    } else if key.split(' ').all(|wanted| word.split(' ').any(|part| part.starts_with(wanted))) {
        Some(3)
    } else {
        None
    }
}

/// The better of label and older words, with how well it fits; nothing when none does.
pub fn answer(
    label: &'static str,
    way: &'static str,
    href: &'static str,
    older: &'static [&'static str],
    key: &str,
) -> Option<(u8, Place)> {
    let by_label = fit(label, key);
    let by_older = older.iter().filter_map(|word| fit(word, key).map(|fit| (fit, *word))).min_by_key(|(fit, _)| *fit);
    match (by_label, by_older) {
        (None, None) => None,
        (Some(fit), None) => Some((fit, Place { label, way, href, older: None })),
        (Some(fit), Some((other, _))) if fit <= other => Some((fit, Place { label, way, href, older: None })),
        (_, Some((fit, word))) => Some((fit, Place { label, way, href, older: Some(word) })),
    }
}

/// The guides that answer a key by their title or by the older words of their steps, the best fit first.
pub fn guides(of: impl Iterator<Item = &'static Guide>, key: &str) -> Vec<&'static Guide> {
    let older = |guide: &'static Guide| {
        guide.parts.iter().flat_map(|part| part.steps).filter_map(|step| step.older).flat_map(|words| words.split(", "))
    };
    let best = |guide: &'static Guide| std::iter::once(guide.title).chain(older(guide)).filter_map(|words| fit(words, key)).min();
    let mut found: Vec<(u8, &Guide)> = of.filter_map(|guide| best(guide).map(|fit| (fit, guide))).collect();
    found.sort_by_key(|(fit, _)| *fit);
    found.into_iter().map(|(_, guide)| guide).collect()
}

/// A user of an organization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The account.
    pub account: AccountId,
    /// Where.
    pub organization: OrganizationId,
    /// First and last name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The organization's name.
    pub organization_name: String,
}

/// Somebody on the visitor's own staff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Employee {
    /// First and last name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The role.
    pub role: Role,
}

/// A SaaS account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saas {
    /// The account.
    pub id: SaasAccountId,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// The organization it is linked to.
    pub organization_name: Option<String>,
}

/// A device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// What its viewer calls it (DEV-4).
    pub name: String,
    /// What that name does not say: its serial number beneath its hostname; may be empty.
    pub beneath: String,
    /// The organization it is linked to.
    pub organization_name: Option<String>,
}

/// An organization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Firm {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// Everything that was found; what the visitor may not open was not looked for.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Places of the portal.
    pub places: Vec<Place>,
    /// Organizations that are not deleted.
    pub organizations: Vec<Firm>,
    /// Users of organizations.
    pub users: Vec<User>,
    /// The partner's own staff.
    pub employees: Vec<Employee>,
    /// SaaS accounts.
    pub saas: Vec<Saas>,
    /// Networks, linked or not.
    pub networks: Vec<Network>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Guides the visitor may read.
    pub guides: Vec<&'static Guide>,
}

impl Found {
    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
            && self.organizations.is_empty()
            && self.users.is_empty()
            && self.employees.is_empty()
            && self.saas.is_empty()
            && self.networks.is_empty()
            && self.devices.is_empty()
            && self.guides.is_empty()
    }
}
