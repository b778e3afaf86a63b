//! A key's secret: how it is made, what is stored of it, and whether it lets a script in. Pure.

use std::net::IpAddr;

use crate::access::script_model::Script;
use crate::kernel::addresses::Range;
use crate::kernel::error::Result;
use crate::kernel::ids::{KeyId, PartnerId};
use crate::kernel::random::Tokens;
use crate::kernel::secret::{Vault, same, token_hash};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::keys::model::{Key, Standing};
use crate::security::model::admits;

/// A secret that was just made, to be shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Fresh {
    /// The key.
    pub key: KeyId,
    /// Its name.
    pub name: String,
    /// The part that is no secret.
    pub public: String,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for Fresh {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Fresh").field("public", &self.public).finish_non_exhaustive()
    }
}

/// A new public part: a word that says what it is, and eighty random bits.
pub fn new_public(tokens: Tokens) -> Result<String> {
    Ok(format!("pk_{}", text::base32(&tokens.bytes::<10>()?).to_lowercase()))
}

/// A new secret: 256 random bits between a word that says what it is and a checksum, by which those who look for lost secrets know it.
pub fn new_secret(tokens: Tokens) -> Result<String> {
    let body = format!("sk_{}", text::base32(&tokens.bytes::<32>()?).to_lowercase());
    let check: Vec<u8> = token_hash(&body).into_iter().take(4).collect();
    Ok(format!("{body}_{}", text::base32(&check).to_lowercase()))
}

/// What is stored of a secret.
pub fn hash(vault: &Vault, public: &str, secret: &str) -> Vec<u8> {
    vault.keyed_hash("API key", &[public.as_bytes(), secret.as_bytes()])
}

/// What came with a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// As user name.
    pub public: String,
    /// As password.
    pub secret: String,
}

/// What is kept under the public part that a script gave, if anything is.
#[derive(Clone, Debug)]
pub struct Tried(pub Option<Found>);

/// A key with what else decides whether it lets in.
#[derive(Clone, Debug)]
pub struct Found {
    /// The key.
    pub key: Key,
    /// The hash of its secret.
    pub hash: Vec<u8>,
    /// SEC-3: where the partner's employees may come from; nothing for everywhere.
    pub addresses: Vec<Range>,
}

/// Why a script was not let in, and by which key. It hears nothing of this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The key's partner, its id and its name, if there is such a key.
    pub key: Option<(PartnerId, KeyId, String)>,
    /// In words that follow "and was refused: ".
    pub why: &'static str,
}

impl Tried {
    /// The script, if this is its key and the key works at this moment from this address. The secret is hashed and compared whether or
    /// not there is such a key.
    pub fn open(&self, given: &Given, vault: &Vault, now: Timestamp, address: IpAddr) -> std::result::Result<Script, Refused> {
        let hash = hash(vault, &given.public, &given.secret);
        let known = self.0.as_ref().map_or(hash.len().to_le_bytes().as_slice(), |found| found.hash.as_slice()).to_vec();
        let right = same(&hash, &known);
        let Some(found) = &self.0 else { return Err(Refused { key: None, why: "there is no such key" }) };
        let why = match (right, found.key.standing(now)) {
            (false, _) => "the secret was wrong",
            (true, Standing::Deactivated) => "it is deactivated",
            (true, Standing::Expired) => "it has expired",
            (true, Standing::Stopped) => "whoever made it may not do this now",
            (true, Standing::Active) if !admits(&found.addresses, address) => "it came from an address that is not allowed",
            (true, Standing::Active) => return Ok(script(&found.key, address)),
        };
        Err(Refused { key: Some((found.key.partner, found.key.id, found.key.name.clone())), why })
    }
}

fn script(key: &Key, address: IpAddr) -> Script {
    Script {
        key: key.id,
        key_name: key.name.clone(),
        only: key.organization.as_ref().map(|(organization, _)| *organization),
        last_used_at: key.last_used_at,
        partner: key.partner,
        account: key.maker.account,
        name: key.maker.name.clone(),
        email: key.maker.email.clone(),
        role: key.maker.role,
        reach: key.maker.reach,
        products: key.maker.products,
        address,
    }
}
