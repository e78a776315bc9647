//! The identity verifier (实人核验): does a name belong to an ID number and a phone?
//!
//! Errors are [`Kind::Outside`](crate::kernel::Kind::Outside): `verifier-off` (switched off by the settings), `verifier-busy`
//! (429), `verifier-down` (not reached, not answered in time, or 5xx), `verifier-rubbish` (an answer that is none).
//! Name, number and phone are never logged, and never in an address or an error.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::http::{Answer, Guarded, host_of, is_unconnected};
use super::verifier_protocol::{PATH, Reply, Request};
use crate::config;
use crate::kernel::{Error, Id, Result};

pub use super::verifier_protocol::Outcome;

/// What the verifier said, to be kept with the person as evidence.
pub type Verification = Reply;

/// Cheap to copy.
#[derive(Clone)]
pub enum Verifier {
    Http { client: Guarded, url: String },
    Off,
    Recorded(Arc<Recording>),
}

type Responder = Box<dyn Fn(&Request) -> Result<Verification> + Send + Sync>;

/// Plays a verifier in tests and keeps what it was asked.
pub struct Recording {
    answer: Responder,
    asked: Mutex<Vec<Request>>,
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
        let client = Guarded::new(vec![host], Duration::from_secs(settings.timeout.max(1)))?;
        Ok(Self::Http { client, url: url.to_owned() })
    }

    pub fn recorded(answer: impl Fn(&Request) -> Result<Verification> + Send + Sync + 'static) -> Self {
        Self::Recorded(Arc::new(Recording { answer: Box::new(answer), asked: Mutex::default() }))
    }

    /// What a recorded verifier was asked, in order; empty for the others.
    pub fn asked(&self) -> Vec<Request> {
        match self {
            Self::Recorded(r) => r.asked.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Self::Http { .. } | Self::Off => vec![],
        }
    }

    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// Asks once; a second time at once when no connection came about, since that is what a restart of the other side looks like.
    ///
    /// # Errors
    /// The four of this module.
    pub async fn verify(&self, name: &str, id_number: &str, phone: &str) -> Result<Verification> {
        let request_id = Id::random().to_string();
        let request = Request { request_id, name: name.into(), id_number: id_number.into(), phone: phone.into() };
        match self {
            Self::Off => Err(Error::outside("verifier-off")),
            Self::Recorded(recording) => {
                recording.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                (recording.answer)(&request)
            }
            Self::Http { client, url } => ask(client, &format!("{url}{PATH}"), &request).await,
        }
    }
}

async fn ask(client: &Guarded, url: &str, request: &Request) -> Result<Verification> {
    let body = serde_json::to_vec(request).map_err(Error::internal)?;
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let mut answer = client.post(url, &headers, body.clone()).await;
    if answer.as_ref().is_err_and(is_unconnected) {
        tokio::time::sleep(Duration::from_millis(150)).await;
        answer = client.post(url, &headers, body).await;
    }
    match answer {
        Ok(answer) => understand(&answer),
        Err(cause) if cause.code() == "outside-answer-too-large" => Err(rubbish("an answer that is too large")),
        Err(cause) => Err(Error::outside("verifier-down").because(cause)),
    }
}

fn understand(answer: &Answer) -> Result<Verification> {
    match answer.status {
        200 => {}
        429 => return Err(Error::outside("verifier-busy")),
        500..=599 => return Err(Error::outside("verifier-down").because(format!("status {}", answer.status))),
        other => return Err(rubbish(&format!("status {other}"))),
    }
    // The cause names no value of the answer: it could repeat what was asked.
    let reply: Reply = serde_json::from_slice(&answer.body).map_err(|_| rubbish("a body that is no reply"))?;
    let fits = |text: &str| (1..=200).contains(&text.chars().count());
    if fits(&reply.reference) && fits(&reply.issuer) { Ok(reply) } else { Err(rubbish("no reference or issuer")) }
}

fn rubbish(what: &str) -> Error {
    Error::outside("verifier-rubbish").because(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::testing::{Fake, ok};

    fn at(fake: &Fake) -> Verifier {
        ok(Verifier::from_config(&config::Verifier { url: fake.url("/gate/"), timeout: 1 }))
    }

    #[tokio::test]
    async fn an_answer_is_understood() {
        let fake = Fake::status(200, r#"{"outcome":"mismatch","reference":"R1","issuer":"Verifier"}"#).await;
        let got = ok(at(&fake).verify("张三", "440306199001011234", "13800138000").await);
        assert_eq!((got.outcome, got.reference.as_str(), got.issuer.as_str()), (Outcome::Mismatch, "R1", "Verifier"));
        let seen = &fake.requests()[0];
        assert!(seen.starts_with("POST /gate/v1/verify-person HTTP/1.1"));
        assert!(seen.contains(r#""name":"张三""#) && seen.contains(r#""phone":"13800138000""#));
    }

    #[tokio::test]
    async fn each_fault_has_its_code() {
        let cases = [
            (429, "", "verifier-busy"),
            (500, "", "verifier-down"),
            (503, "", "verifier-down"),
            (302, "", "verifier-rubbish"),
            (200, "<html>", "verifier-rubbish"),
            (200, r#"{"outcome":"perhaps","reference":"R","issuer":"I"}"#, "verifier-rubbish"),
            (200, r#"{"outcome":"match","reference":"","issuer":"I"}"#, "verifier-rubbish"),
        ];
        for (status, body, code) in cases {
            let fake = Fake::status(status, body).await;
            let error = at(&fake).verify("a", "b", "c").await.err().map(|e| e.code());
            assert_eq!(error, Some(code), "{status} {body}");
            assert_eq!(fake.requests().len(), 1);
        }
    }

    #[tokio::test]
    async fn a_silent_or_absent_verifier_is_down() {
        let fake = Fake::silent().await;
        let verifier = at(&fake);
        assert!(verifier.verify("a", "b", "c").await.is_err_and(|e| e.code() == "verifier-down"));
        assert_eq!(fake.requests().len(), 1, "a time-out is not tried again: the verifier may be at work on it");
        drop(fake);
        let error = verifier.verify("张三", "440306199001011234", "13800138000").await.err();
        let error = error.unwrap_or_else(|| panic!("an absent verifier answered"));
        assert_eq!(error.code(), "verifier-down");
        assert!(!format!("{error:?}").contains("1380013"));
    }

    #[tokio::test]
    async fn a_verifier_that_comes_back_is_reached_by_the_second_try() {
        let fake = Fake::status(200, r#"{"outcome":"match","reference":"R","issuer":"I"}"#).await;
        let verifier = at(&fake);
        let host = fake.host();
        drop(fake);
        let asked = tokio::spawn(async move { verifier.verify("a", "b", "c").await });
        tokio::time::sleep(Duration::from_millis(40)).await;
        let again = Fake::status_at(&host, 200, r#"{"outcome":"match","reference":"R","issuer":"I"}"#).await;
        assert!(ok(asked.await).is_ok_and(|v| v.outcome == Outcome::Match));
        assert_eq!(again.requests().len(), 1);
    }

    #[tokio::test]
    async fn off_says_so_and_a_recording_answers() {
        let off = ok(Verifier::from_config(&config::Verifier { url: " ".into(), timeout: 1 }));
        assert!(off.is_off() && off.verify("a", "b", "c").await.is_err_and(|e| e.code() == "verifier-off"));
        let reply = Reply { outcome: Outcome::Deceased, reference: "R".into(), issuer: "I".into() };
        let recorded = Verifier::recorded(move |_| Ok(reply.clone()));
        assert_eq!(ok(recorded.verify("a", "b", "c").await).outcome, Outcome::Deceased);
        assert_eq!(recorded.asked()[0].id_number, "b");
    }
}
