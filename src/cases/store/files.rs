use diesel::prelude::*;

use crate::cases::model::*;
use crate::db::schema::{case_file, case_paper, case_verdict};
use crate::db::{Bytes, Conn, Each, Update, Upsert};
use crate::kernel::{Id, Result, Ts};

/// A file's row; the name is sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_file, treat_none_as_default_value = false)]
pub(in crate::cases) struct FileRow {
    pub id: FileId,
    pub case_id: CaseId,
    pub role: FileRole,
    pub key: String,
    pub name: Bytes,
    pub hash: Bytes,
    pub size: i64,
    pub mime: String,
    pub added_at: Ts,
    pub added_by: String,
    pub sent_at: Option<Ts>,
}

pub(in crate::cases) fn insert(c: &mut Conn, row: FileRow) -> Result<()> {
    c.later("case_file", diesel::insert_into(case_file::table).values(row))
}

/// The files of a case that were not dropped, in the order of their coming.
pub(in crate::cases) fn list(c: &mut Conn, case: CaseId) -> Result<Vec<FileRow>> {
    Ok(case_file::table
        .filter(case_file::case_id.eq(case))
        .filter(case_file::dropped_at.is_null())
        .order(case_file::id)
        .select(FileRow::as_select())
        .load(c)?)
}

pub(in crate::cases) fn find(c: &mut Conn, case: CaseId, id: FileId) -> Result<FileRow> {
    Ok(case_file::table
        .filter(case_file::id.eq(id))
        .filter(case_file::case_id.eq(case))
        .filter(case_file::dropped_at.is_null())
        .select(FileRow::as_select())
        .first(c)?)
}

/// The case that a file belongs to.
pub(in crate::cases) fn case_of(c: &mut Conn, id: FileId) -> Result<CaseId> {
    Ok(case_file::table.find(id).select(case_file::case_id).first(c)?)
}

/// Drops a file that was not sent yet; tells whether there was one.
pub(in crate::cases) fn drop_unsent(c: &mut Conn, case: CaseId, id: FileId, now: Ts) -> Result<bool> {
    let unsent = case_file::table
        .filter(case_file::id.eq(id))
        .filter(case_file::case_id.eq(case))
        .filter(case_file::sent_at.is_null())
        .filter(case_file::dropped_at.is_null());
    Ok(diesel::update(unsent).set(case_file::dropped_at.eq(now)).execute(c)? == 1)
}

/// Hands in what was added since.
pub(in crate::cases) fn send(c: &mut Conn, case: CaseId, now: Ts) -> Result<()> {
    let unsent = case_file::sent_at.is_null().and(case_file::dropped_at.is_null());
    let send = Update {
        table: "case_file",
        set: case_file::sent_at.eq(now).as_changeset(),
        filter: case_file::case_id.eq(case).and(unsent),
    };
    c.later_on("case_file", send)
}

/// Forgets the rows of a draft that is discarded.
pub(in crate::cases) fn forget(c: &mut Conn, case: CaseId) -> Result<()> {
    diesel::delete(case_file::table.filter(case_file::case_id.eq(case))).execute(c)?;
    Ok(())
}

/// Keeps what was found of a material; of one material but one verdict an act.
pub(in crate::cases) fn put_verdict(
    c: &mut Conn,
    case: CaseId,
    key: &str,
    verdict: Verdict,
    reason: &str,
    staff: Id,
    at: Ts,
) -> Result<()> {
    let said = (
        case_verdict::verdict.eq(verdict),
        case_verdict::reason.eq(reason.to_owned()),
        case_verdict::staff_id.eq(staff),
        case_verdict::at.eq(at),
    );
    let row = (case_verdict::case_id.eq(case), case_verdict::key.eq(key.to_owned()));
    let insert = diesel::insert_into(case_verdict::table).values((row, said.clone()));
    let upsert = Upsert { insert, key: &["case_id", "key"], set: said.as_changeset() };
    c.later("case_verdict", upsert)
}

pub(in crate::cases) fn verdicts(c: &mut Conn, case: CaseId) -> Result<Vec<(String, Verdict, String, Ts)>> {
    Ok(case_verdict::table
        .filter(case_verdict::case_id.eq(case))
        .select((case_verdict::key, case_verdict::verdict, case_verdict::reason, case_verdict::at))
        .load(c)?)
}

/// Keys of the materials that were handed over on paper.
pub(in crate::cases) fn on_paper(c: &mut Conn, case: CaseId) -> Result<Vec<String>> {
    Ok(case_paper::table.filter(case_paper::case_id.eq(case)).order(case_paper::key).select(case_paper::key).load(c)?)
}

pub(in crate::cases) fn add_on_paper(c: &mut Conn, case: CaseId, key: &str) -> Result<()> {
    let row = (case_paper::case_id.eq(case), case_paper::key.eq(key.to_owned()));
    let insert = diesel::insert_into(case_paper::table).values(row);
    Each(insert.on_conflict((case_paper::case_id, case_paper::key)).do_nothing()).execute(c)?;
    Ok(())
}
