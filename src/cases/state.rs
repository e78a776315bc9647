//! The graph of a case. One table; every change of state is an edge of it.

use super::model::{Clock, Decision, Event, PublicState, State};
use crate::kernel::{Error, Result};

use Event as E;
use State as S;

/// From, by, to.
pub const EDGES: &[(State, Event, State)] = &[
    (S::Draft, E::Submit, S::Submitted),
    (S::Submitted, E::PreAccept, S::PreAccepted),
    (S::Submitted, E::AskCorrection, S::Correcting),
    (S::PreAccepted, E::AskCorrection, S::Correcting),
    (S::Received, E::AskCorrection, S::Correcting),
    (S::Correcting, E::AnswerCorrection, S::Submitted),
    (S::Correcting, E::ExpireCorrection, S::Abandoned),
    (S::Submitted, E::RefuseAcceptance, S::NotAccepted),
    (S::PreAccepted, E::RefuseAcceptance, S::NotAccepted),
    (S::Received, E::RefuseAcceptance, S::NotAccepted),
    (S::Submitted, E::Receive, S::Received),
    (S::PreAccepted, E::Receive, S::Received),
    (S::Received, E::Accept, S::Accepted),
    (S::Submitted, E::DeemAccepted, S::Accepted),
    (S::PreAccepted, E::DeemAccepted, S::Accepted),
    (S::Received, E::DeemAccepted, S::Accepted),
    (S::Accepted, E::Dispatch, S::Dispatched),
    (S::Accepted, E::Assign, S::Handling),
    (S::Dispatched, E::Take, S::Processing),
    (S::Processing, E::Progress, S::Processing),
    (S::Dispatched, E::Decide, S::Decided),
    (S::Processing, E::Decide, S::Decided),
    (S::Handling, E::Handle, S::Reviewing),
    (S::Reviewing, E::Review, S::Approving),
    (S::Reviewing, E::ReturnToHandler, S::Handling),
    (S::Approving, E::ReturnToReviewer, S::Reviewing),
    (S::Approving, E::Approve, S::Decided),
    (S::Decided, E::Finish, S::Finished),
    (S::Submitted, E::Withdraw, S::Withdrawn),
    (S::Correcting, E::Withdraw, S::Withdrawn),
    (S::PreAccepted, E::Withdraw, S::Withdrawn),
    (S::Received, E::Withdraw, S::Withdrawn),
    (S::Dispatched, E::Withdraw, S::Withdrawn),
    (S::Processing, E::Withdraw, S::Withdrawn),
    (S::Handling, E::Withdraw, S::Withdrawn),
    (S::Reviewing, E::Withdraw, S::Withdrawn),
    (S::Approving, E::Withdraw, S::Withdrawn),
    (S::Submitted, E::IdentityKnown, S::Submitted),
    (S::Correcting, E::IdentityKnown, S::Correcting),
    (S::PreAccepted, E::IdentityKnown, S::PreAccepted),
    (S::Received, E::IdentityKnown, S::Received),
    (S::Submitted, E::IdentityFailed, S::Submitted),
    (S::Correcting, E::IdentityFailed, S::Correcting),
    (S::PreAccepted, E::IdentityFailed, S::PreAccepted),
    (S::Received, E::IdentityFailed, S::Received),
];

/// Where an event leads.
///
/// # Errors
/// `case-moved` (409): the state has no such edge, since somebody else was quicker or the page is old.
pub fn next(state: State, event: Event) -> Result<State> {
    let edge = EDGES.iter().find(|(from, by, _)| *from == state && *by == event);
    edge.map(|(_, _, to)| *to).ok_or_else(|| Error::conflict("case-moved"))
}

/// Whether this may happen now.
pub fn may(state: State, event: Event) -> bool {
    next(state, event).is_ok()
}

pub fn is_final(state: State) -> bool {
    !EDGES.iter().any(|(from, _, _)| *from == state)
}

/// What the applicant sees.
pub fn public(state: State, decision: Option<Decision>) -> PublicState {
    match (state, decision) {
        (S::Decided | S::Finished, Some(Decision::Refused)) => PublicState::Refused,
        (S::Decided | S::Finished, _) => PublicState::Granted,
        (S::Draft, _) => PublicState::Draft,
        (S::Submitted, _) => PublicState::Submitted,
        (S::Correcting, _) => PublicState::Correcting,
        (S::PreAccepted | S::Received, _) => PublicState::PreAccepted,
        (S::Accepted, _) => PublicState::Accepted,
        (S::Dispatched | S::Processing | S::Handling | S::Reviewing | S::Approving, _) => PublicState::Deciding,
        (S::NotAccepted, _) => PublicState::NotAccepted,
        (S::Withdrawn, _) => PublicState::Withdrawn,
        (S::Abandoned, _) => PublicState::Abandoned,
    }
}

/// Which clock runs in a state.
pub fn clock(state: State) -> Clock {
    match state {
        S::Draft => Clock::None,
        S::Submitted | S::PreAccepted | S::Received => Clock::Answering,
        S::Correcting => Clock::Waiting,
        S::Accepted | S::Dispatched | S::Processing | S::Handling | S::Reviewing | S::Approving => Clock::Running,
        S::Decided | S::Finished | S::NotAccepted | S::Withdrawn | S::Abandoned => Clock::Stopped,
    }
}

/// The graph as text, an edge a line.
pub fn print() -> String {
    EDGES.iter().map(|(from, by, to)| format!("{from} --{by}--> {to}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_leads_to_an_end() {
        for state in State::ALL {
            let reached = *state == S::Draft || EDGES.iter().any(|(_, _, to)| to == state);
            assert!(reached, "{state} is never reached");
            let mut seen = vec![*state];
            let mut at = 0;
            while at < seen.len() {
                let here = seen[at];
                for (_, _, to) in EDGES.iter().filter(|(from, _, _)| *from == here) {
                    if !seen.contains(to) {
                        seen.push(*to);
                    }
                }
                at += 1;
            }
            assert!(seen.iter().any(|s| is_final(*s)), "{state} leads nowhere");
        }
    }

    #[test]
    fn an_edge_is_unique_and_every_event_has_one() {
        for (i, (from, by, _)) in EDGES.iter().enumerate() {
            assert!(!EDGES[..i].iter().any(|(f, b, _)| f == from && b == by), "{from} --{by}--> twice");
        }
        for event in Event::ALL {
            assert!(EDGES.iter().any(|(_, by, _)| by == event), "{event} has no edge");
        }
    }

    #[test]
    fn a_decision_cannot_be_reached_without_acceptance() {
        let before = [S::Draft, S::Submitted, S::PreAccepted, S::Received, S::Correcting];
        assert!(!EDGES.iter().any(|(from, _, to)| before.contains(from) && *to == S::Decided));
        assert!(next(S::Finished, E::Withdraw).is_err());
        assert!(next(S::Decided, E::Withdraw).is_err());
    }
}
