//! The window (窗口): where clerks of a hall look at what came, ask for correction, refuse, accept, and take in what people bring.

pub mod act;
pub mod answer;
pub mod case;
pub mod confirm;
pub mod declare;
pub mod identity;
mod intake;
pub mod list;
pub mod receipt;
mod samples;
mod wrong;

use crate::cases::{Case, Event, Identity, State, state};
use crate::db::Conn;
use crate::kernel::{Ctx, Result};
use crate::windows::{self, Function};

/// What may be done with a case at this window now: what its state has, and what the hall was granted for its item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct May {
    pub pre_accept: bool,
    pub correct: bool,
    pub refuse: bool,
    pub accept: bool,
    pub answer: bool,
}

impl May {
    pub fn of(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Self> {
        let (_, hall) = ctx.clerk()?;
        let granted = windows::grants_of_item(c, case.item_id)?;
        let has = |f: Function| granted.iter().any(|(h, g)| h.0 == hall && *g == f);
        let may = |event| state::may(case.state, event);
        Ok(Self {
            pre_accept: has(Function::Verify) && may(Event::PreAccept),
            correct: has(Function::Verify) && may(Event::AskCorrection),
            refuse: has(Function::Accept) && may(Event::RefuseAcceptance),
            accept: has(Function::Accept)
                && case.identity == Identity::Known
                && (may(Event::Receive) || may(Event::Accept)),
            answer: has(Function::Receive) && case.state == State::Correcting,
        })
    }
    pub fn anything(self) -> bool {
        self != Self::default()
    }
}
