//! What people are told: messages in the site, and mails.
//!
//! A message and a mail are rows written in the transaction of the act that they tell of; a worker sends the mails after the commit.
//! Tables: `ntf_message`, `ntf_mail` (address and arguments sealed).

mod model;
pub mod sms;
mod store;
mod tell;

pub use model::*;
pub use store::{SEALED, Unread};
pub use tell::{
    Tell, due_mails, failed_mail_count, failed_mails, forget, has_due_mail, mail_again, mail_failed, mail_sent,
    mark_read, messages, tell,
};
