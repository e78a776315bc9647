//! Plays a department's own system over [`crate::exchange::protocol`].
//!
//! It takes messages in at [`EVENTS`] (signature, repeats by source and id), fetches the materials by their signed links and
//! checks their digests, and answers from an outbox that tries until the platform takes it, in order for each case. One that is
//! [`Manner::Automatic`] decides by itself; one that is [`Manner::Manual`] waits for an officer on its page, or for
//! `POST /cases/{case number}/act`.

mod book;
mod inbox;
mod journal;
mod pages;
mod pdf;
mod post;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web::ServiceConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::Settings;
use super::switch::{self, Behaviour, Choice, Switch};
use crate::exchange::protocol::{
    Accepted, CASE_DECIDED, CASE_PROGRESS, CASE_RECEIVED, Decided, Document, Event, Progress, Received, Withdrawn,
};
use crate::kernel::crypto::base64;
use crate::kernel::{Clock, Error, Id, Result};
use book::{Book, Case, Letter, State};
use journal::Journal;

#[cfg(test)]
pub use post::client as post_client;

/// The path under which messages are taken in.
pub const EVENTS: &str = "/events";

#[derive(Clone)]
pub struct DepartmentSettings {
    /// Unified social credit code; the source of its messages is `urn:department:<code>`.
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// The key shared with the platform, for both directions.
    pub secret: Vec<u8>,
    pub manner: Manner,
    /// ASCII letters before the numbers of its licences.
    pub licence_prefix: String,
    /// Whether it fetches materials; without, it decides on the form alone.
    pub fetches: bool,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// The system itself: it tells of a step after the first time from receipt, and decides after the second from there.
    Automatic { progress: Duration, decide: Duration },
    /// An officer on the page.
    Manual,
}

#[derive(Clone, Copy, PartialEq)]
enum Conduct {
    Normal,
    Error500,
    Hang,
    Refuse,
    Twice,
    Disorder,
    BadSignature,
}

impl Behaviour for Conduct {
    const ALL: &'static [Choice<Self>] = &[
        Choice { is: Conduct::Normal, code: "normal", zh: "正常", en: "normal" },
        Choice { is: Conduct::Error500, code: "error500", zh: "报错 500", en: "answers 500" },
        Choice { is: Conduct::Hang, code: "hang", zh: "不答复", en: "hangs" },
        Choice { is: Conduct::Refuse, code: "refuse", zh: "拒收 400", en: "refuses" },
        Choice { is: Conduct::Twice, code: "twice", zh: "重复发送", en: "sends twice" },
        Choice { is: Conduct::Disorder, code: "disorder", zh: "乱序发送", en: "out of order" },
        Choice { is: Conduct::BadSignature, code: "bad_signature", zh: "签名错误", en: "signs wrongly" },
    ];
}

/// What an officer does with a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Act {
    /// `progress`, `grant` or `refuse`.
    pub act: String,
    /// Of a progress; 审核 if empty.
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub opinion: String,
    /// Of a refusal, where it must not be empty.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub officer: String,
}

pub struct Department {
    key: &'static str,
    settings: DepartmentSettings,
    switch: Arc<Switch<Conduct>>,
    book: Mutex<Book>,
    journal: Journal,
    client: reqwest::Client,
    runtime: Handle,
    clock: Clock,
    retry: (Duration, Duration),
}

pub fn routes(config: &mut ServiceConfig, department: Arc<Department>) {
    switch::routes(config, department.switch.clone());
    inbox::routes(config, department.clone());
    pages::routes(config);
}

impl Department {
    /// Opens its office: on the current runtime, with the cases that an earlier run left open.
    pub fn open(key: &'static str, all: &Settings, settings: DepartmentSettings) -> Result<Arc<Self>> {
        let (journal, old) = Journal::open(all.folder.as_deref(), key)?;
        let department = Arc::new(Self {
            key,
            settings,
            switch: Arc::default(),
            book: Mutex::default(),
            journal,
            client: post::client()?,
            runtime: Handle::current(),
            clock: all.clock.clone(),
            retry: (all.retry_first, all.retry_most),
        });
        for (source, id, receipt) in old.finished {
            department.book().remember((source, id), Some(receipt));
        }
        for (source, id, accepted) in old.open {
            department.take_in((source, id), accepted, false);
        }
        Ok(department)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a case, and gives its receipt; a case that is known keeps the one it has.
    fn take_in(self: &Arc<Self>, key: (String, String), accepted: Accepted, is_new: bool) -> String {
        let case_no = accepted.case_no.clone();
        let now = self.clock.now();
        let (queue, letters) = mpsc::unbounded_channel();
        {
            let mut book = self.book();
            if let Some(known) = book.case(&case_no).map(|c| c.receipt.clone()) {
                book.remember(key, Some(known.clone()));
                return known;
            }
            if is_new {
                self.journal.took(&key, &accepted);
            }
            let receipt = book.next_receipt(self.key, now);
            book.remember(key.clone(), Some(receipt.clone()));
            book.insert(Case::new(key, accepted.clone(), receipt, now, queue));
        }
        self.runtime.spawn(post::carry(self.clone(), case_no.clone(), accepted.answer_to.clone(), letters));
        let receipt = self.book().case(&case_no).map(|c| c.receipt.clone()).unwrap_or_default();
        let received = Received { case_no: case_no.clone(), receipt: Some(receipt.clone()) };
        self.tell(&case_no, CASE_RECEIVED, &received);
        self.runtime.spawn(self.clone().handle(accepted));
        receipt
    }

    /// What the system does by itself with a new case.
    async fn handle(self: Arc<Self>, accepted: Accepted) {
        let no = accepted.case_no.clone();
        let is_sound = !self.settings.fetches || post::fetch(&self, &accepted).await;
        let Manner::Automatic { progress, decide } = self.settings.manner else {
            return;
        };
        tokio::time::sleep(progress).await;
        let officer = "自动审批系统".to_owned();
        let opinion = if is_sound { "材料齐全，符合法定形式" } else { "材料未通过核对" }.to_owned();
        let act = Act { act: "progress".into(), step: "审核".into(), opinion, reason: String::new(), officer };
        if self.act(&no, &act).is_err() {
            return;
        }
        tokio::time::sleep(decide).await;
        let reason = "申请材料不能取得，或与登记的摘要不符，无法审核".to_owned();
        let verdict = if is_sound { "grant" } else { "refuse" };
        // An error says that the case was withdrawn meanwhile.
        let _done = self.act(&no, &Act { act: verdict.into(), reason, ..act });
    }

    /// Does what an officer wishes, and tells the platform.
    ///
    /// # Errors
    /// Not found; Conflict when the case is finished; Invalid for an unknown act or a refusal without a reason.
    fn act(&self, case_no: &str, act: &Act) -> Result<()> {
        let at = self.clock.now();
        let officer = if act.officer.trim().is_empty() { "值班人员" } else { act.officer.trim() }.to_owned();
        let (state, licence) = {
            let mut book = self.book();
            let serial = book.next_serial();
            let case = book.case_mut(case_no).ok_or_else(Error::not_found)?;
            if case.state.is_final() {
                return Err(Error::conflict("case-finished"));
            }
            let state = match act.act.as_str() {
                "progress" => State::Reviewing,
                "grant" => State::Granted,
                "refuse" if act.reason.trim().is_empty() => return Err(Error::field("reason", "required")),
                "refuse" => State::Refused,
                _ => return Err(Error::field("act", "unknown")),
            };
            case.state = state;
            let day = at.local().format("%Y%m%d%H%M%S");
            (state, format!("{}{day}{serial:03}", self.settings.licence_prefix))
        };
        let case_no = case_no.to_owned();
        if state == State::Reviewing {
            let step = if act.step.trim().is_empty() { "审核" } else { act.step.trim() }.to_owned();
            let opinion = act.opinion.trim().to_owned();
            self.tell(
                &case_no,
                CASE_PROGRESS,
                &Progress { case_no: case_no.clone(), step, handler: officer, opinion, at },
            );
            return Ok(());
        }
        let is_granted = state == State::Granted;
        let decided = Decided {
            case_no: case_no.clone(),
            outcome: if is_granted { "granted" } else { "refused" }.into(),
            reason: if is_granted { String::new() } else { act.reason.trim().to_owned() },
            decided_by: officer,
            decided_at: at,
            document: is_granted.then(|| self.document(&case_no, licence)),
        };
        self.tell(&case_no, CASE_DECIDED, &decided);
        Ok(())
    }

    fn document(&self, case_no: &str, no: String) -> Document {
        let day = self.clock.now().day();
        let lines = [
            "LICENCE".to_owned(),
            format!("No. {no}"),
            format!("Case {case_no}"),
            format!("Issued by {} ({})", self.settings.name_en, self.settings.code),
            format!("Date of issue {day}"),
            String::new(),
            "SIMULATED DOCUMENT - issued by a sandbox, without legal effect".to_owned(),
        ];
        let file_name = format!("{no}.pdf");
        Document { no, file_name, mime: "application/pdf".into(), content: base64(&pdf::page(&lines)) }
    }

    fn withdraw(&self, withdrawn: &Withdrawn) {
        let mut book = self.book();
        if let Some(case) = book.case_mut(&withdrawn.case_no).filter(|c| !c.state.is_final()) {
            case.state = State::Withdrawn;
            case.queue = None;
            self.journal.finished(case);
        }
    }

    /// Puts a letter to the platform into the case's outbox. Out of order means: the decision first, then the rest backwards.
    fn tell(&self, case_no: &str, kind: &str, data: &impl Serialize) {
        let data = serde_json::to_value(data).unwrap_or(Value::Null);
        let source = format!("urn:department:{}", self.settings.code);
        let event = Event::new(Id::random().to_string(), source, kind, case_no.to_owned(), self.clock.now(), data);
        let is_decision = kind == CASE_DECIDED;
        let is_disorder = self.switch.now() == Conduct::Disorder;
        let mut book = self.book();
        let Some(case) = book.case_mut(case_no) else {
            return;
        };
        case.letters.push(Letter::new(&event));
        if is_disorder && !is_decision {
            case.withheld.push(event);
            return;
        }
        let held = std::mem::take(&mut case.withheld);
        let order: Vec<Event> = if is_disorder {
            std::iter::once(event).chain(held.into_iter().rev()).collect()
        } else {
            held.into_iter().chain([event]).collect()
        };
        if let Some(queue) = &case.queue {
            for event in order {
                // The carrier lives as long as the queue stands here.
                let _sent = queue.send(event);
            }
        }
        if is_decision {
            case.queue = None;
        }
    }
}
