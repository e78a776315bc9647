use diesel::prelude::*;

use crate::cases::model::*;
use crate::db::schema::case_notice;
use crate::db::{Bytes, Conn};
use crate::kernel::{Id, Result, Ts};

pub(in crate::cases) type NoticeRow = (NoticeId, NoticeKind, String, Bytes, Ts);

pub(in crate::cases) fn insert(c: &mut Conn, case: CaseId, row: NoticeRow, by: Option<Id>) -> Result<()> {
    let (id, kind, no, doc, at) = row;
    c.later(
        "case_notice",
        diesel::insert_into(case_notice::table).values((
            case_notice::id.eq(id),
            case_notice::case_id.eq(case),
            case_notice::kind.eq(kind),
            case_notice::no.eq(no),
            case_notice::doc.eq(doc),
            case_notice::made_at.eq(at),
            case_notice::made_by.eq(by),
        )),
    )
}

pub(in crate::cases) fn list(c: &mut Conn, case: CaseId) -> Result<Vec<NoticeRow>> {
    Ok(case_notice::table
        .filter(case_notice::case_id.eq(case))
        .order(case_notice::made_at)
        .select((case_notice::id, case_notice::kind, case_notice::no, case_notice::doc, case_notice::made_at))
        .load(c)?)
}

pub(in crate::cases) fn count(c: &mut Conn, case: CaseId) -> Result<i64> {
    Ok(case_notice::table.filter(case_notice::case_id.eq(case)).count().get_result(c)?)
}
