//! What was typed about an employee. Pure.

use crate::access::roles_model::{ProductAccess, Products, Role};
use crate::accounts::newcomers_model::{Newcomer, PersonEntry};
use crate::employees::model::{Employee, NewEmployee};
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::text::Email;

/// The word of a product that follows the role (EMP-3).
pub const AS_ROLE: &str = "role";

/// What was typed for one employee, not yet looked at. A product's word may be `AS_ROLE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Name, e-mail and phone.
    pub person: PersonEntry,
    /// The role.
    pub role: String,
    /// BCDR.
    pub bcdr: String,
    /// Endpoint Backup.
    pub endpoint_backup: String,
}

impl Entry {
    /// What an employee is now, to be edited.
    pub fn of(employee: &Employee) -> Self {
        Self {
            person: PersonEntry::of(&employee.account),
            role: employee.role.word().to_owned(),
            bcdr: employee.products.bcdr.word().to_owned(),
            endpoint_backup: employee.products.endpoint_backup.word().to_owned(),
        }
    }
}

/// EMP-3: what was chosen for a product; nothing where it follows the role.
fn product(word: &str) -> Result<Option<ProductAccess>, String> {
    match word {
        AS_ROLE => Ok(None),
        word => ProductAccess::from_word(word).map(Some).ok_or_else(|| "Choose one of the list.".to_owned()),
    }
}

impl Newcomer for Entry {
    type Parsed = NewEmployee;
    const FIELDS: &'static [&'static str] =
        &["first_name", "last_name", "email", "country_code", "mobile_phone", "role", "bcdr", "endpoint_backup"];

    /// EMP-3: the role has to be chosen, the products come with it.
    fn blank() -> Self {
        Self { person: PersonEntry::default(), role: String::new(), bcdr: AS_ROLE.to_owned(), endpoint_backup: AS_ROLE.to_owned() }
    }

    fn from_values(values: &mut dyn Iterator<Item = String>) -> Self {
        let person = PersonEntry::from_values(values);
        let mut next = || values.next().unwrap_or_default();
        Self { person, role: next(), bcdr: next(), endpoint_backup: next() }
    }

    fn values(&self) -> Vec<&str> {
        self.person.values().into_iter().chain([self.role.as_str(), &self.bcdr, &self.endpoint_backup]).collect()
    }

    fn person(&self) -> &PersonEntry {
        &self.person
    }

    fn parse(&self) -> Result<NewEmployee> {
        let mut errors = FieldErrors::default();
        let details = self.person.parse(&mut errors);
        let role = errors.take("role", Role::from_word(&self.role).ok_or_else(|| "Choose a role.".to_owned()));
        let bcdr = errors.take("bcdr", product(&self.bcdr));
        let endpoint_backup = errors.take("endpoint_backup", product(&self.endpoint_backup));
        let employee = match (details, role, bcdr, endpoint_backup) {
            (Some(details), Some(role), Some(bcdr), Some(endpoint_backup)) => {
                let usual = Products::of(role);
                let products =
                    Products { bcdr: bcdr.unwrap_or(usual.bcdr), endpoint_backup: endpoint_backup.unwrap_or(usual.endpoint_backup) };
                Some(NewEmployee { details, role, products })
            }
            _ => None,
        };
        errors.or(employee)
    }

    fn email(parsed: &NewEmployee) -> &Email {
        &parsed.details.email
    }
}
