//! The figures of the board, and what lists are narrowed to.

use crate::cases::{Case, State};
use crate::exchange::Health;
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Day, Ts};

crate::text_enum!(
    /// Which cases a list shows.
    Which {
        /// Not ended yet, the most urgent first.
        Open = "open",
        /// Over the promised limit.
        Over = "over",
        /// At most one working day is left.
        Near = "near",
        /// Not answered yet, and at most one working day is left to do so.
        Answering = "answering",
        /// All, the last declared first.
        Submitted = "submitted",
        /// Ended, the last first.
        Finished = "finished",
    }
);

/// What a list of cases is narrowed to.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    pub which: Which,
    /// For the open ones alone.
    pub state: Option<State>,
    /// For the open, near and late ones alone.
    pub department: Option<DepartmentId>,
    pub after: Option<Cursor>,
}

/// Today, and the last day that counts as near.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub today: Day,
    pub near: Day,
}

/// Open cases of a department in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCount {
    pub department: DepartmentId,
    pub state: State,
    pub all: i64,
    pub over: i64,
    pub near: i64,
}

/// What happened today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    pub submitted: i64,
    pub accepted: i64,
    pub granted: i64,
    pub refused: i64,
    /// Ended in any way.
    pub finished: i64,
}

/// Cases whose answering clock runs out, and ran out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answering {
    pub near: i64,
    pub over: i64,
}

/// One day of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFlow {
    pub day: Day,
    pub submitted: i64,
    pub finished: i64,
}

/// The board at an instant.
#[derive(Debug, Clone)]
pub struct Figures {
    pub at: Ts,
    pub open: Vec<OpenCount>,
    pub today: Flow,
    pub answering: Answering,
    /// The last fourteen days, today the last.
    pub days: Vec<DayFlow>,
    /// When the days before today were counted.
    pub days_at: Ts,
    /// The latest ones, the most overdue first.
    pub late: Vec<Case>,
    /// Those that run out next.
    pub soon: Vec<Case>,
    pub exchange: Vec<Health>,
}

impl Figures {
    fn sum(&self, of: impl Fn(&OpenCount) -> i64) -> i64 {
        self.open.iter().map(of).sum()
    }
    pub fn all_open(&self) -> i64 {
        self.sum(|o| o.all)
    }
    pub fn all_over(&self) -> i64 {
        self.sum(|o| o.over)
    }
    pub fn all_near(&self) -> i64 {
        self.sum(|o| o.near)
    }
}
