//! Short messages (短信), by an operator's gateway over HTTP.
//!
//! What is said is in [`super::sms_protocol`].
//!
//! Errors are [`Kind::Outside`](crate::kernel::Kind::Outside): `sms-refused` (for good), `sms-down` (passing), `sms-off`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::http::{Guarded, host_of};
use super::sms_protocol::PATH;
use crate::config;
use crate::kernel::{Error, Result};

pub use super::sms_protocol::Message;

/// Cheap to copy.
#[derive(Clone)]
pub enum Sms {
    Http {
        client: Guarded,
        url: String,
        key: Arc<str>,
    },
    /// No gateway is configured: nobody is offered a code.
    Off,
    Recorded(Arc<Recording>),
}

/// Keeps what was sent, in tests.
#[derive(Default)]
pub struct Recording {
    sent: Mutex<Vec<Message>>,
    fault: Mutex<Option<&'static str>>,
}

fn open<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sms {
    /// # Errors
    /// Internal, when the address in the settings is none.
    pub fn from_config(settings: &config::Sms) -> Result<Self> {
        let url = settings.url.trim().trim_end_matches('/');
        if url.is_empty() {
            return Ok(Self::Off);
        }
        let host = host_of(url).ok_or_else(|| Error::internal("sms.url is no address with a host"))?;
        let client = Guarded::new(vec![host], Duration::from_secs(settings.timeout.max(1)))?;
        Ok(Self::Http { client, url: url.to_owned(), key: settings.key.as_str().into() })
    }

    pub fn recorded() -> Self {
        Self::Recorded(Arc::default())
    }

    /// What a recorded one was given, in order; empty for the others.
    pub fn sent(&self) -> Vec<Message> {
        match self {
            Self::Recorded(r) => open(&r.sent).clone(),
            Self::Http { .. } | Self::Off => vec![],
        }
    }

    /// From now on a recorded one fails with this code, or works again.
    pub fn fail_with(&self, code: Option<&'static str>) {
        if let Self::Recorded(r) = self {
            *open(&r.fault) = code;
        }
    }

    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// Hands one message to the gateway. `Ok` means that it has taken it upon itself.
    ///
    /// # Errors
    /// `sms-refused`, `sms-down`, `sms-off`.
    pub async fn send(&self, message: &Message) -> Result<()> {
        match self {
            Self::Off => Err(Error::outside("sms-off")),
            Self::Recorded(recording) => {
                if let Some(code) = *open(&recording.fault) {
                    return Err(Error::outside(code));
                }
                open(&recording.sent).push(message.clone());
                Ok(())
            }
            Self::Http { client, url, key } => {
                let body = serde_json::to_vec(message).map_err(Error::internal)?;
                let bearer = format!("Bearer {key}");
                let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
                let answer = client.post(&format!("{url}{PATH}"), &headers, body).await;
                match answer.map_err(|cause| Error::outside("sms-down").because(cause))?.status {
                    200..=299 => Ok(()),
                    status @ (400 | 404 | 422) => {
                        Err(Error::outside("sms-refused").because(format!("status {status}")))
                    }
                    status => Err(Error::outside("sms-down").because(format!("status {status}"))),
                }
            }
        }
    }
}
