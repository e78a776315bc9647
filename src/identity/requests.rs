//! Two people for dangerous acts (双人复核): one security administrator asks, another confirms, and only then it is done.
//!
//! # Rules
//! - Nobody confirms what they asked for themself, nor what is about themself; the table holds the first for certain.
//! - What is confirmed is checked again: the world may have changed since it was asked for.
//! - A request that nobody confirmed within three days has lapsed. One open request for one subject.

use serde_json::Value;

use super::grants::{self, GrantDraft};
use super::model::{Request, RequestId, RequestKind, RequestState, StaffId};
use super::roles::{self, RoleDraft};
use super::store::{requests as store, staff};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result};

/// Seconds until a request lapses.
const LIFE: i64 = 3 * 86_400;
/// Decided requests that the list shows.
const SHOWN: i64 = 50;

/// What came of an act that may need a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    Done,
    /// It waits for another security administrator.
    Asked(RequestId),
}

/// Asks for an act.
///
/// # Errors
/// Field `reason`, code `request-reason`; conflict `request-open`: one waits already; conflict `second-missing`: there is nobody else who
/// could confirm it.
pub(super) fn ask(
    c: &mut Conn,
    ctx: &Ctx,
    kind: RequestKind,
    subject: &str,
    payload: Value,
    reason: &str,
) -> Result<RequestId> {
    let asked_by = StaffId(ctx.may(Permission::Authorise)?.id);
    let length = reason.trim().chars().count();
    if !(1..=500).contains(&length) {
        return Err(Error::field("reason", "request-reason"));
    }
    if let Some(waiting) = store::open(c, kind, subject)? {
        if waiting.lapses_at > ctx.now {
            return Err(Error::conflict("request-open"));
        }
        store::decide(c, waiting.id, RequestState::Withdrawn, asked_by, ctx.now)?;
    }
    if staff::count_with(c, Permission::Authorise, ctx.now.day())? < 2 {
        return Err(Error::conflict("second-missing"));
    }
    let request = Request {
        id: RequestId::random(),
        kind,
        subject: subject.to_owned(),
        payload,
        reason: reason.trim().to_owned(),
        state: RequestState::Open,
        asked_by,
        asked_at: ctx.now,
        lapses_at: ctx.now.plus_secs(LIFE),
        decided_by: None,
        decided_at: None,
    };
    store::insert(c, &request)?;
    record(c, ctx, "request.ask", &request)?;
    Ok(request.id)
}

fn record(c: &mut Conn, ctx: &Ctx, act: &str, request: &Request) -> Result<()> {
    let detail = serde_json::json!({ "kind": request.kind, "subject": request.subject });
    audit::record(c, ctx, act, ("request", request.id.0), detail)
}

/// Those that wait, the oldest first, and then the newest of those that are decided.
pub fn requests(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Request>> {
    ctx.may(Permission::Authorise)?;
    store::list(c, SHOWN)
}

/// # Errors
/// Not found.
pub fn request(c: &mut Conn, ctx: &Ctx, id: RequestId) -> Result<Request> {
    ctx.may(Permission::Authorise)?;
    store::find(c, id)?.ok_or_else(Error::not_found)
}

/// How many wait.
pub fn waiting(c: &mut Conn, ctx: &Ctx) -> Result<i64> {
    ctx.may(Permission::Authorise)?;
    store::count_open(c, ctx.now)
}

/// What waits for a member or a role.
pub fn waiting_for(c: &mut Conn, ctx: &Ctx, kind: RequestKind, subject: &str) -> Result<Option<Request>> {
    ctx.may(Permission::Authorise)?;
    Ok(store::open(c, kind, subject)?.filter(|r| r.lapses_at > ctx.now))
}

/// What somebody does with a request that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Confirm,
    Refuse,
    /// The one who asked takes it back.
    Withdraw,
}

/// Answers a request; with [`Answer::Confirm`] the act is done in the same transaction.
///
/// # Errors
/// Conflict `request-decided`, `request-lapsed`, `request-own` (confirming or refusing one's own, or what is about oneself),
/// `request-others` (withdrawing another's); and whatever keeps the act from being done now.
pub fn answer(c: &mut Conn, ctx: &Ctx, id: RequestId, answer: Answer) -> Result<()> {
    let me = StaffId(ctx.may(Permission::Authorise)?.id);
    let request = store::find(c, id)?.ok_or_else(Error::not_found)?;
    if request.state != RequestState::Open {
        return Err(Error::conflict("request-decided"));
    }
    let (state, act) = match answer {
        Answer::Withdraw if request.asked_by != me => return Err(Error::conflict("request-others")),
        Answer::Withdraw => (RequestState::Withdrawn, "request.withdraw"),
        _ if request.asked_by == me || request.subject == me.to_string() => {
            return Err(Error::conflict("request-own"));
        }
        Answer::Confirm if request.lapses_at <= ctx.now => return Err(Error::conflict("request-lapsed")),
        Answer::Confirm => (RequestState::Confirmed, "request.confirm"),
        Answer::Refuse => (RequestState::Refused, "request.refuse"),
    };
    if !store::decide(c, id, state, me, ctx.now)? {
        return Err(Error::conflict("request-decided"));
    }
    record(c, ctx, act, &request)?;
    if answer == Answer::Confirm { perform(c, ctx, request) } else { Ok(()) }
}

fn perform(c: &mut Conn, ctx: &Ctx, request: Request) -> Result<()> {
    match request.kind {
        RequestKind::Grant => {
            let id: StaffId = request.subject.parse()?;
            let draft: GrantDraft = serde_json::from_value(request.payload)?;
            grants::confirmed(c, ctx, id, &draft, request.asked_by)
        }
        RequestKind::Role => {
            let draft: RoleDraft = serde_json::from_value(request.payload)?;
            roles::confirmed(c, ctx, draft)
        }
    }
}
