//! What a browser got, and what a test says of it.

use reqwest::header::HeaderMap;

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Path and query after all redirects.
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// Empty when the answer is no text.
    pub text: String,
}

impl Seen {
    pub(super) async fn read(path: &str, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8(bytes.clone()).unwrap_or_default();
        Self { path: path.to_owned(), status, headers, bytes, text }
    }

    /// # Panics
    /// When the status is another.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}\n{}", self.path, self.main());
        self
    }

    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.is(200)
    }

    /// Whether the page has this, after the entities of HTML were read.
    #[track_caller]
    pub fn has(&self, what: &str) -> &Self {
        assert!(self.plain().contains(what), "{} has no {what:?}:\n{}", self.path, self.main());
        self
    }

    #[track_caller]
    pub fn lacks(&self, what: &str) -> &Self {
        assert!(!self.plain().contains(what), "{} has {what:?}:\n{}", self.path, self.main());
        self
    }

    /// Whether the redirects ended at this path (without its query).
    #[track_caller]
    pub fn at(&self, path: &str) -> &Self {
        assert_eq!(self.path.split('?').next().unwrap(), path, "\n{}", self.main());
        self
    }

    /// Where the redirects ended, without its query.
    pub fn place(&self) -> String {
        self.path.split('?').next().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The first text between two others.
    #[track_caller]
    pub fn between(&self, before: &str, after: &str) -> String {
        let found = self.text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
        found.unwrap_or_else(|| panic!("{} has nothing between {before:?} and {after:?}", self.path)).0.to_owned()
    }

    /// The addresses of all links, with the entities of HTML read.
    pub fn links(&self) -> Vec<String> {
        self.text.split("href=\"").skip(1).filter_map(|rest| Some(decoded(rest.split_once('"')?.0))).collect()
    }

    /// The first link that begins so.
    #[track_caller]
    pub fn link(&self, beginning: &str) -> String {
        let links = self.links();
        let found = links.iter().find(|l| l.starts_with(beginning));
        found.unwrap_or_else(|| panic!("{} has no link to {beginning}…: {links:?}", self.path)).clone()
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{}: {e}\n{}", self.path, self.text))
    }

    pub(super) fn token(&self) -> Option<String> {
        let (_, rest) = self.text.split_once("name=\"_csrf\" value=\"")?;
        Some(rest.split_once('"')?.0.to_owned())
    }

    fn plain(&self) -> String {
        decoded(&self.text)
    }

    /// The part of the page that matters in a message.
    fn main(&self) -> &str {
        let from = self.text.find("<main").unwrap_or(0);
        let to = self.text.find("</main>").unwrap_or(self.text.len());
        &self.text[from..to]
    }
}

/// Reads the entities that our templates write.
pub(super) fn decoded(html: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x60;", "`")];
    let text = pairs.iter().fold(html.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&#x3D;", "=").replace("&amp;", "&")
}
