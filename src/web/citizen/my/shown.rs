//! What the public sees of a case: its state in plain words, the day that matters now, and the steps without what is inner to the
//! office. Names of staff and their opinions never pass through here.

use serde::Serialize;

use crate::calendar::Plan;
use crate::cases::{Case, Decision, Event, Happened, Identity, Listed, PublicState};
use crate::kernel::{Day, Text, Ts};
use crate::web::due::Due;

/// How a case stands.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Texts `my-state-…`, `my-next-…`.
    pub state: &'static str,
    /// `info`, `ok`, `warn`, `bad` or `idle`
    pub tone: &'static str,
    pub icon: &'static str,
    /// Text `my-ends-…`: what has to be done by the day, when something has.
    pub ends: Option<&'static str>,
    pub due: Due,
    pub ended_at: Option<Ts>,
    /// `pending` or `failed` while it is not known who declared: text `my-identity-…`; empty otherwise.
    pub identity: &'static str,
}

/// `correct_by` is the last day of the open correction.
pub fn standing(plan: &Plan, today: Day, case: &Listed, correct_by: Option<Day>) -> Standing {
    use PublicState as P;
    let (tone, icon) = match case.public_state {
        P::Submitted | P::PreAccepted | P::Accepted | P::Deciding => ("info", "clock"),
        P::Correcting => ("warn", "alert"),
        P::Granted => ("ok", "check-circle"),
        P::Refused | P::NotAccepted => ("bad", "stop"),
        P::Draft | P::Withdrawn | P::Abandoned => ("idle", "info"),
    };
    let (ends, day) = match case.public_state {
        P::Submitted | P::PreAccepted => (Some("answer"), case.accept_by),
        P::Accepted | P::Deciding => (Some("decide"), case.due_on),
        P::Correcting => (Some("correct"), correct_by),
        _ => (None, None),
    };
    Standing {
        state: case.public_state.code(),
        tone,
        icon,
        ends: ends.filter(|_| day.is_some()),
        due: Due::of(plan, today, day),
        ended_at: case.finished_at,
        identity: if case.identity == Identity::Known || case.finished_at.is_some() {
            ""
        } else {
            case.identity.code()
        },
    }
}

/// One step that the public sees. Template: `{{part "my/steps" steps=…}}`.
#[derive(Debug, Clone, Serialize)]
pub struct Passed {
    pub at: Ts,
    /// Text `my-step-…`.
    pub step: &'static str,
    /// The office that did it; none when text `my-by-…` says who.
    pub office: Option<Text>,
    /// `person` or `system`
    pub by: &'static str,
    pub note: String,
}

/// The offices that a case passes.
pub struct Offices {
    /// None when the hall has closed since.
    pub hall: Option<Text>,
    pub department: Text,
}

/// The public part of what happened. Without `with_notes` nothing that somebody wrote is shown at all: for who is not logged in.
pub fn passed(case: &Case, all: &[Happened], offices: &Offices, with_notes: bool) -> Vec<Passed> {
    let shown = |h: &Happened| step(h, case.decision).map(|name| one(h, name, offices, with_notes));
    all.iter().filter_map(shown).collect()
}

fn one(h: &Happened, step: &'static str, offices: &Offices, with_notes: bool) -> Passed {
    let is_at_department = matches!(step, "to-department" | "progress" | "granted" | "refused");
    let (office, by) = match h.actor_kind.as_str() {
        "person" => (None, "person"),
        _ if is_at_department => (Some(offices.department.clone()), "staff"),
        "staff" => (offices.hall.clone(), "staff"),
        _ => (None, "system"),
    };
    let note = if h.is_public && with_notes { h.note.clone() } else { String::new() };
    Passed { at: h.at, step, office, by, note }
}

/// The public's name of a step; none for what goes on inside an office.
fn step(h: &Happened, decision: Option<Decision>) -> Option<&'static str> {
    match h.event {
        Event::Dispatch | Event::Assign => Some("to-department"),
        Event::Progress => h.is_public.then_some("progress"),
        Event::Approve | Event::Decide => decision.map(Decision::code),
        Event::Take
        | Event::Handle
        | Event::Review
        | Event::ReturnToHandler
        | Event::ReturnToReviewer
        | Event::Finish => None,
        Event::Submit
        | Event::PreAccept
        | Event::AskCorrection
        | Event::AnswerCorrection
        | Event::ExpireCorrection
        | Event::RefuseAcceptance
        | Event::Receive
        | Event::Accept
        | Event::DeemAccepted
        | Event::IdentityKnown
        | Event::IdentityFailed
        | Event::Withdraw => Some(h.event.code()),
    }
}

/// For the samples of pages.
impl Passed {
    pub fn samples() -> Vec<Self> {
        let one = |step, office: bool, by, note: &str| Self {
            at: Ts::from_micros(1_770_000_000_000_000),
            step,
            office: office.then(|| Text::new("市政务服务中心 <b>", "City service centre <b>")),
            by,
            note: note.into(),
        };
        let by_office = ["pre-accept", "ask-correction", "receive", "accept", "to-department", "progress", "refused"];
        let mut all = vec![one("submit", false, "person", ""), one("answer-correction", false, "person", "已重拍 <b>")];
        all.extend(by_office.into_iter().map(|step| one(step, true, "staff", "")));
        all.extend(["granted", "refuse-acceptance"].into_iter().map(|step| one(step, false, "staff", "")));
        all.extend(
            ["expire-correction", "deem-accepted", "identity-known", "identity-failed"]
                .into_iter()
                .map(|step| one(step, false, "system", "")),
        );
        all.push(one("withdraw", false, "person", ""));
        all
    }
}

impl Standing {
    /// For the samples of pages: every state.
    pub fn samples() -> Vec<Self> {
        let day = Day::from_ymd_opt(2026, 3, 9);
        let due = |text| Due { day, tone: "ok", text, days: 5 };
        let none = Due { day: None, tone: "paused", text: "none", days: 0 };
        let one = |state: &PublicState| {
            let ends = match state {
                PublicState::Submitted | PublicState::PreAccepted => Some("answer"),
                PublicState::Accepted | PublicState::Deciding => Some("decide"),
                PublicState::Correcting => Some("correct"),
                _ => None,
            };
            let (tone, icon) = ("info", "clock");
            let ended_at = ends.is_none().then(|| Ts::from_micros(1_770_000_000_000_000));
            let identity = match state {
                PublicState::Submitted => "pending",
                PublicState::PreAccepted => "failed",
                _ => "",
            };
            let due = if ends.is_some() { due("ok") } else { none };
            Self { state: state.code(), tone, icon, ends, due, ended_at, identity }
        };
        PublicState::ALL.iter().map(one).collect()
    }
}
