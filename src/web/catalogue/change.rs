//! A proposed change: what differs, what the rules say of it, and what its writer and its reviewer do with it.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::words::{Names, department};
use crate::catalogue::changes::{self, Change, ChangeId, ChangeKind, ChangeState};
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::elements::{SECTIONS, Section};
use crate::catalogue::{Elements, Finding, Severity};
use crate::flows;
use crate::kernel::{Day, Error, FieldError, Kind, Permission, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Shown {
    id: String,
    item: Option<String>,
    kind: ChangeKind,
    state: ChangeState,
    name: Text,
    code: String,
    department: Text,
    base_no: i32,
    no: Option<i32>,
    revision: i32,
    reason: String,
    opinion: String,
    effective_on: Option<Day>,
    author: String,
    reviewer: String,
    created_at: Ts,
    submitted_at: Option<Ts>,
    done_at: Option<Ts>,
    sections: Vec<Part>,
    differences: Vec<Difference>,
    findings: Vec<Found>,
    errors: usize,
    today: Day,
    may_write: bool,
    /// A reviewer who has no hand in it.
    may_review: bool,
    /// A reviewer who has: somebody else has to review.
    is_own: bool,
    fields: Typed,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

/// A section of the elements, and how it stands.
#[derive(Debug, Clone, Serialize)]
struct Part {
    key: &'static str,
    changed: usize,
    errors: usize,
    warnings: usize,
}

/// What the rules say, with the section in which it is mended.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    pub severity: Severity,
    pub rule: &'static str,
    pub section: &'static str,
    /// In words.
    pub place: Vec<Text>,
    pub value: String,
}

impl Found {
    pub fn new(f: &Finding, doc: &Elements) -> Self {
        let doc = serde_json::to_value(doc).unwrap_or_default();
        Self {
            severity: f.severity,
            rule: f.rule,
            section: Section::of_path(&f.element).map_or("basic", |s| s.key),
            place: diff::place_of(&doc, &f.element),
            value: f.value.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Typed {
    reason: Field,
    effective_on: Field,
    opinion: Field,
}

impl View for Shown {
    const TEMPLATE: &'static str = "catalogue/change";
    fn samples() -> Vec<Self> {
        let at = Ts::from_micros(1_767_225_600_000_000);
        let sample = |kind, state, may_write, may_review| Self {
            id: "1".into(),
            item: (kind != ChangeKind::New).then(|| "1".into()),
            kind,
            state,
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            code: "11980100007480107D3000131001000".into(),
            department: Text::new("市市场监督管理局", "Market Regulation"),
            base_no: 1,
            no: (state == ChangeState::Done).then_some(2),
            revision: 3,
            reason: "缩短时限 <b>".into(),
            opinion: if may_review { String::new() } else { "请核对".into() },
            effective_on: at.day().succ_opt(),
            author: "林知远".into(),
            reviewer: "宋雨晴".into(),
            created_at: at,
            submitted_at: Some(at),
            done_at: (state == ChangeState::Done).then_some(at),
            sections: vec![Part { key: "basic", changed: 1, errors: 1, warnings: 1 }],
            differences: super::item::differences(),
            findings: vec![found(Severity::Error), found(Severity::Warning)],
            errors: 1,
            today: at.day(),
            may_write,
            may_review,
            is_own: !may_write && !may_review,
            fields: Typed::new("", "", "", &[]),
            faults: vec![],
            notice: None,
        };
        let mut all = vec![];
        for kind in ChangeKind::ALL {
            for state in ChangeState::ALL {
                all.push(sample(*kind, *state, true, false));
                all.push(sample(*kind, *state, false, true));
            }
        }
        let bare = sample(ChangeKind::Revise, ChangeState::Review, false, false);
        all.push(Self {
            findings: vec![],
            errors: 0,
            differences: vec![],
            sections: vec![],
            notice: Some("x".into()),
            ..bare
        });
        all
    }
}

/// For samples.
pub fn found(severity: Severity) -> Found {
    let place = vec![Text::new("申请材料", "Materials"), Text::new("营业执照 <b>", "")];
    Found { severity, rule: "promise-too-long", section: "time", place, value: "30 <b>".into() }
}

impl Typed {
    fn new(reason: &str, effective_on: &str, opinion: &str, faults: &[FieldError]) -> Self {
        Self {
            reason: Field::new("reason", reason, faults),
            effective_on: Field::new("effective_on", effective_on, faults),
            opinion: Field::new("opinion", opinion, faults),
        }
    }
}

async fn view(who: &Keeper, id: ChangeId, typed: &Fields, error: Option<&Error>) -> Result<Shown, Error> {
    let (ctx, shelf) = (who.ctx.clone(), who.app.books().shelf);
    let books = shelf.clone();
    let (x, differences, findings, names, is_own) = who
        .app
        .db
        .read(move |c| {
            let x = changes::change(c, &ctx, id)?;
            let (mut differences, mut findings) = (vec![], vec![]);
            if let Some(doc) = &x.doc {
                let codes = flows::dictionaries(c, &books)?;
                if let Some(item) = x.item_id.filter(|_| x.base_no > 0) {
                    let before = changes::version(c, &ctx, item, x.base_no)?;
                    differences = diff::between(&before, doc, &codes)?;
                }
                findings = changes::findings(c, &ctx, &codes, doc)?.iter().map(|f| Found::new(f, doc)).collect();
            }
            let names = Names::of(c, [Some(x.author_id), x.reviewer_id].into_iter().flatten())?;
            let is_own = changes::has_hand(c, &ctx, x.id)?;
            Ok((x, differences, findings, names, is_own))
        })
        .await?;
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let reviews = who.ctx.may(Permission::Publish).is_ok();
    let reason = if typed.has("reason") { typed.get("reason") } else { &x.reason };
    let day = x.effective_on.map(|d| d.to_string()).unwrap_or_default();
    let day = if typed.has("effective_on") { typed.get("effective_on") } else { &day };
    Ok(Shown {
        fields: Typed::new(reason, day, typed.get("opinion"), &faults),
        item: x.item_id.map(|i| i.to_string()),
        department: department(&shelf, x.department_id.0),
        author: names.get(x.author_id),
        reviewer: x.reviewer_id.map(|r| names.get(r)).unwrap_or_default(),
        sections: parts(&x, &differences, &findings),
        errors: findings.iter().filter(|f| f.severity == Severity::Error).count(),
        differences,
        findings,
        today: who.ctx.now.day(),
        may_write: who.ctx.may(Permission::Write).is_ok(),
        may_review: reviews && !is_own,
        is_own: reviews && is_own,
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
        id: x.id.to_string(),
        kind: x.kind,
        state: x.state,
        name: x.name,
        code: x.code,
        base_no: x.base_no,
        no: x.no,
        revision: x.revision,
        reason: x.reason,
        opinion: x.opinion,
        effective_on: x.effective_on,
        created_at: x.created_at,
        submitted_at: x.submitted_at,
        done_at: x.done_at,
    })
}

fn parts(x: &Change, differences: &[Difference], findings: &[Found]) -> Vec<Part> {
    let count = |key, severity| findings.iter().filter(|f| f.section == key && f.severity == severity).count();
    let part = |s: &Section| Part {
        key: s.key,
        changed: differences.iter().filter(|d| d.section == s.key).count(),
        errors: count(s.key, Severity::Error),
        warnings: count(s.key, Severity::Warning),
    };
    if x.doc.is_some() { SECTIONS.iter().map(part).collect() } else { vec![] }
}

pub async fn show(who: Keeper, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = view(&who, id.parse()?, &Fields::default(), None).await?;
    Ok(page::show(&who, &view)?)
}

/// Submits, recalls, drops, approves or sends back.
pub async fn act(who: Keeper, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: ChangeId = id.parse()?;
    match acted(&who, id, &form).await {
        Ok(done) => {
            who.app.refresh().await?;
            Ok(page::redirect(&format!("/catalogue/changes/{id}"), done))
        }
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            let view = view(&who, id, &form, Some(&e)).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn acted(who: &Keeper, id: ChangeId, form: &Fields) -> Result<&'static str, Error> {
    let (ctx, codes) = (who.ctx.clone(), who.app.books().shelf);
    let text = |name: &str| form.get(name).to_owned();
    let (reason, opinion, day, revision) = (text("reason"), text("opinion"), text("effective_on"), text("revision"));
    let act = text("act");
    let from = match day.as_str() {
        "" => None,
        day => Some(day.parse::<Day>().map_err(|_| Error::field("effective_on", "date-shape"))?),
    };
    let work = move |c: &mut crate::db::Conn| {
        let codes = codes.codes();
        match act.as_str() {
            "submit" => changes::submit(c, &ctx, codes, id, &reason, from).map(|()| "change-submitted"),
            "recall" => changes::recall(c, &ctx, id).map(|()| "change-recalled"),
            "drop" => changes::drop_change(c, &ctx, id).map(|()| "change-dropped"),
            "send-back" => changes::send_back(c, &ctx, id, &opinion).map(|()| "change-sent-back"),
            "approve" => {
                let read = revision.parse().unwrap_or_default();
                let state = changes::approve(c, &ctx, codes, id, read, &opinion)?;
                Ok(if state == ChangeState::Done { "change-in-force" } else { "change-planned" })
            }
            _ => Err(Error::invalid("form-unreadable")),
        }
    };
    who.app.db.write(work).await
}
