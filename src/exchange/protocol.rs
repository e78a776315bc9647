//! What is said between the platform and a department's system: CloudEvents 1.0 in structured mode
//! (`application/cloudevents+json`), signed by the Standard Webhooks scheme ([`crate::kernel::webhook`]).
//!
//! Pure types, shared with the sandbox; nothing in here does anything.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kernel::{Day, Ts};

pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// Platform → department: the case was accepted, decide it.
pub const CASE_ACCEPTED: &str = "cn.cloudmart.case.accepted.v1";
/// Platform → department: the applicant withdrew, stop.
pub const CASE_WITHDRAWN: &str = "cn.cloudmart.case.withdrawn.v1";
/// Department → platform: taken in, under this receipt of ours.
pub const CASE_RECEIVED: &str = "cn.cloudmart.case.received.v1";
/// Department → platform: a step was done.
pub const CASE_PROGRESS: &str = "cn.cloudmart.case.progress.v1";
/// Department → platform: decided.
pub const CASE_DECIDED: &str = "cn.cloudmart.case.decided.v1";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    pub specversion: String,
    /// The same for every try of one message: the receiver drops repeats by (source, id).
    pub id: String,
    /// `urn:cloudmart` or `urn:department:<unified social credit code>`.
    pub source: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// The case number.
    pub subject: String,
    pub time: Ts,
    pub datacontenttype: String,
    pub data: Value,
}

impl Event {
    pub fn new(id: String, source: String, kind: &str, subject: String, time: Ts, data: Value) -> Self {
        let datacontenttype = "application/json".to_owned();
        Self { specversion: "1.0".into(), id, source, kind: kind.into(), subject, time, datacontenttype, data }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accepted {
    pub case_no: String,
    pub receipt_no: String,
    pub item_code: String,
    pub item_name: String,
    pub item_version: i32,
    pub department_code: String,
    pub applicant: Applicant,
    /// Answers of the form by field key.
    pub form: Value,
    pub materials: Vec<Material>,
    pub accepted_at: Ts,
    /// The promised and the legal last day.
    pub due_on: Option<Day>,
    pub legal_due_on: Option<Day>,
    /// Where the answers go.
    pub answer_to: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Applicant {
    /// A.4: 1 natural person, 2 enterprise …
    pub kind: String,
    pub name: String,
    pub id_kind: String,
    pub id_number: String,
    pub phone: String,
    pub address: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Material {
    pub key: String,
    pub name: String,
    pub file_name: String,
    pub mime: String,
    pub size: i64,
    pub sha256: String,
    /// Signed, and good for a limited time.
    pub url: String,
}

/// What a department may answer at once to `case.accepted`; an empty answer is as good.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Receipt {
    #[serde(default)]
    pub receipt: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Withdrawn {
    pub case_no: String,
    pub withdrawn_at: Ts,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Received {
    pub case_no: String,
    #[serde(default)]
    pub receipt: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Progress {
    pub case_no: String,
    /// Name of the step as the department calls it, such as 审核.
    pub step: String,
    #[serde(default)]
    pub handler: String,
    #[serde(default)]
    pub opinion: String,
    pub at: Ts,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decided {
    pub case_no: String,
    /// `granted` or `refused`.
    pub outcome: String,
    /// Needed for a refusal.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub decided_by: String,
    pub decided_at: Ts,
    #[serde(default)]
    pub document: Option<Document>,
}

/// A result file, in the message itself: at most 2 MiB.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// Number of the licence or letter.
    pub no: String,
    pub file_name: String,
    pub mime: String,
    /// base64
    pub content: String,
}

/// The platform's answer to a message: `applied`, `repeated` (known already) or `late` (kept, but nothing left to change).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub state: String,
}
