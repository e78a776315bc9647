//! A browser without a screen: cookies, redirects, forms with their tokens. What is not as expected is an error that says where.

use std::collections::BTreeMap;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};

use super::form::{Form, Pairs, decoded};
use crate::kernel::{Error, Result};

/// A file chosen in a form: the field, the file's name and its bytes.
pub(super) type Chosen = (String, String, Vec<u8>);

#[derive(Clone)]
pub(super) struct Browser {
    http: reqwest::Client,
    base: String,
    jar: BTreeMap<String, String>,
}

/// What came back.
pub(super) struct Seen {
    /// Path and query after all redirects.
    pub path: String,
    pub status: u16,
    pub bytes: Vec<u8>,
    /// Empty when the answer is no text.
    pub text: String,
}

fn unexpected(what: String) -> Error {
    Error::internal(what)
}

impl Seen {
    /// A page as expected: found, and with these words in it.
    pub fn shows(self, words: &[&str]) -> Result<Self> {
        if self.status != 200 {
            return Err(unexpected(format!("{} answered {}: {}", self.path, self.status, self.heart())));
        }
        let plain = decoded(&self.text);
        match words.iter().find(|w| !plain.contains(**w)) {
            Some(word) => Err(unexpected(format!("{} does not show {word:?}: {}", self.path, self.heart()))),
            None => Ok(self),
        }
    }

    /// That the redirects led to an address that begins so.
    pub fn at(self, beginning: &str) -> Result<Self> {
        if self.path.starts_with(beginning) {
            return Ok(self);
        }
        let (path, status) = (&self.path, self.status);
        Err(unexpected(format!("expected to come to {beginning}, but came to {path} ({status}): {}", self.heart())))
    }

    /// The first link that begins so.
    pub fn link(&self, beginning: &str) -> Result<String> {
        let mut links = self.text.split("href=\"").skip(1).filter_map(|rest| Some(decoded(rest.split_once('"')?.0)));
        let found = links.find(|l| l.starts_with(beginning));
        found.ok_or_else(|| unexpected(format!("{} has no link to {beginning}: {}", self.path, self.heart())))
    }

    /// The texts of all elements that begin with this tag, such as `<code class="code">`, without tags inside.
    pub fn texts(&self, tag: &str) -> Vec<String> {
        let name: String = tag.trim_start_matches('<').chars().take_while(char::is_ascii_alphanumeric).collect();
        let end = format!("</{name}>");
        self.text.split(tag).skip(1).map(|part| bare(part.split(&end).next().unwrap_or_default())).collect()
    }

    /// The form to this action (an exact one before one that begins so).
    pub fn form(&self, action: &str) -> Result<Form> {
        let mut forms = Form::all(&self.text);
        let at = forms.iter().position(|f| f.action == action);
        let at = at.or_else(|| forms.iter().position(|f| f.action.starts_with(action)));
        match at {
            Some(at) => Ok(forms.swap_remove(at)),
            None => {
                Err(unexpected(format!("{} ({}) has no form to {action}: {}", self.path, self.status, self.heart())))
            }
        }
    }

    /// What a person would read first: faults and notices, else the beginning of the page.
    fn heart(&self) -> String {
        let kinds = ["<p class=\"field__error\"", "<p class=\"flash__title\">", "<h2 class=\"errors__title\">", "<h1"];
        let said: Vec<String> = kinds
            .iter()
            .flat_map(|k| self.texts(k))
            .map(|t| t.rsplit('>').next().unwrap_or_default().trim().to_owned())
            .collect();
        if said.is_empty() { bare(&self.text).chars().take(300).collect() } else { said.join(" · ") }
    }
}

/// A text without tags and with single spaces.
fn bare(html: &str) -> String {
    let mut out = String::new();
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                out.push(' ');
            }
            c if !is_tag => out.push(c),
            _ => {}
        }
    }
    decoded(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Browser {
    pub fn new(http: &reqwest::Client, base: &str) -> Self {
        Self { http: http.clone(), base: base.to_owned(), jar: BTreeMap::new() }
    }

    /// The client under all browsers: no redirects of its own, no proxy.
    pub fn client() -> Result<reqwest::Client> {
        // An error says that a provider of TLS stands already.
        let _already = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(std::time::Duration::from_secs(60))
            .tls_certs_only(std::iter::empty())
            .build()
            .map_err(Error::internal)
    }

    pub async fn get(&mut self, path: &str) -> Result<Seen> {
        self.go(Method::GET, path, None).await
    }

    /// Fills in the form of a page that goes to `action`: what is not named keeps what the page said.
    pub async fn submit(&mut self, page: &Seen, action: &str, fields: &[(&str, &str)]) -> Result<Seen> {
        let fields: Pairs = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        self.submit_all(page, action, &fields, &[]).await
    }

    /// As [`Browser::submit`], with names that may stand several times, and files.
    pub async fn submit_all(
        &mut self,
        page: &Seen,
        action: &str,
        fields: &[(String, String)],
        files: &[Chosen],
    ) -> Result<Seen> {
        let form = page.form(action)?;
        let names = fields.iter().map(|f| &f.0).chain(files.iter().map(|f| &f.0));
        for name in names {
            if !form.has(name) {
                return Err(unexpected(format!("the form to {action} has no field {name}; it has {:?}", form.names())));
            }
        }
        let all = form.filled(fields);
        let to = if form.action.is_empty() { page.path.clone() } else { form.action.clone() };
        if form.is_get {
            let query = String::from_utf8_lossy(&urlencoded(&all).1).into_owned();
            return self.get(&format!("{}?{query}", to.split('?').next().unwrap_or_default())).await;
        }
        let body = if form.is_multipart { multipart(&all, files) } else { urlencoded(&all) };
        self.go(Method::POST, &to, Some(body)).await
    }

    async fn go(&mut self, method: Method, path: &str, body: Option<(String, Vec<u8>)>) -> Result<Seen> {
        let (mut method, mut path, mut body) = (method, path.to_owned(), body);
        for _ in 0..6 {
            let (seen, headers) = self.send(method, &path, body).await?;
            let to = headers.get(LOCATION).and_then(|v| v.to_str().ok());
            let Some(to) = to.filter(|_| (300..400).contains(&seen.status)) else { return Ok(seen) };
            let to = to.strip_prefix(&self.base).unwrap_or(to).to_owned();
            if !to.starts_with('/') {
                return Err(unexpected(format!("{path} leads away, to {to}")));
            }
            (method, path, body) = (Method::GET, to, None);
        }
        Err(unexpected(format!("{path} leads round and round")))
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<(String, Vec<u8>)>) -> Result<(Seen, HeaderMap)> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request.header("accept-language", "zh-CN").header("sec-fetch-site", "same-origin");
        if !self.jar.is_empty() {
            let cookies: Vec<String> = self.jar.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        if let Some((kind, bytes)) = body {
            request = request.header(CONTENT_TYPE, kind).body(bytes);
        }
        let response = request.send().await.map_err(Error::internal)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.keep(&headers);
        let bytes = response.bytes().await.map_err(Error::internal)?.to_vec();
        let text = String::from_utf8(bytes.clone()).unwrap_or_default();
        Ok((Seen { path: path.to_owned(), status, bytes, text }, headers))
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE).iter().filter_map(|h| h.to_str().ok()) {
            let (pair, rest) = header.split_once(';').unwrap_or((header, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            if rest.to_lowercase().contains("max-age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn urlencoded(fields: &[(String, String)]) -> (String, Vec<u8>) {
    let code = |text: &str| -> String {
        let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
        text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    let pairs: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", code(k), code(v))).collect();
    ("application/x-www-form-urlencoded".into(), pairs.join("&").into_bytes())
}

fn multipart(fields: &[(String, String)], files: &[Chosen]) -> (String, Vec<u8>) {
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
    (format!("multipart/form-data; boundary={EDGE}"), bytes)
}
