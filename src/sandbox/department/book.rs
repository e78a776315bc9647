//! What a department knows: its cases, and which messages it has had.

use std::collections::{HashMap, VecDeque};

use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;

use crate::exchange::protocol::{Accepted, Event};
use crate::kernel::Ts;

/// Finished cases and remembered messages beyond these are forgotten, the oldest first.
const MOST_CASES: usize = 5_000;
const MOST_REMEMBERED: usize = 100_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Received,
    Reviewing,
    Granted,
    Refused,
    Withdrawn,
}

impl State {
    pub fn is_final(self) -> bool {
        matches!(self, State::Granted | State::Refused | State::Withdrawn)
    }
    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            State::Received => ("已收件", "received"),
            State::Reviewing => ("办理中", "in review"),
            State::Granted => ("准予许可", "granted"),
            State::Refused => ("不予许可", "refused"),
            State::Withdrawn => ("申请人撤回", "withdrawn"),
        }
    }
}

/// How a material fared that was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub key: String,
    pub name: String,
    /// As they came.
    pub size: usize,
    pub sha256: String,
    pub is_sound: bool,
    pub fault: Option<String>,
}

/// A message to the platform and how far it has come.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    pub id: String,
    pub kind: String,
    pub tries: u32,
    pub is_delivered: bool,
    /// What came back last: a status, or why none did.
    pub last: String,
    /// The platform's word: applied, repeated, late.
    pub answer: Option<String>,
}

impl Letter {
    pub fn new(event: &Event) -> Self {
        let (id, kind) = (event.id.clone(), event.kind.clone());
        Self { id, kind, tries: 0, is_delivered: false, last: String::new(), answer: None }
    }
}

pub struct Case {
    /// Source and id of the message that brought it.
    pub key: (String, String),
    pub accepted: Accepted,
    pub receipt: String,
    pub state: State,
    pub received_at: Ts,
    pub checks: Vec<Check>,
    pub letters: Vec<Letter>,
    /// To the carrier of its letters; none when there will be no more.
    pub queue: Option<UnboundedSender<Event>>,
    pub withheld: Vec<Event>,
}

impl Case {
    pub fn new(
        key: (String, String),
        accepted: Accepted,
        receipt: String,
        received_at: Ts,
        queue: UnboundedSender<Event>,
    ) -> Self {
        let state = State::Received;
        let (checks, letters, withheld) = (vec![], vec![], vec![]);
        Self { key, accepted, receipt, state, received_at, checks, letters, queue: Some(queue), withheld }
    }
    /// Nothing more will happen with it.
    pub fn is_done(&self) -> bool {
        self.state.is_final() && (self.state == State::Withdrawn || self.letters.iter().all(|l| l.is_delivered))
    }
}

#[derive(Default)]
pub struct Book {
    cases: HashMap<String, Case>,
    /// Case numbers, the oldest first.
    order: VecDeque<String>,
    seen: HashMap<(String, String), Option<String>>,
    seen_order: VecDeque<(String, String)>,
    serial: u64,
    /// Of all messages that were taken in, repeats too.
    pub messages: u64,
    pub repeats: u64,
}

impl Book {
    pub fn case(&self, no: &str) -> Option<&Case> {
        self.cases.get(no)
    }
    pub fn case_mut(&mut self, no: &str) -> Option<&mut Case> {
        self.cases.get_mut(no)
    }
    pub fn len(&self) -> usize {
        self.cases.len()
    }
    /// Newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Case> {
        self.order.iter().rev().filter_map(|no| self.cases.get(no))
    }

    pub fn insert(&mut self, case: Case) {
        self.order.push_back(case.accepted.case_no.clone());
        self.cases.insert(case.accepted.case_no.clone(), case);
        while self.order.len() > MOST_CASES
            && self.order.front().and_then(|no| self.case(no)).is_some_and(Case::is_done)
        {
            if let Some(no) = self.order.pop_front() {
                self.cases.remove(&no);
            }
        }
    }

    /// Notes a message with the receipt that was given for it.
    pub fn remember(&mut self, key: (String, String), receipt: Option<String>) {
        if self.seen.insert(key.clone(), receipt).is_none() {
            self.seen_order.push_back(key);
        }
        if self.seen_order.len() > MOST_REMEMBERED
            && let Some(oldest) = self.seen_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
    }

    /// The receipt of a message that was had before.
    pub fn seen(&self, key: &(String, String)) -> Option<Option<String>> {
        self.seen.get(key).cloned()
    }

    pub fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    pub fn next_receipt(&mut self, key: &str, now: Ts) -> String {
        let initial = key.chars().next().unwrap_or('x').to_ascii_uppercase();
        format!("{initial}{}{:04}", now.local().format("%Y%m%d%H%M%S"), self.next_serial())
    }
}
