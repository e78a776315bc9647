//! What is said between the platform and an identity verifier. Pure types, shared with the sandbox. All requests are `POST` with a body
//! in JSON, so that nothing of a person stands in an address.
//!
//! | path | sent | answered |
//! |---|---|---|
//! | `{url}/v1/verify-person` | [`Request`]: do these belong to one living person? | [`Reply`] |
//! | `{url}/v1/faces` | [`FaceRequest`]: a person will show their face | [`FaceBegun`]: where, by a link for one use |
//! | `{url}/v1/faces/result` | [`FaceAsked`]: what came of it? | [`FaceReply`] |
//!
//! Answers are 200; 429 when asked too often, 5xx when it cannot answer. The same `request_id` may come twice: a verification changes
//! nothing, so a repeat is harmless, and a face that was begun twice leaves one link that nobody opens.
//!
//! **The face.** The platform begins it and gives the link to the person, who opens it on this device or, from a picture of it, on their
//! phone. What the camera sees stays with the verifier. When it is over its page leads to `return_to`; the platform never believes that,
//! and asks for the result by the reference.
//!
//! No type in here that holds a person's data has `Debug`, so that none can end in a log by accident.

use serde::{Deserialize, Serialize};

/// The paths under the verifier's address.
pub const PATH: &str = "/v1/verify-person";
pub const FACES: &str = "/v1/faces";
pub const FACE_RESULT: &str = "/v1/faces/result";

/// What is to be checked: always name and ID number, and what else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Nothing else (二要素).
    NameId,
    /// The phone (三要素).
    NameIdPhone,
    /// The number of a bank card.
    Bank,
    /// The number of a social-security card.
    SocialCard,
    /// The number of a housing fund account.
    FundAccount,
    /// The number of a driving licence's file.
    DrivingLicence,
    /// They are the legal representative of the legal person with this code and name.
    LegalRep,
    /// They are a guardian of the child with this ID number and name.
    Guardian,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Request {
    pub request_id: String,
    pub check: Check,
    pub name: String,
    /// 18 characters (公民身份号码).
    pub id_number: String,
    /// With [`Check::NameIdPhone`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Of the card, account or file; the unified social credit code of the legal person; the ID number of the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The name of the legal person, or of the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// What the verifier's records say of all that was sent together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All belong to one living person.
    Match,
    /// The number is known, something of the rest is another's.
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

#[derive(Clone, Serialize, Deserialize)]
pub struct FaceRequest {
    pub request_id: String,
    pub name: String,
    pub id_number: String,
    /// Where the verifier's page leads when it is over.
    pub return_to: String,
}

/// Not `Debug`: whoever has the address can show a face.
#[derive(Clone, Serialize, Deserialize)]
pub struct FaceBegun {
    pub reference: String,
    /// For one use.
    pub address: String,
    /// Seconds for which the address is good.
    pub good_for: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FaceAsked {
    pub reference: String,
}

/// How it stands with a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaceOutcome {
    /// Nobody has shown one yet.
    Waiting,
    /// A living face, and that of the ID card's photo.
    Match,
    /// A living face, and another's.
    Mismatch,
    /// A picture, a mask, a screen.
    Lifeless,
    /// The person broke it off.
    Cancelled,
    /// The link was not used in its time.
    Expired,
    /// The number is not known, or has no photo.
    Unknown,
    /// The number's holder is dead.
    Deceased,
}

impl FaceOutcome {
    /// What ends a face: all but waiting.
    pub const ENDS: [FaceOutcome; 7] = [
        FaceOutcome::Match,
        FaceOutcome::Mismatch,
        FaceOutcome::Lifeless,
        FaceOutcome::Cancelled,
        FaceOutcome::Expired,
        FaceOutcome::Unknown,
        FaceOutcome::Deceased,
    ];
    /// As on the wire.
    pub fn code(self) -> &'static str {
        match self {
            FaceOutcome::Waiting => "waiting",
            FaceOutcome::Match => "match",
            FaceOutcome::Mismatch => "mismatch",
            FaceOutcome::Lifeless => "lifeless",
            FaceOutcome::Cancelled => "cancelled",
            FaceOutcome::Expired => "expired",
            FaceOutcome::Unknown => "unknown",
            FaceOutcome::Deceased => "deceased",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaceReply {
    /// The one that was asked for.
    pub reference: String,
    pub outcome: FaceOutcome,
    /// Who vouches for it.
    pub issuer: String,
}
