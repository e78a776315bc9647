//! Proposing and giving opinions. Moving the case is the flow's.

use super::model::*;
use super::{rules, store};
use crate::cases::{Case, Decision};
use crate::db::Conn;
use crate::identity::StaffId;
use crate::kernel::{Ctx, Error, Result, Role};

/// The handler's proposal, replacing an earlier one.
///
/// # Errors
/// A refusal without reason.
pub fn propose(c: &mut Conn, ctx: &Ctx, case: &Case, outcome: Decision, reason: &str) -> Result<()> {
    let staff = ctx.with_role(Role::Handler)?;
    if outcome == Decision::Refused && reason.chars().count() < 4 {
        return Err(Error::field("reason", "required"));
    }
    store::put_proposal(c, case.id, outcome, reason, StaffId(staff.id), ctx.now)
}

/// What is proposed, if anything is yet.
pub fn proposal(c: &mut Conn, case: &Case) -> Result<Option<Proposal>> {
    store::proposal(c, case.id)
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
    let role = match step {
        ApprovalStep::Handle => Role::Handler,
        ApprovalStep::Review => Role::Reviewer,
        ApprovalStep::Approve => Role::Approver,
    };
    let staff = ctx.with_role(role)?;
    let who = StaffId(staff.id);
    rules::is_another(&store::opinions(c, case.id)?, case.accepted_by, step, who)?;
    rules::has_words(verdict, opinion)?;
    let name = staff.name.clone();
    let row = Opinion { step, verdict, opinion: opinion.to_owned(), staff_id: who, staff_name: name, at: ctx.now };
    store::insert_opinion(c, case.id, &row)
}

/// All opinions, the first one first.
pub fn opinions(c: &mut Conn, case: &Case) -> Result<Vec<Opinion>> {
    store::opinions(c, case.id)
}
