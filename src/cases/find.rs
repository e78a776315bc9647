//! Finders. Each carries its scope: what lies outside it is "not found".

use super::model::*;
use super::store::{self, Case, Scope};
use crate::db::Conn;
use crate::identity::{DepartmentId, PersonId, Reach};
use crate::kernel::{Ctx, Error, Permission, Result, crypto};

/// A case of the acting citizen, or of the one they act for within their mandate; drafts too.
pub fn mine(c: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let case = store::find(c, id, &Scope { owner: Some(ctx.owner()?), hall: None, department: None })?;
    if ctx.covers(case.item_id.0) { Ok(case) } else { Err(Error::not_found()) }
}

/// A case in the hall of the acting clerk.
pub fn at_hall(c: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let (_, hall) = ctx.clerk()?;
    store::find(c, id, &Scope { owner: None, hall: Some(hall), department: None })
}

/// A case in the hall of the acting clerk, by its case number or receipt number.
pub fn at_hall_by_number(c: &mut Conn, ctx: &Ctx, number: &str) -> Result<Case> {
    let (_, hall) = ctx.clerk()?;
    let found = store::find_by_number(c, &plain(number))?.map(|(case, _)| case);
    found.filter(|case| case.hall_id == hall && case.state != State::Draft).ok_or_else(Error::not_found)
}

/// A number as people type it, without spaces and hyphens.
fn plain(number: &str) -> String {
    number.chars().filter(|ch| !ch.is_whitespace() && *ch != '-').collect::<String>().to_ascii_uppercase()
}

/// A case of the department of the acting officer.
pub fn at_department(c: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let department = ctx.staff()?.department.ok_or_else(Error::forbidden)?;
    store::find(c, id, &Scope { owner: None, hall: None, department: Some(department) })
}

/// A case of the acting department's system, by its case number.
pub fn at_system(c: &mut Conn, ctx: &Ctx, case_no: &str) -> Result<Case> {
    store::find_by_case_no(c, case_no, DepartmentId(ctx.department_system()?))
}

/// Any case but drafts, for supervisors, as far as they reach.
pub fn for_supervision(c: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let reach = Reach::of(c, ctx)?;
    let case = store::find(c, id, &Scope { owner: None, hall: None, department: None })?;
    if reach.holds(case.department_id) { Ok(case) } else { Err(Error::not_found()) }
}

/// Any case but drafts, for the platform's own jobs.
pub fn for_platform(c: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    ctx.is_system()?;
    store::find(c, id, &Scope { owner: None, hall: None, department: None })
}

/// A case by its case number or receipt number together with its query code: for who is not logged in.
/// A wrong number and a wrong code look alike.
pub fn by_number(c: &mut Conn, ctx: &Ctx, number: &str, query_code: &str) -> Result<Case> {
    let found = store::find_by_number(c, &plain(number))?;
    let wrong = || Error::invalid("progress-unknown");
    let (case, sealed) = found.ok_or_else(wrong)?;
    let code = ctx.keys.open_text("case_case.query_code", &sealed.ok_or_else(wrong)?)?;
    let typed: String = query_code.chars().filter(|ch| !ch.is_whitespace()).collect();
    if crypto::same(code.as_bytes(), typed.to_ascii_uppercase().as_bytes()) { Ok(case) } else { Err(wrong()) }
}

/// The id of the case with this case number or receipt number, and nothing else of it: for audit administrators.
pub fn id_by_number(c: &mut Conn, ctx: &Ctx, number: &str) -> Result<Option<CaseId>> {
    ctx.may(Permission::Audit)?;
    Ok(store::find_by_number(c, &plain(number))?.map(|(case, _)| case.id))
}

/// Of whom it has to be known who they are: who handed it in, whoever is told of it by now. None when nobody with an account did.
pub fn declared_by(c: &mut Conn, case: &Case) -> Result<Option<PersonId>> {
    let declared = store::declarant(c, case.id)?.and_then(|d| d.person);
    Ok(declared.or(case.person_id))
}

/// Who handed it in; the caller has found it within its scope. None for what was handed in at a window or by a channel by nobody known.
pub fn declarant(c: &mut Conn, case: &Case) -> Result<Option<Declared>> {
    store::declarant(c, case.id)
}

/// What a case says, opened; the caller has found it within its scope.
pub fn content(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Content> {
    let (applicant, form) = store::sealed(c, case.id)?;
    Ok(Content {
        applicant: serde_json::from_slice(&ctx.keys.open(super::drafts::APPLICANT, &applicant)?)?,
        answers: serde_json::from_slice(&ctx.keys.open(super::drafts::FORM, &form)?)?,
    })
}
