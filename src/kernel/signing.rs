//! What the platform signs with a key of its own, to be shown later, also to others, that nobody has changed it.
//!
//! One suite so far, `ES256`: ECDSA on the curve P-256 over a SHA-256 digest (FIPS 186-5; the name is RFC 7518's). A signature carries
//! the names of its suite and key, so that another suite can come beside it, and a key can be changed, and what was signed before is
//! still held against what it was signed with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{self, SigningKey, VerifyingKey};
use serde_json::Value;

use super::crypto::sha256;

const ES256: &str = "ES256";

/// A signature with what it was made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub suite: String,
    /// Names the key: the first eight bytes of its digest, in hexadecimal digits.
    pub key: String,
    pub bytes: Vec<u8>,
}

/// Whether a signature is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    Good,
    Wrong,
    /// Of a suite or a key that this process does not know.
    Unknown,
}

/// The public half of a key: with it anybody can check what was signed.
pub struct Checker {
    key: VerifyingKey,
    name: String,
}

impl Checker {
    /// From the public point, as [`Checker::point`] gives it.
    pub fn from_point(point: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(point).ok().map(Self::new)
    }

    fn new(key: VerifyingKey) -> Self {
        let point = key.to_encoded_point(false);
        let name = hex::encode(&sha256(point.as_bytes())[..8]);
        Self { key, name }
    }

    /// The public point: a byte that says that both coordinates follow, and these.
    pub fn point(&self) -> Vec<u8> {
        self.key.to_encoded_point(false).as_bytes().to_vec()
    }

    pub fn check(&self, digest: &[u8; 32], signature: &Signature) -> Checked {
        if signature.suite != ES256 || signature.key != self.name {
            return Checked::Unknown;
        }
        let Ok(bytes) = ecdsa::Signature::from_slice(&signature.bytes) else { return Checked::Wrong };
        match self.key.verify_prehash(digest, &bytes) {
            Ok(()) => Checked::Good,
            Err(_) => Checked::Wrong,
        }
    }

    /// As a JSON Web Key (RFC 7517).
    pub fn public(&self) -> Value {
        let point = self.point();
        let coordinate = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
        serde_json::json!({
            "kty": "EC", "crv": "P-256", "alg": ES256, "kid": self.name, "x": coordinate(1), "y": coordinate(33),
        })
    }
}

/// A key that signs.
pub struct Signer {
    key: SigningKey,
    checker: Checker,
}

impl Signer {
    /// From secret bytes of a purpose; `draw` gives other ones for each number, should the first not be a key of the curve.
    pub(super) fn new(draw: impl Fn(u32) -> [u8; 32]) -> Self {
        let mut drawn = (0u32..).filter_map(|n| SigningKey::from_slice(&draw(n)).ok());
        let key = drawn.next().unwrap_or_else(|| unreachable!("nearly all numbers of 256 bits are keys"));
        let checker = Checker::new(*key.verifying_key());
        Self { key, checker }
    }

    /// The names of the suite and of the key, as signatures carry them.
    pub fn names(&self) -> (&str, &str) {
        (ES256, &self.checker.name)
    }

    /// Signs a digest.
    pub fn sign(&self, digest: &[u8; 32]) -> Signature {
        let signed: Result<ecdsa::Signature, _> = self.key.sign_prehash(digest);
        let signed = signed.unwrap_or_else(|_| unreachable!("a digest of 32 bytes is signed"));
        Signature { suite: ES256.into(), key: self.checker.name.clone(), bytes: signed.to_bytes().to_vec() }
    }

    pub fn checker(&self) -> &Checker {
        &self.checker
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(n: u8) -> Signer {
        Signer::new(|_| [n; 32])
    }

    #[test]
    fn a_signature_holds_for_its_digest_and_key_alone() {
        let (digest, other) = (sha256(b"one"), sha256(b"two"));
        let signature = signer(7).sign(&digest);
        assert_eq!(signer(7).checker().check(&digest, &signature), Checked::Good);
        assert_eq!(signer(7).checker().check(&other, &signature), Checked::Wrong);
        assert_eq!(signer(8).checker().check(&digest, &signature), Checked::Unknown);
        let claimed = Signature { key: signer(8).checker().name.clone(), ..signature.clone() };
        assert_eq!(signer(8).checker().check(&digest, &claimed), Checked::Wrong);
        let sm2 = Signature { suite: "SM2".into(), ..signature.clone() };
        assert_eq!(signer(7).checker().check(&digest, &sm2), Checked::Unknown);
        let cut = Signature { bytes: signature.bytes[1..].to_vec(), ..signature };
        assert_eq!(signer(7).checker().check(&digest, &cut), Checked::Wrong);
    }

    #[test]
    fn bytes_that_are_no_key_are_drawn_again() {
        let signer = Signer::new(|n| if n == 0 { [0; 32] } else { [7; 32] });
        assert_eq!(signer.checker().public(), Signer::new(|_| [7; 32]).checker().public());
    }

    /// RFC 6979, A.2.5: the key and its public point, and the signature of "sample" with SHA-256.
    #[test]
    fn it_signs_as_the_standard_has_it() {
        let bytes = |text: &str| hex::decode(text).unwrap_or_default();
        let key = bytes("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
        let key: [u8; 32] = key.try_into().unwrap_or([0; 32]);
        let signer = Signer::new(|_| key);
        let x = bytes("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6");
        assert_eq!(signer.checker().public()["x"], URL_SAFE_NO_PAD.encode(x));
        let r = bytes("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716");
        assert_eq!(signer.sign(&sha256(b"sample")).bytes[..32], r);
    }
}
