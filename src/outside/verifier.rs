//! The identity verifier (实人核验): does a name belong to an ID number, a phone, a card, a face?
//!
//! Errors are [`Kind::Outside`](crate::kernel::Kind::Outside): `verifier-off` (switched off by the settings), `verifier-busy`
//! (429), `verifier-down` (not reached, not answered in time, or 5xx), `verifier-rubbish` (an answer that is none, or one to another
//! question). Name, numbers and phone are never logged, and never in an address or an error.
//!
//! A question is tried a second time at once only when no connection came about, which is what a restart of the other side looks like: a
//! time-out is not, since the verifier may be at work on it. What it costs when it is down is said by `verifier.degraded`, which the
//! callers obey.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::http::{Guarded, host_of, is_plain, is_unconnected};
use super::verifier_protocol::{
    FACE_RESULT, FACES, FaceAsked, FaceBegun, FaceReply, FaceRequest, PATH, Reply, Request,
};
use crate::config;
use crate::kernel::{Error, Id, Result};

pub use super::verifier_protocol::{Check, FaceOutcome, Outcome};

/// What the verifier said, to be kept with the person as evidence.
pub type Verification = Reply;

/// What is asked. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Question {
    pub check: Check,
    pub name: String,
    pub id_number: String,
    pub phone: Option<String>,
    pub number: Option<String>,
    pub of: Option<String>,
}

/// Cheap to copy.
#[derive(Clone)]
pub enum Verifier {
    Http { client: Guarded, url: String, hosts: Arc<Vec<String>> },
    Off,
    Recorded(Arc<Recording>),
}

/// Copied out before it is asked, so that one that takes its time holds no lock.
type Responder = Arc<dyn Fn(&Request) -> Result<Verification> + Send + Sync>;
type FaceResponder = Arc<dyn Fn() -> Result<FaceOutcome> + Send + Sync>;

/// Plays a verifier in tests and keeps what it was asked.
pub struct Recording {
    answer: Mutex<Responder>,
    face: Mutex<FaceResponder>,
    asked: Mutex<Vec<Request>>,
    faces: Mutex<Vec<FaceRequest>>,
}

fn open<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Verifier {
    /// # Errors
    /// Internal, when the address in the settings is none.
    pub fn from_config(settings: &config::Verifier) -> Result<Self> {
        let url = settings.url.trim().trim_end_matches('/');
        if url.is_empty() {
            return Ok(Self::Off);
        }
        let host = host_of(url).ok_or_else(|| Error::internal("verifier.url is no address with a host"))?;
        let client = Guarded::new(vec![host.clone()], Duration::from_secs(settings.timeout.max(1)))?;
        let hosts = std::iter::once(host).chain(settings.face_hosts.iter().cloned()).collect();
        Ok(Self::Http { client, url: url.to_owned(), hosts: Arc::new(hosts) })
    }

    pub fn recorded(answer: impl Fn(&Request) -> Result<Verification> + Send + Sync + 'static) -> Self {
        Self::Recorded(Arc::new(Recording {
            answer: Mutex::new(Arc::new(answer)),
            face: Mutex::new(Arc::new(|| Ok(FaceOutcome::Match))),
            asked: Mutex::default(),
            faces: Mutex::default(),
        }))
    }

    /// A recorded verifier answers so from now on.
    pub fn answers(&self, answer: impl Fn(&Request) -> Result<Verification> + Send + Sync + 'static) {
        if let Self::Recorded(r) = self {
            *open(&r.answer) = Arc::new(answer);
        }
    }

    /// A recorded verifier says so of faces from now on; it begins none while it gives an error.
    pub fn faces_are(&self, face: impl Fn() -> Result<FaceOutcome> + Send + Sync + 'static) {
        if let Self::Recorded(r) = self {
            *open(&r.face) = Arc::new(face);
        }
    }

    /// What a recorded verifier was asked, in order; empty for the others.
    pub fn asked(&self) -> Vec<Request> {
        match self {
            Self::Recorded(r) => open(&r.asked).clone(),
            Self::Http { .. } | Self::Off => vec![],
        }
    }

    /// The faces that a recorded verifier has begun, in order; empty for the others.
    pub fn faces_begun(&self) -> Vec<FaceRequest> {
        match self {
            Self::Recorded(r) => open(&r.faces).clone(),
            Self::Http { .. } | Self::Off => vec![],
        }
    }

    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// Whether all that was sent belongs to one living person.
    ///
    /// # Errors
    /// The four of this module.
    pub async fn check(&self, question: &Question) -> Result<Verification> {
        let Question { check, name, id_number, phone, number, of } = question.clone();
        let request = Request { request_id: Id::random().to_string(), check, name, id_number, phone, number, of };
        let reply = match self {
            Self::Off => return Err(Error::outside("verifier-off")),
            Self::Recorded(recording) => {
                open(&recording.asked).push(request.clone());
                let answer = open(&recording.answer).clone();
                answer(&request)?
            }
            Self::Http { client, url, .. } => ask::<Reply>(client, &format!("{url}{PATH}"), &request).await?,
        };
        if is_said(&reply.reference) && is_said(&reply.issuer) {
            Ok(reply)
        } else {
            Err(rubbish("no reference or issuer"))
        }
    }

    /// Begins a face: where the person shows it. The verifier leads them to `return_to` afterwards.
    ///
    /// # Errors
    /// The four of this module; `verifier-rubbish` also for an address that is not the verifier's own.
    pub async fn begin_face(&self, name: &str, id_number: &str, return_to: &str) -> Result<FaceBegun> {
        let request = FaceRequest {
            request_id: Id::random().to_string(),
            name: name.into(),
            id_number: id_number.into(),
            return_to: return_to.into(),
        };
        match self {
            Self::Off => Err(Error::outside("verifier-off")),
            Self::Recorded(recording) => {
                let face = open(&recording.face).clone();
                face()?;
                let reference = format!("F-{}", request.request_id);
                let address = format!("http://face.example/{}", request.request_id);
                open(&recording.faces).push(request);
                Ok(FaceBegun { reference, address, good_for: 600 })
            }
            Self::Http { client, url, hosts } => {
                let begun: FaceBegun = ask(client, &format!("{url}{FACES}"), &request).await?;
                let is_theirs =
                    is_plain(&begun.address) && host_of(&begun.address).is_some_and(|h| is_listed(hosts, &h));
                if is_said(&begun.reference) && is_theirs && (1..=86_400).contains(&begun.good_for) {
                    Ok(begun)
                } else {
                    Err(rubbish("a face without a reference, or at an address that is not the verifier's"))
                }
            }
        }
    }

    /// What came of a face.
    ///
    /// # Errors
    /// The four of this module.
    pub async fn face(&self, reference: &str) -> Result<FaceReply> {
        let reply = match self {
            Self::Off => return Err(Error::outside("verifier-off")),
            Self::Recorded(recording) => {
                let face = open(&recording.face).clone();
                let outcome = face()?;
                FaceReply { reference: reference.to_owned(), outcome, issuer: "测试核验".into() }
            }
            Self::Http { client, url, .. } => {
                let asked = FaceAsked { reference: reference.to_owned() };
                ask::<FaceReply>(client, &format!("{url}{FACE_RESULT}"), &asked).await?
            }
        };
        if reply.reference == reference && is_said(&reply.issuer) {
            Ok(reply)
        } else {
            Err(rubbish("another face's result"))
        }
    }
}

/// A listed host is `host` (any port) or `host:port`.
fn is_listed(hosts: &[String], full: &str) -> bool {
    let host = full.rsplit_once(':').map_or(full, |(host, _)| host);
    hosts.iter().any(|h| h.eq_ignore_ascii_case(full) || h.eq_ignore_ascii_case(host))
}

fn is_said(text: &str) -> bool {
    (1..=200).contains(&text.chars().count())
}

async fn ask<T: DeserializeOwned>(client: &Guarded, url: &str, request: &impl Serialize) -> Result<T> {
    let body = serde_json::to_vec(request).map_err(Error::internal)?;
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let mut answer = client.post(url, &headers, body.clone()).await;
    if answer.as_ref().is_err_and(is_unconnected) {
        tokio::time::sleep(Duration::from_millis(150)).await;
        answer = client.post(url, &headers, body).await;
    }
    let answer = match answer {
        Ok(answer) => answer,
        Err(cause) if cause.code() == "outside-answer-too-large" => return Err(rubbish("an answer that is too large")),
        Err(cause) => return Err(Error::outside("verifier-down").because(cause)),
    };
    match answer.status {
        // The cause names no value of the answer: it could repeat what was asked.
        200 => serde_json::from_slice(&answer.body).map_err(|_| rubbish("a body that is no reply")),
        429 => Err(Error::outside("verifier-busy")),
        status @ 500..=599 => Err(Error::outside("verifier-down").because(format!("status {status}"))),
        other => Err(rubbish(&format!("status {other}"))),
    }
}

fn rubbish(what: &str) -> Error {
    Error::outside("verifier-rubbish").because(what.to_owned())
}

#[cfg(test)]
#[path = "verifier_tests.rs"]
mod tests;
