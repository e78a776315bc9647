//! The keys of the platform, by version: what seals fields, finds them without showing them, and signs links and tokens.
//!
//! # Rules
//! - A sealed field is `version (1) · nonce (12) · ciphertext and tag`; its place (table and column) is bound in as associated data, so
//!   that a value copied to another column does not open. The version says which key, and the key says which algorithms.
//! - A blind index is a keyed digest under which a value is found without being stored in clear.
//! - One version is current: it seals. Those before it still open what they sealed until everything has been sealed anew
//!   (`cloudmart keys rotate`); the next one opens already, so that every process knows it before any process seals with it.
//! - Keys come from a file or the environment, never from a default.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Key, Nonce};
use arc_swap::ArcSwap;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use rand::Rng;
use sm3::Sm3;
use sm4::Sm4;
use zeroize::Zeroizing;

use super::crypto::{ALPHABET, hmac_sha256, same};
use super::signing::{Checked, Checker, Signature, Signer};
use super::{Error, Result};

/// Algorithms that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// AES-256-GCM, HMAC-SHA-256.
    Aes,
    /// SM4-GCM (GB/T 32907, RFC 8998), HMAC-SM3 (GB/T 32905).
    Sm,
}

impl Suite {
    pub fn code(self) -> &'static str {
        match self {
            Suite::Aes => "aes",
            Suite::Sm => "sm",
        }
    }
    pub fn from_code(code: &str) -> Option<Self> {
        [Suite::Aes, Suite::Sm].into_iter().find(|s| s.code() == code)
    }
}

/// What a key is used for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Opens what it sealed, until that is sealed anew.
    Old,
    /// Seals.
    Current,
    /// Opens; will seal when every process knows it.
    Next,
    /// Its secret is gone. The public half is left, to check what it signed.
    Retired,
}

impl Use {
    pub fn code(self) -> &'static str {
        match self {
            Use::Old => "old",
            Use::Current => "current",
            Use::Next => "next",
            Use::Retired => "retired",
        }
    }
    fn from_code(code: &str) -> Option<Self> {
        [Use::Old, Use::Current, Use::Next, Use::Retired].into_iter().find(|u| u.code() == code)
    }
}

/// One line of a key file: version, suite, use, and the secret in base64. Its text is a secret, so it has no `Debug`.
#[derive(Clone)]
pub struct Entry {
    pub version: u8,
    pub suite: Suite,
    pub used: Use,
    /// Of a retired one the public point.
    secret: Zeroizing<Vec<u8>>,
}

impl Entry {
    /// # Errors
    /// A secret that is no base64 or has fewer than 32 bytes.
    pub fn new(version: u8, suite: Suite, used: Use, secret: &str) -> Result<Self> {
        let secret = Zeroizing::new(STANDARD.decode(secret.trim()).map_err(Error::internal)?);
        if secret.len() < 32 {
            return Err(Error::internal("the secret key has fewer than 32 bytes"));
        }
        if used == Use::Retired && Checker::from_point(&secret).is_none() {
            return Err(Error::internal("a retired key has another public half than a point"));
        }
        if version == 0 {
            return Err(Error::internal("versions of keys begin with 1"));
        }
        Ok(Self { version, suite, used, secret })
    }

    pub fn is_weak(&self) -> bool {
        is_weak(&self.secret)
    }

    /// The same without its secret: it opens and signs nothing any more.
    #[must_use]
    pub fn retired(self) -> Self {
        if self.used == Use::Retired {
            return self;
        }
        let point = signer(self.suite, &self.secret).checker().point();
        Self { used: Use::Retired, secret: Zeroizing::new(point), ..self }
    }

    /// A new one, from the operating system's random source.
    pub fn random(version: u8, suite: Suite, used: Use) -> Self {
        Self { version, suite, used, secret: Zeroizing::new(super::crypto::random32().to_vec()) }
    }
}

/// A secret of few different bytes, or of bytes that follow each other, was typed and not drawn.
pub fn is_weak(secret: &[u8]) -> bool {
    let distinct = secret.iter().collect::<HashSet<_>>().len();
    let steps = secret.windows(2).map(|w| w[1].wrapping_sub(w[0])).collect::<HashSet<_>>().len();
    distinct < 16 || steps < 8
}

/// Reads a key file: a line `VERSION SUITE USE SECRET` each; empty lines and those that begin with # say nothing.
///
/// # Errors
/// Names the line, never what stands in it.
pub fn parse(text: &str) -> Result<Vec<Entry>> {
    let mut all = vec![];
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        all.push(entry(line).ok_or_else(|| Error::internal(format!("line {number} of the key file is no key")))?);
    }
    Ok(all)
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.split_whitespace();
    let version = parts.next()?.parse().ok()?;
    let (suite, used) = (Suite::from_code(parts.next()?)?, Use::from_code(parts.next()?)?);
    let secret = parts.next()?;
    if parts.next().is_some() {
        return None;
    }
    Entry::new(version, suite, used, secret).ok()
}

/// The text of a key file. A secret.
pub fn format(all: &[Entry]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::from(
        "# The keys of cloudmart: VERSION SUITE USE SECRET. Written by `cloudmart keys`; readable by its user alone.\n",
    ));
    for e in all {
        let secret = Zeroizing::new(STANDARD.encode(&*e.secret));
        text.push_str(&format!("{} {} {} {}\n", e.version, e.suite.code(), e.used.code(), &*secret));
    }
    text
}

/// The keys of one version.
struct Ring {
    version: u8,
    used: Use,
    suite: Suite,
    field: Cipher,
    index: [u8; 32],
    token: [u8; 32],
    audit: Arc<Signer>,
}

/// What signs the seals of the audit: ECDSA with P-256 in both suites.
fn signer(suite: Suite, secret: &[u8]) -> Signer {
    Signer::new(|n| digest(suite, secret, format!("cloudmart audit 1 {n}").as_bytes()))
}

enum Cipher {
    Aes(Box<Aes256Gcm>),
    Sm(Box<AesGcm<Sm4, U12>>),
}

impl Ring {
    fn new(e: &Entry) -> Self {
        // The first suite's derivation is older than versions and suites: what it sealed has to open.
        let derive = |purpose: &str| digest(e.suite, &e.secret, format!("cloudmart {purpose} 1").as_bytes());
        let field = derive("field");
        let field = match e.suite {
            Suite::Aes => Cipher::Aes(Box::new(Aes256Gcm::new(&Key::<Aes256Gcm>::from(field)))),
            Suite::Sm => {
                let mut half = [0u8; 16];
                half.copy_from_slice(&field[..16]);
                Cipher::Sm(Box::new(AesGcm::<Sm4, U12>::new(&half.into())))
            }
        };
        let (index, token) = (derive("index"), derive("token"));
        let audit = Arc::new(signer(e.suite, &e.secret));
        Self { version: e.version, used: e.used, suite: e.suite, field, index, token, audit }
    }

    fn seal(&self, nonce: [u8; 12], payload: Payload<'_, '_>) -> Vec<u8> {
        let sealed = match &self.field {
            Cipher::Aes(cipher) => cipher.encrypt(&Nonce::from(nonce), payload),
            Cipher::Sm(cipher) => cipher.encrypt(&Nonce::from(nonce), payload),
        };
        sealed.unwrap_or_else(|_| unreachable!("GCM seals any length that fits in memory"))
    }

    fn open(&self, nonce: [u8; 12], payload: Payload<'_, '_>) -> Option<Vec<u8>> {
        match &self.field {
            Cipher::Aes(cipher) => cipher.decrypt(&Nonce::from(nonce), payload).ok(),
            Cipher::Sm(cipher) => cipher.decrypt(&Nonce::from(nonce), payload).ok(),
        }
    }
}

fn digest(suite: Suite, key: &[u8], bytes: &[u8]) -> [u8; 32] {
    match suite {
        Suite::Aes => hmac_sha256(key, bytes),
        Suite::Sm => hmac_sm3(key, bytes),
    }
}

/// HMAC (RFC 2104) over SM3.
pub fn hmac_sm3(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// All keys that open, the current one first, then the newest; and the public halves of those that are retired.
struct Rings(Vec<Ring>, Vec<(u8, Suite, Checker)>);

impl Rings {
    fn new(all: &[Entry]) -> Result<Self> {
        if all.iter().filter(|e| e.used == Use::Current).count() != 1 {
            return Err(Error::internal("one of the keys has to be the current one, and no more than one"));
        }
        let (retired, alive): (Vec<&Entry>, Vec<&Entry>) = all.iter().partition(|e| e.used == Use::Retired);
        let retired = retired.iter().filter_map(|e| Some((e.version, e.suite, Checker::from_point(&e.secret)?)));
        let mut rings: Vec<Ring> = alive.into_iter().map(Ring::new).collect();
        rings.sort_by_key(|r| (r.used != Use::Current, u8::MAX - r.version));
        if (1..all.len()).any(|i| all[..i].iter().any(|e| e.version == all[i].version)) {
            return Err(Error::internal("two keys have the same version"));
        }
        Ok(Self(rings, retired.collect()))
    }

    fn current(&self) -> &Ring {
        &self.0[0]
    }
}

/// The process's keys. Cheap to copy; all copies change together.
#[derive(Clone)]
pub struct Keys(Arc<ArcSwap<Rings>>);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys { .. }")
    }
}

impl Keys {
    /// From the one secret of the configuration: at least 32 bytes in base64. Its version is 1, its suite the default one.
    pub fn from_secret(secret: &str) -> Result<Self> {
        Self::from_entries(&[Entry::new(1, Suite::Aes, Use::Current, secret)?])
    }

    /// # Errors
    /// Two of one version; none or more than one that is current.
    pub fn from_entries(all: &[Entry]) -> Result<Self> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(Rings::new(all)?))))
    }

    /// Takes these keys instead, in all copies.
    ///
    /// # Errors
    /// As [`Keys::from_entries`]; then nothing has changed.
    pub fn renew(&self, all: &[Entry]) -> Result<()> {
        self.0.store(Arc::new(Rings::new(all)?));
        Ok(())
    }

    /// The version that seals now.
    pub fn version(&self) -> u8 {
        self.0.load().current().version
    }

    /// Every version with its suite and use, the current one first.
    pub fn versions(&self) -> Vec<(u8, Suite, Use)> {
        let rings = self.0.load();
        let retired = rings.1.iter().map(|(version, suite, _)| (*version, *suite, Use::Retired));
        rings.0.iter().map(|r| (r.version, r.suite, r.used)).chain(retired).collect()
    }

    /// Seals a value for one place, such as `idn_person.phone`.
    pub fn seal(&self, place: &str, value: &[u8]) -> Vec<u8> {
        let rings = self.0.load();
        let ring = rings.current();
        let mut nonce = [0u8; 12];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = ring.seal(nonce, Payload { msg: value, aad: place.as_bytes() });
        let mut out = Vec::with_capacity(13 + sealed.len());
        out.push(ring.version);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    pub fn seal_text(&self, place: &str, value: &str) -> Vec<u8> {
        self.seal(place, value.as_bytes())
    }

    /// Opens what [`Keys::seal`] made for the same place, with whichever version.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let failed = || Error::internal(format!("a sealed field of {place} does not open"));
        if sealed.len() < 13 {
            return Err(failed());
        }
        let rings = self.0.load();
        let ring = rings.0.iter().find(|r| r.version == sealed[0]).ok_or_else(failed)?;
        let nonce: [u8; 12] = sealed[1..13].try_into().map_err(|_| failed())?;
        ring.open(nonce, Payload { msg: &sealed[13..], aad: place.as_bytes() }).ok_or_else(failed)
    }

    pub fn open_text(&self, place: &str, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.open(place, sealed)?).map_err(Error::internal)
    }

    /// The blind index of a value, to be stored: 16 bytes, the same for the same value and kind.
    pub fn index(&self, kind: &str, value: &str) -> Vec<u8> {
        let rings = self.0.load();
        blind(rings.current(), kind, value)
    }

    /// The blind indexes under which a value may stand, one for each version: to look it up.
    pub fn indexes(&self, kind: &str, value: &str) -> Vec<Vec<u8>> {
        self.0.load().0.iter().map(|ring| blind(ring, kind, value)).collect()
    }

    /// Signs a text for a link or form field.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        signature(self.0.load().current(), purpose, text)
    }

    pub fn is_signed(&self, purpose: &str, text: &str, given: &str) -> bool {
        // All of them, so that the time does not tell by which one it was.
        let rings = self.0.load();
        rings.0.iter().fold(false, |is, ring| is | same(signature(ring, purpose, text).as_bytes(), given.as_bytes()))
    }

    /// A signature that people read out and type: so many characters (at most 32) without those that look alike.
    pub fn spoken(&self, purpose: &str, text: &str, length: usize) -> String {
        spoken(self.0.load().current(), purpose, text, length)
    }

    pub fn is_spoken(&self, purpose: &str, text: &str, given: &str) -> bool {
        let rings = self.0.load();
        let of = |ring| spoken(ring, purpose, text, given.len().min(32));
        !given.is_empty() && rings.0.iter().fold(false, |is, ring| is | same(of(ring).as_bytes(), given.as_bytes()))
    }

    /// The key that signs the platform's own API tokens (HS256), with its version.
    pub fn token_key(&self) -> (u8, [u8; 32]) {
        let rings = self.0.load();
        (rings.current().version, rings.current().token)
    }

    /// Signs the seals of the audit, and nothing else.
    pub fn audit(&self) -> Arc<Signer> {
        self.0.load().current().audit.clone()
    }

    /// Whether a seal of the audit is good, by whichever key it was made, also one that is retired.
    pub fn check_audit(&self, digest: &[u8; 32], signature: &Signature) -> Checked {
        let rings = self.0.load();
        let alive = rings.0.iter().map(|r| r.audit.checker());
        let mut all = alive.chain(rings.1.iter().map(|(.., checker)| checker)).map(|c| c.check(digest, signature));
        all.find(|checked| *checked != Checked::Unknown).unwrap_or(Checked::Unknown)
    }

    /// The public halves of all keys that have signed seals of the audit.
    pub fn audit_public(&self) -> Vec<serde_json::Value> {
        let rings = self.0.load();
        let alive = rings.0.iter().map(|r| r.audit.checker());
        alive.chain(rings.1.iter().map(|(.., checker)| checker)).map(Checker::public).collect()
    }

    /// The key that signed a token of this version.
    pub fn token_key_of(&self, version: u8) -> Option<[u8; 32]> {
        self.0.load().0.iter().find(|r| r.version == version).map(|r| r.token)
    }
}

fn blind(ring: &Ring, kind: &str, value: &str) -> Vec<u8> {
    digest(ring.suite, &ring.index, format!("{kind}\0{value}").as_bytes())[..16].to_vec()
}

fn spoken(ring: &Ring, purpose: &str, text: &str, length: usize) -> String {
    let mac = digest(ring.suite, &ring.token, format!("{purpose}\0{text}").as_bytes());
    mac.iter().take(length).map(|b| char::from(ALPHABET[usize::from(*b) % ALPHABET.len()])).collect()
}

fn signature(ring: &Ring, purpose: &str, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(ring.suite, &ring.token, format!("{purpose}\0{text}").as_bytes())[..24])
}

#[cfg(test)]
mod tests;
