//! Kinds of news, and what a mail needs.

use serde::{Deserialize, Serialize};

use crate::kernel::{Id, Lang, Ts};

crate::id_type!(
    /// A mail on its way.
    MailId
);

crate::text_enum!(
    /// What somebody is told. Texts: `news-<code>` in the site, `templates/mail/<code>.*` by mail.
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
    }
);

/// What a mail says beside its fixed words. Sealed at rest.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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

/// A mail that waits to be sent.
#[derive(Debug, Clone)]
pub struct DueMail {
    pub id: MailId,
    pub news: News,
    pub lang: Lang,
    pub to: String,
    pub args: MailArgs,
    pub attempts: i32,
}

/// A message in the site.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: Id,
    pub case_id: Option<Id>,
    pub news: News,
    pub item_name: String,
    pub receipt_no: String,
    pub created_at: Ts,
    pub is_read: bool,
}
