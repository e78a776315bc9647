//! Who may do a step: pure.

use super::model::{ApprovalStep, Opinion, OpinionVerdict};
use crate::cases::Decision;
use crate::identity::StaffId;
use crate::kernel::{Error, FieldError, Result};

/// The acceptor does no step of the decision, and nobody does two of its steps. Who gave an opinion that was returned since may give
/// it again, at the same step.
///
/// # Errors
/// `same-person` (409).
pub fn is_another(said: &[Opinion], accepted_by: Option<StaffId>, step: ApprovalStep, who: StaffId) -> Result<()> {
    let refused = || Error::conflict("same-person");
    if accepted_by == Some(who) {
        return Err(refused());
    }
    if said.iter().any(|o| o.staff_id == who && o.step != step) { Err(refused()) } else { Ok(()) }
}

/// An opinion that returns has words; one that agrees may be short, but not empty either: it is answered for in law.
///
/// # Errors
/// `opinion-missing`, `opinion-return` or `too-long` at the field `opinion`.
pub fn has_words(verdict: OpinionVerdict, opinion: &str) -> Result<()> {
    match (opinion.chars().count(), verdict) {
        (0, _) => Err(Error::field("opinion", "opinion-missing")),
        (1..4, OpinionVerdict::Return) => Err(Error::field("opinion", "opinion-return")),
        (n, _) => is_no_longer("opinion", n, MAX_OPINION),
    }
}

/// A refusal has a reason (行政许可法 38).
///
/// # Errors
/// `refusal-reason` or `too-long` at the field `reason`.
pub fn has_reason(outcome: Decision, reason: &str) -> Result<()> {
    match (outcome, reason.chars().count()) {
        (Decision::Refused, 0..4) => Err(Error::field("reason", "refusal-reason")),
        (_, n) => is_no_longer("reason", n, MAX_REASON),
    }
}

/// All that is wrong with what an officer wrote at a step, told at once: the reason of a proposal, and the opinion.
///
/// # Errors
/// Those of [`has_reason`] and [`has_words`] together.
pub fn is_written(proposed: Option<(Decision, &str)>, verdict: OpinionVerdict, opinion: &str) -> Result<()> {
    let reason = proposed.and_then(|(outcome, reason)| has_reason(outcome, reason).err());
    let errors = reason.into_iter().chain(has_words(verdict, opinion).err());
    let faults: Vec<_> = errors.flat_map(|e| e.field_errors().to_vec()).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
}

/// In characters.
const MAX_OPINION: usize = 1000;
const MAX_REASON: usize = 2000;

fn is_no_longer(field: &str, count: usize, limit: usize) -> Result<()> {
    if count <= limit {
        return Ok(());
    }
    Err(Error::fields(vec![FieldError { field: field.into(), code: "too-long", value: Some(limit.to_string()) }]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Ts;

    fn said(step: ApprovalStep, staff_id: StaffId) -> Opinion {
        let verdict = OpinionVerdict::Agree;
        Opinion { step, verdict, opinion: "同意".into(), staff_id, staff_name: String::new(), at: Ts::default() }
    }

    #[test]
    fn three_steps_want_three_people_and_none_the_acceptor() {
        let [a, b, clerk] = [StaffId::random(), StaffId::random(), StaffId::random()];
        let by_a = [said(ApprovalStep::Handle, a)];
        assert!(is_another(&by_a, Some(clerk), ApprovalStep::Review, b).is_ok());
        assert!(is_another(&by_a, Some(clerk), ApprovalStep::Review, a).is_err());
        assert!(is_another(&by_a, Some(clerk), ApprovalStep::Review, clerk).is_err());
        assert!(is_another(&by_a, Some(clerk), ApprovalStep::Handle, a).is_ok());
        let by_both = [said(ApprovalStep::Handle, a), said(ApprovalStep::Review, b)];
        assert!(is_another(&by_both, None, ApprovalStep::Approve, b).is_err());
    }

    #[test]
    fn an_opinion_has_words() {
        assert!(has_words(OpinionVerdict::Agree, "").is_err());
        assert!(has_words(OpinionVerdict::Agree, "同意").is_ok());
        assert!(has_words(OpinionVerdict::Return, "退").is_err());
        assert!(has_words(OpinionVerdict::Agree, &"好".repeat(1001)).is_err());
    }

    #[test]
    fn a_refusal_has_a_reason() {
        assert!(has_reason(Decision::Granted, "").is_ok());
        assert!(has_reason(Decision::Refused, "不行").is_err());
        assert!(has_reason(Decision::Refused, "场所与住宅相连").is_ok());
        assert!(has_reason(Decision::Refused, &"因".repeat(2001)).is_err());
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let told = |proposed, opinion| {
            let error = is_written(proposed, OpinionVerdict::Agree, opinion).err();
            error.iter().flat_map(|e| e.field_errors()).map(|f| f.code).collect::<Vec<_>>()
        };
        assert_eq!(told(Some((Decision::Refused, "")), ""), ["refusal-reason", "opinion-missing"]);
        assert_eq!(told(Some((Decision::Granted, "")), ""), ["opinion-missing"]);
        assert!(told(None, "同意").is_empty());
    }
}
