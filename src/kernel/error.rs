//! One error type for the whole program.
//!
//! `kind` decides what the edge answers (status), `code` is a text key (`error-<code>` in both languages) that tells the person
//! what to do next, `source` is for the log alone and never leaves the process.

use std::error::Error as StdError;
use std::fmt;

use super::Id;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the only distinctions that the edge has to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The input does not fit; `fields` say where. 422
    Invalid,
    /// Not there, or not for this actor: the two look alike. 404
    NotFound,
    /// Known who, not allowed. 403
    Forbidden,
    /// Not known who. 401 (pages: to the login)
    Unauthenticated,
    /// Somebody else was quicker, or the state has moved on. 409
    Conflict,
    /// Too large a body or file. 413
    TooLarge,
    /// Asked too often. 429
    TooMany,
    /// The writer's queue is full: try again at once. 503
    Busy,
    /// A system outside does not answer. 502
    Outside,
    /// Our own fault. 500
    Internal,
}

impl Kind {
    /// What HTTP calls it, on pages and in the API.
    pub fn status(self) -> u16 {
        match self {
            Kind::Invalid => 422,
            Kind::NotFound => 404,
            Kind::Forbidden => 403,
            Kind::Unauthenticated => 401,
            Kind::Conflict => 409,
            Kind::TooLarge => 413,
            Kind::TooMany => 429,
            Kind::Busy => 503,
            Kind::Outside => 502,
            Kind::Internal => 500,
        }
    }
}

/// One field of a form that was refused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    pub field: String,
    /// Text key `field-<code>`.
    pub code: &'static str,
    /// A number that the sentence names (a limit), where it has one.
    pub value: Option<String>,
}

pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    code: &'static str,
    args: Vec<(&'static str, String)>,
    fields: Vec<FieldError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self(Box::new(Inner { kind, code, args: vec![], fields: vec![], source: None }))
    }
    pub fn invalid(code: &'static str) -> Self {
        Self::new(Kind::Invalid, code)
    }
    /// The input was refused at these fields.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let mut e = Self::new(Kind::Invalid, "form-invalid");
        e.0.fields = fields;
        e
    }
    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Self::fields(vec![FieldError { field: field.into(), code, value: None }])
    }
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not-found")
    }
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden")
    }
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "unauthenticated")
    }
    pub fn conflict(code: &'static str) -> Self {
        Self::new(Kind::Conflict, code)
    }
    pub fn busy() -> Self {
        Self::new(Kind::Busy, "busy")
    }
    pub fn outside(code: &'static str) -> Self {
        Self::new(Kind::Outside, code)
    }
    /// Our own fault; `source` goes to the log.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Kind::Internal, "internal").because(source)
    }
    /// Adds the cause, for the log.
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }
    /// Adds an argument for the sentence.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.args.push((name, value.to_string()));
        self
    }
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
    pub fn code(&self) -> &'static str {
        self.0.code
    }
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.0.args
    }
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }
    pub fn is(&self, kind: Kind) -> bool {
        self.0.kind == kind
    }
    /// Logs our own faults with their causes, and returns the number under which the log knows this one.
    pub fn log(&self) -> Id {
        let id = Id::random();
        match self.kind() {
            Kind::Internal => tracing::error!(%id, error = ?self, "A request failed."),
            Kind::Outside | Kind::Busy => tracing::warn!(%id, error = ?self, "A request could not be served."),
            _ => tracing::debug!(%id, error = ?self, "A request was refused."),
        }
        id
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code)?;
        for e in &self.0.fields {
            write!(f, " {}:{}", e.field, e.code)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {self}", self.0.kind)?;
        let mut cause = self.source();
        while let Some(e) = cause {
            write!(f, ": {e}")?;
            cause = e.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Self::internal(e)
    }
}
impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::internal(e)
    }
}
