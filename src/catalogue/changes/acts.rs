//! What is done with a change: proposed, saved, submitted, reviewed, put in force.

use super::super::codes::Codes;
use super::super::diff::named;
use super::super::model::{Elements, ItemId, ItemState, VersionId};
use super::super::sheets::Imported;
use super::super::store::{self, changes};
use super::model::{Change, ChangeId, ChangeKind, ChangeState};
use super::read;
use super::seen::Scope;
use super::state::{Act, next, turned};
use crate::audit;
use crate::catalogue::Severity;
use crate::db::Conn;
use crate::identity::DepartmentId;
use crate::kernel::{Ctx, Day, Error, Id, Permission, Result, Text};

/// Longest reason or opinion, in characters.
const LONGEST: usize = 500;

/// What is proposed.
#[derive(Debug, Clone)]
pub enum Proposal {
    /// An item that there is not yet.
    New(DepartmentId, Box<Elements>),
    /// Another version, beside the one in force.
    Revise(ItemId),
    /// Suspension, resumption, withdrawal: with its reason.
    Turn(ItemId, ChangeKind, String),
}

/// Begins a change.
///
/// # Errors
/// 404; conflicts `change-open` (there is one), `item-state` (what is not published is not suspended …); field `code`, `code-taken`.
pub fn propose(c: &mut Conn, ctx: &Ctx, proposal: Proposal) -> Result<ChangeId> {
    let (me, scope) = Scope::with(ctx, Permission::Write)?;
    let change = match proposal {
        Proposal::New(department, elements) => new_item(c, ctx, me, scope, department, *elements)?,
        Proposal::Revise(id) => {
            let kept = read::kept(c, scope, id)?;
            turned(kept.state, ChangeKind::Revise)?;
            let doc = Some(kept.elements.clone());
            Change { doc, ..about(ctx, me, &kept, ChangeKind::Revise) }
        }
        Proposal::Turn(id, kind, reason) => {
            let kept = read::kept(c, scope, id)?;
            turned(kept.state, kind)?;
            let reason = said(&reason, "reason")?;
            Change { reason, ..about(ctx, me, &kept, kind) }
        }
    };
    if changes::open_of_code(c, &change.code)?.is_some() {
        return Err(Error::conflict("change-open"));
    }
    changes::insert(c, &change)?;
    changes::add_hand(c, change.id, me)?;
    record(c, ctx, "item.propose", &change)?;
    Ok(change.id)
}

/// What became of items that came in by a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Changes that wait for review now.
    pub submitted: usize,
    /// There is another change under way, or was while the file was read.
    pub open: usize,
    /// Of a department that the actor does not keep.
    pub foreign: usize,
    pub same: usize,
}

/// Hands items that came in by a file to review, each as a change of its own.
///
/// # Errors
/// Field `reason`.
pub fn take(c: &mut Conn, ctx: &Ctx, items: &[Imported], reason: &str) -> Result<Taken> {
    let (me, scope) = Scope::with(ctx, Permission::Write)?;
    let (reason, mut taken) = (said(reason, "reason")?, Taken::default());
    for item in items {
        if item.is_same() {
            taken.same += 1;
        } else if !scope.holds(item.department) {
            taken.foreign += 1;
        } else if changes::open_of_code(c, &item.elements.code)?.is_some() {
            taken.open += 1;
        } else if let Some(change) = taken_in(c, ctx, me, item)? {
            changes::insert(c, &change)?;
            changes::add_hand(c, change.id, me)?;
            let to = changes::Step { reason: Some(&reason), ..changes::Step::default() };
            advance(c, ctx, &change, Act::Submit, &to)?;
            record(c, ctx, "item.take", &change)?;
            taken.submitted += 1;
        } else {
            taken.open += 1;
        }
    }
    Ok(taken)
}

/// Nothing when the item has another version in force than the one that the file was read against.
fn taken_in(c: &mut Conn, ctx: &Ctx, me: Id, item: &Imported) -> Result<Option<Change>> {
    let (e, doc) = (&item.elements, Some(item.elements.clone()));
    let kind = if item.before.is_some() { ChangeKind::Revise } else { ChangeKind::New };
    let change = blank(ctx, me, kind, item.department, e.code.clone(), e.name.clone());
    Ok(match &item.before {
        Some(before) if store::last_no(c, before.item_id)? != before.version_no => None,
        Some(before) => Some(Change { item_id: Some(before.item_id), base_no: before.version_no, doc, ..change }),
        None => Some(Change { doc, ..change }),
    })
}

fn new_item(c: &mut Conn, ctx: &Ctx, me: Id, scope: Scope, department: DepartmentId, doc: Elements) -> Result<Change> {
    if !scope.holds(department) {
        return Err(Error::field("department", "not-an-option"));
    }
    if store::is_taken(c, &doc.code, &doc.slug)? {
        return Err(Error::field("code", "code-taken"));
    }
    let change = blank(ctx, me, ChangeKind::New, department, doc.code.clone(), doc.name.clone());
    Ok(Change { doc: Some(doc), ..change })
}

fn about(ctx: &Ctx, me: Id, kept: &super::Kept, kind: ChangeKind) -> Change {
    let e = &kept.elements;
    let change = blank(ctx, me, kind, kept.department_id, e.code.clone(), e.name.clone());
    Change { item_id: Some(kept.id), base_no: kept.no, ..change }
}

fn blank(ctx: &Ctx, me: Id, kind: ChangeKind, department_id: DepartmentId, code: String, name: Text) -> Change {
    Change {
        id: ChangeId::random(),
        item_id: None,
        department_id,
        kind,
        state: ChangeState::Draft,
        code,
        name,
        base_no: 0,
        no: None,
        doc: None,
        revision: 1,
        reason: String::new(),
        opinion: String::new(),
        effective_on: None,
        author_id: me,
        reviewer_id: None,
        created_at: ctx.now,
        updated_at: ctx.now,
        submitted_at: None,
        done_at: None,
    }
}

pub(in crate::catalogue) fn said(text: &str, field: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(field, "why-missing"));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::field(field, "why-long"));
    }
    Ok(text.to_owned())
}

/// Keeps edited elements of a draft; returns its next revision. What stays for ever is taken from what there was.
///
/// # Errors
/// Conflict `change-edited` when somebody has saved since `revision`; `change-state` when it is no draft.
pub fn save(c: &mut Conn, ctx: &Ctx, id: ChangeId, revision: i32, mut doc: Elements) -> Result<i32> {
    let (me, scope) = Scope::with(ctx, Permission::Write)?;
    let before = read::found(c, scope, id)?;
    let known = before.doc.as_ref().filter(|_| before.state == ChangeState::Draft);
    let known = known.ok_or_else(|| Error::conflict("change-state"))?;
    doc.slug.clone_from(&known.slug);
    doc.code.clone_from(&known.code);
    doc.basic_code.clone_from(&known.basic_code);
    doc.level.clone_from(&known.level);
    doc.department.clone_from(&known.department);
    doc.complete = known.complete;
    if !changes::save(c, id, revision, &doc, ctx.now)? {
        return Err(Error::conflict("change-edited"));
    }
    changes::add_hand(c, id, me)?;
    record(c, ctx, "item.edit", &before)?;
    Ok(revision + 1)
}

/// Hands a draft to review.
///
/// # Errors
/// Fields `reason`, `effective_on` (in the past); `item-has-errors` by the rules of the catalogue; `item-same` when nothing differs;
/// conflict `change-state`.
pub fn submit(c: &mut Conn, ctx: &Ctx, codes: &Codes, id: ChangeId, reason: &str, from: Option<Day>) -> Result<()> {
    let (me, scope) = Scope::with(ctx, Permission::Write)?;
    let change = read::found(c, scope, id)?;
    let reason = said(reason, "reason")?;
    if from.is_some_and(|day| day < ctx.now.day()) {
        return Err(Error::field("effective_on", "day-past"));
    }
    if let Some(doc) = &change.doc {
        if read::findings(c, ctx, codes, doc)?.iter().any(|f| f.severity == Severity::Error) {
            return Err(Error::invalid("item-has-errors"));
        }
        if let Some(item) = change.item_id
            && read::kept(c, scope, item)?.elements == *doc
        {
            return Err(Error::invalid("item-same"));
        }
    }
    let to = changes::Step { reason: Some(&reason), effective_on: Some(from), ..changes::Step::default() };
    advance(c, ctx, &change, Act::Submit, &to)?;
    changes::add_hand(c, id, me)?;
    record(c, ctx, "item.submit", &change)
}

/// Takes a change back from review, or one that is approved and not yet in force.
///
/// # Errors
/// Conflict `change-state`.
pub fn recall(c: &mut Conn, ctx: &Ctx, id: ChangeId) -> Result<()> {
    let (_, scope) = Scope::with(ctx, Permission::Write)?;
    let change = read::found(c, scope, id)?;
    advance(c, ctx, &change, Act::Recall, &changes::Step::default())?;
    record(c, ctx, "item.recall", &change)
}

/// Gives a draft up.
///
/// # Errors
/// Conflict `change-state`.
pub fn drop_change(c: &mut Conn, ctx: &Ctx, id: ChangeId) -> Result<()> {
    let (_, scope) = Scope::with(ctx, Permission::Write)?;
    let change = read::found(c, scope, id)?;
    advance(c, ctx, &change, Act::Drop, &changes::Step::default())?;
    record(c, ctx, "item.drop", &change)
}

/// The reviewer sends a change back with what has to be mended.
///
/// # Errors
/// Field `opinion`; conflicts `change-state`, `own-change`.
pub fn send_back(c: &mut Conn, ctx: &Ctx, id: ChangeId, opinion: &str) -> Result<()> {
    let (me, change) = reviewed(c, ctx, id)?;
    let opinion = said(opinion, "opinion")?;
    let step = changes::Step { opinion: Some(&opinion), reviewer: Some(Some(me)), ..changes::Step::default() };
    advance(c, ctx, &change, Act::SendBack, &step)?;
    record(c, ctx, "item.send_back", &change)
}

/// The reviewer approves: in force at once, or from its day on. Returns the state that it is in then.
///
/// # Errors
/// Conflicts `change-state`, `own-change`, `change-edited` (it is not the revision that was read), `item-state`; `item-has-errors`.
pub fn approve(c: &mut Conn, ctx: &Ctx, codes: &Codes, id: ChangeId, read: i32, opinion: &str) -> Result<ChangeState> {
    let (me, change) = reviewed(c, ctx, id)?;
    if change.revision != read {
        return Err(Error::conflict("change-edited"));
    }
    if opinion.chars().count() > LONGEST {
        return Err(Error::field("opinion", "why-long"));
    }
    let step = changes::Step { opinion: Some(opinion.trim()), reviewer: Some(Some(me)), ..changes::Step::default() };
    advance(c, ctx, &change, Act::Approve, &step)?;
    record(c, ctx, "item.approve", &change)?;
    if change.effective_on.is_some_and(|day| day > ctx.now.day()) {
        return Ok(ChangeState::Planned);
    }
    apply(c, ctx, codes, &change)?;
    Ok(ChangeState::Done)
}

fn reviewed(c: &mut Conn, ctx: &Ctx, id: ChangeId) -> Result<(Id, Change)> {
    let (me, scope) = Scope::with(ctx, Permission::Publish)?;
    let change = read::found(c, scope, id)?;
    if changes::has_hand(c, id, me)? {
        return Err(Error::conflict("own-change"));
    }
    Ok((me, change))
}

/// Puts a planned change in force whose day has come; the platform does so by itself. Returns whether it was there to be put.
///
/// # Errors
/// What hinders it now: `item-has-errors`, `item-state`.
pub fn in_force(c: &mut Conn, ctx: &Ctx, codes: &Codes, id: ChangeId) -> Result<bool> {
    let change = read::found(c, Scope::of_system(ctx)?, id)?;
    let has_come = change.effective_on.is_none_or(|day| day <= ctx.now.day());
    if next(change.state, Act::Enforce).is_err() || !has_come {
        return Ok(false);
    }
    apply(c, ctx, codes, &change)?;
    Ok(true)
}

/// A planned change that cannot be put in force goes back to its writer with the sentence of what hinders it.
pub fn hindered(c: &mut Conn, ctx: &Ctx, id: ChangeId, why: &Error) -> Result<()> {
    let change = read::found(c, Scope::of_system(ctx)?, id)?;
    let opinion = named(&format!("error-{}", why.code())).zh;
    let step = changes::Step { opinion: Some(&opinion), reviewer: Some(None), ..changes::Step::default() };
    advance(c, ctx, &change, Act::Hinder, &step)?;
    record(c, ctx, "item.hindered", &change)
}

/// What an approved change does to its item. Cases keep the version that they were declared under.
fn apply(c: &mut Conn, ctx: &Ctx, codes: &Codes, change: &Change) -> Result<()> {
    let now = ctx.now;
    let (item, no) = match (change.kind, change.item_id, &change.doc) {
        (ChangeKind::New, _, Some(doc)) => {
            sound(c, ctx, codes, doc)?;
            let (item, version) = (ItemId::random(), VersionId::random());
            store::insert_item(c, now, item, change.department_id, version, doc)?;
            store::insert_version(c, now, version, item, 1, doc)?;
            (item, Some(1))
        }
        (ChangeKind::Revise, Some(item), Some(doc)) => {
            sound(c, ctx, codes, doc)?;
            turned(store::state(c, item)?, ChangeKind::Revise)?;
            let (last, version) = (store::last_no(c, item)?, VersionId::random());
            if last != change.base_no {
                return Err(Error::conflict("change-outdated"));
            }
            let no = last + 1;
            store::insert_version(c, now, version, item, no, doc)?;
            store::replace_version(c, now, item, version)?;
            (item, Some(no))
        }
        (kind, Some(item), _) => {
            let state = turned(store::state(c, item)?, kind)?;
            let halt = (state == ItemState::Suspended).then_some(change.reason.as_str());
            store::turn(c, now, item, state, halt)?;
            (item, None)
        }
        _ => return Err(Error::internal("a change without its item")),
    };
    if !changes::finish(c, change.id, item, no, now)? {
        return Err(Error::conflict("change-state"));
    }
    store::shelf::touch_items(c, &[item])?;
    let detail = serde_json::json!({ "change": change.id, "kind": change.kind, "no": no });
    audit::record(c, ctx, "item.in_force", ("item", item.0), detail)
}

/// The dictionaries may have changed since it was submitted.
fn sound(c: &mut Conn, ctx: &Ctx, codes: &Codes, doc: &Elements) -> Result<()> {
    let found = read::findings(c, ctx, codes, doc)?;
    if found.iter().any(|f| f.severity == Severity::Error) { Err(Error::invalid("item-has-errors")) } else { Ok(()) }
}

fn advance(c: &mut Conn, ctx: &Ctx, change: &Change, act: Act, step: &changes::Step<'_>) -> Result<()> {
    let to = next(change.state, act)?;
    if changes::advance(c, change, to, step, ctx.now)? { Ok(()) } else { Err(Error::conflict("change-state")) }
}

fn record(c: &mut Conn, ctx: &Ctx, action: &str, change: &Change) -> Result<()> {
    let detail = serde_json::json!({ "kind": change.kind, "item": change.item_id, "revision": change.revision });
    audit::record(c, ctx, action, ("change", change.id.0), detail)
}
