//! Samples of the desk's pages: full, empty, refused.

use super::act::Confirm;
use super::case::{CasePage, Form, NoticeLink, Proposed, Said};
use super::list::{Choice, Desk, Row, Tab};
use crate::kernel::{Day, FieldError, Text, Ts};
use crate::web::dossier::Dossier;
use crate::web::due::Due;
use crate::web::timeline::Step;

const AT: Ts = Ts::from_micros(1_770_000_000_000_000);

fn name() -> Text {
    Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>")
}

fn due(tone: &'static str, text: &'static str, days: i64) -> Due {
    Due { day: Day::from_ymd_opt(2026, 3, 9), tone, text, days }
}

pub fn desks() -> Vec<Desk> {
    let tab = |code, count, is_own| Tab { code, count, is_capped: count == 999, is_own };
    let row = |due, held: Option<&str>, item| Row {
        id: "1".into(),
        receipt_no: "260302000017".into(),
        item,
        applicant: "林*".into(),
        channel: "web",
        state: "handling",
        entered_at: AT,
        held_by: held.map(str::to_owned),
        due,
    };
    let full = Desk {
        department: name(),
        tab: "handle",
        tabs: vec![tab("handle", 999, true), tab("review", 2, false), tab("approve", 0, false)],
        is_own: true,
        rows: vec![
            row(due("red", "over", 2), Some("彭思远"), Some(name())),
            row(due("yellow", "today", 0), None, Some(name())),
            row(due("ok", "ok", 5), None, None),
        ],
        items: vec![Choice { id: "1".into(), name: name(), is_on: true }],
        item: "1".into(),
        next: Some("tab=handle&after=x".into()),
        is_first: false,
    };
    let empty = |code, is_own| Desk {
        department: name(),
        tab: code,
        tabs: vec![tab(code, 0, is_own)],
        is_own,
        rows: vec![],
        items: vec![],
        item: String::new(),
        next: None,
        is_first: true,
    };
    vec![full, empty("review", false), empty("outside", false), empty("approve", true)]
}

fn case(form: Option<Form>) -> CasePage {
    let said =
        |step, verdict, opinion: &str| Said { step, verdict, opinion: opinion.into(), by: "彭思远".into(), at: AT };
    CasePage {
        id: "1".into(),
        title: name(),
        receipt_no: "260302000017".into(),
        case_no: "11980100MB00000000".into(),
        state: "handling",
        channel: "web",
        is_open: true,
        due: due("yellow", "soon", 1),
        legal_due: Some("2026-03-30".into()),
        decision: None,
        dossier: Dossier::sample(),
        steps: Step::samples(),
        opinions: vec![
            said("handle", "agree", "材料齐全 <b>"),
            said("review", "agree", "同意"),
            said("review", "return", "请补充"),
            said("approve", "agree", "同意"),
            said("approve", "return", "请复核"),
        ],
        proposal: Some(Proposed { outcome: "refused", reason: "场所不符".into() }),
        notices: vec![],
        form,
        blocked: None,
        held_by: None,
        moved: None,
        notice: None,
        faults: vec![],
    }
}

fn form(step: &'static str, choice: &str) -> Form {
    Form { step, rev: 7, choice: choice.into(), reason: "场所与住宅相连".into(), opinion: "核查 <b>".into() }
}

pub fn cases() -> Vec<CasePage> {
    let fault = |field: &str, code, value: Option<&str>| FieldError {
        field: field.into(),
        code,
        value: value.map(str::to_owned),
    };
    let fresh = CasePage { opinions: vec![], proposal: None, ..case(Some(form("handle", ""))) };
    let wrong = CasePage {
        faults: vec![
            fault("choice", "desk-choice", None),
            fault("reason", "refusal-reason", None),
            fault("reason", "too-long", Some("2000")),
            fault("opinion", "opinion-missing", None),
            fault("opinion", "opinion-return", None),
        ],
        ..case(Some(form("handle", "refused")))
    };
    let moved = CasePage { moved: Step::samples().pop(), ..case(Some(form("review", "agree"))) };
    let held = CasePage { held_by: Some("蒋文娟".into()), ..case(Some(form("approve", "return"))) };
    let blocked = |why| CasePage { blocked: Some(why), notice: Some("不能".into()), ..case(None) };
    let link = |kind| NoticeLink { id: "1".into(), kind, no: "260302000017-2".into(), made_at: AT };
    let decided = CasePage {
        state: "finished",
        is_open: false,
        due: Due { day: None, tone: "paused", text: "none", days: 0 },
        decision: Some("granted"),
        proposal: Some(Proposed { outcome: "granted", reason: String::new() }),
        notices: ["acceptance", "correction", "not-accepted", "granted", "refused"].into_iter().map(link).collect(),
        ..case(None)
    };
    vec![fresh, wrong, moved, held, blocked("role"), blocked("same-person"), decided]
}

pub fn confirms() -> Vec<Confirm> {
    let confirm = |outcome, form: Form| Confirm {
        id: "1".into(),
        title: name(),
        receipt_no: "260302000017".into(),
        department: name(),
        applicant: "林越".into(),
        outcome,
        reason: if outcome == "refused" { form.reason.clone() } else { String::new() },
        remedy: Text::new("可在 60 日内申请行政复议。", "May be contested within 60 days."),
        result: Some(name()),
        form,
    };
    vec![
        confirm("refused", form("handle", "refused")),
        confirm("granted", form("approve", "agree")),
        confirm("refused", form("approve", "agree")),
    ]
}
