//! A device with passkeys, as W3C Web Authentication has them speak: ES256 alone, no attestation.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// What it does otherwise than an honest one.
#[derive(Clone)]
pub struct Ways {
    pub origin: String,
    pub party: String,
    /// It has recognised its owner.
    pub is_verified: bool,
    pub counter: u32,
    /// Instead of what was asked.
    pub challenge: Option<String>,
    /// Instead of the account that it made the passkey for.
    pub handle: Option<Vec<u8>>,
    /// Signs with another key.
    pub is_forged: bool,
}

pub struct Device {
    pub ways: Ways,
    /// Key and account by the credential's id.
    keys: BTreeMap<Vec<u8>, (SigningKey, Vec<u8>)>,
    made: u8,
}

impl Device {
    pub fn at(origin: &str) -> Self {
        let ways = Ways {
            origin: origin.to_owned(),
            party: "localhost".into(),
            is_verified: true,
            counter: 0,
            challenge: None,
            handle: None,
            is_forged: false,
        };
        Self { ways, keys: BTreeMap::new(), made: 0 }
    }

    /// Makes a passkey; what the page's script sends.
    pub fn create(&mut self, options: &Value) -> String {
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required", "{options}");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.made += 1;
        let id = vec![self.made; 32];
        let key = SigningKey::from_slice(&[self.made + 40; 32]).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(&id);
        // COSE: kty 2 (EC2), alg -7 (ES256), crv 1 (P-256), x, y.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point.as_bytes()[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point.as_bytes()[33..]);
        let handle = B64.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        self.keys.insert(id.clone(), (key, handle));
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(&data);
        let response = json!({
            "clientDataJSON": B64.encode(self.client_data("webauthn.create", options)),
            "attestationObject": B64.encode(object),
        });
        answer(&id, response)
    }

    /// Shows the passkey that was made last; what the page's script sends.
    pub fn get(&self, options: &Value) -> String {
        assert_eq!(options["userVerification"], "required", "{options}");
        let (id, (key, handle)) = self.keys.last_key_value().expect("a passkey");
        let data = self.data(0);
        let client_data = self.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client_data));
        let other = SigningKey::from_slice(&[99; 32]).unwrap();
        let signature: DerSignature = if self.ways.is_forged { &other } else { key }.sign(&signed);
        let response = json!({
            "clientDataJSON": B64.encode(client_data),
            "authenticatorData": B64.encode(data),
            "signature": B64.encode(signature.as_bytes()),
            "userHandle": B64.encode(self.ways.handle.as_ref().unwrap_or(handle)),
        });
        answer(id, response)
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.ways.party.as_bytes()).to_vec();
        data.push(PRESENT | more | if self.ways.is_verified { VERIFIED } else { 0 });
        data.extend(self.ways.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let asked = options["challenge"].as_str().unwrap();
        let challenge = self.ways.challenge.as_deref().unwrap_or(asked);
        json!({ "type": kind, "challenge": challenge, "origin": self.ways.origin }).to_string().into_bytes()
    }
}

fn answer(id: &[u8], response: Value) -> String {
    let id = B64.encode(id);
    json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} }).to_string()
}
