//! What a form sent: urlencoded or multipart.

use crate::kernel::error::{Error, Result};
use crate::kernel::http::Request;

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field's name.
    pub field: String,
    /// The file's name as the browser gave it; for showing only.
    pub name: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// The fields of a form, in order, and its files.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Name and value.
    pub fields: Vec<(String, String)>,
    /// Files, those left empty by the browser not among them.
    pub files: Vec<Upload>,
}

/// The longest body of plain fields, in bytes; only files are longer. Each field costs many times its bytes in memory.
const PLAIN_LIMIT: usize = 256 * 1024;
/// The most fields and files of a form.
const PARTS_LIMIT: usize = 10_000;

impl Form {
    /// Reads a request's body by its content type; a body of another kind is refused.
    pub fn read(request: &Request) -> Result<Self> {
        let kind = request.header("content-type").unwrap_or_default();
        if kind.is_empty() && request.body.is_empty() {
            return Ok(Self::default());
        }
        if kind.starts_with("application/x-www-form-urlencoded") {
            if request.body.len() > PLAIN_LIMIT {
                return Err(too_much());
            }
            let fields: Vec<_> = form_urlencoded::parse(&request.body)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .take(PARTS_LIMIT + 1)
                .collect();
            return if fields.len() > PARTS_LIMIT { Err(too_much()) } else { Ok(Self { fields, files: Vec::new() }) };
        }
        match multer::parse_boundary(kind) {
            Ok(boundary) => pollster::block_on(multipart(request.body.clone(), boundary)),
            Err(_) => Err(Error::refused("This form was sent in a way that Portico does not read.")),
        }
    }

    /// A field's value; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a check box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }
}

fn too_much() -> Error {
    Error::refused("This form holds more than Portico reads at once. Send less of it at a time.")
}

async fn multipart(body: Vec<u8>, boundary: String) -> Result<Form> {
    let broken = |_| Error::refused("The upload did not arrive whole. Please send it again.");
    let whole = futures_util::stream::once(std::future::ready(Ok::<_, std::convert::Infallible>(body)));
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if form.fields.len() + form.files.len() >= PARTS_LIMIT {
            return Err(too_much());
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(ToOwned::to_owned);
        let bytes = part.bytes().await.map_err(broken)?.to_vec();
        match file {
            Some(name) if !(name.is_empty() && bytes.is_empty()) => form.files.push(Upload { field, name, bytes }),
            Some(_) => {}
            None => form.fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(form)
}
