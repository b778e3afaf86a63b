//! The rules there are, what one can choose of each, and its default. Pure.

use crate::activity::model::Change;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::time::Span;
use crate::text_enum;

text_enum!(
    /// What is watched. Those that come as a pair warn first and fail later.
    Rule {
        /// A device did not check in.
        SeenWarn = "seen_warn",
        /// For longer.
        SeenFail = "seen_fail",
        /// A device's local storage fills up.
        StorageWarn = "storage_warn",
        /// It is nearly full.
        StorageFail = "storage_fail",
        /// The newest backup of what is furthest behind is old.
        BackupWarn = "backup_warn",
        /// It is older.
        BackupFail = "backup_fail",
        /// Its newest copy offsite is old.
        OffsiteWarn = "offsite_warn",
        /// It is older.
        OffsiteFail = "offsite_fail",
        /// A screenshot failed, or the newest is old.
        Screenshot = "screenshot",
        /// A device's service period ends soon.
        Service = "service",
        /// A SaaS account's success rate of 24 hours is low.
        Success = "success",
        /// A SaaS account is linked to no organization.
        Unlinked = "unlinked",
        /// A SaaS account reached its license cap.
        Cap = "cap",
    }
);

/// Of an organization's devices.
pub const OF_DEVICES: &[Rule] = &[
    Rule::SeenWarn,
    Rule::SeenFail,
    Rule::StorageWarn,
    Rule::StorageFail,
    Rule::BackupWarn,
    Rule::BackupFail,
    Rule::OffsiteWarn,
    Rule::OffsiteFail,
    Rule::Screenshot,
    Rule::Service,
];
/// Of its SaaS accounts.
pub const OF_SERVICES: &[Rule] = &[Rule::Success];
/// Of a whole partner.
pub const OF_PARTNER: &[Rule] = &[Rule::Unlinked, Rule::Cap];

text_enum!(
    /// What a threshold counts.
    Unit {
        /// Minutes.
        Minutes = "minutes",
        /// Hours.
        Hours = "hours",
        /// Days.
        Days = "days",
        /// Percent.
        Percent = "percent",
    }
);

impl Unit {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Percent => "%",
        }
    }
}

/// Units of time.
pub const TIMES: &[Unit] = &[Unit::Minutes, Unit::Hours, Unit::Days];
/// The only unit of a share.
pub const SHARES: &[Unit] = &[Unit::Percent];

text_enum!(
    /// Who sets a rule, and whom it tells: neither side's settings change what the other is told.
    Side {
        /// The provider: its employees set it.
        Provider = "provider",
        /// The organization: its own users set it, and it tells them alone.
        Client = "client",
    }
);

text_enum!(
    /// To whom a letter goes.
    To {
        /// The partner's primary account.
        Primary = "primary",
        /// The primary account, Security Admins and Admins who see the organization.
        Staff = "staff",
        /// The organization's users with Full access.
        Users = "users",
        /// Both of these.
        All = "all",
        /// No letter is written.
        Nobody = "nobody",
    }
);

impl To {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Primary => "Primary account",
            Self::Staff => "All admins",
            Self::Users => "Users with Full access",
            Self::All => "Admins and users",
            Self::Nobody => "Nobody",
        }
    }
}

impl Rule {
    /// What stands before its threshold.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::SeenWarn => "Warning: device not seen for more than",
            Self::SeenFail => "Failure: device not seen for more than",
            Self::StorageWarn => "Warning: local storage fuller than",
            Self::StorageFail => "Failure: local storage fuller than",
            Self::BackupWarn => "Warning: last backup older than",
            Self::BackupFail => "Failure: last backup older than",
            Self::OffsiteWarn => "Warning: last offsite copy older than",
            Self::OffsiteFail => "Failure: last offsite copy older than",
            Self::Screenshot => "Screenshot failed, or older than",
            Self::Service => "Service period ends within",
            Self::Success => "SaaS success rate below",
            Self::Unlinked => "SaaS account linked to no organization for more than",
            Self::Cap => "License cap used up to",
        }
    }

    /// Whether it comes true for something grave.
    pub const fn is_grave(self) -> bool {
        matches!(self, Self::SeenFail | Self::StorageFail | Self::BackupFail | Self::OffsiteFail)
    }

    /// The units one can choose.
    pub const fn units(self) -> &'static [Unit] {
        match self {
            Self::StorageWarn | Self::StorageFail | Self::Success | Self::Cap => SHARES,
            Self::SeenWarn
            | Self::SeenFail
            | Self::BackupWarn
            | Self::BackupFail
            | Self::OffsiteWarn
            | Self::OffsiteFail
            | Self::Screenshot
            | Self::Service
            | Self::Unlinked => TIMES,
        }
    }

    /// To whom its letter can go: what is the whole partner's is no organization's to hear, and an organization's own tells its users.
    pub fn readers(self, side: Side) -> &'static [To] {
        match side {
            Side::Client => &[To::Users, To::Nobody],
            Side::Provider if OF_PARTNER.contains(&self) => &[To::Primary, To::Staff, To::Nobody],
            Side::Provider => To::ALL,
        }
    }

    /// The rule that warns before this one fails, where they come as a pair.
    pub const fn warned_by(self) -> Option<Self> {
        match self {
            Self::SeenFail => Some(Self::SeenWarn),
            Self::StorageFail => Some(Self::StorageWarn),
            Self::BackupFail => Some(Self::BackupWarn),
            Self::OffsiteFail => Some(Self::OffsiteWarn),
            Self::SeenWarn
            | Self::StorageWarn
            | Self::BackupWarn
            | Self::OffsiteWarn
            | Self::Screenshot
            | Self::Service
            | Self::Success
            | Self::Unlinked
            | Self::Cap => None,
        }
    }

    /// What it watches: the heading over it, and over the other of its pair.
    pub const fn subject(self) -> &'static str {
        match self {
            Self::SeenWarn | Self::SeenFail => "Device not seen",
            Self::StorageWarn | Self::StorageFail => "Local storage",
            Self::BackupWarn | Self::BackupFail => "Last backup",
            Self::OffsiteWarn | Self::OffsiteFail => "Last offsite copy",
            Self::Screenshot => "Screenshots",
            Self::Service => "Service period",
            Self::Success => "SaaS success rate",
            Self::Unlinked => "Unlinked SaaS accounts",
            Self::Cap => "License caps",
        }
    }

    /// What stands before its threshold, beneath that heading.
    pub const fn brief(self) -> &'static str {
        match self {
            Self::SeenWarn | Self::BackupWarn | Self::OffsiteWarn => "Warn after",
            Self::SeenFail | Self::BackupFail | Self::OffsiteFail => "Fail after",
            Self::StorageWarn => "Warn above",
            Self::StorageFail => "Fail above",
            Self::Screenshot => "Failed, or older than",
            Self::Service => "Ends within",
            Self::Success => "Below",
            Self::Unlinked => "Unlinked for more than",
            Self::Cap => "Used up to",
        }
    }

    /// What holds on a side until somebody chooses: an organization's own people are told nothing.
    pub const fn default_of(self, side: Side) -> Setting {
        match side {
            Side::Provider => self.default(),
            Side::Client => Setting { to: To::Nobody, ..self.default() },
        }
    }

    /// What holds until somebody chooses. Of what Home tells as well no letter is written before that.
    pub const fn default(self) -> Setting {
        let (threshold, unit) = match self {
            Self::SeenWarn => (20, Unit::Minutes),
            Self::SeenFail => (1, Unit::Hours),
            Self::StorageWarn => (85, Unit::Percent),
            Self::StorageFail => (95, Unit::Percent),
            Self::BackupWarn => (12, Unit::Hours),
            Self::BackupFail => (24, Unit::Hours),
            Self::OffsiteWarn => (48, Unit::Hours),
            Self::OffsiteFail => (72, Unit::Hours),
            Self::Screenshot => (7, Unit::Days),
            Self::Service => (30, Unit::Days),
            Self::Success => (90, Unit::Percent),
            Self::Unlinked => (1, Unit::Days),
            Self::Cap => (100, Unit::Percent),
        };
        let to = if matches!(self, Self::Success | Self::Unlinked | Self::Cap) { To::Nobody } else { To::Primary };
        Setting { rule: self, threshold, unit, to }
    }
}

/// A rule as it is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Which.
    pub rule: Rule,
    /// So much.
    pub threshold: i64,
    /// Of this.
    pub unit: Unit,
    /// To whom its letter goes.
    pub to: To,
}

impl Setting {
    /// Its threshold as a length of time; nothing for a share.
    pub const fn span(&self) -> Option<Span> {
        match self.unit {
            Unit::Minutes => Some(Span::minutes(self.threshold)),
            Unit::Hours => Some(Span::hours(self.threshold)),
            Unit::Days => Some(Span::days(self.threshold)),
            Unit::Percent => None,
        }
    }

    /// "Warning: device not seen for more than 20 minutes".
    pub fn sentence(&self) -> String {
        format!("{} {}", self.rule.shown(), self.amount())
    }

    /// "20 minutes", "85 %".
    fn amount(&self) -> String {
        match (self.unit, self.threshold) {
            (Unit::Percent, share) => format!("{share} %"),
            (unit, 1) => format!("1 {}", unit.word().trim_end_matches('s')),
            (unit, count) => format!("{count} {}", unit.word()),
        }
    }

    fn in_words(&self) -> String {
        format!("{}, {}", self.amount(), self.to.shown())
    }
}

/// What differs between two lists of the same rules, for the log.
pub fn changes(before: &[Setting], after: &[Setting]) -> Vec<Change> {
    before
        .iter()
        .zip(after)
        .filter_map(|(before, after)| Change::between(after.rule.shown(), before.in_words(), after.in_words()))
        .collect()
}

/// The longest threshold: a year.
const LONGEST: Span = Span::days(365);

/// What a form holds of a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entered {
    /// Which.
    pub rule: Rule,
    /// The threshold as it was typed.
    pub threshold: String,
    /// The unit's word.
    pub unit: String,
    /// To whom.
    pub to: String,
}

impl Entered {
    /// As the form shows what is set.
    pub fn of(setting: &Setting) -> Self {
        let (unit, to) = (setting.unit.word().to_owned(), setting.to.word().to_owned());
        Self { rule: setting.rule, threshold: setting.threshold.to_string(), unit, to }
    }

    /// What a form says of a rule.
    pub fn read(rule: Rule, get: impl Fn(&str) -> String) -> Self {
        Self { rule, threshold: get(&field("threshold", rule)), unit: get(&field("unit", rule)), to: get(&field("to", rule)) }
    }

    fn parse(&self, side: Side, errors: &mut FieldErrors) -> Option<Setting> {
        let rule = self.rule;
        let unit = Unit::from_word(&self.unit).filter(|unit| rule.units().contains(unit));
        let unit = errors.take(&field("unit", rule), unit.ok_or_else(|| "Choose one of the list.".to_owned()));
        let to = To::from_word(&self.to).filter(|to| rule.readers(side).contains(to));
        let to = errors.take(&field("to", rule), to.ok_or_else(|| "Choose one of the list.".to_owned()));
        let threshold = errors.take(&field("threshold", rule), threshold(&self.threshold, unit));
        Some(Setting { rule, threshold: threshold?, unit: unit?, to: to? })
    }
}

/// The name of a rule's field.
pub fn field(what: &str, rule: Rule) -> String {
    format!("{what}_{}", rule.word())
}

/// What all of them say, or a sentence for each field.
pub fn parse(entered: &[Entered], side: Side) -> Result<Vec<Setting>> {
    let mut errors = FieldErrors::default();
    let settings: Vec<Option<Setting>> = entered.iter().map(|one| one.parse(side, &mut errors)).collect();
    errors.or(settings.into_iter().collect())
}

fn threshold(raw: &str, unit: Option<Unit>) -> Result<i64, String> {
    let number: Option<i64> = raw.trim().parse().ok().filter(|number| 1 <= *number);
    match unit {
        Some(Unit::Percent) => number.filter(|share| *share <= 100).ok_or_else(|| "Enter a whole number, 1 to 100.".to_owned()),
        Some(unit) => {
            let fits = |number: &i64| {
                let setting = Setting { rule: Rule::SeenWarn, threshold: *number, unit, to: To::Nobody };
                *number <= LONGEST.0 && setting.span().is_some_and(|span| span <= LONGEST)
            };
            number.filter(fits).ok_or_else(|| "Enter a whole number, 1 or more, up to a year.".to_owned())
        }
        None => number.ok_or_else(|| "Enter a whole number, 1 or more.".to_owned()),
    }
}
