//! Proposing and giving opinions. Moving the case is the flow's.

use super::model::*;
use super::{rules, store};
use crate::cases::{Case, Decision};
use crate::db::Conn;
use crate::identity::StaffId;
use crate::kernel::{Ctx, Permission, Result, StaffActor};

/// The handler's proposal, replacing an earlier one.
///
/// # Errors
/// A refusal without reason.
pub fn propose(c: &mut Conn, ctx: &Ctx, case: &Case, outcome: Decision, reason: &str) -> Result<()> {
    let staff = ctx.may(Permission::Handle)?;
    rules::has_reason(outcome, reason)?;
    store::put_proposal(c, case.id, outcome, reason, StaffId(staff.id), ctx.now)
}

/// What is proposed, if anything is yet.
pub fn proposal(c: &mut Conn, case: &Case) -> Result<Option<Proposal>> {
    store::proposal(c, case.id)
}

/// Whether the actor may do a step of a case: holds its role, and is another person than at acceptance and at the other steps.
///
/// # Errors
/// `forbidden` (403), `same-person` (409).
pub fn check<'a>(c: &mut Conn, ctx: &'a Ctx, case: &Case, step: ApprovalStep) -> Result<&'a StaffActor> {
    let role = match step {
        ApprovalStep::Handle => Permission::Handle,
        ApprovalStep::Review => Permission::Review,
        ApprovalStep::Approve => Permission::Approve,
    };
    let staff = ctx.may(role)?;
    rules::is_another(&store::opinions(c, case.id)?, case.accepted_by, step, StaffId(staff.id))?;
    Ok(staff)
}

/// Gives an opinion at a step, for which the actor holds the role and is another person than at the steps before.
pub fn say(
    c: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    step: ApprovalStep,
    verdict: OpinionVerdict,
    opinion: &str,
) -> Result<()> {
    let staff = check(c, ctx, case, step)?;
    let who = StaffId(staff.id);
    rules::has_words(verdict, opinion)?;
    let name = staff.name.clone();
    let row = Opinion { step, verdict, opinion: opinion.to_owned(), staff_id: who, staff_name: name, at: ctx.now };
    store::insert_opinion(c, case.id, row)
}

/// All opinions, the first one first.
pub fn opinions(c: &mut Conn, case: &Case) -> Result<Vec<Opinion>> {
    store::opinions(c, case.id)
}
