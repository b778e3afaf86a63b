//! What is typed about people, one or several at once, not yet looked at. Pure.

use std::collections::BTreeSet;

use crate::accounts::model::{Account, Details};
use crate::kernel::countries;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::form::Form;
use crate::kernel::text::{self, Email, PersonName};

/// USR-1: what is typed about anybody with an account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonEntry {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail.
    pub email: String,
    /// Dialling code.
    pub country_code: String,
    /// Phone number.
    pub mobile_phone: String,
}

impl PersonEntry {
    /// From values in the order of the fields; what is missing is empty.
    pub fn from_values(values: &mut dyn Iterator<Item = String>) -> Self {
        let mut next = || values.next().unwrap_or_default();
        Self { first_name: next(), last_name: next(), email: next(), country_code: next(), mobile_phone: next() }
    }

    /// The values in the order of the fields.
    pub fn values(&self) -> [&str; 5] {
        [&self.first_name, &self.last_name, &self.email, &self.country_code, &self.mobile_phone]
    }

    /// What an account says now, to be edited.
    pub fn of(account: &Account) -> Self {
        Self {
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            email: account.email.clone(),
            country_code: account.country_code.clone().unwrap_or_default(),
            mobile_phone: account.mobile_phone.clone().unwrap_or_default(),
        }
    }

    /// First and last name as typed.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name.trim(), self.last_name.trim()).trim().to_owned()
    }

    /// Whether nobody was entered: no name, no e-mail, no phone.
    pub fn is_empty(&self) -> bool {
        [&self.first_name, &self.last_name, &self.email, &self.mobile_phone].into_iter().all(|value| value.trim().is_empty())
    }

    /// The details, or nothing and what is wrong with each field.
    pub fn parse(&self, errors: &mut FieldErrors) -> Option<Details> {
        let first_name = errors.take("first_name", PersonName::parse(&self.first_name));
        let last_name = errors.take("last_name", PersonName::parse(&self.last_name));
        let email = errors.take("email", Email::parse(&self.email));
        let country_code = errors.take("country_code", countries::parse_dialling_code(&self.country_code));
        let mobile_phone = errors.take("mobile_phone", text::phone(&self.mobile_phone));
        Some(Details {
            first_name: first_name?,
            last_name: last_name?,
            email: email?,
            country_code: country_code?,
            mobile_phone: mobile_phone?,
        })
    }
}

/// Somebody as typed into a dialog that can add several.
pub trait Newcomer: Clone {
    /// What it is parsed to.
    type Parsed;
    /// The fields' names, in the order of the form; those of `PersonEntry` first.
    const FIELDS: &'static [&'static str];

    /// Nothing typed yet.
    fn blank() -> Self;
    /// From values in the order of `FIELDS`; what is missing is empty.
    fn from_values(values: &mut dyn Iterator<Item = String>) -> Self;
    /// The values in the order of `FIELDS`.
    fn values(&self) -> Vec<&str>;
    /// What everybody has.
    fn person(&self) -> &PersonEntry;
    /// The one who was meant, or what is wrong with each field.
    fn parse(&self) -> Result<Self::Parsed>;
    /// The e-mail of one who was parsed.
    fn email(parsed: &Self::Parsed) -> &Email;

    /// The one whom a form of a single person holds.
    fn of_form(form: &Form) -> Self {
        Self::from_values(&mut Self::FIELDS.iter().map(|name| form.get(name).to_owned()))
    }
}

/// USR-5: several who are added together, or not at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Newcomers<N> {
    /// Entered before and not left out.
    pub entered: Vec<N>,
    /// In the fields.
    pub entry: N,
}

impl<N: Newcomer> Newcomers<N> {
    /// Nobody yet.
    pub fn blank() -> Self {
        Self { entered: Vec::new(), entry: N::blank() }
    }

    /// Those of a form: one in the fields, those entered before in `entered.FIELD`, whose numbers in `keep` were not unticked.
    pub fn read(form: &Form) -> Self {
        let columns: Vec<Vec<&str>> = N::FIELDS
            .iter()
            .map(|name| {
                let own = form.fields.iter().filter(|(key, _)| key.strip_prefix("entered.") == Some(name));
                own.map(|(_, value)| value.as_str()).collect()
            })
            .collect();
        let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
        let kept: Vec<&str> = form.all("keep").collect();
        let entered = (0..rows)
            .filter(|row| kept.contains(&row.to_string().as_str()))
            .map(|row| N::from_values(&mut columns.iter().map(|column| column.get(row).copied().unwrap_or_default().to_owned())))
            .collect();
        Self { entered, entry: N::of_form(form) }
    }

    /// Everybody who is to be added: the fields count unless they were left empty after others.
    fn everybody(&self) -> Vec<&N> {
        let mut all: Vec<&N> = self.entered.iter().collect();
        if self.entered.is_empty() || !self.entry.person().is_empty() {
            all.push(&self.entry);
        }
        all
    }

    /// All parsed, or what is wrong, each field with its person's place in the list before it: `0.email`.
    pub fn parse(&self) -> Result<Vec<N::Parsed>> {
        let (mut parsed, mut emails) = (Vec::new(), BTreeSet::new());
        let mut errors = FieldErrors::default();
        for (index, entry) in self.everybody().into_iter().enumerate() {
            match entry.parse() {
                Ok(one) if !emails.insert(N::email(&one).key()) => {
                    errors.add(&format!("{index}.email"), format!("{} is already in the list above.", N::email(&one).as_str()));
                }
                Ok(one) => parsed.push(one),
                Err(Error::Invalid(fields)) => errors.0.extend(numbered(fields, index).0),
                Err(other) => return Err(other),
            }
        }
        errors.or(Some(parsed))
    }

    /// Refusals of the fields go to the fields; those of people entered before name the person.
    pub fn placed(&self, refusals: &FieldErrors) -> FieldErrors {
        let mut fields = FieldErrors::default();
        for (field, sentence) in &refusals.0 {
            let (index, field) = field.split_once('.').unwrap_or(("", field));
            match index.parse().ok().and_then(|index: usize| self.entered.get(index)) {
                Some(entry) => {
                    let person = entry.person();
                    fields.add("", format!("{} ({}): {sentence}", person.name(), person.email));
                }
                None => fields.add(field, sentence.as_str()),
            }
        }
        fields
    }

    /// Puts the one in the fields to those entered before, and makes room for the next.
    pub fn make_room(&mut self) {
        if !self.entry.person().is_empty() {
            self.entered.push(std::mem::replace(&mut self.entry, N::blank()));
        }
    }
}

/// The same error; the refusals of one person's fields get the person's place in the list before them: `0.email`.
#[must_use]
pub fn at_index(error: Error, index: usize) -> Error {
    let Error::Invalid(fields) = error else { return error };
    Error::Invalid(numbered(fields, index))
}

fn numbered(FieldErrors(fields): FieldErrors, index: usize) -> FieldErrors {
    FieldErrors(fields.into_iter().map(|(field, sentence)| (format!("{index}.{field}"), sentence)).collect())
}
