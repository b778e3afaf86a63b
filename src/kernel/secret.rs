//! Password hashes, keyed hashes and sealed secrets: the only home of argon2.

use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;

/// What a password hash costs. Tests take the cheap one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordCost {
    /// argon2id, 19,456 KiB, two passes, one lane.
    Full,
    /// As little as argon2 allows; for tests only.
    Tests,
}

impl PasswordCost {
    const fn memory_and_passes(self) -> (u32, u32) {
        match self {
            Self::Full => (19_456, 2),
            Self::Tests => (8, 1),
        }
    }
}

/// Two threads that hash passwords with memory of their own, and a queue of 32 before them.
#[derive(Clone, Debug)]
pub struct Hasher {
    queue: SyncSender<Job>,
    cost: PasswordCost,
}

#[derive(Debug)]
struct Job {
    password: String,
    salt: Vec<u8>,
    memory: u32,
    passes: u32,
    answer: Sender<Option<[u8; 32]>>,
}

impl Hasher {
    /// Starts the two threads; they end with the last clone of this value.
    pub fn start(cost: PasswordCost) -> Result<Self> {
        let (queue, jobs) = sync_channel(32);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..2 {
            let jobs = Arc::clone(&jobs);
            std::thread::Builder::new().name(format!("hasher-{number}")).spawn(move || work(&jobs))?;
        }
        Ok(Self { queue, cost })
    }

    /// The stored form of a password: `$argon2id$v=19$m=…,t=…,p=1$salt$hash`. `Unavailable` when the queue is full.
    pub fn hash(&self, password: &str, tokens: Tokens) -> Result<String> {
        let salt = tokens.bytes::<16>()?;
        let (memory, passes) = self.cost.memory_and_passes();
        let hash = self.run(password, &salt, memory, passes)?;
        Ok(format!("$argon2id$v=19$m={memory},t={passes},p=1${}${}", URL_SAFE_NO_PAD.encode(salt), URL_SAFE_NO_PAD.encode(hash)))
    }

    /// Whether the password is the one of `stored`. Without a stored hash the same work is done and the answer is no.
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let (memory, passes) = self.cost.memory_and_passes();
        let Some(stored) = stored else {
            self.run(password, &[0; 16], memory, passes)?;
            return Ok(false);
        };
        let (memory, passes, salt, expected) = parse(stored).ok_or_else(|| Error::internal("a stored password hash cannot be read"))?;
        let hash = self.run(password, &salt, memory, passes)?;
        Ok(same(&hash, &expected))
    }

    fn run(&self, password: &str, salt: &[u8], memory: u32, passes: u32) -> Result<[u8; 32]> {
        let (answer, result) = channel();
        // Longer ones are refused before they are ever stored; cutting here bounds the work of a guess.
        let password = password.chars().take(256).collect();
        let job = Job { password, salt: salt.to_vec(), memory, passes, answer };
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Unavailable {
                sentence: "Too many people are signing in at this moment. Please try again in a few seconds.".to_owned(),
                retry_after: 3,
            },
            TrySendError::Disconnected(_) => Error::internal("the hasher threads have ended"),
        })?;
        result.recv().ok().flatten().ok_or_else(|| Error::internal("a password could not be hashed"))
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    let mut memory: Vec<Block> = Vec::new();
    loop {
        let Ok(job) = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv() else { return };
        let hash = hash_one(&job, &mut memory);
        if job.answer.send(hash).is_err() {
            // Whoever asked has gone; that is no reason to stop.
        }
    }
}

fn hash_one(job: &Job, memory: &mut Vec<Block>) -> Option<[u8; 32]> {
    let params = Params::new(job.memory, job.passes, 1, Some(32)).ok()?;
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(job.password.as_bytes(), &job.salt, &mut out, memory.as_mut_slice())
        .ok()?;
    Some(out)
}

fn parse(stored: &str) -> Option<(u32, u32, Vec<u8>, Vec<u8>)> {
    let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut costs = parts.next()?.split(',');
    let memory = costs.next()?.strip_prefix("m=")?.parse().ok()?;
    let passes = costs.next()?.strip_prefix("t=")?.parse().ok()?;
    let salt = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    let hash = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    Some((memory, passes, salt, hash))
}

/// Compares without telling by the time where the difference is.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The hash under which a random token of 32 bytes is stored; such a token needs no salt.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What is done with the key file beside the database: keyed hashes and sealed secrets, each purpose with a key of its own.
#[derive(Clone)]
pub struct Vault([u8; 32]);

impl std::fmt::Debug for Vault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Vault")
    }
}

impl Vault {
    /// A vault over the 32 bytes of a key file.
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// HMAC-SHA-256 of the parts, each with its length before it, under the purpose's own key.
    pub fn keyed_hash(&self, purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = mac(&self.subkey(purpose));
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// Encrypts a secret for storage: 24 bytes of nonce, then the sealed text. `context` must be the same when opening.
    pub fn seal(&self, purpose: &str, context: &[u8], secret: &[u8], tokens: Tokens) -> Result<Vec<u8>> {
        let nonce = tokens.bytes::<24>()?;
        let sealed = self
            .cipher(purpose)
            .encrypt(&nonce.into(), Payload { msg: secret, aad: context })
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what `seal` made; `None` if it was made with another key, purpose or context, or was changed.
    pub fn open(&self, purpose: &str, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        self.cipher(purpose).decrypt(&nonce.into(), Payload { msg: sealed, aad: context }).ok()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.subkey(purpose).into())
    }

    fn subkey(&self, purpose: &str) -> [u8; 32] {
        let mut mac = mac(&self.0);
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC pads a short key with zeros to a block; doing so here leaves no length that could be refused.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
    Hmac::<Sha256>::new(&block.into())
}
