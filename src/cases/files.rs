//! The files of a case and the clerk's verdicts on the materials.

use std::collections::HashMap;

use super::model::*;
use super::store::files::{self as rows, FileRow};
use super::store::{self, Case};
use crate::db::Conn;
use crate::files::Hash;
use crate::kernel::{Ctx, Error, Id, Result, Ts};

pub(in crate::cases) const NAME: &str = "case_file.name";

/// A file that is in the store and shall belong to a case.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Key of the material.
    pub key: String,
    pub name: String,
    pub hash: Hash,
    pub size: i64,
    pub mime: &'static str,
}

#[derive(Debug, Clone)]
pub struct StoredFile {
    pub id: FileId,
    pub role: FileRole,
    pub key: String,
    pub name: String,
    pub hash: Hash,
    pub size: i64,
    pub mime: String,
    pub added_at: Ts,
    pub added_by: String,
    /// Handed in; what is not is the applicant's alone to see.
    pub is_sent: bool,
}

/// At most so many files stand at one material.
const MAX_PER_MATERIAL: usize = 20;

/// Adds a material's file: to a draft or an open correction (handed in with it), or at the window (at once).
pub fn add_file(c: &mut Conn, ctx: &Ctx, case: &Case, file: &NewFile) -> Result<FileId> {
    if !matches!(case.state, State::Draft | State::Correcting) && ctx.staff().is_err() {
        return Err(Error::conflict("case-moved"));
    }
    let there = rows::list(c, case.id)?;
    if there.iter().filter(|f| f.key == file.key).count() >= MAX_PER_MATERIAL {
        return Err(Error::field(file.key.clone(), "files-too-many"));
    }
    let sent_at = ctx.staff().ok().map(|_| ctx.now);
    insert(c, ctx, case.id, FileRole::Material, file, sent_at)
}

/// Adds the files of a case that is made in this transaction, handed in with it.
pub(super) fn add_first(c: &mut Conn, ctx: &Ctx, case: CaseId, files: &[NewFile]) -> Result<()> {
    for (at, file) in files.iter().enumerate() {
        if files[..at].iter().filter(|f| f.key == file.key).count() >= MAX_PER_MATERIAL {
            return Err(Error::field(file.key.clone(), "files-too-many"));
        }
        insert(c, ctx, case, FileRole::Material, file, Some(ctx.now))?;
    }
    Ok(())
}

/// Adds a file of the result.
pub fn add_result(c: &mut Conn, ctx: &Ctx, case: &Case, file: &NewFile) -> Result<FileId> {
    insert(c, ctx, case.id, FileRole::Result, file, Some(ctx.now))
}

fn insert(
    c: &mut Conn,
    ctx: &Ctx,
    case_id: CaseId,
    role: FileRole,
    file: &NewFile,
    sent_at: Option<Ts>,
) -> Result<FileId> {
    let row = FileRow {
        id: FileId::random(),
        case_id,
        role,
        key: file.key.clone(),
        name: ctx.keys.seal_text(NAME, &file.name),
        hash: file.hash.0.to_vec(),
        size: file.size,
        mime: file.mime.to_owned(),
        added_at: ctx.now,
        added_by: ctx.actor.kind().to_owned(),
        sent_at,
    };
    let id = row.id;
    rows::insert(c, row)?;
    Ok(id)
}

/// Takes back a file that was not handed in yet.
pub fn drop_file(c: &mut Conn, ctx: &Ctx, case: &Case, id: FileId) -> Result<()> {
    if rows::drop_unsent(c, case.id, id, ctx.now)? { Ok(()) } else { Err(Error::not_found()) }
}

/// Hands in what was added since.
pub fn send_files(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<()> {
    rows::send(c, case.id, ctx.now)
}

/// The files of a case that the caller has found within its scope. What was not handed in is for the applicant alone.
pub fn files(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Vec<StoredFile>> {
    let all = rows::list(c, case.id)?.into_iter().map(|row| open(ctx, row)).collect::<Result<Vec<_>>>()?;
    let is_applicant = ctx.person().is_ok();
    Ok(all.into_iter().filter(|f| f.is_sent || is_applicant).collect())
}

/// One file of a case that the caller has found within its scope.
pub fn file(c: &mut Conn, ctx: &Ctx, case: &Case, id: FileId) -> Result<StoredFile> {
    let file = open(ctx, rows::find(c, case.id, id)?)?;
    if file.is_sent || ctx.person().is_ok() { Ok(file) } else { Err(Error::not_found()) }
}

/// A file of a case of the acting department's system: for the signed links of the exchange.
pub fn file_of_department(c: &mut Conn, ctx: &Ctx, id: FileId) -> Result<(StoredFile, Case)> {
    let department = ctx.department_system()?;
    let case_id = rows::case_of(c, id)?;
    let scope = store::Scope { owner: None, hall: None, department: Some(department) };
    let case = store::find(c, case_id, &scope)?;
    Ok((file(c, ctx, &case, id)?, case))
}

fn open(ctx: &Ctx, row: FileRow) -> Result<StoredFile> {
    Ok(StoredFile {
        id: row.id,
        role: row.role,
        key: row.key,
        name: ctx.keys.open_text(NAME, &row.name)?,
        hash: Hash::from_slice(&row.hash)?,
        size: row.size,
        mime: row.mime,
        added_at: row.added_at,
        added_by: row.added_by,
        is_sent: row.sent_at.is_some(),
    })
}

/// Keeps what a clerk found of each material: key, verdict, reason.
pub fn set_verdicts(c: &mut Conn, ctx: &Ctx, case: &Case, said: &[(String, Verdict, String)]) -> Result<()> {
    let staff: Id = ctx.staff()?.id;
    for (key, verdict, reason) in said {
        rows::put_verdict(c, case.id, key, *verdict, reason, staff, ctx.now)?;
    }
    Ok(())
}

/// What was found of each material so far.
pub fn verdicts(c: &mut Conn, case: &Case) -> Result<HashMap<String, (Verdict, String)>> {
    Ok(rows::verdicts(c, case.id)?.into_iter().map(|(key, verdict, reason, _)| (key, (verdict, reason))).collect())
}

/// What was found of a material, and when.
#[derive(Debug, Clone)]
pub struct Finding {
    pub verdict: Verdict,
    pub reason: String,
    pub at: Ts,
}

/// As [`verdicts`], with their times.
pub fn findings(c: &mut Conn, case: &Case) -> Result<HashMap<String, Finding>> {
    let rows = rows::verdicts(c, case.id)?.into_iter();
    Ok(rows.map(|(key, verdict, reason, at)| (key, Finding { verdict, reason, at })).collect())
}

/// Keys of the materials that were handed over on paper.
pub fn on_paper(c: &mut Conn, case: &Case) -> Result<Vec<String>> {
    rows::on_paper(c, case.id)
}

/// Notes at the window that these materials, too, were handed over on paper.
pub fn take_on_paper(c: &mut Conn, ctx: &Ctx, case: &Case, keys: &[String]) -> Result<()> {
    ctx.clerk()?;
    keys.iter().try_for_each(|key| rows::add_on_paper(c, case.id, key))
}
