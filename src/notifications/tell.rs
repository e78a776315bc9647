//! Telling, reading and sending.

use super::model::*;
use super::store;
use crate::db::Conn;
use crate::identity::PersonId;
use crate::kernel::{Ctx, Cursor, Id, Lang, Page, Result, Text};

/// News for the holder of an account.
#[derive(Debug, Clone)]
pub struct Tell {
    pub person: PersonId,
    pub case_id: Id,
    pub news: News,
    pub item: Text,
    pub receipt_no: String,
    /// Where a mail goes, and in which language; none when the person gave no address.
    pub mail: Option<(String, Lang)>,
    pub name: String,
    pub due_on: String,
    pub reason: String,
}

const TO: &str = "ntf_mail.to_address";
const ARGS: &str = "ntf_mail.args";

/// Writes the message, and the mail when there is an address.
pub fn tell(c: &mut Conn, ctx: &Ctx, t: &Tell) -> Result<()> {
    store::insert_message(c, t.person, t.case_id, t.news, &t.item.zh, &t.receipt_no, ctx.now)?;
    let Some((address, lang)) = &t.mail else { return Ok(()) };
    let args = MailArgs {
        name: t.name.clone(),
        item: t.item.get(*lang).to_owned(),
        receipt_no: t.receipt_no.clone(),
        path: format!("/my/cases/{}", t.case_id),
        due_on: t.due_on.clone(),
        reason: t.reason.clone(),
    };
    let sealed = ctx.keys.seal(ARGS, &serde_json::to_vec(&args)?);
    store::insert_mail(c, t.news, lang.tag(), &ctx.keys.seal_text(TO, address), &sealed, ctx.now)
}

/// Mails that wait, the oldest first. One worker at a time takes them: each is sent at least once, under the same Message-ID.
pub fn due_mails(c: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<DueMail>> {
    ctx.is_system()?;
    let open = |row: store::MailRow| {
        Ok(DueMail {
            id: row.id,
            news: row.kind,
            lang: Lang::from_tag(&row.lang).unwrap_or_default(),
            to: ctx.keys.open_text(TO, &row.to_address)?,
            args: serde_json::from_slice(&ctx.keys.open(ARGS, &row.args)?)?,
            attempts: row.attempts,
        })
    };
    store::due_mails(c, ctx.now, limit as i64)?.into_iter().map(open).collect()
}

pub fn mail_sent(c: &mut Conn, ctx: &Ctx, id: MailId) -> Result<()> {
    ctx.is_system()?;
    store::mail_sent(c, id, ctx.now)
}

/// Notes a failure. A mail that the server refused for good is laid aside.
pub fn mail_failed(c: &mut Conn, ctx: &Ctx, id: MailId, why: &str, for_good: bool) -> Result<()> {
    ctx.is_system()?;
    store::mail_failed(c, id, why, for_good)
}

/// Messages of the acting citizen, newest first.
pub fn messages(c: &mut Conn, ctx: &Ctx, after: Option<Cursor>, limit: usize) -> Result<Page<Message>> {
    let rows = store::messages(c, PersonId(ctx.person()?), after, limit as i64 + 1)?;
    Ok(Page::cut(rows, limit, |m| Cursor { at: m.created_at, id: m.id }))
}

/// Unread messages of the acting citizen, at most 100.
pub fn unread(c: &mut Conn, ctx: &Ctx) -> Result<i64> {
    store::unread(c, PersonId(ctx.person()?), 100)
}

/// Marks all messages of the acting citizen as read.
pub fn mark_read(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    store::mark_read(c, PersonId(ctx.person()?), ctx.now)
}
