//! What is said between the platform and an identity verifier. Pure types, shared with the sandbox.
//!
//! `POST {url}/v1/verify-person` with a [`Request`] answers 200 and a [`Reply`]; 429 when asked too often, 5xx when it cannot
//! answer. The same `request_id` may come twice: a verification changes nothing, so a repeat is harmless.
//!
//! No type in here that holds a person's data has `Debug`, so that none can end in a log by accident.

use serde::{Deserialize, Serialize};

/// The path under the verifier's address.
pub const PATH: &str = "/v1/verify-person";

#[derive(Clone, Serialize, Deserialize)]
pub struct Request {
    pub request_id: String,
    pub name: String,
    /// 18 characters (公民身份号码).
    pub id_number: String,
    pub phone: String,
}

/// What the verifier's records say of name, number and phone together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All three belong to one living person.
    Match,
    /// The number is known, the name or the phone is another.
    Mismatch,
    /// The number is not known.
    Unknown,
    /// The number's holder is dead.
    Deceased,
}

impl Outcome {
    pub const ALL: [Outcome; 4] = [Outcome::Match, Outcome::Mismatch, Outcome::Unknown, Outcome::Deceased];
    /// As on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Match => "match",
            Outcome::Mismatch => "mismatch",
            Outcome::Unknown => "unknown",
            Outcome::Deceased => "deceased",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub outcome: Outcome,
    /// The verifier's own number of this verification, kept as evidence.
    pub reference: String,
    /// Who vouches for it.
    pub issuer: String,
}
