//! Amounts of money: whole numbers of a currency's smallest unit. Nothing is ever rounded.

use crate::kernel::text::thousands;

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Currency {
    /// `EUR`.
    pub code: &'static str,
    /// "Euro".
    pub name: &'static str,
    /// Digits after the point.
    pub digits: u32,
}

const fn currency(code: &'static str, name: &'static str) -> Currency {
    Currency { code, name, digits: 2 }
}

const fn with_digits(code: &'static str, name: &'static str, digits: u32) -> Currency {
    Currency { code, name, digits }
}

/// What may be chosen, by code.
pub const CURRENCIES: &[Currency] = &[
    currency("AED", "UAE dirham"),
    currency("ARS", "Argentine peso"),
    currency("AUD", "Australian dollar"),
    currency("BGN", "Bulgarian lev"),
    with_digits("BHD", "Bahraini dinar", 3),
    currency("BRL", "Brazilian real"),
    currency("CAD", "Canadian dollar"),
    currency("CHF", "Swiss franc"),
    with_digits("CLP", "Chilean peso", 0),
    currency("CNY", "Chinese yuan"),
    currency("COP", "Colombian peso"),
    currency("CZK", "Czech koruna"),
    currency("DKK", "Danish krone"),
    currency("EGP", "Egyptian pound"),
    currency("EUR", "Euro"),
    currency("GBP", "Pound sterling"),
    currency("GHS", "Ghanaian cedi"),
    currency("HKD", "Hong Kong dollar"),
    currency("HUF", "Hungarian forint"),
    currency("IDR", "Indonesian rupiah"),
    currency("ILS", "Israeli shekel"),
    currency("INR", "Indian rupee"),
    with_digits("ISK", "Icelandic króna", 0),
    with_digits("JOD", "Jordanian dinar", 3),
    with_digits("JPY", "Japanese yen", 0),
    currency("KES", "Kenyan shilling"),
    with_digits("KRW", "South Korean won", 0),
    with_digits("KWD", "Kuwaiti dinar", 3),
    currency("MAD", "Moroccan dirham"),
    currency("MXN", "Mexican peso"),
    currency("MYR", "Malaysian ringgit"),
    currency("NGN", "Nigerian naira"),
    currency("NOK", "Norwegian krone"),
    currency("NZD", "New Zealand dollar"),
    with_digits("OMR", "Omani rial", 3),
    currency("PEN", "Peruvian sol"),
    currency("PHP", "Philippine peso"),
    currency("PKR", "Pakistani rupee"),
    currency("PLN", "Polish złoty"),
    currency("QAR", "Qatari riyal"),
    currency("RON", "Romanian leu"),
    currency("RSD", "Serbian dinar"),
    currency("SAR", "Saudi riyal"),
    currency("SEK", "Swedish krona"),
    currency("SGD", "Singapore dollar"),
    currency("THB", "Thai baht"),
    with_digits("TND", "Tunisian dinar", 3),
    currency("TRY", "Turkish lira"),
    currency("TWD", "New Taiwan dollar"),
    currency("UAH", "Ukrainian hryvnia"),
    currency("USD", "US dollar"),
    currency("UYU", "Uruguayan peso"),
    with_digits("VND", "Vietnamese dong", 0),
    currency("ZAR", "South African rand"),
];

/// The largest amount that may be entered, in smallest units: what a million seats of it cost is still a number.
const MOST: i64 = 1_000_000_000;

impl Currency {
    /// The one with this code, if there is one.
    pub fn named(code: &str) -> Option<Self> {
        CURRENCIES.iter().find(|known| known.code == code).copied()
    }

    /// `1,234.50 EUR`.
    pub fn shown(self, amount: i64) -> String {
        format!("{} {}", self.number(amount, &thousands(amount.abs() / self.unit())), self.code)
    }

    /// `1234.50`, as a form and a file have it.
    pub fn plain(self, amount: i64) -> String {
        self.number(amount, &(amount.abs() / self.unit()).to_string())
    }

    const fn unit(self) -> i64 {
        10_i64.pow(self.digits)
    }

    fn number(self, amount: i64, whole: &str) -> String {
        let sign = if amount < 0 { "-" } else { "" };
        let (rest, digits) = (amount.abs() % self.unit(), usize::try_from(self.digits).unwrap_or_default());
        if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0digits$}") }
    }

    /// Smallest units from what somebody typed: `3`, `3.5`, `3,50`. The error is a sentence for the field.
    pub fn parse(self, raw: &str) -> Result<i64, String> {
        let text = raw.trim().replace(',', ".");
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let digits = usize::try_from(self.digits).unwrap_or_default();
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(rest) {
            return Err(format!("Enter an amount such as {}.", self.plain(3 * self.unit() + self.unit() / 2)));
        }
        if rest.len() > digits {
            return Err(match self.digits {
                0 => format!("{} has no digits after the point.", self.code),
                _ => format!("{} has {digits} digits after the point; leave out separators of thousands.", self.code),
            });
        }
        let amount = format!("{whole}{rest:0<digits$}").parse().ok().filter(|amount| *amount <= MOST);
        amount.ok_or_else(|| format!("Enter an amount of at most {}.", self.shown(MOST)))
    }
}

impl rusqlite::ToSql for Currency {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.code.to_sql()
    }
}

impl rusqlite::types::FromSql for Currency {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        Self::named(value.as_str()?).ok_or(rusqlite::types::FromSqlError::InvalidType)
    }
}
