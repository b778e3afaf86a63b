//! A JSON object whose fields are taken one by one; what is left over in the end is not known here (IMP-3).

use serde_json::{Map, Value};

use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// More of a thing than there are anywhere; sums of such numbers stay far from a number's end.
const MOST: i64 = 1_000_000_000;
/// A petabyte.
const MOST_BYTES: i64 = 1_000_000_000_000_000;
/// A petabyte in kilobytes.
const MOST_KILOBYTES: i64 = MOST_BYTES / 1_000;
/// The end of the year 9998: a day more or less is still a date.
const LAST_MOMENT: i64 = 253_370_764_799_999;

/// The fields of an object, and what was wrong with those taken so far. A field that is wrong gives an empty value; nobody uses it,
/// since an object with anything wrong is refused.
#[derive(Debug)]
pub struct Object {
    fields: Map<String, Value>,
    path: String,
    /// Field and reason of each refusal.
    pub wrong: Vec<(String, String)>,
}

impl Object {
    /// The fields of `value`, found at `path` (empty at the top, else ending in a dot).
    pub fn of(value: Value, path: &str) -> Self {
        let mut wrong = Vec::new();
        let fields = match value {
            Value::Object(fields) => fields,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                wrong.push((path.trim_end_matches('.').to_owned(), "An object with fields belongs here.".to_owned()));
                Map::new()
            }
        };
        Self { fields, path: path.to_owned(), wrong }
    }

    /// Notes a refusal of a field.
    pub fn refuse(&mut self, field: &str, reason: impl Into<String>) {
        self.wrong.push((format!("{}{field}", self.path), reason.into()));
    }

    /// Takes a field; nothing when it is absent or null.
    fn take(&mut self, field: &str) -> Option<Value> {
        self.fields.remove(field).filter(|value| !value.is_null())
    }

    fn needed(&mut self, field: &str) -> Option<Value> {
        let value = self.take(field);
        if value.is_none() {
            self.refuse(field, "This field is missing.");
        }
        value
    }

    fn as_text(&mut self, field: &str, value: Value, max: usize) -> Option<String> {
        let Value::String(raw) = value else {
            self.refuse(field, "Text in quotes belongs here.");
            return None;
        };
        match text::line(&raw, max) {
            Ok(text) => Some(text),
            Err(reason) => {
                self.refuse(field, reason);
                None
            }
        }
    }

    /// Text that must be there, perhaps empty.
    pub fn text(&mut self, field: &str, max: usize) -> String {
        self.needed(field).and_then(|value| self.as_text(field, value, max)).unwrap_or_default()
    }

    /// Text that must be there and not be empty.
    pub fn filled(&mut self, field: &str, max: usize) -> String {
        let text = self.text(field, max);
        if text.is_empty() && !self.is_refused(field) {
            self.refuse(field, "This field is empty.");
        }
        text
    }

    fn is_refused(&self, field: &str) -> bool {
        self.wrong.last().is_some_and(|(name, _)| name.strip_prefix(&self.path) == Some(field))
    }

    /// Text, or nothing when it is absent, null or empty.
    pub fn maybe_text(&mut self, field: &str, max: usize) -> Option<String> {
        let value = self.take(field)?;
        self.as_text(field, value, max).filter(|text| !text.is_empty())
    }

    /// One of these words; empty when it is wrong.
    pub fn word(&mut self, field: &str, words: &[&'static str]) -> &'static str {
        let Some(value) = self.needed(field) else { return "" };
        let known = value.as_str().and_then(|text| words.iter().find(|word| **word == text)).copied();
        if known.is_none() {
            self.refuse(field, format!("One of {} belongs here.", words.join(", ")));
        }
        known.unwrap_or_default()
    }

    fn as_whole(&mut self, field: &str, value: &Value, most: i64) -> Option<i64> {
        let number = value.as_i64().filter(|number| *number >= 0);
        if number.is_none() {
            self.refuse(field, "A whole number of 0 or more belongs here.");
        } else if number.is_some_and(|number| number > most) {
            self.refuse(field, format!("A number of at most {} belongs here.", text::thousands(most)));
        }
        number.filter(|number| *number <= most)
    }

    fn up_to(&mut self, field: &str, most: i64) -> i64 {
        self.needed(field).and_then(|value| self.as_whole(field, &value, most)).unwrap_or_default()
    }

    /// How many there are of something: 0 or more.
    pub fn count(&mut self, field: &str) -> i64 {
        self.up_to(field, MOST)
    }

    /// A size in bytes.
    pub fn bytes(&mut self, field: &str) -> i64 {
        self.up_to(field, MOST_BYTES)
    }

    /// How many there are, or nothing when it is absent or null.
    pub fn maybe_count(&mut self, field: &str) -> Option<i64> {
        let value = self.take(field)?;
        self.as_whole(field, &value, MOST)
    }

    /// A number that names something at the vendor: 0 or more.
    pub fn number(&mut self, field: &str) -> i64 {
        self.up_to(field, i64::MAX)
    }

    /// True or false.
    pub fn truth(&mut self, field: &str) -> bool {
        let truth = self.needed(field).map(|value| self.as_truth(field, &value));
        truth.flatten().unwrap_or_default()
    }

    /// True or false, or nothing when it is absent or null.
    pub fn maybe_truth(&mut self, field: &str) -> Option<bool> {
        let value = self.take(field)?;
        self.as_truth(field, &value)
    }

    fn as_truth(&mut self, field: &str, value: &Value) -> Option<bool> {
        let truth = value.as_bool();
        if truth.is_none() {
            self.refuse(field, "true or false belongs here.");
        }
        truth
    }

    /// Text as it stands, which may be empty; nothing when it is absent or null.
    pub fn words(&mut self, field: &str, max: usize) -> Option<String> {
        let value = self.take(field)?;
        self.as_text(field, value, max)
    }

    /// The texts of a list that must be there.
    pub fn texts(&mut self, field: &str, max: usize) -> Vec<String> {
        let elements = self.list(field);
        elements.into_iter().filter_map(|value| self.as_text(field, value, max)).collect()
    }

    /// A date as text, or nothing when it is absent, null or empty.
    pub fn maybe_date(&mut self, field: &str) -> Option<Timestamp> {
        let text = self.maybe_text(field, 60)?;
        let date = Timestamp::from_rfc3339(&text).filter(|moment| (0..=LAST_MOMENT).contains(&moment.0));
        if date.is_none() {
            self.refuse(field, "A date such as 2022-04-26T16:43:05+00:00 belongs here.");
        }
        date
    }

    /// Epoch seconds, or nothing when it is absent or null.
    pub fn maybe_seconds(&mut self, field: &str) -> Option<Timestamp> {
        let value = self.take(field)?;
        self.as_whole(field, &value, LAST_MOMENT / 1_000).map(|seconds| Timestamp(seconds * 1_000))
    }

    /// Epoch seconds that must be there.
    pub fn seconds(&mut self, field: &str) -> Timestamp {
        Timestamp(self.up_to(field, LAST_MOMENT / 1_000) * 1_000)
    }

    /// A size with its unit, which must be this one; nothing when either is absent or null.
    pub fn size(&mut self, field: &str, unit: &'static str) -> Option<i64> {
        let mut inner = self.maybe_inner(field)?;
        let value = inner.take("size");
        let size = value.and_then(|value| inner.as_whole("size", &value, if unit == "KB" { MOST_KILOBYTES } else { MOST_BYTES }));
        if size.is_some() {
            inner.word("units", &[unit]);
        } else {
            inner.take("units");
        }
        self.absorb(inner, "a size");
        size
    }

    /// Epoch milliseconds.
    pub fn moment(&mut self, field: &str) -> i64 {
        self.up_to(field, LAST_MOMENT)
    }

    /// A vendor's id: a whole number above 0.
    pub fn vendor_id(&mut self, field: &str) -> i64 {
        let id = self.up_to(field, i64::MAX);
        if id == 0 && !self.is_refused(field) {
            self.refuse(field, "An id is a whole number above 0.");
        }
        id
    }

    /// A vendor's id, or nothing when it is absent or null.
    pub fn maybe_vendor_id(&mut self, field: &str) -> Option<i64> {
        let value = self.take(field)?;
        let id = self.as_whole(field, &value, i64::MAX)?;
        if id == 0 {
            self.refuse(field, "An id is a whole number above 0.");
        }
        Some(id)
    }

    /// A percentage from 0 to 100.
    pub fn percentage(&mut self, field: &str) -> f64 {
        let Some(value) = self.needed(field) else { return 0.0 };
        let number = value.as_f64().filter(|number| (0.0..=100.0).contains(number));
        if number.is_none() {
            self.refuse(field, "A percentage from 0 to 100 belongs here.");
        }
        number.unwrap_or_default()
    }

    /// Epoch milliseconds as text or the vendor's bucket; nothing when it is absent or null.
    pub fn moment_or_bucket(&mut self, field: &str) -> Option<String> {
        let value = self.take(field)?;
        let moment = value.as_i64().filter(|moment| (0..=LAST_MOMENT).contains(moment)).map(|moment| moment.to_string());
        let bucket = value.as_str().filter(|word| !word.is_empty() && word.len() <= 60 && word.bytes().all(is_word_byte));
        let found = moment.or_else(|| bucket.map(ToOwned::to_owned));
        if found.is_none() {
            self.refuse(field, "Epoch milliseconds or a word such as OVER_10_DAYS_AGO belong here.");
        }
        found
    }

    /// The elements of a list that must be there.
    pub fn list(&mut self, field: &str) -> Vec<Value> {
        match self.needed(field) {
            Some(Value::Array(elements)) => elements,
            Some(_) => {
                self.refuse(field, "A list belongs here.");
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// The elements of a list; none when it is absent or null.
    pub fn maybe_list(&mut self, field: &str) -> Vec<Value> {
        if self.fields.get(field).is_none_or(Value::is_null) {
            self.fields.remove(field);
            return Vec::new();
        }
        self.list(field)
    }

    /// An object inside; its refusals come back by `absorb`.
    #[must_use]
    pub fn inner(&mut self, field: &str) -> Self {
        let path = format!("{}{field}.", self.path);
        match self.needed(field) {
            Some(value) => Self::of(value, &path),
            None => Self { fields: Map::new(), path, wrong: Vec::new() },
        }
    }

    /// The same, or nothing when it is absent or null.
    pub fn maybe_inner(&mut self, field: &str) -> Option<Self> {
        let value = self.take(field)?;
        Some(Self::of(value, &format!("{}{field}.", self.path)))
    }

    /// The path of a list's element.
    pub fn element(&self, field: &str, index: usize) -> String {
        format!("{}{field}[{index}].", self.path)
    }

    /// Ends an object inside this one: takes over its refusals and those of its unknown fields.
    pub fn absorb(&mut self, inner: Self, what: &str) {
        self.wrong.extend(inner.finish(what));
    }

    /// Ends the object: every refusal, one for each field that was not taken among them.
    pub fn finish(mut self, what: &str) -> Vec<(String, String)> {
        let unknown: Vec<String> = self.fields.keys().cloned().collect();
        for field in unknown {
            let shown = text::shown(&field, 60);
            self.refuse(
                &shown,
                format!("Portico does not know the field {shown:?} of {what}; the file may be of a later version of the format."),
            );
        }
        self.wrong
    }
}

/// Whether a byte may stand in one of the vendor's words.
pub fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
