//! Samples of the desk's pages: full, empty, refused.

use super::act::Confirm;
use super::case::{CasePage, Form, Proposed, Said};
use super::list::Desk;
use crate::kernel::{FieldError, Text, Ts};
use crate::web::caseframe::CaseFrame;
use crate::web::dossier::Dossier;
use crate::web::worklist::Worklist;

const AT: Ts = Ts::from_micros(1_770_000_000_000_000);

fn name() -> Text {
    Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>")
}

pub fn desks() -> Vec<Desk> {
    let tabs = [("handle", 999, true), ("review", 2, false), ("approve", 0, false)];
    let desk = |is_own, list| Desk { department: name(), is_own, list };
    let empty = |code, is_own| desk(is_own, Worklist::empty(&[(code, 0, is_own)]));
    vec![desk(true, Worklist::sample(&tabs)), empty("review", false), empty("outside", false), empty("approve", true)]
}

fn case(form: Option<Form>) -> CasePage {
    let said =
        |step, verdict, opinion: &str| Said { step, verdict, opinion: opinion.into(), by: "彭思远".into(), at: AT };
    CasePage {
        frame: CaseFrame::sample("/desk", "handling"),
        dossier: Dossier::sample(),
        opinions: vec![
            said("handle", "agree", "材料齐全 <b>"),
            said("review", "agree", "同意"),
            said("review", "return", "请补充"),
            said("approve", "agree", "同意"),
            said("approve", "return", "请复核"),
        ],
        proposal: Some(Proposed { outcome: "refused", reason: "场所不符".into() }),
        form,
        blocked: None,
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
            fault("opinion", "opinion-missing", None),
        ],
        ..case(Some(form("handle", "refused")))
    };
    let long = CasePage {
        faults: vec![fault("reason", "too-long", Some("2000")), fault("opinion", "opinion-return", None)],
        ..case(Some(form("handle", "refused")))
    };
    let frame = || CaseFrame::sample("/desk", "reviewing");
    let moved = CasePage { frame: frame().moved(), ..case(Some(form("review", "agree"))) };
    let held = CasePage { frame: frame().held("蒋文娟"), ..case(Some(form("approve", "return"))) };
    let blocked = |why| CasePage { blocked: Some(why), notice: Some("不能".into()), ..case(None) };
    let decided = CasePage {
        frame: CaseFrame::sample("/desk", "finished"),
        proposal: Some(Proposed { outcome: "granted", reason: String::new() }),
        ..case(None)
    };
    vec![fresh, wrong, long, moved, held, blocked("role"), blocked("same-person"), decided]
}

pub fn confirms() -> Vec<Confirm> {
    let confirm = |outcome, form: Form| Confirm {
        id: "1".into(),
        title: name(),
        receipt_no: "260302000017".into(),
        department: name(),
        applicant: "林越".into(),
        outcome,
        heading: outcome,
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
