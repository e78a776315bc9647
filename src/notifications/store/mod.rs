//! The queries of the domain.

pub(super) mod sms;

use diesel::prelude::*;

use super::model::*;
use crate::db::reseal::Sealed;
use crate::db::schema::{ntf_mail, ntf_message};
use crate::db::{Bytes, Conn, Counted, Fixed, Tells};
use crate::identity::PersonId;
use crate::kernel::{Cursor, Id, Result, Text, Ts};

const fn sealed(column: &'static str, place: &'static str) -> Sealed {
    Sealed { table: "ntf_mail", key: "id", column, place, index: None }
}

/// The columns that are sealed.
pub const SEALED: &[Sealed] =
    &[sealed("to_address", super::tell::TO), sealed("args", super::tell::ARGS), sms::SEALED[0], sms::SEALED[1]];

pub(super) fn insert_message(c: &mut Conn, person: PersonId, m: Message) -> Result<()> {
    c.later(
        "ntf_message",
        diesel::insert_into(ntf_message::table).values((
            ntf_message::id.eq(m.id),
            ntf_message::person_id.eq(person),
            ntf_message::case_id.eq(m.case_id),
            ntf_message::kind.eq(m.news),
            ntf_message::item_zh.eq(m.item.zh),
            ntf_message::item_en.eq(m.item.en),
            ntf_message::receipt_no.eq(m.receipt_no),
            ntf_message::created_at.eq(m.created_at),
        )),
    )
}

pub(super) fn insert_mail(c: &mut Conn, news: News, lang: &str, to: &[u8], args: &[u8], now: Ts) -> Result<()> {
    c.later(
        "ntf_mail",
        diesel::insert_into(ntf_mail::table).values((
            ntf_mail::id.eq(MailId::random()),
            ntf_mail::kind.eq(news),
            ntf_mail::lang.eq(lang.to_owned()),
            ntf_mail::to_address.eq(to.to_vec()),
            ntf_mail::args.eq(args.to_vec()),
            ntf_mail::state.eq("queued"),
            ntf_mail::attempts.eq(0),
            ntf_mail::created_at.eq(now),
            ntf_mail::due_at.eq(now),
        )),
    )
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ntf_mail)]
pub(super) struct MailRow {
    pub id: MailId,
    pub kind: News,
    pub lang: String,
    pub to_address: Bytes,
    pub args: Bytes,
    pub attempts: i32,
}

/// Leases queued mails whose time has come and that nobody else holds; the longest due first.
pub(super) fn lease_mails(c: &mut Conn, now: Ts, until: Ts, limit: i64) -> Result<Vec<MailRow>> {
    let free = || ntf_mail::lease_until.is_null().or(ntf_mail::lease_until.lt(now));
    let ids: Vec<MailId> = ntf_mail::table
        .filter(is_queued())
        .filter(ntf_mail::due_at.le(now))
        .filter(free())
        .order(ntf_mail::due_at)
        .select(ntf_mail::id)
        .limit(limit)
        .load(c)?;
    let mut leased = vec![];
    for id in ids {
        let still_free =
            ntf_mail::table.filter(ntf_mail::id.eq(id)).filter(ntf_mail::state.eq("queued")).filter(free());
        let n = diesel::update(still_free)
            .set((ntf_mail::lease_until.eq(until), ntf_mail::attempts.eq(ntf_mail::attempts + 1)))
            .execute(c)?;
        if n == 1 {
            leased.push(ntf_mail::table.find(id).select(MailRow::as_select()).first(c)?);
        }
    }
    Ok(leased)
}

/// Whether a mail waits whose time has come: a read, for the look before the write.
pub(super) fn has_due_mail(c: &mut Conn, now: Ts) -> Result<bool> {
    let found: Option<MailId> = ntf_mail::table
        .filter(is_queued())
        .filter(ntf_mail::due_at.le(now))
        .filter(ntf_mail::lease_until.is_null().or(ntf_mail::lease_until.lt(now)))
        .select(ntf_mail::id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

/// The mail of a lease; who lost the lease to a later attempt changes nothing.
macro_rules! leased {
    ($id:expr, $attempt:expr) => {
        ntf_mail::table
            .filter(ntf_mail::id.eq($id))
            .filter(ntf_mail::state.eq("queued"))
            .filter(ntf_mail::attempts.eq($attempt))
    };
}

pub(super) fn mail_sent(c: &mut Conn, id: MailId, attempt: i32, now: Ts) -> Result<()> {
    diesel::update(leased!(id, attempt))
        .set((ntf_mail::state.eq("sent"), ntf_mail::sent_at.eq(now), ntf_mail::lease_until.eq(None::<Ts>)))
        .execute(c)?;
    Ok(())
}

/// Again at this time, or never when there is none.
pub(super) fn mail_failed(c: &mut Conn, id: MailId, attempt: i32, why: &str, again_at: Option<Ts>) -> Result<()> {
    let (why, lease) = (ntf_mail::last_error.eq(why), ntf_mail::lease_until.eq(None::<Ts>));
    match again_at {
        Some(at) => diesel::update(leased!(id, attempt)).set((why, lease, ntf_mail::due_at.eq(at))).execute(c)?,
        None => diesel::update(leased!(id, attempt)).set((why, lease, ntf_mail::state.eq("failed"))).execute(c)?,
    };
    Ok(())
}

/// Written out, since an engine uses an index of a part of the rows only for a condition without parameters.
fn is_failed() -> Fixed {
    Fixed("state = 'failed'")
}

fn is_queued() -> Fixed {
    Fixed("state = 'queued'")
}

pub(super) fn count_failed_mails(c: &mut Conn, most: i64) -> Result<i64> {
    Ok(Counted(ntf_mail::table.filter(is_failed()).select(ntf_mail::id).limit(most)).get_result(c)?)
}

/// What was laid aside, the oldest first.
pub(super) fn failed_mails(c: &mut Conn, after: Option<Cursor>, limit: i64) -> Result<Vec<FailedMail>> {
    let mut query = ntf_mail::table
        .filter(is_failed())
        .select((
            ntf_mail::id,
            ntf_mail::kind,
            ntf_mail::lang,
            ntf_mail::attempts,
            ntf_mail::last_error,
            ntf_mail::created_at,
        ))
        .into_boxed();
    if let Some(Cursor { at, id }) = after {
        let later = ntf_mail::created_at.eq(at).and(ntf_mail::id.gt(MailId(id)));
        query = query.filter(ntf_mail::created_at.gt(at).or(later));
    }
    type Row = (MailId, News, String, i32, Option<String>, Ts);
    let rows: Vec<Row> = query.order((ntf_mail::created_at, ntf_mail::id)).limit(limit).load(c)?;
    let mail = |(id, news, lang, attempts, last_error, created_at): Row| FailedMail {
        id,
        news,
        lang,
        attempts,
        last_error,
        created_at,
    };
    Ok(rows.into_iter().map(mail).collect())
}

/// Puts one back that was laid aside; tells whether there was such a one.
pub(super) fn revive_mail(c: &mut Conn, id: MailId, now: Ts) -> Result<bool> {
    let n = diesel::update(ntf_mail::table.filter(ntf_mail::id.eq(id)).filter(ntf_mail::state.eq("failed")))
        .set((ntf_mail::state.eq("queued"), ntf_mail::attempts.eq(0), ntf_mail::due_at.eq(now)))
        .execute(c)?;
    Ok(n == 1)
}

type MessageTuple = (Id, Option<Id>, News, String, String, String, Ts, Option<Ts>);

pub(super) fn messages(c: &mut Conn, person: PersonId, after: Option<Cursor>, limit: i64) -> Result<Vec<Message>> {
    let mut query = ntf_message::table
        .filter(ntf_message::person_id.eq(person))
        .select((
            ntf_message::id,
            ntf_message::case_id,
            ntf_message::kind,
            ntf_message::item_zh,
            ntf_message::item_en,
            ntf_message::receipt_no,
            ntf_message::created_at,
            ntf_message::read_at,
        ))
        .into_boxed();
    if let Some(Cursor { at, id }) = after {
        let later = ntf_message::created_at.eq(at).and(ntf_message::id.lt(id));
        query = query.filter(ntf_message::created_at.le(at)).filter(ntf_message::created_at.lt(at).or(later));
    }
    let rows: Vec<MessageTuple> =
        query.order((ntf_message::created_at.desc(), ntf_message::id.desc())).limit(limit).load(c)?;
    let message = |(id, case_id, news, zh, en, receipt_no, created_at, read_at): MessageTuple| Message {
        id,
        case_id,
        news,
        item: Text { zh, en },
        receipt_no,
        created_at,
        is_read: read_at.is_some(),
    };
    Ok(rows.into_iter().map(message).collect())
}

/// Messages that a person has not read, at most 100: for who reads something else of the person.
pub struct Unread;

impl Tells for Unread {
    const BEFORE: &'static str =
        "(SELECT COUNT(*) FROM (SELECT id FROM ntf_message WHERE read_at IS NULL AND person_id = ";
    const AFTER: &'static str = " LIMIT 100) AS unread)";
}

pub(super) fn forget(c: &mut Conn, person: PersonId) -> Result<()> {
    diesel::delete(ntf_message::table.filter(ntf_message::person_id.eq(person))).execute(c)?;
    Ok(())
}

pub(super) fn mark_read(c: &mut Conn, person: PersonId, ids: &[Id], now: Ts) -> Result<()> {
    let unread = ntf_message::table
        .filter(ntf_message::person_id.eq(person))
        .filter(ntf_message::id.eq_any(ids))
        .filter(ntf_message::read_at.is_null());
    diesel::update(unread).set(ntf_message::read_at.eq(now)).execute(c)?;
    Ok(())
}
