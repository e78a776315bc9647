//! Messages to departments: written with the act that causes them, leased, tried, laid aside, sent again.

use super::model::*;
use super::rules::{self, Circuit, Outcome, Policy, Verdict};
use super::store::{self, Dispatch};
use crate::audit;
use crate::cases::CaseId;
use crate::db::Conn;
use crate::identity::DepartmentId;
use crate::kernel::{Ctx, Error, Kind, Permission, Result, Ts};

/// Puts a message for a department's system into the queue, in the caller's transaction.
///
/// A withdrawal ends what still waits for the same case; when the department has heard nothing of the case, it need not hear of
/// the withdrawal either, and nothing is queued.
pub fn enqueue(
    c: &mut Conn,
    ctx: &Ctx,
    case: CaseId,
    department: DepartmentId,
    kind: DispatchKind,
) -> Result<Option<DispatchId>> {
    if kind == DispatchKind::Withdrawn {
        let known = is_known_there(c, case, ctx.now)?;
        store::drop_queued(c, case)?;
        if !known {
            return Ok(None);
        }
    }
    store::insert(c, case, department, kind, ctx.now).map(Some)
}

/// Whether the department may have heard of a case: some try of it has begun.
fn is_known_there(c: &mut Conn, case: CaseId, now: Ts) -> Result<bool> {
    for dispatch in store::of_case(c, case)? {
        if dispatch.attempts > 0 || dispatch.state == DispatchState::Sent || store::is_leased(c, dispatch.id, now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether anything may be sent now: a look without writing, before [`lease_due`].
pub fn has_due(c: &mut Conn, now: Ts) -> Result<bool> {
    for (department, circuit) in store::circuits(c)? {
        let free = circuit.places(now) - store::in_flight(c, department, now)?;
        if free > 0 && !store::due(c, department, now, 1)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes at most `limit` dispatches that are due; each is ours for `seconds`, after which another process takes it up.
///
/// Departments are served in turn, the longest unserved first, each with at most [`rules::IN_FLIGHT`] under way at once, one
/// while its breaker is half open, and none while it is open: who hangs holds up nobody else.
pub fn lease_due(c: &mut Conn, ctx: &Ctx, limit: usize, seconds: i64) -> Result<Vec<Leased>> {
    ctx.is_system()?;
    let mut all = vec![];
    for (department, circuit) in store::circuits(c)? {
        if all.len() >= limit {
            break;
        }
        if circuit.places(ctx.now) == 0 || store::due(c, department, ctx.now, 1)?.is_empty() {
            continue;
        }
        // From here on no other process leases for this department, so that the count below stays true.
        let Some(circuit) = store::lock_circuit(c, department, ctx.now)? else { continue };
        let free = circuit.places(ctx.now) - store::in_flight(c, department, ctx.now)?;
        let room = i64::try_from(limit - all.len()).unwrap_or(0).min(free);
        if room <= 0 {
            continue;
        }
        for leased in store::due(c, department, ctx.now, room)? {
            if store::lease(c, leased.id, ctx.now, ctx.now.plus_secs(seconds))? {
                all.push(leased);
            }
        }
    }
    Ok(all)
}

/// Records a try and what follows from it: taken, tried again later, or given up; and what it says of the department's system.
pub fn record_try(c: &mut Conn, ctx: &Ctx, policy: &Policy, tried: &Tried) -> Result<Recorded> {
    ctx.is_system()?;
    let dispatch = store::find(c, tried.id)?;
    note_circuit(c, &dispatch, &tried.outcome, ctx.now)?;
    store::insert_try(c, tried, ctx.now)?;
    let attempts = dispatch.attempts + 1;
    let (recorded, after) = judge(&dispatch, policy, tried, attempts, ctx.now);
    if !store::end_try(c, tried, attempts, &after)? {
        return Ok(Recorded::Over);
    }
    if recorded == Recorded::Dead {
        tracing::warn!(dispatch = %tried.id, attempts, "A dispatch was given up; an administrator may send it again.");
    }
    Ok(recorded)
}

fn note_circuit(c: &mut Conn, dispatch: &Dispatch, outcome: &Outcome, now: Ts) -> Result<()> {
    let department = dispatch.department_id;
    let is_taken = outcome.verdict() == Verdict::Taken;
    match outcome.is_alive() {
        Some(true) => store::note_alive(c, department, now)?,
        Some(false) => {
            // The row is locked first, so that failures that come at once are all counted.
            let before = store::lock_circuit(c, department, now)?.unwrap_or_default();
            let after: Circuit = before.after(false, now);
            if after.openings > before.openings {
                tracing::warn!(department = %department, failures = after.failures, "A department's system does not answer.");
            }
            store::note_failing(c, department, after, outcome.error())?;
        }
        None => {}
    }
    store::count(c, department, now, i32::from(is_taken), i32::from(!is_taken))
}

fn judge<'a>(
    dispatch: &Dispatch,
    policy: &Policy,
    tried: &'a Tried,
    attempts: i32,
    now: Ts,
) -> (Recorded, store::After<'a>) {
    let ended = |state| store::After { state, next_at: now, receipt: None, sent_at: None };
    match (&tried.outcome, tried.outcome.verdict()) {
        (Outcome::Answered { receipt, .. }, Verdict::Taken) => {
            let after = store::After { receipt: receipt.as_deref(), sent_at: Some(now), ..ended(DispatchState::Sent) };
            (Recorded::Sent { leased: dispatch.leased(), receipt: receipt.clone() }, after)
        }
        (_, Verdict::Never) => (Recorded::Dead, ended(DispatchState::Dead)),
        _ if attempts >= policy.max_attempts => (Recorded::Dead, ended(DispatchState::Dead)),
        (outcome, _) => {
            let asked = match outcome {
                Outcome::Answered { retry_after, .. } => *retry_after,
                _ => None,
            };
            let at = rules::next_try(policy, tried.id, attempts, asked, now);
            (Recorded::Again(at), store::After { next_at: at, ..ended(DispatchState::Queued) })
        }
    }
}

/// Puts a dispatch back into the queue, at once and with all its tries: by an administrator. It keeps its id, so that the
/// department knows it again.
///
/// # Errors
/// 409 `dispatch-dropped` when the applicant has withdrawn, `dispatch-under-way` while it is being sent.
pub fn resend(c: &mut Conn, ctx: &Ctx, id: DispatchId) -> Result<()> {
    ctx.may(Permission::Operate)?;
    let dispatch = store::find(c, id)?;
    if dispatch.state == DispatchState::Dropped {
        return Err(Error::conflict("dispatch-dropped"));
    }
    if store::is_leased(c, id, ctx.now)? {
        return Err(Error::new(Kind::Conflict, "dispatch-under-way"));
    }
    store::requeue(c, id, ctx.now)?;
    let before = serde_json::json!({ "state": dispatch.state, "attempts": dispatch.attempts });
    audit::record(c, ctx, "exchange.resend", ("dispatch", id.0), before)
}
