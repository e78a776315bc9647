//! What the platform holds of a person, for that person (个人信息保护法 44–50): to see, to take along, and to have ended.

use serde::Serialize;
use serde_json::Value;

use crate::cases::{self, State};
use crate::catalogue;
use crate::db::Conn;
use crate::identity::{self, PersonId, accounts, sessions};
use crate::kernel::{Ctx, Cursor, Error, Result, Ts};
use crate::notifications;

/// Rows of one step.
const STEP: usize = 200;

/// How much there is, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    pub cases: usize,
    pub drafts: usize,
    /// Cases that are not finished, drafts apart: an account is not closed over them.
    pub open: usize,
    pub messages: usize,
    pub favourites: usize,
    pub guidance: usize,
    pub evidence: usize,
}

/// One case, as its applicant takes it along.
#[derive(Serialize)]
struct CaseData {
    case_no: Option<String>,
    receipt_no: Option<String>,
    state: State,
    created_at: Ts,
    submitted_at: Option<Ts>,
    finished_at: Option<Ts>,
    applicant: Value,
    answers: Value,
    files: Vec<Value>,
}

/// All cases of the acting person as lists show them, the newest first, drafts too.
fn all_cases(c: &mut Conn, ctx: &Ctx) -> Result<Vec<cases::Listed>> {
    let mut all = vec![];
    let mut after: Option<Cursor> = None;
    loop {
        let page = cases::my_cases(c, ctx, after, STEP)?.page;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn all_messages(c: &mut Conn, ctx: &Ctx) -> Result<Vec<notifications::Message>> {
    let mut all = vec![];
    let mut after = None;
    loop {
        let page = notifications::messages(c, ctx, after, STEP)?;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn is_open(case: &cases::Listed) -> bool {
    case.state != State::Draft && case.finished_at.is_none()
}

/// What there is of the acting person.
pub fn held(c: &mut Conn, ctx: &Ctx) -> Result<Held> {
    let ctx = &ctx.as_self();
    let cases = all_cases(c, ctx)?;
    let drafts = cases.iter().filter(|case| case.state == State::Draft).count();
    Ok(Held {
        cases: cases.len() - drafts,
        drafts,
        open: cases.iter().filter(|case| is_open(case)).count(),
        messages: all_messages(c, ctx)?.len(),
        favourites: catalogue::favourites(c, ctx)?.len(),
        guidance: catalogue::kept_guidance(c, ctx)?.len(),
        evidence: identity::evidence(c, ctx)?.len(),
    })
}

/// Everything of the acting person as one document, opened.
pub fn export(c: &mut Conn, ctx: &Ctx) -> Result<Value> {
    let ctx = &ctx.as_self();
    let id = PersonId(ctx.person()?);
    let facts = identity::person_facts(c, ctx, id)?;
    let mut cases = vec![];
    for row in all_cases(c, ctx)? {
        let case = cases::mine(c, ctx, row.id)?;
        let content = cases::content(c, ctx, &case)?;
        let files = cases::files(c, ctx, &case)?;
        let file = |f: cases::StoredFile| serde_json::json!({ "material": f.key, "name": f.name, "bytes": f.size, "added_at": f.added_at });
        cases.push(CaseData {
            case_no: case.case_no.clone(),
            receipt_no: case.receipt_no.clone(),
            state: case.state,
            created_at: case.created_at,
            submitted_at: case.submitted_at,
            finished_at: case.finished_at,
            applicant: serde_json::to_value(&content.applicant)?,
            answers: serde_json::to_value(&content.answers)?,
            files: files.into_iter().map(file).collect(),
        });
    }
    let message = |m: notifications::Message| serde_json::json!({ "news": m.news, "item": m.item.zh, "receipt_no": m.receipt_no, "at": m.created_at });
    let messages: Vec<Value> = all_messages(c, ctx)?.into_iter().map(message).collect();
    Ok(serde_json::json!({
        "made_at": ctx.now,
        "account": {
            "name": facts.name, "id_number": facts.id_number, "phone": facts.phone, "email": facts.email,
            "address": facts.address, "level": facts.level, "language": facts.lang.tag(),
        },
        "evidence": identity::evidence(c, ctx)?,
        "mandates": mandates(c, ctx)?,
        "passkeys": identity::passkeys::of_self(c, ctx)?,
        "cases": cases,
        "messages": messages,
        "favourites": catalogue::favourites(c, ctx)?,
        "guidance": catalogue::kept_guidance(c, ctx)?,
    }))
}

/// By what the acting person acts or acted for others.
fn mandates(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Value>> {
    let one = |h: identity::mandates::Held| {
        serde_json::json!({
            "for": h.principal.name, "kind": h.mandate.kind, "powers": h.mandate.powers, "until": h.mandate.until,
            "taken_at": h.mandate.taken_at, "ended_at": h.mandate.ended_at,
        })
    };
    Ok(identity::mandates::of_self(c, ctx)?.held.into_iter().map(one).collect())
}

/// Closes the acting person's account: what rests on it alone is deleted; cases, and who did what with them, are kept as long as the law
/// says (政务服务电子文件归档和电子档案管理办法；网络安全法 21).
///
/// # Errors
/// Conflict `cases-open`, with their `count`.
pub fn close(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    let ctx = &ctx.as_self();
    let id = PersonId(ctx.person()?);
    let all = all_cases(c, ctx)?;
    let open = all.iter().filter(|case| is_open(case)).count();
    if open > 0 {
        return Err(Error::conflict("cases-open").with("count", open as i64));
    }
    for draft in all.iter().filter(|case| case.state == State::Draft) {
        let draft = cases::mine(c, ctx, draft.id)?;
        cases::discard(c, ctx, &draft)?;
    }
    catalogue::forget_favourites(c, ctx)?;
    notifications::forget(c, ctx)?;
    accounts::close(c, ctx)?;
    sessions::close_all(c, sessions::Subject::Person(id))
}
