//! What the page Create New Organization asks for (ORG-2, ORG-3). Pure.

use crate::kernel::countries;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::ids::PartnerId;
use crate::kernel::text::{Email, FirmName, PersonName};
use crate::subscriptions::model::{Bought, EnteredPlan, Plan};

/// SUB-8: whether the contact is mailed the sign-in address and a link to set the password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignInLetter {
    /// The contact becomes the first user, and gets the letter.
    Send,
    /// The contact is a contact only.
    Skip,
}

/// A partner that an organization may be created for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The partner.
    pub partner: PartnerId,
    /// Its public Partner ID, which the form sends.
    pub public_id: String,
    /// Its name.
    pub name: String,
    /// Its country's ISO code, which the organization's country follows.
    pub country: String,
    /// SUB-8, NOT-1: whether it sends sign-ins; Send sign in is hidden where it does not.
    pub sends_sign_in: bool,
}

/// The page as it was filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewEntry {
    /// The contact's first name.
    pub first_name: String,
    /// The contact's last name.
    pub last_name: String,
    /// The contact's e-mail.
    pub email: String,
    /// A country's code.
    pub country: String,
    /// A Partner ID.
    pub partner: String,
    /// Plan, Auto License and Number of seats.
    pub plan: EnteredPlan,
    /// Organization name.
    pub name: String,
    /// Whether Send sign in is ticked.
    pub send_sign_in: bool,
}

/// A new organization that was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The contact's first name.
    pub first_name: PersonName,
    /// The contact's last name.
    pub last_name: PersonName,
    /// The contact's e-mail.
    pub email: Email,
    /// ISO 3166-1 code.
    pub country: String,
    /// Whose it will be.
    pub partner: PartnerId,
    /// What is bought.
    pub plan: Plan,
    /// Auto License or seats.
    pub bought: Bought,
    /// Its name; none under a personal plan, whose name the system fills in (ORG-3).
    pub name: Option<FirmName>,
    /// Whether the contact gets the sign-in letter.
    pub sign_in: SignInLetter,
}

impl NewEntry {
    /// Nothing typed yet, for the first of the `choices`: its country, and Auto License on.
    pub fn blank(choices: &[Choice]) -> Self {
        let own = choices.first();
        Self {
            country: own.map(|choice| choice.country.clone()).unwrap_or_default(),
            partner: own.map(|choice| choice.public_id.clone()).unwrap_or_default(),
            plan: EnteredPlan { auto_license: true, ..EnteredPlan::default() },
            ..Self::default()
        }
    }

    /// ORG-2: once another partner is chosen than the page was drawn for, the country follows it, unless another was chosen by hand.
    pub fn follow_partner(&mut self, drawn_for: &str, choices: &[Choice]) {
        let country = |id: &str| choices.iter().find(|choice| choice.public_id == id).map(|choice| choice.country.as_str());
        if let (Some(before), Some(now)) = (country(drawn_for), country(&self.partner))
            && self.country == before
        {
            now.clone_into(&mut self.country);
        }
    }

    /// All that applies, parsed, or a sentence for each field that is not right. What is hidden does not apply, whatever was sent: the name
    /// under a personal plan, the seats with Auto License, Send sign in where the partner switched it off. A new organization has no seat in use yet.
    pub fn parse(&self, choices: &[Choice]) -> Result<Wanted> {
        let mut errors = FieldErrors::default();
        let first_name = errors.take("first_name", filled("First Name", &self.first_name, PersonName::parse));
        let last_name = errors.take("last_name", filled("Last Name", &self.last_name, PersonName::parse));
        let email = errors.take("email", filled("Email address", &self.email, Email::parse));
        let country = errors.take("country", filled("Country", &self.country, countries::parse));
        let chosen = choices.iter().find(|choice| choice.public_id == self.partner);
        let partner = errors.take("partner", chosen.map(|choice| choice.partner).ok_or_else(|| "Choose a partner of the list.".to_owned()));
        let plan = self.parse_plan(&mut errors)?;
        let personal = Plan::from_word(&self.plan.plan) == Some(Plan::Personal);
        let name =
            if personal { Some(None) } else { errors.take("name", filled("Organization name", &self.name, FirmName::parse)).map(Some) };
        let sends = self.send_sign_in && chosen.is_some_and(|choice| choice.sends_sign_in);
        let sign_in = if sends { SignInLetter::Send } else { SignInLetter::Skip };
        let wanted = match (first_name, last_name, email, country, partner, plan, name) {
            (Some(first_name), Some(last_name), Some(email), Some(country), Some(partner), Some((plan, bought)), Some(name)) => {
                Some(Wanted { first_name, last_name, email, country, partner, plan, bought, name, sign_in })
            }
            _ => None,
        };
        errors.or(wanted)
    }
}

impl NewEntry {
    /// Plan and seats; one that is not filled in is named by its label.
    fn parse_plan(&self, errors: &mut FieldErrors) -> Result<Option<(Plan, Bought)>> {
        match self.plan.parse(0) {
            Ok(plan) => Ok(Some(plan)),
            Err(Error::Invalid(FieldErrors(fields))) => {
                for (field, sentence) in fields {
                    let (label, raw) = match field.as_str() {
                        "seats" => ("Number of seats", &self.plan.seats),
                        _ => ("Select Plan", &self.plan.plan),
                    };
                    errors.add(&field, if raw.trim().is_empty() { format!("{label} is empty. {sentence}") } else { sentence });
                }
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

/// A field that must be filled: one that is not is named by its label.
fn filled<T>(label: &str, raw: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, String> {
    parse(raw).map_err(|sentence| if raw.trim().is_empty() { format!("{label} is empty.") } else { sentence })
}

/// ORG-3: the name of an organization under a personal plan in the system's `attempt`, counted from 1: the contact's, then with " (2)" and
/// so on; never longer than a name may be.
pub fn personal_name(wanted: &Wanted, attempt: usize) -> Result<FirmName> {
    let end = if attempt < 2 { String::new() } else { format!(" ({attempt})") };
    let room = FirmName::MAX.saturating_sub(end.chars().count());
    let name: String = format!("{} {}", wanted.first_name.as_str(), wanted.last_name.as_str()).chars().take(room).collect();
    FirmName::parse(&format!("{}{end}", name.trim_end())).map_err(|sentence| Error::field("first_name", sentence))
}
