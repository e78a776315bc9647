//! Drafts, and how a case comes into being.

use super::model::*;
use super::store::{self, Case, DraftSet, NewRow};
use super::{act, files::NewFile, numbers::Numbers};
use crate::catalogue::{ItemId, VersionId};
use crate::db::Conn;
use crate::identity::{DepartmentId, MandateId, PersonId, PrincipalId};
use crate::kernel::{Ctx, Day, Error, Id, Result, mask};

pub(in crate::cases) const APPLICANT: &str = "case_case.applicant";
pub(in crate::cases) const FORM: &str = "case_case.form";

/// What a new case begins with.
#[derive(Debug, Clone)]
pub struct NewCase {
    pub item_id: ItemId,
    pub version_id: VersionId,
    pub department_id: DepartmentId,
    pub hall_id: Id,
    pub channel: Channel,
    /// The account that it belongs to; none when it is declared at a window for somebody without one.
    pub person_id: Option<PersonId>,
    /// Whom they act for, and by what.
    pub acting: Option<(PrincipalId, Option<MandateId>)>,
    pub content: Content,
}

struct Sealed {
    applicant: Vec<u8>,
    index: Option<Vec<u8>>,
    mask: String,
    form: Vec<u8>,
}

fn seal(ctx: &Ctx, content: &Content) -> Result<Sealed> {
    let number = &content.applicant.id_number;
    Ok(Sealed {
        applicant: ctx.keys.seal(APPLICANT, &serde_json::to_vec(&content.applicant)?),
        index: (!number.is_empty()).then(|| ctx.keys.index("id_number", number)),
        mask: mask::name(&content.applicant.name),
        form: ctx.keys.seal(FORM, &serde_json::to_vec(&content.answers)?),
    })
}

/// A draft as it begins.
pub(super) fn fresh(ctx: &Ctx, new: &NewCase) -> Case {
    Case {
        id: CaseId::random(),
        case_no: None,
        receipt_no: None,
        item_id: new.item_id,
        version_id: new.version_id,
        department_id: new.department_id,
        hall_id: new.hall_id,
        channel: new.channel,
        person_id: new.person_id,
        owner_id: new.acting.map(|(principal, _)| principal.0).or(new.person_id.map(|p| p.0)),
        applicant_mask: mask::name(&new.content.applicant.name),
        identity: Identity::Known,
        state: State::Draft,
        public_state: PublicState::Draft,
        clock: Clock::None,
        rev: 0,
        created_at: ctx.now,
        updated_at: ctx.now,
        submitted_at: None,
        received_on: None,
        accept_by: None,
        accepted_at: None,
        accepted_by: None,
        due_on: None,
        legal_due_on: None,
        decision: None,
        decided_at: None,
        finished_at: None,
    }
}

pub(super) fn sealed_row(ctx: &Ctx, case: Case, content: &Content) -> Result<NewRow> {
    let Sealed { applicant, index, form, .. } = seal(ctx, content)?;
    Ok(NewRow { case, query_code: None, applicant, applicant_index: index, form })
}

/// Begins a draft.
pub fn create(c: &mut Conn, ctx: &Ctx, new: &NewCase) -> Result<Case> {
    let case = fresh(ctx, new);
    store::insert(c, sealed_row(ctx, case.clone(), &new.content)?)?;
    Ok(case)
}

/// Keeps what was filled in so far; it need not be complete.
///
/// # Errors
/// `case-moved` (409) when it is no draft any more.
pub fn save(c: &mut Conn, ctx: &Ctx, case: &Case, hall_id: Id, content: &Content) -> Result<()> {
    let sealed = seal(ctx, content)?;
    let set = DraftSet {
        hall_id,
        applicant: sealed.applicant,
        applicant_mask: &sealed.mask,
        applicant_index: sealed.index,
        form: sealed.form,
        now: ctx.now,
    };
    if store::update_draft(c, case.id, &set)? { Ok(()) } else { Err(Error::conflict("case-moved")) }
}

/// Puts a draft of the acting citizen under another version of its item; what it holds stays.
///
/// # Errors
/// `case-moved` (409) when it is no draft any more.
pub fn renew(c: &mut Conn, ctx: &Ctx, case: &Case, version: VersionId) -> Result<()> {
    if case.owner_id != Some(ctx.owner()?) || !store::renew_draft(c, case.id, version, ctx.now)? {
        return Err(Error::conflict("case-moved"));
    }
    Ok(())
}

/// Deletes a draft of the acting citizen.
pub fn discard(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<()> {
    let owner = ctx.owner()?;
    if case.state != State::Draft || case.owner_id != Some(owner) {
        return Err(Error::conflict("case-moved"));
    }
    store::files::forget(c, case.id)?;
    if store::delete_draft(c, case.id, owner)? { Ok(()) } else { Err(Error::conflict("case-moved")) }
}

/// Hands in a draft: it gets its numbers, and the office has until `accept_by` to answer. `identity` says whether it is known who hands
/// it in.
pub fn set_submitted(
    c: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    (numbers, accept_by): (Numbers, Day),
    (identity, declared): (Identity, Declared),
) -> Result<Case> {
    store::files::send(c, case.id, ctx.now)?;
    let answer = Some((ctx.now.day(), accept_by));
    store::insert_declarant(c, case.id, &declared, ctx.now)?;
    let (numbers, identity, person) = (Some(numbers), Some(identity), declared.person);
    let step = act::Step { numbers, answer, identity, person, ..act::Step::default() };
    act::advance(c, ctx, case, &[Event::Submit], step, &act::Note::default())
}

/// Makes a case that is handed in at once, with its files: by a clerk or a registered channel.
pub fn create_submitted(
    c: &mut Conn,
    ctx: &Ctx,
    new: &NewCase,
    files: &[NewFile],
    (numbers, accept_by): (Numbers, Day),
) -> Result<Case> {
    let step = act::Step { numbers: Some(numbers), answer: Some((ctx.now.day(), accept_by)), ..act::Step::default() };
    let mut moved = act::moved(ctx, &fresh(ctx, new), &[Event::Submit], step)?;
    let query_code = moved.set.query_code.take();
    store::insert(c, NewRow { query_code, ..sealed_row(ctx, moved.case.clone(), &new.content)? })?;
    super::files::add_first(c, ctx, moved.case.id, files)?;
    if let Some((_, mandate @ Some(_))) = new.acting {
        let declared = Declared { person: new.person_id, mandate, level: 0 };
        store::insert_declarant(c, moved.case.id, &declared, ctx.now)?;
    }
    act::begun(c, ctx, &moved)?;
    Ok(moved.case)
}

/// Replaces who asks, by what was vouched for.
pub(super) fn replace_applicant(c: &mut Conn, ctx: &Ctx, case: &Case, applicant: &Applicant) -> Result<()> {
    let content = Content { applicant: applicant.clone(), answers: Answers::new() };
    let Sealed { applicant, index, mask, .. } = seal(ctx, &content)?;
    store::update_applicant(
        c,
        case.id,
        &store::ApplicantSet { applicant, applicant_mask: &mask, applicant_index: index },
    )
}

/// Replaces the answers of the form, as a correction does.
pub(super) fn replace_answers(c: &mut Conn, ctx: &Ctx, case: &Case, answers: &Answers) -> Result<()> {
    store::update_form(c, case.id, &ctx.keys.seal(FORM, &serde_json::to_vec(answers)?))
}
