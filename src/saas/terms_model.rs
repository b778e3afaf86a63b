//! What a SaaS account was taken on for: commitment, retention, licences, and how its authorization stands (SAS-6, SAS-7, SEA-5). Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::secret::token_hash;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::saas::model::{Commitment, Retention};
use crate::text_enum;

text_enum!(
    /// Who authorizes an account and looks after it.
    ManagedBy {
        /// The partner's own people.
        Partner = "partner",
        /// A user of the organization.
        Organization = "organization",
    }
);

text_enum!(
    /// SEA-5: whether newly discovered users are protected, up to the licence cap.
    AutoAdd {
        /// They are.
        On = "on",
        /// Somebody protects them.
        Off = "off",
    }
);

impl AutoAdd {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::On => "On",
            Self::Off => "Off",
        }
    }
}

text_enum!(
    /// Whether the account may be sold on.
    Resale {
        /// It may.
        ForResale = "for_resale",
        /// It is for the partner's own use.
        NotForResale = "not_for_resale",
    }
);

/// What an account was taken on for, and how its authorization stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// How long it is committed for; unknown of accounts that came with an import.
    pub commitment: Option<Commitment>,
    /// The end of the committed year.
    pub committed_until: Option<Timestamp>,
    /// How long backups are kept.
    pub retention: Option<Retention>,
    /// Whether it may be sold on.
    pub resale: Resale,
    /// Whether newly discovered users are protected.
    pub auto_add: AutoAdd,
    /// At most so many billable seats.
    pub licence_cap: Option<i64>,
    /// Billable seats (SEA-4).
    pub billable: i64,
    /// Whether the vendor may read it.
    pub authorized: bool,
    /// Who authorizes it.
    pub managed_by: ManagedBy,
    /// Whom the letter went to, and when.
    pub asked: Option<(String, Timestamp)>,
    /// Who of the organization consented, and when.
    pub consent: Option<(String, Timestamp)>,
    /// When and why it was cancelled.
    pub cancelled: Option<(Timestamp, String)>,
}

impl Terms {
    /// Whether as many licences are used as may be.
    pub fn cap_reached(&self) -> bool {
        self.licence_cap.is_some_and(|cap| cap <= self.billable)
    }

    /// SAS-7: why the commitment may not become `wanted`, if so. A year that runs may not become month to month before its end; while the
    /// account waits for its authorization no year runs.
    pub fn refuses(&self, wanted: Commitment, now: Timestamp) -> Option<Held> {
        match (self.commitment, wanted, self.committed_until) {
            (Some(Commitment::OneYear), Commitment::MonthToMonth, Some(until)) if now < until => Some(Held { until }),
            _ => None,
        }
    }

    /// SAS-7: the end of the committed year after a change to `wanted`: the same year again runs on, a new one begins now.
    pub fn until(&self, wanted: Commitment, now: Timestamp) -> Option<Timestamp> {
        match (wanted, self.commitment) {
            (Commitment::MonthToMonth, _) => None,
            (Commitment::OneYear, _) if !self.authorized => None,
            (Commitment::OneYear, Some(Commitment::OneYear)) => self.committed_until,
            (Commitment::OneYear, None | Some(Commitment::MonthToMonth)) => Some(now.a_year_later()),
        }
    }

    /// What whoever authorizes the account agrees to, in sentences (SAS-6).
    pub fn agreed(&self, region: Option<&str>) -> Vec<String> {
        let commitment = self.commitment.map(|commitment| match commitment {
            Commitment::OneYear => "It is committed for one year, which begins with the authorization.".to_owned(),
            Commitment::MonthToMonth => "It goes on from month to month.".to_owned(),
        });
        let retention =
            self.retention.map(|retention| format!("Backups are kept by {} ({}).", retention.explained().to_lowercase(), retention.word()));
        let region = region.map(|region| format!("They are kept in this region: {region}."));
        let cap = match self.licence_cap {
            Some(cap) => format!("No more than {} can be billed.", text::counted(cap, "license", "licenses")),
            None => "There is no cap on how many licenses are billed.".to_owned(),
        };
        let added = (self.auto_add == AutoAdd::On).then(|| "New users are protected, and billed, without being asked for.".to_owned());
        [commitment, retention, region, Some(cap), added].into_iter().flatten().collect()
    }

    /// A short text that differs when anything that can be set differs.
    pub fn fingerprint(&self) -> String {
        let parts = [
            self.commitment.map_or("", Commitment::word).to_owned(),
            self.retention.map_or("", Retention::word).to_owned(),
            self.auto_add.word().to_owned(),
            self.licence_cap.map(|cap| cap.to_string()).unwrap_or_default(),
            self.authorized.to_string(),
            self.cancelled.is_some().to_string(),
        ];
        URL_SAFE_NO_PAD.encode(token_hash(&parts.join("\n")))
    }
}

/// A commitment that still holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// Until then.
    pub until: Timestamp,
}

/// What is set by hand: when an account is added, and later on its page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conditions {
    /// How long it is committed for.
    pub commitment: Commitment,
    /// How long backups are kept.
    pub retention: Retention,
    /// Whether newly discovered users are protected.
    pub auto_add: AutoAdd,
    /// At most so many billable seats; nothing for any number.
    pub licence_cap: Option<i64>,
}

/// The same as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConditionsEntry {
    /// A word of `Commitment`.
    pub commitment: String,
    /// A word of `Retention`.
    pub retention: String,
    /// A word of `AutoAdd`.
    pub auto_add: String,
    /// A number, or nothing.
    pub licence_cap: String,
}

/// The names of the fields, in the order of the form.
pub const FIELDS: [&str; 4] = ["commitment", "retention", "auto_add", "licence_cap"];

impl ConditionsEntry {
    /// From a form or an address.
    pub fn read(get: impl Fn(&str) -> String) -> Self {
        let [commitment, retention, auto_add, licence_cap] = FIELDS.map(get);
        Self { commitment, retention, auto_add, licence_cap }
    }

    /// What an account has now, to be changed.
    pub fn of(terms: &Terms) -> Self {
        Self {
            commitment: terms.commitment.map_or("", Commitment::word).to_owned(),
            retention: terms.retention.map_or("", Retention::word).to_owned(),
            auto_add: terms.auto_add.word().to_owned(),
            licence_cap: terms.licence_cap.map(|cap| cap.to_string()).unwrap_or_default(),
        }
    }

    /// The values in the order of `FIELDS`.
    pub fn values(&self) -> [&str; 4] {
        [&self.commitment, &self.retention, &self.auto_add, &self.licence_cap]
    }

    /// The conditions, or what is wrong with each field.
    pub fn parse(&self) -> Result<Conditions> {
        let mut errors = FieldErrors::default();
        let commitment = errors.take("commitment", Commitment::from_word(&self.commitment).ok_or_else(|| choose("the commitment")));
        let retention = errors.take("retention", Retention::from_word(&self.retention).ok_or_else(|| choose("how long backups are kept")));
        let auto_add = errors.take("auto_add", AutoAdd::from_word(&self.auto_add).ok_or_else(|| choose("On or Off")));
        let licence_cap = errors.take("licence_cap", cap(&self.licence_cap));
        let conditions = match (commitment, retention, auto_add, licence_cap) {
            (Some(commitment), Some(retention), Some(auto_add), Some(licence_cap)) => {
                Some(Conditions { commitment, retention, auto_add, licence_cap })
            }
            _ => None,
        };
        errors.or(conditions)
    }
}

fn choose(what: &str) -> String {
    format!("Choose {what}.")
}

/// The most licences an account can have.
const MOST: i64 = 1_000_000;

fn cap(typed: &str) -> Result<Option<i64>, String> {
    match typed.trim() {
        "" => Ok(None),
        digits => match digits.parse::<i64>() {
            Ok(cap) if (1..=MOST).contains(&cap) => Ok(Some(cap)),
            _ => Err(format!("Enter a whole number from 1 to {}, or leave it empty for any number of licenses.", text::thousands(MOST))),
        },
    }
}

/// What has to be typed to cancel (SAS-7).
pub const CANCEL_WORDS: &str = "CANCEL SUBSCRIPTION";
/// The longest reason, in characters.
pub const REASON_MAX: usize = 300;

/// SAS-7: the reason, once the words are right; what is wrong with each field otherwise. One that was never authorized has nothing that could
/// be destroyed, so that no words are asked for.
pub fn cancelling(authorized: bool, typed: &str, reason: &str) -> Result<String> {
    let mut errors = FieldErrors::default();
    let words = if !authorized || typed.trim() == CANCEL_WORDS { Ok(()) } else { Err(format!("Type {CANCEL_WORDS} in capital letters.")) };
    let words = errors.take("typed", words);
    let reason = match crate::kernel::text::line(reason, REASON_MAX) {
        Ok(line) if line.is_empty() => Err(if authorized { "Say why it is cancelled." } else { "Say why it is taken back." }.to_owned()),
        other => other,
    };
    let reason = errors.take("reason", reason);
    errors.or(words.and(reason))
}

/// The customer id that authorizing by hand asks for.
pub fn customer_id(typed: &str) -> Result<i64> {
    // People copy it with the gaps that a page puts between thousands.
    let digits: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    match digits.parse::<i64>() {
        Ok(id) if 0 < id => Ok(id),
        _ => Err(Error::field("customer_id", "Enter the customer id as the vendor's console shows it, a whole number such as 54000.")),
    }
}
