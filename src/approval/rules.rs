//! Who may do a step: pure.

use super::model::{ApprovalStep, Opinion, OpinionVerdict};
use crate::identity::StaffId;
use crate::kernel::{Error, Result};

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

/// An opinion that returns or refuses has words; one that agrees may be short, but not empty either: it is answered for in law.
pub fn has_words(verdict: OpinionVerdict, opinion: &str) -> Result<()> {
    let least = if verdict == OpinionVerdict::Return { 4 } else { 1 };
    match opinion.chars().count() {
        n if n < least => Err(Error::field("opinion", "required")),
        n if n > 1000 => Err(Error::field("opinion", "too-long")),
        _ => Ok(()),
    }
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
    }
}
