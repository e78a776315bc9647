//! Cases whose applicant the verifier could not vouch for yet: they are declared, and cannot be accepted before somebody has.

use super::act::{self, Note, Step};
use super::model::*;
use super::store::{self, Case};
use super::{desk, drafts};
use crate::db::Conn;
use crate::identity::PersonId;
use crate::kernel::{Ctx, Day, Result, mask};

/// Cases of a person that wait for a word on who they are. For the platform alone.
pub fn held(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Vec<Case>> {
    ctx.is_system()?;
    store::held(c, person)
}

/// Somebody has vouched for the applicant: from now on the case can be accepted. Whose it is stands as it was vouched for; and the
/// office's days begin, since nobody could have accepted it before. `accept_by` is none while a correction is waited for.
///
/// # Errors
/// `case-moved` (409) when the case has moved since it was read.
pub fn set_known(c: &mut Conn, ctx: &Ctx, case: &Case, applicant: &Applicant, accept_by: Option<Day>) -> Result<Case> {
    let answer = accept_by.map(|day| (ctx.now.day(), day));
    let step = Step { identity: Some(Identity::Known), answer, ..Step::default() };
    let named = Case { applicant_mask: mask::name(&applicant.name), ..case.clone() };
    let case = turn(c, ctx, &named, Event::IdentityKnown, step)?;
    drafts::replace_applicant(c, ctx, &case, applicant)?;
    Ok(case)
}

/// The verifier did not vouch for the applicant, and nothing is left to ask it.
///
/// # Errors
/// As [`set_known`].
pub fn set_failed(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Case> {
    let step = Step { identity: Some(Identity::Failed), ..Step::default() };
    turn(c, ctx, case, Event::IdentityFailed, step)
}

/// The state stays, and with it the case's place in the work list: who has it in hand keeps it.
fn turn(c: &mut Conn, ctx: &Ctx, case: &Case, event: Event, step: Step) -> Result<Case> {
    let moved = act::moved(ctx, case, &[event], step)?;
    act::told(c, ctx, &moved, &Note::default())?;
    desk::mark(c, &moved.case)?;
    store::compare_and_set(c, case.id, case.rev, moved.set)?;
    Ok(moved.case)
}
