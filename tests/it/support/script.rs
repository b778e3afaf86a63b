//! A script with an API key, which reads JSON.

use portico::kernel::http::{Method, Response};
use serde_json::Value;

use super::estate::{SECRET, Tenant};
use super::portal::Portal;

/// A script.
#[derive(Clone)]
pub struct Script {
    pub portal: Portal,
    pub public: String,
    pub secret: String,
}

/// What one wants of a body.
pub const JSON: (&str, &str) = ("content-type", "application/json");

/// The field that carries a key.
pub fn basic(public: &str, secret: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{public}:{secret}")))
}

impl Script {
    /// With a key that was shown as `public:secret`.
    #[track_caller]
    pub fn with(portal: &Portal, both: &str) -> Self {
        let (public, secret) = both.split_once(':').expect("both parts");
        Self { portal: portal.clone(), public: public.to_owned(), secret: secret.to_owned() }
    }

    /// With the key of a tenant of the estate, which is for its organization alone.
    pub fn of(portal: &Portal, tenant: Tenant) -> Self {
        Self { portal: portal.clone(), public: tenant.public_key(), secret: SECRET.to_owned() }
    }

    /// Sends anything.
    pub fn send(&self, method: Method, url: &str, body: &[u8]) -> Response {
        let key = basic(&self.public, &self.secret);
        self.portal.guest().send(method, url, &[("authorization", key.as_str()), JSON], body.to_vec()).response.clone()
    }

    /// Asks for something.
    pub fn get(&self, url: &str) -> Response {
        self.send(Method::Get, url, b"")
    }

    /// What is there, as JSON.
    #[track_caller]
    pub fn read(&self, url: &str) -> Value {
        let response = self.get(url);
        assert_eq!(response.status, 200, "{url}: {}", String::from_utf8_lossy(&response.body));
        json(&response)
    }

    /// Sends a change.
    #[track_caller]
    pub fn put(&self, url: &str, body: &Value) -> Value {
        let response = self.send(Method::Put, url, body.to_string().as_bytes());
        assert_eq!(response.status, 200, "{url}: {}", String::from_utf8_lossy(&response.body));
        json(&response)
    }

    /// The status alone.
    pub fn status(&self, url: &str) -> u16 {
        self.get(url).status
    }
}

/// An answer's body.
#[track_caller]
pub fn json(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&response.body)))
}

/// Status and code of an answer that tells what went wrong.
#[track_caller]
pub fn refusal(response: &Response) -> (u16, String) {
    let body = json(response);
    let fields: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, ["code", "message"]);
    assert!(body["message"].as_str().is_some_and(|sentence| !sentence.is_empty()));
    (response.status, body["code"].as_str().expect("a word").to_owned())
}
