//! JSON for scripts: a body read strictly, whole numbers in a query, and the envelope around a page of a list.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::error::{Error, Result};
use crate::kernel::http::{Request, Response};
use crate::kernel::text;

/// The most items on a page.
pub const MOST_PER_PAGE: i64 = 250;
/// Nobody reads further.
const LAST_PAGE: i64 = 1_000_000;

/// The bound of a number that has none: as many digits as are read.
const MOST: i64 = 999_999_999_999_999_999;

/// A request's body, which is one object. What is no JSON of this shape is refused in a sentence that says where it is wrong.
pub fn body<T: DeserializeOwned>(request: &Request) -> Result<T> {
    // A list of the same values, without their names, would be read as the object.
    if request.body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::refused("The body is not the JSON that belongs here: it is one object, in braces, whose values have names."));
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| Error::refused(format!("The body is not the JSON that belongs here: {}.", text::shown(&error.to_string(), 200))))
}

/// An answer.
pub fn answer(value: &impl Serialize) -> Result<Response> {
    Ok(Response::json(200, serde_json::to_vec(value)?))
}

/// A whole number of the query under the first of these names that is there, else `usual`; `Refused` outside of these bounds.
pub fn number(request: &Request, names: &[&str], usual: i64, (least, most): (i64, i64)) -> Result<i64> {
    let found = names.iter().find_map(|name| request.params(name).next().map(|value| (*name, value)));
    let Some((name, value)) = found else { return Ok(usual) };
    let digits = (1..=18).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { value.parse::<i64>().ok() } else { None };
    number.filter(|number| (least..=most).contains(number)).ok_or_else(|| match most {
        MOST => Error::refused(format!("{name} is a whole number, {least} or more.")),
        most => Error::refused(format!("{name} is a whole number from {least} to {most}.")),
    })
}

/// Which page of a list is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paging {
    /// From 1.
    pub page: i64,
    /// How many items are on one.
    pub per_page: i64,
}

impl Paging {
    /// `_page` and `_perPage`, or `page` and `perPage`. More than the most on a page is the most, as the envelope says.
    pub fn read(request: &Request, per_page: i64) -> Result<Self> {
        Ok(Self {
            page: number(request, &["_page", "page"], 1, (1, LAST_PAGE))?,
            per_page: number(request, &["_perPage", "perPage"], per_page, (1, MOST))?.min(MOST_PER_PAGE),
        })
    }

    /// How many items stand before this page.
    pub const fn skipped(self) -> i64 {
        (self.page - 1) * self.per_page
    }

    /// This page's items in their envelope; `count` is how many the whole list has.
    pub fn envelope<T>(self, items: Vec<T>, count: i64) -> Envelope<T> {
        let total_pages = count.div_euclid(self.per_page) + i64::from(count.rem_euclid(self.per_page) > 0);
        Envelope { pagination: Pagination { page: self.page, per_page: self.per_page, total_pages, count }, items }
    }
}

/// `{"pagination":{…},"items":[…]}`.
#[derive(Clone, Debug, Serialize)]
pub struct Envelope<T> {
    pagination: Pagination,
    items: Vec<T>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    page: i64,
    per_page: i64,
    total_pages: i64,
    count: i64,
}
