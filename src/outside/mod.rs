//! Systems outside the house, each behind one small face: real, or recorded in memory for tests.
//!
//! | face | real | degraded mode when it does not answer |
//! |---|---|---|
//! | [`http`] | a guarded client: listed hosts, no redirects, time-out, size limit | the dispatch waits and is tried again |
//! | [`verifier`] | the identity verifier over HTTP | `verifier.degraded`: the person waits or comes to a window, or what they said is kept and asked later |
//! | [`mail`] | SMTP | the mail stays in its queue |
//! | [`oidc`] | a provider of identities, OpenID Connect | nobody logs in by it; the other ways stay |
//! | [`sms`] | an operator's gateway over HTTP | the message waits as long as it is of use |
//!
//! Nothing in here is logged but codes and causes: what is sent is personal data.

pub mod http;
pub mod mail;
pub mod oidc;
pub mod sms;
pub mod sms_protocol;
pub mod verifier;
pub mod verifier_protocol;

pub use http::Guarded;
pub use mail::{Mail, Mailer};
pub use oidc::Oidc;
pub use sms::Sms;
pub use verifier::Verifier;

#[cfg(test)]
mod testing;
