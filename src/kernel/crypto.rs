//! Secrets: sealed fields, blind indexes, tokens, digests.
//!
//! A sealed field is `version (1) · nonce (12) · AES-256-GCM ciphertext and tag`; its place (table and column) is bound in as
//! associated data, so that a value copied to another column does not open. A blind index is a keyed digest under which a value
//! is found without being stored in clear. Keys come from a file or the environment, never from a default.

use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Error, Result};

type HmacSha256 = Hmac<Sha256>;

/// The process's keys. Cheap to copy.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    field: Aes256Gcm,
    index: [u8; 32],
    token: [u8; 32],
}

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
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

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

impl Keys {
    /// From the secret of the configuration: at least 32 bytes in base64. The three keys are derived from it by purpose.
    pub fn from_secret(secret: &str) -> Result<Self> {
        let master = STANDARD.decode(secret.trim()).map_err(Error::internal)?;
        if master.len() < 32 {
            return Err(Error::internal("the secret key has fewer than 32 bytes"));
        }
        let derive = |purpose: &str| hmac_sha256(&master, purpose.as_bytes());
        let field = Aes256Gcm::new(&Key::<Aes256Gcm>::from(derive("cloudmart field 1")));
        Ok(Self(Arc::new(Inner { field, index: derive("cloudmart index 1"), token: derive("cloudmart token 1") })))
    }

    /// Seals a value for one place, such as `idn_person.phone`.
    pub fn seal(&self, place: &str, value: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; 12];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .0
            .field
            .encrypt(&Nonce::from(nonce), Payload { msg: value, aad: place.as_bytes() })
            .unwrap_or_else(|_| unreachable!("AES-GCM seals any length that fits in memory"));
        let mut out = Vec::with_capacity(13 + sealed.len());
        out.push(1);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    pub fn seal_text(&self, place: &str, value: &str) -> Vec<u8> {
        self.seal(place, value.as_bytes())
    }

    /// Opens what [`Keys::seal`] made for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let failed = || Error::internal(format!("a sealed field of {place} does not open"));
        if sealed.len() < 13 || sealed[0] != 1 {
            return Err(failed());
        }
        let nonce: [u8; 12] = sealed[1..13].try_into().map_err(|_| failed())?;
        let payload = Payload { msg: &sealed[13..], aad: place.as_bytes() };
        self.0.field.decrypt(&Nonce::from(nonce), payload).map_err(|_| failed())
    }

    pub fn open_text(&self, place: &str, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.open(place, sealed)?).map_err(Error::internal)
    }

    /// The blind index of a value: 16 bytes, the same for the same value and kind.
    pub fn index(&self, kind: &str, value: &str) -> Vec<u8> {
        hmac_sha256(&self.0.index, format!("{kind}\0{value}").as_bytes())[..16].to_vec()
    }

    /// Signs a text for a link or form field.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(&hmac_sha256(&self.0.token, format!("{purpose}\0{text}").as_bytes())[..24])
    }

    /// A signature that people read out and type: so many characters (at most 32) without those that look alike.
    pub fn spoken(&self, purpose: &str, text: &str, length: usize) -> String {
        let mac = hmac_sha256(&self.0.token, format!("{purpose}\0{text}").as_bytes());
        mac.iter().take(length).map(|b| char::from(ALPHABET[usize::from(*b) % ALPHABET.len()])).collect()
    }

    pub fn is_signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        same(self.sign(purpose, text).as_bytes(), signature.as_bytes())
    }

    /// The key of the platform's own API tokens (HS256).
    pub fn token_key(&self) -> &[u8] {
        &self.0.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::from_secret(&base64(&[7u8; 32])).unwrap_or_else(|_| unreachable!())
    }

    #[test]
    fn a_sealed_field_opens_at_its_place_only() {
        let sealed = keys().seal_text("idn_person.phone", "13800138000");
        assert_eq!(keys().open_text("idn_person.phone", &sealed).ok().as_deref(), Some("13800138000"));
        assert!(keys().open_text("idn_person.name", &sealed).is_err());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(keys().open("idn_person.phone", &changed).is_err());
        assert_ne!(sealed, keys().seal_text("idn_person.phone", "13800138000"));
    }

    #[test]
    fn weak_secrets_are_refused() {
        assert!(Keys::from_secret("c2hvcnQ=").is_err());
        assert!(Keys::from_secret("not base64!").is_err());
    }

    #[test]
    fn codes_have_no_look_alikes() {
        let code = random_code(400);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L']));
        assert_eq!(code.len(), 400);
    }
}
