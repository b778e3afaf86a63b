//! What files may hold, for whoever writes them.

use maud::{Markup, html};

use crate::kernel::assets;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};

/// A column of a CSV list: its name, whether a row must fill it, and what it takes.
type Known = (&'static str, bool, &'static str);

const ORGANIZATIONS: &[Known] = &[
    ("name", true, "The organization's name, by which it is known here; up to 120 characters."),
    ("contact_first_name", false, "A name, up to 60 characters."),
    ("contact_last_name", false, "A name, up to 60 characters."),
    ("contact_email", false, "An e-mail address that no other organization's contact has."),
    ("country", false, "A country's two letters, such as US or DE."),
    ("plan", false, "backup, archiver or personal."),
    ("auto_license", false, "yes or no; yes only with backup or archiver."),
    ("seats", false, "A whole number; needed with backup and archiver unless auto_license is yes."),
];

const USERS: &[Known] = &[
    ("organization", true, "The name of an organization that is here or comes in the same import."),
    ("first_name", true, "A name, up to 60 characters."),
    ("last_name", true, "A name, up to 60 characters."),
    ("email", true, "An e-mail address, by which the user is known at the organization."),
    ("country_code", false, "A dialling code, such as 1 or 49."),
    ("mobile_phone", false, "4 to 15 digits, nothing else."),
    ("access", false, "full or none; none for a new user when it is empty."),
    ("endpoint_access", false, "file_restores or none; one user of an organization may have file_restores."),
];

const OTHER_PRODUCTS: &[Known] =
    &[("email", true, "An e-mail address that another product uses."), ("product", true, "That product's name, up to 80 characters.")];

const NETWORKS: &[Known] = &[
    ("name", true, "The network's name, up to 120 characters."),
    ("group_name", false, "The group it is in."),
    ("dna_hostname", false, "The hostname of its DNA router."),
    ("dna_serial", true, "The serial number of its DNA router, by which it is known here."),
];

const JSON: &[(&str, &str)] = &[
    ("domains.json", "SaaS accounts, as the vendor's API lists them."),
    ("seats-{id}.json", "The seats of one account; {id} is its saasCustomerId, as in seats-54000.json."),
    ("agents.json", "Endpoint agents by organization, as /v1/bcdr/agent lists them; or their assets, as /v1/dtc/assets does."),
    ("applications-{id}.json", "The backup report of one account: its applications and their last days."),
    ("devices.json", "Backup appliances, as the vendor's API lists them."),
    ("assets-{serial}.json", "The agents and shares of one device; {serial} is its serialNumber, as in assets-D0123456789A.json."),
    ("alerts-{serial}.json", "What one device raised alarm about."),
    ("vm-restores-{serial}.json", "The virtual machines that run on one device from a backup."),
];

/// The kinds of files, each column of the lists, and examples to start from.
pub fn help() -> Markup {
    html! {
        details.help #what-files-hold {
            summary { "What the files hold" }
            (parts::stack(&html! {
                p { "JSON, as a script saved it from the vendor's API, whole and unchanged. What a file holds is told by its content:" }
                (parts::definition_list(&JSON.iter().map(|(file, says)| (*file, html! { (says) })).collect::<Vec<_>>()))
                p {
                    "CSV in UTF-8, comma or semicolon, with a header row of these columns in any order. Columns that are not required may be left out; \
                     an empty cell leaves what is here as it is."
                }
                (list("organizations.csv", "organizations-example.csv", ORGANIZATIONS))
                (list("users.csv", "users-example.csv", USERS))
                (list("networks.csv", "networks-example.csv", NETWORKS))
                (list("other-products.csv", "other-products-example.csv", OTHER_PRODUCTS))
            }))
        }
    }
}

fn list(file: &str, example: &str, columns: &[Known]) -> Markup {
    let rows = columns.iter().map(|(name, required, takes)| Row {
        cells: vec![html! { code { (name) } }, html! { @if *required { "required" } @else { "optional" } }, html! { (takes) }],
        ..Row::default()
    });
    let table = Table {
        caption: format!("Columns of {file}"),
        columns: vec![Column::new("Column"), Column::new("Required"), Column::new("What it takes")],
        rows: rows.collect(),
        ..Table::default()
    };
    html! {
        p { strong { (file) } " · " a href=(assets::href(example)) download=(example) { "Download " (example) } }
        (table)
    }
}
