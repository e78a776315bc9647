//! Telling, reading and sending.

use super::model::*;
use super::store;
use crate::audit;
use crate::db::Conn;
use crate::identity::PersonId;
use crate::kernel::{Ctx, Cursor, Error, Id, Lang, Page, Permission, Result, Text};

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

pub(super) const TO: &str = "ntf_mail.to_address";
pub(super) const ARGS: &str = "ntf_mail.args";

/// Writes the message, and the mail when there is an address.
pub fn tell(c: &mut Conn, ctx: &Ctx, t: &Tell) -> Result<()> {
    let message = Message {
        id: Id::random(),
        case_id: Some(t.case_id),
        news: t.news,
        item: t.item.clone(),
        receipt_no: t.receipt_no.clone(),
        created_at: ctx.now,
        is_read: false,
    };
    store::insert_message(c, t.person, message)?;
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

/// For how long a process may work on the mails it took, in seconds: longer than any number of them takes to send.
const LEASE: i64 = 15 * 60;

/// Seconds until a mail that could not be sent is tried again; the last one repeats.
const DELAYS: [i64; 6] = [60, 300, 900, 3600, 3 * 3600, 6 * 3600];

/// After so many tries (three days) a mail is laid aside.
const MAX_ATTEMPTS: i32 = 16;

/// Whether mails wait, without taking them.
pub fn has_due_mail(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    store::has_due_mail(c, ctx.now)
}

/// Takes mails that wait, the longest due first. Each is sent at least once, and every time under the same Message-ID.
pub fn due_mails(c: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<DueMail>> {
    ctx.is_system()?;
    let open = |row: store::MailRow| {
        Ok(DueMail {
            id: row.id,
            news: row.kind,
            lang: Lang::from_tag(&row.lang).unwrap_or_default(),
            to: ctx.keys.open_text(TO, &row.to_address)?,
            args: serde_json::from_slice(&ctx.keys.open(ARGS, &row.args)?)?,
            attempt: row.attempts,
        })
    };
    store::lease_mails(c, ctx.now, ctx.now.plus_secs(LEASE), limit as i64)?.into_iter().map(open).collect()
}

pub fn mail_sent(c: &mut Conn, ctx: &Ctx, mail: (MailId, i32)) -> Result<()> {
    ctx.is_system()?;
    store::mail_sent(c, mail.0, mail.1, ctx.now)
}

/// Notes that the attempt failed; `why` is a code. A mail that the server refused for good is laid aside at once.
pub fn mail_failed(c: &mut Conn, ctx: &Ctx, (id, attempt): (MailId, i32), why: &str, for_good: bool) -> Result<()> {
    ctx.is_system()?;
    let tried = usize::try_from(attempt - 1).unwrap_or_default();
    let delay = DELAYS.get(tried).copied().unwrap_or(DELAYS[DELAYS.len() - 1]);
    let again_at = (!for_good && attempt < MAX_ATTEMPTS).then(|| ctx.now.plus_secs(delay));
    store::mail_failed(c, id, attempt, why, again_at)
}

/// Mails that were laid aside, the oldest first: for administrators.
pub fn failed_mails(c: &mut Conn, ctx: &Ctx, after: Option<Cursor>, limit: usize) -> Result<Page<FailedMail>> {
    ctx.may(Permission::Operate)?;
    let rows = store::failed_mails(c, after, limit as i64 + 1)?;
    Ok(Page::cut(rows, limit, |m| Cursor { at: m.created_at, id: m.id.0 }))
}

/// How many mails were laid aside, counted up to `most`: for the platform alone.
pub fn failed_mail_count(c: &mut Conn, ctx: &Ctx, most: i64) -> Result<i64> {
    ctx.is_system()?;
    store::count_failed_mails(c, most)
}

/// Puts a mail that was laid aside back into the queue, at once and with all its tries: by an administrator.
///
/// # Errors
/// 404 when there is no such mail that was laid aside.
pub fn mail_again(c: &mut Conn, ctx: &Ctx, id: MailId) -> Result<()> {
    ctx.may(Permission::Operate)?;
    if !store::revive_mail(c, id, ctx.now)? {
        return Err(Error::not_found());
    }
    audit::record(c, ctx, "mail.again", ("mail", id.0), serde_json::json!({}))
}

/// Messages of the acting citizen, newest first.
pub fn messages(c: &mut Conn, ctx: &Ctx, after: Option<Cursor>, limit: usize) -> Result<Page<Message>> {
    let rows = store::messages(c, PersonId(ctx.person()?), after, limit as i64 + 1)?;
    Ok(Page::cut(rows, limit, |m| Cursor { at: m.created_at, id: m.id }))
}

/// Deletes the messages of the acting citizen.
pub fn forget(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    store::forget(c, PersonId(ctx.person()?))
}

/// Marks these messages as read, as far as they are the acting citizen's.
pub fn mark_read(c: &mut Conn, ctx: &Ctx, ids: &[Id]) -> Result<()> {
    store::mark_read(c, PersonId(ctx.person()?), ids, ctx.now)
}
