//! Ranges of network addresses, as people write them: `192.0.2.0/24`, `2001:db8::/32`, or one address alone.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Range {
    first: IpAddr,
    prefix: u32,
}

impl Range {
    /// Parses what somebody typed; what lies beyond the prefix is dropped. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refusal = || format!("“{text}” is neither an address nor a range such as 192.0.2.0/24.");
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let given: IpAddr = address.parse().map_err(|_| refusal())?;
        let address = given.to_canonical();
        let width = width(address);
        let prefix = match prefix {
            None => width,
            Some(digits) => {
                let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
                let number: u32 = digits.parse().ok().filter(|_| plain).ok_or_else(refusal)?;
                // `::ffff:192.0.2.0/120` is a range of the old kind, written in the new one.
                number.checked_sub(self::width(given) - width).filter(|prefix| *prefix <= width).ok_or_else(refusal)?
            }
        };
        Ok(Self { first: masked(address, prefix), prefix })
    }

    /// Whether an address lies in it. An IPv4 address written as IPv6 is the same address.
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && masked(address, self.prefix) == self.first
    }
}

const fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The address with everything after the first `prefix` bits set to zero.
fn masked(address: IpAddr, prefix: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(prefix)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(prefix)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == width(self.first) { write!(out, "{}", self.first) } else { write!(out, "{}/{}", self.first, self.prefix) }
    }
}
