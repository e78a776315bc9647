//! One item for those who keep it: its state, its versions and what differs between them, its changes, and what can be proposed.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::words::{Names, department};
use crate::catalogue::changes::{self, ChangeKind, ChangeState, Proposal};
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::{Halt, ItemId, ItemState};
use crate::flows;
use crate::kernel::{Day, Error, FieldError, Kind, Permission, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Item {
    id: String,
    slug: String,
    name: Text,
    code: String,
    department: Text,
    state: ItemState,
    no: i32,
    halt: Option<Halt>,
    versions: Vec<Version>,
    changes: Vec<Line>,
    /// The change that is under way.
    open: Option<String>,
    may_write: bool,
    reason: Field,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Version {
    no: i32,
    published_at: Ts,
    is_now: bool,
    is_first: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    id: String,
    kind: ChangeKind,
    state: ChangeState,
    no: Option<i32>,
    reason: String,
    author: String,
    reviewer: String,
    effective_on: Option<Day>,
    updated_at: Ts,
}

impl View for Item {
    const TEMPLATE: &'static str = "catalogue/item";
    fn samples() -> Vec<Self> {
        let at = Ts::from_micros(1_767_225_600_000_000);
        let version = |no, is_now| Version { no, published_at: at, is_now, is_first: no == 1 };
        let line = |kind, state| Line {
            id: "1".into(),
            kind,
            state,
            no: Some(2),
            reason: "承诺时限缩短 <b>".into(),
            author: "林知远".into(),
            reviewer: "宋雨晴".into(),
            effective_on: None,
            updated_at: at,
        };
        let sample = |state, open: Option<&str>, may_write| Self {
            id: "1".into(),
            slug: "food".into(),
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            code: "11980100007480107D3000131001000".into(),
            department: Text::new("市市场监督管理局", "Market Regulation"),
            state,
            no: 2,
            halt: (state == ItemState::Suspended).then(|| Halt { reason: "系统升级".into(), since: at.day() }),
            versions: vec![version(2, true), version(1, false)],
            changes: vec![line(ChangeKind::Revise, ChangeState::Done), line(ChangeKind::Suspend, ChangeState::Draft)],
            open: open.map(str::to_owned),
            may_write,
            reason: Field::new("reason", "", &[]),
            faults: vec![],
            notice: Some("x".into()),
        };
        vec![
            sample(ItemState::Published, None, true),
            sample(ItemState::Suspended, Some("1"), true),
            Self { changes: vec![], notice: None, ..sample(ItemState::Suspended, None, true) },
            sample(ItemState::Withdrawn, None, false),
        ]
    }
}

async fn view(who: &Keeper, id: ItemId, typed: &str, error: Option<&Error>) -> Result<Item, Error> {
    let (ctx, shelf) = (who.ctx.clone(), who.app.books().shelf);
    let (kept, versions, all, open, names) = who
        .app
        .db
        .read(move |c| {
            let kept = changes::item(c, &ctx, id)?;
            let versions = changes::versions(c, &ctx, id)?;
            let all = changes::history(c, &ctx, id)?;
            let open = changes::open_of(c, &ctx, &kept.elements.code)?;
            let names = Names::of(c, all.iter().flat_map(|x| [Some(x.author_id), x.reviewer_id]).flatten())?;
            Ok((kept, versions, all, open, names))
        })
        .await?;
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let version = |(no, published_at)| Version { no, published_at, is_now: no == kept.no, is_first: no == 1 };
    let line = |x: changes::Change| Line {
        id: x.id.to_string(),
        kind: x.kind,
        state: x.state,
        no: x.no,
        reason: x.reason,
        author: names.get(x.author_id),
        reviewer: x.reviewer_id.map(|r| names.get(r)).unwrap_or_default(),
        effective_on: x.effective_on,
        updated_at: x.updated_at,
    };
    Ok(Item {
        id: id.to_string(),
        department: department(&shelf, kept.department_id.0),
        state: kept.state,
        no: kept.no,
        halt: shelf.by_item(id).ok().and_then(|i| i.halt.clone()),
        versions: versions.into_iter().map(version).collect(),
        changes: all.into_iter().map(line).collect(),
        open: open.map(|x| x.to_string()),
        may_write: who.ctx.may(Permission::Write).is_ok(),
        reason: Field::new("reason", typed, &faults),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
        slug: kept.elements.slug,
        name: kept.elements.name,
        code: kept.elements.code,
    })
}

pub async fn show(who: Keeper, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = view(&who, id.parse()?, "", None).await?;
    Ok(page::show(&who, &view)?)
}

/// Proposes a revision, a suspension, a resumption or a withdrawal.
pub async fn propose(who: Keeper, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: ItemId = id.parse()?;
    let proposal = match ChangeKind::from_code(form.get("kind")) {
        Some(ChangeKind::Revise) => Proposal::Revise(id),
        Some(kind) if kind != ChangeKind::New => Proposal::Turn(id, kind, form.get("reason").to_owned()),
        _ => return Err(Error::invalid("form-unreadable").into()),
    };
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| changes::propose(c, &ctx, proposal.clone())).await {
        Ok(change) => Ok(page::redirect(&format!("/catalogue/changes/{change}"), "change-begun")),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            let view = view(&who, id, form.get("reason"), Some(&e)).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// What differs between a version and the one before it.
#[derive(Debug, Serialize)]
pub struct Compared {
    id: String,
    name: Text,
    before: i32,
    after: i32,
    differences: Vec<Difference>,
}

impl View for Compared {
    const TEMPLATE: &'static str = "catalogue/compared";
    fn samples() -> Vec<Self> {
        let sample = |differences| Self {
            id: "1".into(),
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            before: 1,
            after: 2,
            differences,
        };
        vec![sample(differences()), sample(vec![])]
    }
}

/// For the samples of this page and of a change's.
pub fn differences() -> Vec<Difference> {
    let text = |zh: &str| Some(Text::new(zh, ""));
    let one = |before, after| Difference {
        section: "materials",
        place: vec![Text::new("申请材料", "Materials"), Text::new("营业执照", "")],
        before,
        after,
    };
    vec![one(text("6 <b>"), text("5")), one(None, text("新")), one(text("旧"), None), one(text(""), text("有"))]
}

#[derive(Deserialize)]
pub struct Against {
    against: Option<i32>,
}

pub async fn compare(
    who: Keeper,
    path: web::Path<(String, i32)>,
    asked: web::Query<Against>,
) -> Result<HttpResponse, PageError> {
    let (id, after) = path.into_inner();
    let (id, before): (ItemId, i32) = (id.parse()?, asked.against.unwrap_or(after - 1));
    let (ctx, shelf) = (who.ctx.clone(), who.app.books().shelf);
    let (name, differences) = who
        .app
        .db
        .read(move |c| {
            let old = changes::version(c, &ctx, id, before)?;
            let new = changes::version(c, &ctx, id, after)?;
            let codes = flows::dictionaries(c, &shelf)?;
            let differences = diff::between(&old, &new, &codes)?;
            Ok((new.name, differences))
        })
        .await?;
    Ok(page::show(&who, &Compared { id: id.to_string(), name, before, after, differences })?)
}
