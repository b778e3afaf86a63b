//! What an e-mail that another product uses is. Pure.

use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::ids::AddressId;
use crate::kernel::text::{self, Email};

/// The longest name of a product, in characters.
const PRODUCT: usize = 80;

/// Rows a page.
pub const PAGE: usize = 50;

/// An e-mail and a product that uses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// The e-mail.
    pub email: Email,
    /// The product.
    pub product: String,
}

/// The same as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its id.
    pub id: AddressId,
    /// The e-mail.
    pub email: String,
    /// The product.
    pub product: String,
}

impl Address {
    /// Both fields parsed, or a sentence for each that is not right.
    pub fn parse(email: &str, product: &str) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", Email::parse(email));
        let product = errors.take("product", self::product(product));
        errors.or(email.zip(product).map(|(email, product)| Self { email, product }))
    }
}

/// A product's name; the error is a sentence for the field.
pub fn product(raw: &str) -> Result<String, String> {
    let name = text::line(raw, PRODUCT)?;
    if text::key(&name).is_empty() { Err("Enter the product's name.".to_owned()) } else { Ok(name) }
}

/// ACC-12: why an e-mail that these products use cannot be changed; nothing when none does.
pub fn locked(email: &str, products: &[String]) -> Option<String> {
    let named = match products {
        [] => return None,
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, others @ ..] => format!("{first} and {} others", others.len()),
    };
    Some(format!("{email} is also used in {named}, so it cannot be changed here."))
}
