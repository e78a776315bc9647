//! Which way a change and its item may go. Pure.

use super::super::model::ItemState;
use super::model::{ChangeKind, ChangeState};
use crate::kernel::{Error, Result};

/// What is done with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Submit,
    Recall,
    Drop,
    SendBack,
    Approve,
    /// Its day has come.
    Enforce,
    /// Its day has come, and something hinders it.
    Hinder,
}

/// The state of a change after an act.
///
/// # Errors
/// Conflict `change-state`.
pub fn next(state: ChangeState, act: Act) -> Result<ChangeState> {
    use ChangeState as S;
    match (act, state) {
        (Act::Submit, S::Draft) => Ok(S::Review),
        (Act::Recall, S::Review | S::Planned) => Ok(S::Draft),
        (Act::Drop, S::Draft) => Ok(S::Dropped),
        (Act::SendBack, S::Review) | (Act::Hinder, S::Planned) => Ok(S::Draft),
        (Act::Approve, S::Review) => Ok(S::Planned),
        (Act::Enforce, S::Planned) => Ok(S::Done),
        _ => Err(Error::conflict("change-state")),
    }
}

/// The state of an item after a change of this kind is in force.
///
/// # Errors
/// Conflict `item-state`.
pub fn turned(state: ItemState, kind: ChangeKind) -> Result<ItemState> {
    use ItemState as S;
    match (kind, state) {
        (ChangeKind::Suspend, S::Published) => Ok(S::Suspended),
        (ChangeKind::Resume, S::Suspended) => Ok(S::Published),
        (ChangeKind::Withdraw, S::Published | S::Suspended) => Ok(S::Withdrawn),
        (ChangeKind::Revise, S::Published | S::Suspended) => Ok(state),
        _ => Err(Error::conflict("item-state")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [Act; 7] =
        [Act::Submit, Act::Recall, Act::Drop, Act::SendBack, Act::Approve, Act::Enforce, Act::Hinder];

    #[test]
    fn what_has_ended_stays() {
        for state in [ChangeState::Done, ChangeState::Dropped] {
            assert!(ACTS.iter().all(|act| next(state, *act).is_err()), "{state}");
        }
        assert!(ChangeKind::ALL.iter().all(|kind| turned(ItemState::Withdrawn, *kind).is_err()));
    }

    #[test]
    fn nothing_comes_into_force_without_review() {
        let into = |to: ChangeState| {
            let froms = ChangeState::ALL.iter().flat_map(|from| ACTS.map(|act| (*from, act)));
            froms.filter(|(from, act)| next(*from, *act).ok() == Some(to)).collect::<Vec<_>>()
        };
        assert_eq!(into(ChangeState::Done), [(ChangeState::Planned, Act::Enforce)]);
        assert_eq!(into(ChangeState::Planned), [(ChangeState::Review, Act::Approve)]);
    }
}
