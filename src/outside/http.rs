//! The guarded HTTP client: the only way in which the platform calls others.
//!
//! It refuses hosts that are not listed before a connection is made, follows no redirect (one could lead to a host that is not
//! listed), obeys no proxy of the environment, and stops at a time-out and at [`MAX_ANSWER`] bytes.
//!
//! All errors are [`Kind::Outside`](crate::kernel::Kind::Outside): `outside-host-refused`, `outside-timeout`,
//! `outside-unreachable`, `outside-answer-too-large`. Their causes never hold the address called, since a link may be signed.

use std::error::Error as _;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{Client, ClientBuilder, Method, Url, redirect};

use crate::kernel::{Error, Result};

/// The largest body that is read, in bytes.
pub const MAX_ANSWER: usize = 1024 * 1024;

/// What a host answered, of whatever status: judging it is the caller's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
    /// Seconds that the host asks us to wait (`Retry-After` as a number), where it does.
    pub retry_after: Option<u64>,
    pub content_type: Option<String>,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, body: body.into(), retry_after: None, content_type: None }
    }
    /// 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A request that was recorded instead of sent.
#[derive(Clone)]
pub struct Sent {
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Sent {
    /// The value of a header, its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

/// Cheap to copy; connections are shared by the copies.
#[derive(Clone)]
pub struct Guarded(Arc<Inner>);

type Responder = Box<dyn Fn(&Sent) -> Result<Answer> + Send + Sync>;

enum Inner {
    Real { hosts: Vec<String>, client: Client },
    Recorded { answer: Responder, sent: Mutex<Vec<Sent>> },
}

impl Guarded {
    /// A client that may reach these hosts, each `host` (any port) or `host:port`. `timeout` is for the whole exchange, from
    /// the name's resolution to the last byte of the answer.
    ///
    /// # Errors
    /// Internal, when TLS cannot be set up.
    pub fn new(hosts: Vec<String>, timeout: Duration) -> Result<Self> {
        install_tls();
        let builder = || -> ClientBuilder {
            Client::builder()
                .redirect(redirect::Policy::none())
                .no_proxy()
                .timeout(timeout)
                .connect_timeout(timeout)
                .pool_idle_timeout(Duration::from_secs(20))
                .user_agent(concat!("cloudmart/", env!("CARGO_PKG_VERSION")))
        };
        // A machine without any root certificates (a bare container) can still call plain hosts in its own network.
        let client = builder().build().or_else(|cause| {
            tracing::warn!(cause = %chain(&cause), "no root certificates: hosts with https cannot be reached");
            builder().tls_certs_only(std::iter::empty()).build()
        });
        Ok(Self(Arc::new(Inner::Real { hosts, client: client.map_err(Error::internal)? })))
    }

    /// A client that sends nothing: `answer` plays the world, and [`Guarded::sent`] tells what was asked of it.
    pub fn recorded(answer: impl Fn(&Sent) -> Result<Answer> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner::Recorded { answer: Box::new(answer), sent: Mutex::default() }))
    }

    /// What a recorded client was asked, in order; empty for a real one.
    pub fn sent(&self) -> Vec<Sent> {
        match &*self.0 {
            Inner::Real { .. } => vec![],
            Inner::Recorded { sent, .. } => sent.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Whether this address may be called at all.
    pub fn may_reach(&self, url: &str) -> bool {
        match &*self.0 {
            Inner::Real { hosts, .. } => allowed(hosts, url).is_some(),
            Inner::Recorded { .. } => true,
        }
    }

    /// Posts a body. An answer of any status, also a redirect, is an [`Answer`].
    ///
    /// # Errors
    /// The four of this module; Internal for a header that cannot be written.
    pub async fn post(&self, url: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Result<Answer> {
        self.exchange(Method::POST, url, headers, body.into()).await
    }

    /// Gets what stands there.
    ///
    /// # Errors
    /// As [`Guarded::post`].
    pub async fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        self.exchange(Method::GET, url, headers, Bytes::new()).await
    }

    async fn exchange(&self, method: Method, url: &str, headers: &[(&str, &str)], body: Bytes) -> Result<Answer> {
        match &*self.0 {
            Inner::Real { hosts, client } => {
                let url = allowed(hosts, url).ok_or_else(|| Error::outside("outside-host-refused"))?;
                let mut request = client.request(method, url).body(body);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                read(request.send().await.map_err(failed)?).await
            }
            Inner::Recorded { answer, sent } => {
                let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
                let request = Sent { url: url.to_owned(), headers, body };
                sent.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                answer(&request)
            }
        }
    }
}

/// Whether no connection came about: nothing has been heard by the other side, so trying again repeats nothing.
pub fn is_unconnected(error: &Error) -> bool {
    let cause = error.source().and_then(|s| s.downcast_ref::<reqwest::Error>());
    cause.is_some_and(|e| e.is_connect() && !e.is_timeout())
}

/// `host:port` of an address, for a list of hosts.
pub fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

/// Whether this is an address of HTTP without a user, a password or a fragment.
pub fn is_plain(url: &str) -> bool {
    Url::parse(url).is_ok_and(|u| {
        let is_http = matches!(u.scheme(), "http" | "https") && u.host_str().is_some();
        is_http && u.username().is_empty() && u.password().is_none() && u.fragment().is_none()
    })
}

fn allowed(hosts: &[String], url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let host = url.host_str()?;
    let full = format!("{host}:{}", url.port_or_known_default()?);
    let listed = hosts.iter().any(|h| h.eq_ignore_ascii_case(host) || h.eq_ignore_ascii_case(&full));
    (plain && listed).then_some(url)
}

async fn read(mut response: reqwest::Response) -> Result<Answer> {
    let too_large = || Error::outside("outside-answer-too-large");
    if response.content_length().is_some_and(|n| n > MAX_ANSWER as u64) {
        return Err(too_large());
    }
    let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
    let content_type = response.headers().get("content-type").and_then(|v| v.to_str().ok().map(str::to_owned));
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status: response.status().as_u16(), body: body.freeze(), retry_after, content_type })
}

fn failed(cause: reqwest::Error) -> Error {
    let cause = cause.without_url();
    if cause.is_builder() {
        return Error::internal(cause);
    }
    Error::outside(if cause.is_timeout() { "outside-timeout" } else { "outside-unreachable" }).because(cause)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        text.push_str(&format!(": {e}"));
        cause = e.source();
    }
    text
}

/// The provider of TLS is one for the process; whoever comes first installs it.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that one stands already, which is as good.
        let _already = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::testing::{Fake, ok};

    const SECOND: Duration = Duration::from_secs(1);

    fn client(fake: &Fake) -> Guarded {
        ok(Guarded::new(vec![fake.host()], SECOND))
    }

    #[tokio::test]
    async fn headers_and_body_arrive_and_any_status_is_an_answer() {
        let fake =
            Fake::answers(|_| b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\nlow".to_vec()).await;
        let answer = ok(client(&fake).post(&fake.url("/in?a=1"), &[("X-Test", "yes")], "hello").await);
        assert_eq!((answer.status, &answer.body[..], answer.retry_after), (503, &b"low"[..], Some(7)));
        let seen = fake.requests();
        assert!(seen[0].starts_with("POST /in?a=1 HTTP/1.1\r\n") && seen[0].contains("x-test: yes\r\n"));
        assert!(seen[0].ends_with("hello"));
    }

    #[tokio::test]
    async fn a_host_that_is_not_listed_hears_nothing() {
        let fake = Fake::status(200, "").await;
        let guarded = ok(Guarded::new(vec!["127.0.0.1:1".into(), "example.com".into()], SECOND));
        for url in [
            fake.url("/"),
            "file:///etc/passwd".into(),
            "http://user@example.com/".into(),
            "http://example.com.evil.test/".into(),
            "nonsense".into(),
        ] {
            let refused = guarded.post(&url, &[], "x").await;
            assert!(refused.is_err_and(|e| e.code() == "outside-host-refused"), "{url}");
        }
        assert!(fake.requests().is_empty());
        assert!(guarded.may_reach("https://EXAMPLE.com:8443/x"));
        assert!(!guarded.may_reach("http://127.0.0.1:2/"));
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let target = Fake::status(200, "secret").await;
        let to = target.url("/");
        let reply =
            move |_: &str| format!("HTTP/1.1 307 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes();
        let fake = Fake::answers(reply).await;
        let guarded = ok(Guarded::new(vec!["127.0.0.1".into()], SECOND));
        assert_eq!(ok(guarded.post(&fake.url("/"), &[], "x").await).status, 307);
        assert!(target.requests().is_empty());
    }

    #[tokio::test]
    async fn silence_ends_in_a_timeout_and_a_closed_port_is_unreachable() {
        let fake = Fake::silent().await;
        let guarded = ok(Guarded::new(vec![fake.host()], Duration::from_millis(80)));
        let error = guarded.post(&fake.url("/"), &[], "x").await;
        assert!(error.is_err_and(|e| e.code() == "outside-timeout" && !is_unconnected(&e)));
        let url = fake.url("/?token=secret");
        let guarded = client(&fake);
        drop(fake);
        let error = guarded.post(&url, &[], "x").await.err().unwrap_or_else(|| panic!("a closed port answered"));
        assert_eq!(error.code(), "outside-unreachable");
        assert!(is_unconnected(&error) && !format!("{error:?}").contains("secret"), "{error:?}");
    }

    #[tokio::test]
    async fn an_endless_answer_is_cut_off() {
        let declared = Fake::answers(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx".to_vec()).await;
        let chunked = Fake::answers(|_| {
            let mut all = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            for _ in 0..1100 {
                all.extend_from_slice(b"400\r\n");
                all.extend_from_slice(&[b'x'; 1024]);
                all.extend_from_slice(b"\r\n");
            }
            all
        });
        for fake in [declared, chunked.await] {
            let answer = client(&fake).post(&fake.url("/"), &[], "x").await;
            assert!(answer.is_err_and(|e| e.code() == "outside-answer-too-large"));
        }
    }

    #[tokio::test]
    async fn a_recorded_client_keeps_what_it_was_given() {
        let guarded = Guarded::recorded(|_| Ok(Answer::new(202, "ok")));
        assert!(ok(guarded.post("http://anywhere/", &[("webhook-id", "m1")], "body").await).is_success());
        assert_eq!(guarded.sent()[0].header("Webhook-Id"), Some("m1"));
    }
}
