//! The places of the top menu, who sees each, and the older words for them.

use crate::access::model::{Access, Visitor};
use crate::access::roles_model::Right;
use crate::kernel::html::frame::{Link, MenuItem};

/// One place of the top menu (product.md "The way through the portal").
#[derive(Debug)]
pub struct Place {
    /// The drop-down, or the same as the label for a plain link.
    pub section: &'static str,
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Other beginnings of paths that belong to it.
    pub also: &'static [&'static str],
    /// Who sees it.
    pub access: Access,
    /// Older words for it, for the search.
    pub older: &'static [&'static str],
}

/// The top menu; the search finds these places by label and by older word.
pub const MENU: &[Place] = &[
    Place { section: "Home", label: "Home", href: "/", also: &[], access: Access::SignedIn, older: &[] },
    Place {
        section: "Status",
        label: "SaaS Protection Status",
        href: "/status/saas",
        also: &["/saas/"],
        access: Access::SaasViewer,
        older: &["SaaS Status"],
    },
    Place {
        section: "Status",
        label: "Device Status",
        href: "/status/devices",
        also: &[],
        access: Access::Employee(Right::SeeDevices),
        older: &["BCDR Status", "Device web", "Backup appliances"],
    },
    // Seed 002 writes it so for an organization's users.
    Place {
        section: "Status",
        label: "Device status",
        href: "/status/devices",
        also: &[],
        access: Access::FullUser,
        older: &["Device web", "Backup appliances"],
    },
    Place {
        section: "Status",
        label: "Device Tasks",
        href: "/tasks",
        also: &[],
        access: Access::DeviceViewer,
        older: &["Add device task", "Device tasks", "Support interactions", "Tickets"],
    },
    // Employees come to these from a device.
    Place { section: "Status", label: "Offsite audit", href: "/audits", also: &[], access: Access::FullUser, older: &["Audit"] },
    Place {
        section: "Status",
        label: "Recovery Launchpad",
        href: "/recovery",
        also: &[],
        access: Access::FullUser,
        older: &["Restore", "Recovery points"],
    },
    Place {
        section: "Status",
        label: "Alert settings",
        href: "/alerts",
        also: &[],
        access: Access::DeviceViewer,
        older: &["Alerts", "Thresholds", "Warnings", "Who is told"],
    },
    Place {
        section: "Status",
        label: "Endpoint Backup Status",
        href: "/status/endpoints",
        also: &["/restores/"],
        access: Access::EndpointViewer,
        older: &["Endpoint Backup", "File restores", "Restore files"],
    },
    Place {
        section: "Admin",
        label: "Manage Organizations",
        href: "/organizations",
        also: &[],
        access: Access::Employee(Right::ManageOrganizations),
        older: &["Manage Clients", "Organizations", "Clients"],
    },
    Place {
        section: "Admin",
        label: "Manage Employees",
        href: "/employees",
        also: &[],
        access: Access::Employee(Right::ManageEmployees),
        older: &["Staff", "Employees", "Team", "Colleagues"],
    },
    Place {
        section: "Admin",
        label: "Manage Partners",
        href: "/partners",
        also: &[],
        access: Access::Unlimited(Right::RunPortal),
        older: &["Sub-partners", "Resellers", "Distributor", "Partners"],
    },
    Place {
        section: "Admin",
        label: "Manage Groups",
        href: "/groups",
        also: &[],
        access: Access::Employee(Right::GroupsAndSecurity),
        older: &["Access groups", "Groups", "Who sees what", "Limit employees", "Teams"],
    },
    Place {
        section: "Admin",
        label: "Transfers",
        href: "/transfers",
        also: &[],
        access: Access::Unlimited(Right::RunPortal),
        older: &["Transfer an organization", "Move to another partner", "Change partner"],
    },
    Place {
        section: "Admin",
        label: "API Keys",
        href: "/api-keys",
        also: &[],
        access: Access::Employee(Right::RunPortal),
        older: &["Integrations", "REST API", "Public key", "Secret key"],
    },
    Place { section: "Admin", label: "Import", href: "/imports", also: &[], access: Access::Unlimited(Right::RunPortal), older: &[] },
    Place {
        section: "Admin",
        label: "Addresses in other products",
        href: "/addresses",
        also: &[],
        access: Access::Unlimited(Right::RunPortal),
        older: &["Other products", "Locked e-mails"],
    },
    Place {
        section: "Admin",
        label: "Licenses",
        href: "/licenses",
        also: &[],
        access: Access::Employee(Right::SeeLicenses),
        older: &["Licences", "Idle seats", "Archived seats"],
    },
    Place {
        section: "Admin",
        label: "Statements",
        href: "/statements",
        also: &[],
        access: Access::Unlimited(Right::SeeStatements),
        older: &["Invoices", "Bills", "Billing", "Reconcile"],
    },
    Place {
        section: "Admin",
        label: "Price List",
        href: "/price-list",
        also: &[],
        access: Access::Employee(Right::SeePriceList),
        older: &["Prices", "Plans"],
    },
    Place {
        section: "Admin",
        label: "Set Branding",
        href: "/branding",
        also: &[],
        access: Access::Employee(Right::AccountSettings),
        older: &["Customize", "Branding", "Logo", "Background", "Colors", "White label"],
    },
    Place {
        section: "Admin",
        label: "Notification Settings",
        href: "/notification-settings",
        also: &[],
        access: Access::Employee(Right::RunPortal),
        older: &["Notifications", "Which letters are sent", "Hide Send sign in"],
    },
    Place { section: "Admin", label: "Activity Log", href: "/activity", also: &[], access: Access::Employee(Right::RunPortal), older: &[] },
    Place {
        section: "Admin",
        label: "Outbox",
        href: "/outbox",
        also: &[],
        access: Access::Employee(Right::RunPortal),
        older: &["Letters"],
    },
    Place {
        section: "Admin",
        label: "Security Settings",
        href: "/security-settings",
        also: &[],
        access: Access::Employee(Right::GroupsAndSecurity),
        older: &["Password policy", "Session timeout", "Allowed addresses", "IP restriction"],
    },
    Place {
        section: "Admin",
        label: "Backups",
        href: "/backups",
        also: &[],
        access: Access::Operating,
        older: &["Restore", "Snapshots", "Copies of the portal"],
    },
    Place {
        section: "Admin",
        label: "Mail",
        href: "/mail",
        also: &[],
        access: Access::Operating,
        older: &["SMTP", "Mail server", "E-mail settings"],
    },
    Place { section: "Help", label: "Guides", href: "/guides", also: &[], access: Access::SignedIn, older: &["How-to"] },
];

/// The menu of a visitor who is at `path`: only what they may open, by section.
pub fn items(path: &str, visitor: &Visitor) -> Vec<MenuItem> {
    let mut items: Vec<MenuItem> = Vec::new();
    for entry in MENU.iter().filter(|entry| entry.access.admits(visitor)) {
        let current = path == entry.href
            || (entry.href != "/" && path.starts_with(entry.href))
            || entry.also.iter().any(|also| path.starts_with(also));
        let link = Link::new(entry.label, entry.href);
        match items.iter_mut().find(|item| item.label == entry.section) {
            Some(item) => {
                item.current |= current;
                item.children.push(link);
            }
            None => items.push(MenuItem {
                label: entry.section.to_owned(),
                href: entry.href.to_owned(),
                current,
                children: if entry.section == entry.label { Vec::new() } else { vec![link] },
            }),
        }
    }
    items
}
