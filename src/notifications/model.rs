//! Kinds of news, and what a mail needs.

use serde::{Deserialize, Serialize};

use crate::kernel::{Id, Lang, Text, Ts};

crate::id_type!(
    /// A mail on its way.
    MailId
);

crate::text_enum!(
    /// What somebody is told. Texts: `news-<code>` in the site, `mail-<code>-…` by mail.
    News {
        Submitted = "submitted",
        Correction = "correction",
        Accepted = "accepted",
        DeemedAccepted = "deemed-accepted",
        NotAccepted = "not-accepted",
        Granted = "granted",
        Refused = "refused",
        Abandoned = "abandoned",
        Withdrawn = "withdrawn",
        /// Somebody vouched for the applicant of a case that waited for that.
        IdentityKnown = "identity-known",
        /// The verifier did not.
        IdentityFailed = "identity-failed",
    }
);

/// What a mail says beside its fixed words. Sealed at rest. Not `Debug`: it must not end in a log.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct MailArgs {
    pub name: String,
    pub item: String,
    pub receipt_no: String,
    /// Local path of the case's page.
    pub path: String,
    #[serde(default)]
    pub due_on: String,
    #[serde(default)]
    pub reason: String,
}

/// A mail that this process may send until its lease runs out. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct DueMail {
    pub id: MailId,
    pub news: News,
    pub lang: Lang,
    pub to: String,
    pub args: MailArgs,
    /// With this one; the first is 1.
    pub attempt: i32,
}

/// A mail that was laid aside, as the administrator sees it: neither to whom it goes nor what it says.
#[derive(Debug, Clone)]
pub struct FailedMail {
    pub id: MailId,
    pub news: News,
    pub lang: String,
    pub attempts: i32,
    /// Code of what went wrong at the last try.
    pub last_error: Option<String>,
    pub created_at: Ts,
}

/// A message in the site.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: Id,
    pub case_id: Option<Id>,
    pub news: News,
    pub item: Text,
    pub receipt_no: String,
    pub created_at: Ts,
    pub is_read: bool,
}
