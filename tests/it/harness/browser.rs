//! A small browser: cookies, redirects, forms with their tokens.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};

use super::form::Form;
use super::seen::Seen;

/// A file chosen in a form: the field, the file's name and its bytes.
pub type Chosen<'a> = (&'a str, &'a str, &'a [u8]);

/// A person at a browser. A clone is another tab: it has the same cookies.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    base: String,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
    lang: &'static str,
    /// The form token of the session, once a page has shown it.
    token: Arc<Mutex<Option<String>>>,
}

struct Body {
    kind: String,
    bytes: Vec<u8>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let policy = reqwest::redirect::Policy::none();
        // The client wants a provider of TLS even though it never speaks it here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(policy).no_proxy().tls_certs_only([]).build().unwrap();
        Self { http, base: base.to_owned(), jar: Arc::default(), lang: "zh-CN", token: Arc::default() }
    }

    /// The same person with a browser in English.
    pub fn english(&self) -> Self {
        Self { lang: "en", ..self.clone() }
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }

    /// Opens a page and follows its redirects.
    pub async fn get(&self, path: &str) -> Seen {
        self.go(Method::GET, path, None).await
    }

    /// One request, redirects not followed.
    pub async fn get_once(&self, path: &str) -> Seen {
        self.send(Method::GET, path, None).await
    }

    /// Sends exactly these fields, redirects not followed.
    pub async fn send_once(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.send(Method::POST, path, Some(urlencoded(&owned(fields)))).await
    }

    /// As [`Browser::send_once`], in parts as a form with files is sent.
    pub async fn upload_once(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.send(Method::POST, path, Some(multipart(&owned(fields), &[]))).await
    }

    /// Sends fields with the session's form token, and follows redirects.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut all = self.with_token(fields).await;
        all.sort_by_key(|(name, _)| name != "_csrf");
        self.go(Method::POST, path, Some(urlencoded(&all))).await
    }

    /// Sends exactly these fields, without a token.
    pub async fn post_plain(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.go(Method::POST, path, Some(urlencoded(&owned(fields)))).await
    }

    /// Sends fields and files with the session's form token, and follows redirects.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[Chosen<'_>]) -> Seen {
        let all = self.with_token(fields).await;
        self.go(Method::POST, path, Some(multipart(&all, files))).await
    }

    /// Fills in the form of a page that goes to `action`, as a person does: what is not named keeps what the page said.
    ///
    /// # Panics
    /// When the page has no such form, or the form no field of a name given.
    pub async fn submit(&self, page: &Seen, action: &str, fields: &[(&str, &str)]) -> Seen {
        self.submit_files(page, action, fields, &[]).await
    }

    /// Sends what the form of a page that goes to `action` holds, and more, to another address: as a page's script does.
    pub async fn submit_to(&self, page: &Seen, action: &str, to: &str, fields: &[(&str, &str)]) -> Seen {
        self.go(Method::POST, to, Some(urlencoded(&Form::of(page, action).filled(fields)))).await
    }

    /// As [`Browser::submit`], with files.
    pub async fn submit_files(&self, page: &Seen, action: &str, fields: &[(&str, &str)], files: &[Chosen<'_>]) -> Seen {
        let form = Form::of(page, action);
        let names: Vec<&str> = fields.iter().map(|f| f.0).chain(files.iter().map(|f| f.0)).collect();
        form.has_fields(&names);
        let all = form.filled(fields);
        let to = if form.action.is_empty() { page.path.clone() } else { form.action.clone() };
        match (form.is_get, form.is_multipart) {
            (true, _) => {
                let query = String::from_utf8(urlencoded(&all).bytes).unwrap();
                self.get(&format!("{}?{query}", to.split('?').next().unwrap())).await
            }
            (false, true) => self.go(Method::POST, &to, Some(multipart(&all, files))).await,
            (false, false) => {
                assert!(files.is_empty(), "the form to {action} takes no files: it has no enctype");
                self.go(Method::POST, &to, Some(urlencoded(&all))).await
            }
        }
    }

    /// Posts bytes as a program does, with these headers and without cookies' tokens; redirects are not followed.
    pub async fn post_bytes(&self, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Seen {
        let mut request = self.http.post(format!("{}{path}", self.base)).body(bytes.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Seen::read(path, request.send().await.unwrap()).await
    }

    /// The bare request for what the helpers do not do (streams, other methods), with the cookies of this browser.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let jar = self.jar.lock().unwrap();
        let cookies = jar.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        let request = self.http.request(method, format!("{}{path}", self.base)).header("accept-language", self.lang);
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies) }
    }

    /// The form token of the session; empty when nobody is logged in.
    pub async fn token(&self) -> String {
        if self.cookie(cloudmart::identity::sessions::COOKIE).is_none() {
            return String::new();
        }
        let known = self.token.lock().unwrap().clone();
        if let Some(token) = known {
            return token;
        }
        self.get("/").await;
        self.token.lock().unwrap().clone().unwrap_or_default()
    }

    async fn with_token(&self, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut all = owned(fields);
        let token = self.token().await;
        if !token.is_empty() && !fields.iter().any(|f| f.0 == "_csrf") {
            all.push(("_csrf".into(), token));
        }
        all
    }

    async fn go(&self, method: Method, path: &str, body: Option<Body>) -> Seen {
        let mut seen = self.send(method, path, body).await;
        for _ in 0..5 {
            if !(300..400).contains(&seen.status) {
                return seen;
            }
            let to = seen.header(LOCATION.as_str()).expect("a redirect without a place").to_owned();
            let to = to.strip_prefix(&self.base).unwrap_or(&to).to_owned();
            assert!(to.starts_with('/'), "{path} leads away, to {to}");
            seen = self.send(Method::GET, &to, None).await;
        }
        panic!("{path} leads round and round");
    }

    async fn send(&self, method: Method, path: &str, body: Option<Body>) -> Seen {
        let mut request = self.request(method, path).header("sec-fetch-site", "same-origin");
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, body.kind).body(body.bytes);
        }
        let response = request.send().await.unwrap_or_else(|e| panic!("{path}: {e:?}"));
        self.keep(response.headers());
        let seen = Seen::read(path, response).await;
        if let Some(token) = seen.token() {
            *self.token.lock().unwrap() = Some(token);
        }
        seen
    }

    /// Takes the cookies of an answer; one that has run out is forgotten, and with a new session its token.
    fn keep(&self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let header = header.to_str().unwrap();
            let (pair, rest) = header.split_once(';').unwrap_or((header, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let mut jar = self.jar.lock().unwrap();
            if rest.to_lowercase().contains("max-age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
            if name == cloudmart::identity::sessions::COOKIE {
                *self.token.lock().unwrap() = None;
            }
        }
    }
}

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn urlencoded(fields: &[(String, String)]) -> Body {
    let code = |text: &str| -> String {
        let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
        text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    let pairs: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", code(k), code(v))).collect();
    Body { kind: "application/x-www-form-urlencoded".into(), bytes: pairs.join("&").into_bytes() }
}

fn multipart(fields: &[(String, String)], files: &[Chosen<'_>]) -> Body {
    const EDGE: &str = "----edge-of-a-part-7d1f";
    let mut bytes = vec![];
    for (name, value) in fields {
        let head = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        bytes.extend_from_slice(head.as_bytes());
    }
    for (field, name, content) in files {
        let head = format!(
            "--{EDGE}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    Body { kind: format!("multipart/form-data; boundary={EDGE}"), bytes }
}
