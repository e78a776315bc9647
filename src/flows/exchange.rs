//! Between cases and departments' systems: what is told, and what comes back.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::common::whole;
use super::conclude::{Conclusion, conclude};
use super::{Books, Declaration};
use crate::audit;
use crate::cases::{self, Case, Decision, FileRole, NewFile, Note, Numbers, State, Step, state};
use crate::catalogue;
use crate::db::Conn;
use crate::exchange::protocol::{self, Answer, Event};
use crate::exchange::rules::Policy;
use crate::exchange::{self, DeclaredKey, DispatchKind, Endpoint, InboxState, Incoming, Leased, Recorded, Tried};
use crate::identity;
use crate::kernel::{Actor, Ctx, Error, FieldError, Result};

/// How the platform is reached by departments.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Without a slash at its end.
    pub public_url: String,
    /// Seconds for which a link to a material is good.
    pub link_seconds: i64,
}

/// A message, ready to be signed and sent.
pub struct Letter {
    pub to: Endpoint,
    pub event: Event,
}

/// Makes the message of a dispatch from the case as it is now. For the platform alone.
///
/// # Errors
/// Internal when the department has no endpoint or the case was never accepted.
pub fn compose(c: &mut Conn, ctx: &Ctx, books: &Books, leased: &Leased, reach: &Reach) -> Result<Letter> {
    let case = cases::for_platform(c, ctx, leased.case_id)?;
    let missing = || Error::internal(format!("department {} has no endpoint", leased.department_id));
    let to = exchange::endpoint(c, ctx, leased.department_id)?.ok_or_else(missing)?;
    let case_no = case.case_no.clone().unwrap_or_default();
    let (kind, data) = match leased.kind {
        DispatchKind::Accepted => (protocol::CASE_ACCEPTED, accepted(c, ctx, books, &case, leased, reach)?),
        DispatchKind::Withdrawn => {
            let withdrawn_at = case.finished_at.unwrap_or(case.updated_at);
            let said = protocol::Withdrawn { case_no: case_no.clone(), withdrawn_at };
            (protocol::CASE_WITHDRAWN, serde_json::to_value(said)?)
        }
    };
    let event = Event::new(leased.id.to_string(), "urn:cloudmart".into(), kind, case_no, ctx.now, data);
    Ok(Letter { to, event })
}

fn accepted(c: &mut Conn, ctx: &Ctx, books: &Books, case: &Case, leased: &Leased, reach: &Reach) -> Result<Value> {
    let content = cases::content(c, ctx, case)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let department = identity::department(c, leased.department_id)?.ok_or_else(Error::not_found)?;
    let until = ctx.now.plus_secs(reach.link_seconds);
    let mut materials = vec![];
    for file in cases::files(c, ctx, case)?.into_iter().filter(|f| f.role == FileRole::Material) {
        let name = item.elements.materials.iter().find(|m| m.key == file.key).map(|m| m.name.zh.clone());
        materials.push(protocol::Material {
            name: name.unwrap_or_else(|| file.key.clone()),
            key: file.key,
            file_name: file.name,
            mime: file.mime,
            size: file.size,
            sha256: file.hash.hex(),
            url: format!("{}{}", reach.public_url, exchange::link(&ctx.keys, file.id, leased.id, until)),
        });
    }
    let a = content.applicant;
    let said = protocol::Accepted {
        case_no: case.case_no.clone().unwrap_or_default(),
        receipt_no: case.receipt().to_owned(),
        item_code: item.elements.code.clone(),
        item_name: item.elements.name.zh.clone(),
        item_version: item.version_no,
        department_code: department.code,
        applicant: protocol::Applicant {
            kind: a.kind,
            name: a.name,
            id_kind: a.id_kind,
            id_number: a.id_number,
            phone: a.phone,
            address: a.address,
        },
        form: Value::Object(content.answers),
        materials,
        accepted_at: case.accepted_at.ok_or_else(|| Error::internal("a case was sent that is not accepted"))?,
        due_on: case.due_on,
        legal_due_on: case.legal_due_on,
        answer_to: format!("{}/api/v1/exchange/events", reach.public_url),
    };
    Ok(serde_json::to_value(said)?)
}

/// Records a try of a dispatch. A department that gave its receipt at once has taken the case in with it. For the platform alone.
pub fn record_try(c: &mut Conn, ctx: &Ctx, policy: &Policy, tried: &Tried) -> Result<Recorded> {
    let recorded = exchange::record_try(c, ctx, policy, tried)?;
    if let Recorded::Sent { leased, receipt: Some(receipt) } = &recorded
        && leased.kind == DispatchKind::Accepted
    {
        let case = cases::for_platform(c, ctx, leased.case_id)?;
        let there = Ctx { actor: Actor::Department(leased.department_id.0), ..ctx.clone() };
        take(c, &there, case, receipt)?;
    }
    Ok(recorded)
}

/// The department has the case; tells it as it is then. Only the first to say so changes anything.
fn take(c: &mut Conn, ctx: &Ctx, case: Case, receipt: &str) -> Result<Case> {
    if case.state != State::Dispatched {
        return Ok(case);
    }
    cases::advance(c, ctx, &case, &[cases::Event::Take], Step::default(), &Note::inner(receipt))
}

/// What a department's system said, applied to the case: received, a step done, decided. The message and the change of the case are
/// one transaction; a repeat changes nothing, and one that comes after the case has ended is kept and changes nothing. The order
/// in which they come does not matter: a decision may come before the receipt.
///
/// `document` is the result's file, stored already. The actor is the department.
///
/// # Errors
/// 404 for a case that is not this department's; 409 `case-moved` when it was never sent there; 422 `event-…` when the message does
/// not say what it should.
pub fn department_said(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    incoming: &Incoming,
    document: Option<&NewFile>,
) -> Result<Answer> {
    let answer = |state: &str| Ok(Answer { state: state.into() });
    if exchange::is_repeat(c, incoming)? {
        return answer("repeated");
    }
    let case = cases::at_system(c, ctx, &incoming.event.subject)?;
    let is_late = case.state == State::Decided || state::is_final(case.state);
    let said = read(&incoming.event)?;
    let state = if is_late { InboxState::Late } else { InboxState::Applied };
    if !exchange::take_in(c, ctx, incoming, case.id, state)? {
        return answer("repeated");
    }
    if is_late {
        return answer("late");
    }
    if !matches!(case.state, State::Dispatched | State::Processing) {
        return Err(Error::conflict("case-moved"));
    }
    match said {
        Said::Received(x) => {
            take(c, ctx, case, &x.receipt.unwrap_or_default())?;
        }
        Said::Progress(x) => progress(c, ctx, case, &x)?,
        Said::Decided(outcome, x) => decide(c, ctx, books, case, (outcome, x), document)?,
    }
    audit::record_plain(c, ctx, "exchange.event", "message", serde_json::json!({ "type": incoming.event.kind }))?;
    answer("applied")
}

/// Declares through a registered program, once for each of its keys. Tells whether the case was there already.
///
/// # Errors
/// Those of [`super::declare_by_channel`]; 422 `idempotency-key-reused`; 409 `already-there` when the same came at the same time,
/// and then once more finds it.
pub fn declare_once(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    key: &DeclaredKey,
    declaration: &Declaration,
    numbers: &Numbers,
) -> Result<(Case, bool)> {
    if let Some(id) = exchange::declared(c, key)? {
        return Ok((cases::for_platform(c, ctx, id)?, true));
    }
    let case = super::declare_by_channel(c, ctx, books, declaration, numbers)?;
    exchange::keep_declared(c, ctx, key, case.id)?;
    audit::record(c, ctx, "client.declare", ("client", key.client.0), serde_json::json!({ "case": case.id }))?;
    Ok((case, false))
}

enum Said {
    Received(protocol::Received),
    Progress(protocol::Progress),
    Decided(Decision, protocol::Decided),
}

fn read(event: &Event) -> Result<Said> {
    let said = match event.kind.as_str() {
        protocol::CASE_RECEIVED => {
            let x: protocol::Received = data(event)?;
            about(event, &x.case_no)?;
            fits("data.receipt", x.receipt.as_deref().unwrap_or_default(), 100)?;
            Said::Received(x)
        }
        protocol::CASE_PROGRESS => {
            let x: protocol::Progress = data(event)?;
            about(event, &x.case_no)?;
            fits("data.step", &x.step, 100)?;
            fits("data.handler", &x.handler, 100)?;
            fits("data.opinion", &x.opinion, 1000)?;
            Said::Progress(x)
        }
        protocol::CASE_DECIDED => {
            let x: protocol::Decided = data(event)?;
            about(event, &x.case_no)?;
            fits("data.reason", &x.reason, 2000)?;
            fits("data.decided_by", &x.decided_by, 100)?;
            let outcome =
                Decision::from_code(&x.outcome).ok_or_else(|| Error::field("data.outcome", "not-an-option"))?;
            if outcome == Decision::Refused && x.reason.trim().is_empty() {
                return Err(Error::field("data.reason", "required"));
            }
            Said::Decided(outcome, x)
        }
        _ => return Err(Error::invalid("event-type")),
    };
    Ok(said)
}

fn data<T: DeserializeOwned>(event: &Event) -> Result<T> {
    serde_json::from_value(event.data.clone()).map_err(|e| Error::invalid("event-unreadable").because(e))
}

fn about(event: &Event, case_no: &str) -> Result<()> {
    if event.subject == case_no { Ok(()) } else { Err(Error::field("data.case_no", "event-subject")) }
}

fn fits(field: &str, text: &str, limit: usize) -> Result<()> {
    if text.chars().count() <= limit {
        return Ok(());
    }
    Err(Error::fields(vec![FieldError { field: field.into(), code: "too-long", value: Some(limit.to_string()) }]))
}

fn progress(c: &mut Conn, ctx: &Ctx, case: Case, x: &protocol::Progress) -> Result<()> {
    let case = take(c, ctx, case, "")?;
    let text = [x.step.as_str(), x.opinion.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
    let note = Note { text: text.join("："), by: Some(x.handler.clone()), is_public: false };
    cases::advance(c, ctx, &case, &[cases::Event::Progress], Step::default(), &note)?;
    Ok(())
}

fn decide(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    case: Case,
    (outcome, x): (Decision, protocol::Decided),
    document: Option<&NewFile>,
) -> Result<()> {
    let w = whole(c, ctx, books, case)?;
    let conclusion = Conclusion {
        outcome,
        reason: x.reason,
        by: Some(x.decided_by),
        document: document.cloned(),
        note: Note::default(),
    };
    conclude(c, ctx, w, cases::Event::Decide, conclusion)?;
    Ok(())
}
