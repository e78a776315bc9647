//! The bodies of unsafe requests. Both extractors refuse what comes from another site and what lacks the session's form token
//! (`_csrf`), before a handler sees anything.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;

use super::error::PageError;
use super::guard;
use crate::app::App;
use crate::files::FileKind;
use crate::kernel::{Error, Kind, Result, crypto};

/// Fields of a form: a name may stand several times.
#[derive(Debug, Default, Clone)]
pub struct Fields(HashMap<String, Vec<String>>);

impl Fields {
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in pairs {
            all.entry(name).or_default().push(value);
        }
        Self(all)
    }
    /// The first value without white space at its ends, or an empty text.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|v| v.first()).map_or("", |v| v.trim())
    }
    /// As it was typed: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
    /// In place of all values that there were.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), vec![value]);
    }
    pub fn drop(&mut self, name: &str) {
        self.0.remove(name);
    }
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A form that was sent (`application/x-www-form-urlencoded`, at most 256 KiB).
pub struct Posted(pub Fields);

impl std::ops::Deref for Posted {
    type Target = Fields;
    fn deref(&self) -> &Fields {
        &self.0
    }
}

/// As [`Posted`], but a wrong form token is told and not refused: for long forms, so that what was typed can come back to a page that
/// sends it again. A handler does nothing with it unless [`Typed::is_fresh`].
pub struct Typed {
    pub fields: Fields,
    /// The token is the session's. Without a session there is none to compare with, and nobody to act for.
    pub is_fresh: bool,
}

/// A form with files (`multipart/form-data`).
pub struct Uploaded {
    pub fields: Fields,
    pub files: Vec<UploadedFile>,
}

pub struct UploadedFile {
    /// Name of the form's field.
    pub field: String,
    /// Name on the visitor's machine, without its folders.
    pub name: String,
    pub bytes: Vec<u8>,
    /// It went past the limit, of one file or of one request: its bytes were not kept.
    pub is_over: bool,
}

impl UploadedFile {
    /// What the file is.
    ///
    /// # Errors
    /// Codes of field errors: `file-too-large`, and those of [`FileKind::sniff`].
    pub fn kind(&self) -> Result<FileKind, &'static str> {
        if self.is_over { Err("file-too-large") } else { FileKind::sniff(&self.name, &self.bytes) }
    }
}

type Read<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

impl FromRequest for Posted {
    type Error = PageError;
    type Future = Read<Self>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let pairs = web::Form::<Vec<(String, String)>>::from_request(&req, payload);
        Box::pin(async move {
            let read = async {
                is_from_here(&req)?;
                let pairs = pairs.await.map_err(|e| Error::invalid("form-unreadable").because(e.to_string()))?;
                let fields = Fields::from_pairs(pairs.into_inner());
                has_token(&req, &fields).await?;
                Ok(Posted(fields))
            };
            read.await.map_err(|e: Error| PageError::from(e))
        })
    }
}

impl FromRequest for Typed {
    type Error = PageError;
    type Future = Read<Self>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let pairs = web::Form::<Vec<(String, String)>>::from_request(&req, payload);
        Box::pin(async move {
            let read = async {
                is_from_here(&req)?;
                let pairs = pairs.await.map_err(|e| Error::invalid("form-unreadable").because(e.to_string()))?;
                let fields = Fields::from_pairs(pairs.into_inner());
                let is_fresh = match has_token(&req, &fields).await {
                    Err(e) if e.code() == "form-token" => false,
                    other => other.map(|()| true)?,
                };
                Ok(Typed { fields, is_fresh })
            };
            read.await.map_err(|e: Error| PageError::from(e))
        })
    }
}

impl FromRequest for Uploaded {
    type Error = PageError;
    type Future = Read<Self>;
    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let parts = Multipart::from_request(&req, payload);
        Box::pin(async move {
            let read = async {
                is_from_here(&req)?;
                let app = app(&req)?;
                let limit = usize::try_from(app.config.files.max_mib << 20).unwrap_or(usize::MAX);
                let parts = parts.await.map_err(|e| Error::invalid("form-unreadable").because(e.to_string()))?;
                let uploaded = read_parts(parts, limit).await?;
                has_token(&req, &uploaded.fields).await?;
                Ok(uploaded)
            };
            read.await.map_err(|e: Error| PageError::from(e))
        })
    }
}

/// At most so many files come in one request.
const MAX_FILES: usize = 20;
/// A request is read up to so many times the limit of one file; twice the limit is kept.
const READ_AT_MOST: usize = 10;

async fn read_parts(mut parts: Multipart, limit: usize) -> Result<Uploaded> {
    let unreadable = |e: actix_multipart::MultipartError| Error::invalid("form-unreadable").because(e.to_string());
    let mut pairs = vec![];
    let mut files: Vec<UploadedFile> = vec![];
    let (mut kept, mut total) = (0, 0);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(unreadable)?;
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.content_disposition().and_then(|d| d.get_filename().map(base_name));
        let (mut bytes, mut is_over) = (vec![], false);
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(unreadable)?;
            total += chunk.len();
            if total > limit.saturating_mul(READ_AT_MOST) {
                return Err(Error::new(Kind::TooLarge, "file-too-large").with("mib", limit >> 20));
            }
            // One file that is too large must not cost the visitor the others: the rest of it is read and dropped.
            is_over = is_over || bytes.len() + chunk.len() > limit || kept + bytes.len() + chunk.len() > limit * 2;
            if is_over {
                bytes = vec![];
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
        kept += bytes.len();
        match name {
            // A file field in which nothing was chosen comes as a part without name and content.
            Some(name) if name.is_empty() && bytes.is_empty() && !is_over => {}
            Some(_) if files.len() == MAX_FILES => return Err(Error::invalid("files-too-many")),
            Some(name) => files.push(UploadedFile { field, name, bytes, is_over }),
            None => pairs.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(Uploaded { fields: Fields::from_pairs(pairs), files })
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}

fn app(req: &HttpRequest) -> Result<&App> {
    Ok(req.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no app"))?.get_ref())
}

/// Browsers say where a request comes from; another site's is refused. Programs that say nothing have no cookies of a visitor.
pub(super) fn is_from_here(req: &HttpRequest) -> Result<()> {
    let refused = || Error::new(Kind::Forbidden, "from-elsewhere");
    let text = |name| req.headers().get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return if site == "same-origin" || site == "none" { Ok(()) } else { Err(refused()) };
    }
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let host = text(header::HOST).unwrap_or_default();
    let is_same = origin.split_once("://").is_some_and(|(_, o)| o == host);
    if is_same { Ok(()) } else { Err(refused()) }
}

/// A visitor with a session sends its token in every form.
async fn has_token(req: &HttpRequest, fields: &Fields) -> Result<()> {
    match guard::known(req, app(req)?).await? {
        Some((s, _)) if crypto::same(s.csrf.as_bytes(), fields.get("_csrf").as_bytes()) => Ok(()),
        Some(_) => Err(Error::new(Kind::Forbidden, "form-token")),
        None => Ok(()),
    }
}
