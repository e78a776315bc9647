use diesel::prelude::*;

use super::model::*;
use crate::db::schema::{ntf_mail, ntf_message};
use crate::db::{Bytes, Conn};
use crate::identity::PersonId;
use crate::kernel::{Cursor, Id, Result, Ts};

pub(super) fn insert_message(
    c: &mut Conn,
    person: PersonId,
    case: Id,
    news: News,
    item_name: &str,
    receipt_no: &str,
    now: Ts,
) -> Result<()> {
    diesel::insert_into(ntf_message::table)
        .values((
            ntf_message::id.eq(Id::random()),
            ntf_message::person_id.eq(person),
            ntf_message::case_id.eq(case),
            ntf_message::kind.eq(news),
            ntf_message::item_name.eq(item_name),
            ntf_message::receipt_no.eq(receipt_no),
            ntf_message::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

pub(super) fn insert_mail(c: &mut Conn, news: News, lang: &str, to: &[u8], args: &[u8], now: Ts) -> Result<()> {
    diesel::insert_into(ntf_mail::table)
        .values((
            ntf_mail::id.eq(MailId::random()),
            ntf_mail::kind.eq(news),
            ntf_mail::lang.eq(lang),
            ntf_mail::to_address.eq(to),
            ntf_mail::args.eq(args),
            ntf_mail::state.eq("queued"),
            ntf_mail::attempts.eq(0),
            ntf_mail::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
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

pub(super) fn due_mails(c: &mut Conn, now: Ts, limit: i64) -> Result<Vec<MailRow>> {
    Ok(ntf_mail::table
        .filter(ntf_mail::state.eq("queued"))
        .filter(ntf_mail::created_at.le(now))
        .order(ntf_mail::created_at)
        .select(MailRow::as_select())
        .limit(limit)
        .load(c)?)
}

pub(super) fn mail_sent(c: &mut Conn, id: MailId, now: Ts) -> Result<()> {
    diesel::update(ntf_mail::table.find(id))
        .set((ntf_mail::state.eq("sent"), ntf_mail::sent_at.eq(now), ntf_mail::attempts.eq(ntf_mail::attempts + 1)))
        .execute(c)?;
    Ok(())
}

pub(super) fn mail_failed(c: &mut Conn, id: MailId, why: &str, for_good: bool) -> Result<()> {
    diesel::update(ntf_mail::table.find(id))
        .set((
            ntf_mail::state.eq(if for_good { "failed" } else { "queued" }),
            ntf_mail::last_error.eq(why),
            ntf_mail::attempts.eq(ntf_mail::attempts + 1),
        ))
        .execute(c)?;
    Ok(())
}

type MessageTuple = (Id, Option<Id>, News, String, String, Ts, Option<Ts>);

pub(super) fn messages(c: &mut Conn, person: PersonId, after: Option<Cursor>, limit: i64) -> Result<Vec<Message>> {
    let mut query = ntf_message::table
        .filter(ntf_message::person_id.eq(person))
        .select((
            ntf_message::id,
            ntf_message::case_id,
            ntf_message::kind,
            ntf_message::item_name,
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
    let message = |(id, case_id, news, item_name, receipt_no, created_at, read_at): MessageTuple| Message {
        id,
        case_id,
        news,
        item_name,
        receipt_no,
        created_at,
        is_read: read_at.is_some(),
    };
    Ok(rows.into_iter().map(message).collect())
}

pub(super) fn unread(c: &mut Conn, person: PersonId, cap: i64) -> Result<i64> {
    let ids: Vec<Id> = ntf_message::table
        .filter(ntf_message::person_id.eq(person))
        .filter(ntf_message::read_at.is_null())
        .select(ntf_message::id)
        .limit(cap)
        .load(c)?;
    Ok(i64::try_from(ids.len()).unwrap_or(cap))
}

pub(super) fn mark_read(c: &mut Conn, person: PersonId, now: Ts) -> Result<()> {
    diesel::update(ntf_message::table.filter(ntf_message::person_id.eq(person)).filter(ntf_message::read_at.is_null()))
        .set(ntf_message::read_at.eq(now))
        .execute(c)?;
    Ok(())
}
