//! Samples of these pages: empty, full, wrong.

use super::case::{self, Asked, CasePage, Declaration, Place, Refusal};
use super::correction::{CorrectionPage, Held, Wanted};
use super::list::{Line, Mine, Row};
use super::messages::{Messages, Row as MessageRow};
use super::progress::{Found, Progress};
use super::shown::{Passed, Standing};
use super::withdraw::Withdraw;
use crate::cases::FileId;
use crate::kernel::{Day, FieldError, Lang, Text, Ts};
use crate::notifications::News;
use crate::web::dossier::Dossier;
use crate::web::due::Due;
use crate::web::notice::NoticeLink;
use crate::web::public::login::required;
use crate::web::questions::Section;
use crate::web::told;

const AT: Ts = Ts::from_micros(1_770_000_000_000_000);
const NO: &str = "260302000017";

fn name() -> Text {
    Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>")
}

fn rows() -> Vec<Line> {
    let href = || "/my/cases/1".to_owned();
    let row = |s: &Standing| Line::new(Lang::Zh, href(), &name(), if s.state == "draft" { "" } else { NO }, s, AT);
    Standing::samples().iter().map(row).collect()
}

pub fn lists() -> Vec<Mine> {
    let wait = |s: Standing| Row { href: "/my/cases/1".into(), name: name(), due: s.due };
    let waiting = Standing::samples().into_iter().filter(|s| s.ends == Some("correct")).map(wait).collect();
    let full = Mine { waiting, rows: rows(), is_first: true, next: Some("x".into()) };
    let later = Mine { waiting: vec![], rows: rows(), is_first: false, next: None };
    vec![Mine { waiting: vec![], rows: vec![], is_first: true, next: None }, full, later]
}

pub fn messages() -> Vec<Messages> {
    let row = |(at, news): (usize, &News)| MessageRow {
        href: if at == 0 { String::new() } else { "/my/cases/1".into() },
        news: news.code(),
        item: name(),
        receipt_no: NO.into(),
        at: AT,
        is_new: at.is_multiple_of(2),
    };
    let rows: Vec<_> = News::ALL.iter().enumerate().map(row).collect();
    vec![
        Messages { rows: vec![], is_first: true, next: None },
        Messages { rows: rows.clone(), is_first: true, next: Some("x".into()) },
        Messages { rows, is_first: false, next: None },
    ]
}

fn page(standing: Standing) -> CasePage {
    let is_correcting = standing.ends == Some("correct");
    let due_on = Day::from_ymd_opt(2026, 3, 16).unwrap_or_default();
    let is_refused = matches!(standing.state, "refused" | "not-accepted");
    let notice =
        |title: &'static str| NoticeLink { id: "1".into(), heading: title, no: format!("{NO}-1"), made_at: AT };
    let titles =
        ["acceptance", "correction", "not-accepted", "granted", "granted-licence", "refused", "refused-licence"];
    CasePage {
        id: "1".into(),
        title: name(),
        receipt_no: NO.into(),
        case_no: "11980100MB00000000".into(),
        query_code: "7Q4K2M9X".into(),
        channel: "web",
        submitted_at: Some(AT),
        correction: is_correcting.then(|| Asked {
            asked_at: AT,
            defects: told::samples(),
            note: "请 <b>".into(),
            due_on,
        }),
        refusal: is_refused.then(|| Refusal { reason: "场所不符 <b>".into(), remedy: Some(name()) }),
        next: case::next(standing.state, &Dossier::sample()),
        dossier: Dossier::sample(),
        notices: titles.map(notice).to_vec(),
        steps: Passed::samples(),
        may_withdraw: standing.ends.is_some(),
        is_collect_low: standing.state == "granted",
        hall: Some(Place { code: "H01".into(), name: name(), address: name(), phone: "0980-8133112".into() }),
        department: name(),
        consult: "0980-8122119".into(),
        complain: "0980-12345".into(),
        notice: None,
        standing,
    }
}

pub fn cases() -> Vec<CasePage> {
    let mut all: Vec<_> = Standing::samples().into_iter().filter(|s| s.state != "draft").map(page).collect();
    if let Some(standing) = Standing::samples().into_iter().find(|s| s.state == "granted") {
        let mut bare =
            CasePage { notices: vec![], hall: None, notice: Some("不能".into()), next: "granted", ..page(standing) };
        bare.dossier.results.clear();
        bare.query_code.clear();
        all.push(bare);
    }
    all
}

pub fn corrections() -> Vec<CorrectionPage> {
    let fault = |field: &str, code, value: Option<&str>| FieldError {
        field: field.into(),
        code,
        value: value.map(str::to_owned),
    };
    let held =
        |is_new| Held { id: FileId::random(), name: "图 <b>.pdf".into(), size: 1234, href: "/x".into(), is_new };
    let wanted = |key: &str, reason: &str, faults: Vec<FieldError>| Wanted {
        name: format!("material.{key}"),
        title: name(),
        reason: reason.into(),
        is_hidden: reason.is_empty(),
        standard: Some(name()),
        formats: "PDF, JPG".into(),
        mb: 10,
        files: vec![held(true), held(false)],
        faults,
    };
    let bare = CorrectionPage {
        id: "1".into(),
        title: name(),
        receipt_no: NO.into(),
        asked_at: AT,
        due: Due { day: Day::from_ymd_opt(2026, 3, 16), tone: "ok", text: "ok", days: 9 },
        note: String::new(),
        wanted: vec![],
        others: vec![],
        form_reasons: vec![],
        sections: vec![],
        watch: String::new(),
        applicant: "1".into(),
        is_form_open: false,
        is_other_open: false,
        answer: String::new(),
        faults: vec![],
        notice: None,
    };
    let codes = ["file-empty", "file-kind", "file-disguised", "files-too-many"];
    let mut at_material: Vec<_> = codes.iter().map(|code| fault("material.m1", code, None)).collect();
    at_material.push(fault("material.m1", "file-too-large", Some("10")));
    at_material.push(fault("material.m1", "file-format", Some("PDF")));
    let mut faults = at_material.clone();
    faults.push(fault("answer", "text-long", Some("1000")));
    let full = CorrectionPage {
        note: "请 <b>".into(),
        wanted: vec![wanted("m1", "看不清 <b>", at_material), wanted("m2", "过期", vec![])],
        others: vec![Wanted { files: vec![], standard: None, ..wanted("m3", "", vec![]) }],
        form_reasons: vec!["面积不一致 <b>".into()],
        sections: Section::samples(),
        watch: "/relevant/1".into(),
        is_form_open: true,
        is_other_open: true,
        answer: "已重拍 <b>".into(),
        faults,
        notice: Some("不能".into()),
        ..bare.clone()
    };
    vec![bare, full]
}

pub fn declarations() -> Vec<Declaration> {
    vec![Declaration {
        id: "1".into(),
        title: name(),
        department: name(),
        receipt_no: NO.into(),
        case_no: "11980100MB00000000".into(),
        submitted_at: Some(AT),
        dossier: Dossier::sample(),
        on_paper: vec!["m2".into()],
    }]
}

pub fn withdrawals() -> Vec<Withdraw> {
    let long = FieldError { field: "reason".into(), code: "text-long", value: Some("500".into()) };
    let page = |reason: &str, faults, notice| Withdraw {
        id: "1".into(),
        title: name(),
        receipt_no: NO.into(),
        reason: reason.into(),
        faults,
        notice,
    };
    vec![page("", vec![], None), page("改日 <b>", vec![long], Some("不能".into()))]
}

pub fn progresses() -> Vec<Progress> {
    let found = |standing| Progress {
        found: Some(Found {
            title: name(),
            receipt_no: NO.into(),
            submitted_at: Some(AT),
            standing,
            steps: Passed::samples(),
            hall: Some(name()),
            department: name(),
            consult: "0980-8122119".into(),
        }),
        ..Progress::default()
    };
    let faults = required(&[("no", "", "progress-no-missing"), ("code", "", "progress-code-missing")]);
    let wrong = Progress { notice: Some("不对".into()), ..Progress::new("2603 <", "7Q4K", vec![]) };
    let mut all = vec![Progress::new("", "", vec![]), Progress::new("", "", faults), wrong];
    all.extend(Standing::samples().into_iter().map(found));
    all
}
