//! Samples of the window's pages: full, empty, refused.

use super::May;
use super::case::{Answer, CasePage, Form, Look, Wanted};
use super::confirm::Confirm;
use super::declare::{Choice, Choose, Chosen, Form as Declaring};
use super::intake::Intake;
use super::list::Hall;
use super::receipt::{Handed, Receipt};
use super::wrong::wrong;
use crate::kernel::{Day, FieldError, Text, Ts};
use crate::web::caseframe::CaseFrame;
use crate::web::dossier::Dossier;
use crate::web::field::Field;
use crate::web::questions::Section;
use crate::web::told;
use crate::web::worklist::Worklist;

fn name() -> Text {
    Text::new("市政务服务中心 <b>", "City hall <b>")
}

fn day() -> Day {
    Day::from_ymd_opt(2026, 3, 16).unwrap_or_default()
}

pub fn lists() -> Vec<Hall> {
    let list =
        |list, faults: &[FieldError]| Hall { hall: name(), number: Field::new("number", "2603 <", faults), list };
    let unknown = FieldError { field: "number".into(), code: "number-unknown", value: None };
    let full = Worklist::sample(&[("pre-accept", 999, true), ("accept", 2, true), ("waiting", 0, false)]);
    vec![list(full, &[]), list(Worklist::empty(&[("waiting", 0, false)]), &[unknown])]
}

fn form(may: May) -> Form {
    let look = |material: crate::web::dossier::Material| Look {
        sample: (material.no == 1).then(|| "/papers/m1.pdf".into()),
        is_new: material.no == 2,
        is_there: material.no != 3,
        verdict_code: (material.no == 3).then_some("verdict-missing"),
        reason_code: (material.no == 2).then_some("too-long"),
        reason_arg: Some("500".into()),
        material,
    };
    Form {
        rev: 7,
        may,
        looks: Dossier::sample().materials.into_iter().map(look).collect(),
        reason: "请一并提交 <b>".into(),
        reason_code: Some("reason-missing"),
        reason_arg: None,
        correct_by: day(),
    }
}

fn fault(field: &str, code: &'static str, value: Option<&str>) -> FieldError {
    FieldError { field: field.into(), code, value: value.map(str::to_owned) }
}

pub fn cases() -> Vec<CasePage> {
    let page = |state, form, answer| CasePage {
        frame: CaseFrame::sample("/hall", state),
        dossier: Dossier::sample(),
        form,
        asked: None,
        answer,
        has_account: true,
        is_barred: false,
        lost: vec![],
        notice: None,
        wrong: vec![],
    };
    let all = May { pre_accept: true, correct: true, refuse: true, accept: true, answer: false };
    let faults = [
        fault("verdict.m3", "verdict-missing", None),
        fault("reason.m2", "reason-missing", None),
        fault("reason", "too-long", Some("2000")),
    ];
    let wrong = CasePage { wrong: wrong(&faults, |_, _| Some(name())), ..page("submitted", Some(form(all)), None) };
    let verify_only = May { accept: false, refuse: false, ..all };
    let moved = CasePage {
        frame: CaseFrame::sample("/hall", "submitted").moved().held("唐明哲"),
        notice: Some("已被办理".into()),
        ..page("submitted", Some(form(verify_only)), None)
    };
    let answer = |code| Answer { rev: 7, text: "已补正 <b>".into(), code, intake: Intake::sample() };
    let asked = |note: &str| Some(Wanted { defects: told::samples(), note: note.into() });
    let correcting = |code, note| CasePage { asked: asked(note), ..page("correcting", None, Some(answer(code))) };
    let lacking = [fault("answer", "answer-missing", None), fault("kept", "upload-gone", None)];
    let lacking = super::wrong::wrong(&lacking, |_, _| None);
    vec![
        page("submitted", Some(form(all)), None),
        wrong,
        moved,
        correcting(None, ""),
        CasePage { wrong: lacking, ..correcting(Some("answer-missing"), "请尽快 <b>") },
        CasePage { has_account: true, is_barred: true, asked: asked(""), ..page("correcting", None, None) },
        CasePage { lost: vec!["平面图没有标出洗消区 <b>".into()], ..page("finished", None, None) },
    ]
}

pub fn confirms() -> Vec<Confirm> {
    let confirm = |act, defects, unseen, reason: &str| Confirm {
        id: "1".into(),
        act,
        item: name(),
        department: name(),
        applicant: "林悦 <b>".into(),
        receipt_no: "260302000017".into(),
        defects,
        unseen,
        reason: reason.into(),
        due_on: day(),
        remedy: Text::new("可在 60 日内申请行政复议。", "May be contested within 60 days."),
        hidden: vec![("rev".into(), "7".into()), ("reason.m1".into(), "看不清 <b>".into())],
    };
    vec![
        confirm("correct", told::samples(), vec![name()], "请一并提交"),
        confirm("correct", vec![], vec![], "表格未签字"),
        confirm("refuse", vec![], vec![], "不属于本机关职权范围"),
    ]
}

pub fn choices() -> Vec<Choose> {
    let item = || Choice { slug: "x".into(), name: name(), department: name() };
    vec![Choose { q: String::new(), items: vec![item(), item()] }, Choose { q: "没有 <b>".into(), items: vec![] }]
}

pub fn forms() -> Vec<Declaring> {
    let chosen = |code: &str| Chosen { code: code.into(), name: name(), is_on: code == "1" };
    let form = |kinds: &[&str], faults: &[FieldError]| {
        let field = |name: &'static str| Field::new(name, "林悦 <b>", faults);
        Declaring {
            slug: "x".into(),
            title: name(),
            kinds: kinds.iter().map(|k| chosen(k)).collect(),
            kind_code: faults.iter().find(|f| f.field == "applicant.kind").map(|f| f.code),
            id_kinds: vec![chosen("111"), chosen("414")],
            name: field("applicant.name"),
            id_number: field("applicant.id_number"),
            phone: field("applicant.phone"),
            address: field("applicant.address"),
            agent_name: field("applicant.agent_name"),
            agent_id_number: field("applicant.agent_id_number"),
            sections: Section::samples(),
            watch: if faults.is_empty() { String::new() } else { "/relevant/1".into() },
            intake: Intake::sample(),
            once: "x".into(),
            notice: None,
            wrong: wrong(faults, |_, _| Some(name())),
        }
    };
    let parts = ["name", "id_number", "phone", "address", "agent_name", "agent_id_number"];
    let mut faults: Vec<_> = parts.map(|p| fault(&format!("applicant.{p}"), "required", None)).into();
    faults.push(fault("applicant.kind", "not-an-option", None));
    faults.push(fault("form.input1", "too-long", Some("20")));
    let noticed = Declaring { notice: Some("不能".into()), ..form(&["1"], &[]) };
    vec![form(&["1"], &[]), form(&["1", "2"], &faults), noticed]
}

pub fn receipts() -> Vec<Receipt> {
    let handed = |files, on_paper| Handed { name: name(), files, on_paper };
    let receipt = |agent: &str, materials| Receipt {
        id: "1".into(),
        title: name(),
        applicant: "林悦 <b>".into(),
        agent: agent.into(),
        receipt_no: "260302000017".into(),
        case_no: "11440100007482575H3440118009000202611220001230".into(),
        query_code: "K7MP2QXA".into(),
        submitted_at: Some(Ts::from_micros(1_770_000_000_000_000)),
        has_account: true,
        answer_by: Some("2026-03-09".into()),
        department: name(),
        hall: name(),
        hall_address: Text::new("云川市 <1号>", "1 Yunchuan <Road>"),
        hall_phone: "0980-1234567".into(),
        progress: "https://fw.example.gov.cn/progress".into(),
        qr: "data:image/svg+xml;base64,PHN2Zy8+".into(),
        clerk: "许静怡".into(),
        materials,
    };
    vec![receipt("陈志远 <b>", vec![handed(2, false), handed(0, true), handed(1, true)]), receipt("", vec![])]
}
