//! Add SaaS Protection Organization (SAS-6): what is typed on its four pages, and what it comes to. Pure.

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::accounts::newcomers_model::PersonEntry;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::ids::{AccountId, OrganizationId};
use crate::kernel::text::{self, FirmName};
use crate::saas::model::Product;
use crate::saas::terms_model::{Conditions, ConditionsEntry, FIELDS, ManagedBy, Resale};
use crate::text_enum;
use crate::users::model::{FullAdministrator, NewUser};

text_enum!(
    /// A page of the four.
    Step {
        /// For whom.
        Organization = "organization",
        /// What, and where.
        Service = "service",
        /// For how long, and how many.
        Terms = "terms",
        /// By whom, and what it all comes to.
        Management = "management",
    }
);

impl Step {
    /// As the line of steps names it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Service => "Service",
            Self::Terms => "Commitment and licenses",
            Self::Management => "Management",
        }
    }

    /// From 1 on.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).map_or(1, |place| place + 1)
    }

    /// The page before.
    pub const fn before(self) -> Option<Self> {
        match self {
            Self::Organization => None,
            Self::Service => Some(Self::Organization),
            Self::Terms => Some(Self::Service),
            Self::Management => Some(Self::Terms),
        }
    }

    /// The page after.
    pub const fn after(self) -> Option<Self> {
        match self {
            Self::Organization => Some(Self::Service),
            Self::Service => Some(Self::Terms),
            Self::Terms => Some(Self::Management),
            Self::Management => None,
        }
    }
}

text_enum!(
    /// Where the vendor keeps backups.
    Region {
        /// In the United States.
        UnitedStates = "United States",
        /// In Canada.
        Canada = "Canada",
        /// In the United Kingdom.
        UnitedKingdom = "United Kingdom",
        /// In Germany.
        Germany = "Germany",
        /// In Australia.
        Australia = "Australia",
        /// In Singapore.
        Singapore = "Singapore",
    }
);

/// Stands for an organization or a user that is yet to be made.
pub const NEW: &str = "new";

/// The longest domain, in characters.
const DOMAIN_MAX: usize = 253;

/// A domain as it is kept: without case. In ASCII alone, so that no letter of another script passes for one it looks like: a name in another
/// script is written as the vendor has it, `xn--…`.
pub fn domain(typed: &str) -> Result<String, String> {
    let text = text::line(typed, DOMAIN_MAX)?.to_lowercase();
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
    let text = text.strip_suffix('/').unwrap_or(text);
    let text = text.strip_prefix("www.").unwrap_or(text).to_owned();
    let good = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && label.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let whole = text.split('.').count() >= 2
        && text.split('.').all(good)
        && text.rsplit('.').next().is_some_and(|last| last.chars().any(char::is_alphabetic));
    if whole { Ok(text) } else { Err("Enter the domain alone, such as example.com; one in another script as xn--….".to_owned()) }
}

/// Everything typed so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// An organization's ID, or `new`.
    pub organization: String,
    /// The new organization's name.
    pub name: String,
    /// A word of `Product`.
    pub product: String,
    /// A word of `Region`.
    pub region: String,
    /// The domain.
    pub domain: String,
    /// Ticked: a word of `Resale`.
    pub resale: String,
    /// Commitment, retention, Auto-add, cap.
    pub conditions: ConditionsEntry,
    /// A word of `ManagedBy`.
    pub managed_by: String,
    /// A user of the organization, or `new`.
    pub user: String,
    /// The new user.
    pub person: PersonEntry,
}

const PERSON: [&str; 5] = ["first_name", "last_name", "email", "country_code", "mobile_phone"];

impl Entry {
    /// From a form or an address. What nobody has chosen yet is what most choose.
    pub fn read(get: impl Fn(&str) -> String) -> Self {
        let or = |name: &str, usual: &str| match get(name) {
            empty if empty.is_empty() => usual.to_owned(),
            chosen => chosen,
        };
        let mut conditions = ConditionsEntry::read(&get);
        if conditions.auto_add.is_empty() {
            "on".clone_into(&mut conditions.auto_add);
        }
        Self {
            organization: get("organization"),
            name: get("name"),
            product: get("product"),
            region: get("region"),
            domain: get("domain"),
            resale: get("resale"),
            conditions,
            managed_by: or("managed_by", ManagedBy::Partner.word()),
            user: get("user"),
            person: PersonEntry::from_values(&mut PERSON.iter().map(|name| get(name))),
        }
    }

    /// Whether a person was typed, whose name and e-mail belong in no address and no server's log.
    pub fn names_somebody(&self) -> bool {
        self.person.values().iter().any(|value| !value.trim().is_empty())
    }

    /// What the other pages hold, to travel on with this one's form; what is empty stays behind.
    pub fn elsewhere(&self, here: Step) -> Vec<(&'static str, &str)> {
        let of = |step: Step| -> Vec<(&'static str, &str)> {
            match step {
                Step::Organization => vec![("organization", &self.organization), ("name", &self.name)],
                Step::Service => {
                    vec![("product", &self.product), ("region", &self.region), ("domain", &self.domain), ("resale", &self.resale)]
                }
                Step::Terms => FIELDS.into_iter().zip(self.conditions.values()).collect(),
                Step::Management => [("managed_by", self.managed_by.as_str()), ("user", &self.user)]
                    .into_iter()
                    .chain(PERSON.into_iter().zip(self.person.values()))
                    .collect(),
            }
        };
        let others = Step::ALL.iter().filter(|step| **step != here);
        others.flat_map(|step| of(*step)).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The first page.
    pub fn place(&self) -> Result<Place> {
        match self.organization.as_str() {
            "" => Err(Error::field("organization", "Choose an organization, or New organization.")),
            NEW => FirmName::parse(&self.name).map(Place::New).map_err(|sentence| Error::field("name", sentence)),
            id => id.parse().map(Place::Existing).map_err(|_| Error::field("organization", "Choose an organization of the list.")),
        }
    }

    /// The second page.
    pub fn service(&self) -> Result<Service> {
        let mut errors = FieldErrors::default();
        let product = errors.take("product", Product::from_word(&self.product).ok_or_else(|| "Choose what is protected.".to_owned()));
        let domain = errors.take("domain", domain(&self.domain));
        let region = errors.take("region", Region::from_word(&self.region).ok_or_else(|| "Choose where backups are kept.".to_owned()));
        let resale = if self.resale == Resale::NotForResale.word() { Resale::NotForResale } else { Resale::ForResale };
        let service = match (product, region, domain) {
            (Some(product), Some(region), Some(domain)) => Some(Service { product, region, domain, resale }),
            _ => None,
        };
        errors.or(service)
    }

    /// The last page.
    pub fn management(&self) -> Result<Management> {
        match (ManagedBy::from_word(&self.managed_by), self.user.as_str()) {
            (None, _) => Err(Error::field("managed_by", "Choose who authorizes and manages it.")),
            (Some(ManagedBy::Partner), _) => Ok(Management::Partner),
            (Some(ManagedBy::Organization), "") => Err(Error::field("user", "Choose the user who authorizes it, or New user.")),
            (Some(ManagedBy::Organization), NEW) => {
                let mut errors = FieldErrors::default();
                let details = self.person.parse(&mut errors);
                let user = details.map(|details| NewUser {
                    details,
                    access: OrganizationAccess::Full,
                    endpoint_access: EndpointAccess::NoAccess,
                    full_administrator: FullAdministrator::No,
                });
                errors.or(user).map(|user| Management::NewUser(Box::new(user)))
            }
            (Some(ManagedBy::Organization), id) => {
                id.parse().map(Management::User).map_err(|_| Error::field("user", "Choose a user of the list."))
            }
        }
    }

    /// All of it.
    pub fn parse(&self) -> Result<Wanted> {
        Ok(Wanted { place: self.place()?, service: self.service()?, conditions: self.conditions.parse()?, management: self.management()? })
    }

    /// What is wrong with one page.
    pub fn check(&self, step: Step) -> Result<()> {
        match step {
            Step::Organization => self.place().map(drop),
            Step::Service => self.service().map(drop),
            Step::Terms => self.conditions.parse().map(drop),
            Step::Management => self.management().map(drop),
        }
    }
}

/// For whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// An organization that is here.
    Existing(OrganizationId),
    /// One that is made with it.
    New(FirmName),
}

/// What is protected, and where its backups are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// Whose product.
    pub product: Product,
    /// Where backups are kept.
    pub region: Region,
    /// The domain.
    pub domain: String,
    /// Whether it may be sold on.
    pub resale: Resale,
}

/// Who authorizes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Management {
    /// The partner.
    Partner,
    /// This user of the organization, who gets a letter.
    User(AccountId),
    /// A user who is made with it, and gets a letter.
    NewUser(Box<NewUser>),
}

/// An account to add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// For whom.
    pub place: Place,
    /// What.
    pub service: Service,
    /// For how long, and how many.
    pub conditions: Conditions,
    /// By whom.
    pub management: Management,
}
