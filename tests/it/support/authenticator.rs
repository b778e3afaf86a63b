//! An authenticator app of the tests' own (RFC 4226, RFC 6238), beside the crate that the portal uses.

use portico::kernel::time::{Span, Timestamp};
use sha1::{Digest as _, Sha1};

use super::people::Member;

/// What a member of the cast has in their app: twenty digits.
pub fn secret_of(member: Member) -> Vec<u8> {
    format!("{:020}", member.account).into_bytes()
}

/// The code that the app shows at this moment.
pub fn code(secret: &[u8], at: Timestamp) -> String {
    let step = at.0.div_euclid(30_000).to_be_bytes();
    let mac = hmac(secret, &step);
    let from = usize::from(mac[19] & 15);
    let four = [mac[from] & 127, mac[from + 1], mac[from + 2], mac[from + 3]];
    format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
}

/// The codes that a portal takes at this moment, oldest first.
pub fn codes_around(secret: &[u8], at: Timestamp) -> [String; 3] {
    [at - Span::seconds(30), at, at + Span::seconds(30)].map(|at| code(secret, at))
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 20] {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha1::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha1::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

/// The key as a page shows it, typed into the app.
pub fn typed(key: &str) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for sign in key.chars().filter(|sign| !sign.is_whitespace()) {
        let value = match sign {
            'A'..='Z' => sign as u32 - 'A' as u32,
            '2'..='7' => sign as u32 - '2' as u32 + 26,
            _ => panic!("{sign:?} is not of base 32"),
        };
        held = (held << 5 | value) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    bytes
}
