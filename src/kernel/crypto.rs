//! Digests, random tokens and codes. The keys stand in [`super::keys`].

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use super::keys::Keys;

type HmacSha256 = Hmac<Sha256>;

/// 32 random bytes from the operating system's source.
pub fn random32() -> [u8; 32] {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// A random text for cookies and links: 256 bits, URL-safe.
pub fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(random32())
}

/// Without those that look alike (0 O 1 I L).
pub(super) const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// A code that a person types: `n` characters without those that look alike (0 O 1 I L).
pub fn random_code(n: usize) -> String {
    let mut out = String::with_capacity(n);
    let mut rng = rand::rng();
    while out.len() < n {
        let mut byte = [0u8; 1];
        rng.fill_bytes(&mut byte);
        // 248 = 8 × 31: what lies above would favour the first letters
        if byte[0] < 248 {
            out.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    out
}

/// A code of `n` digits that a person reads from a message and types.
pub fn random_digits(n: usize) -> String {
    let mut out = String::with_capacity(n);
    let mut rng = rand::rng();
    while out.len() < n {
        let mut byte = [0u8; 1];
        rng.fill_bytes(&mut byte);
        // 250 = 25 × 10: what lies above would favour the first digits
        if byte[0] < 250 {
            out.push(char::from(b'0' + byte[0] % 10));
        }
    }
    out
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub fn hmac_sha256(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = HmacSha256::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// Compares without telling by its time where the first difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_no_look_alikes() {
        let code = random_code(400);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L']));
        assert_eq!(code.len(), 400);
    }
}
