//! Declaring (申报): a citizen's draft and its submission, a declaration at a window, one by a registered channel.

use super::Books;
use super::assurance;
use super::common::{Said, Whole, accept_by, tell, whole};
use crate::audit;
use crate::cases::{self, Answers, Applicant, Case, CaseId, Channel, Content, NewCase, NewFile, Numbers, State, rules};
use crate::catalogue::{ItemId, Relevant, Shelved};
use crate::db::Conn;
use crate::identity::standing::{self, Standing};
use crate::identity::{
    self, DepartmentId, MandateId, PersonFacts, PersonId, Power, Principal, PrincipalId, PrincipalKind, mandates,
};
use crate::kernel::{Ctx, Error, FieldError, Id, Kind, Result, numbers};
use crate::notifications::News;
use crate::windows::{self, Function, HallId};

/// What guidance has found out before a declaration: the kind of applicant, and answers to its questions.
#[derive(Debug, Clone, Default)]
pub struct Guided {
    /// `audience`; empty when it was not asked.
    pub applicant: String,
    pub answers: Answers,
}

impl Guided {
    fn put(&self, item: &Shelved, who: &Who, content: &mut Content) {
        let facts = &who.facts;
        if who.principal.is_none()
            && item.elements.audience.contains(&self.applicant)
            && self.applicant != content.applicant.kind
        {
            let applicant = &mut content.applicant;
            self.applicant.clone_into(&mut applicant.kind);
            // A person's name and number are not their enterprise's, nor the other way round.
            (applicant.name, applicant.id_number) = (String::new(), String::new());
            as_known(applicant, facts, None);
        }
        content.answers.extend(item.elements.guided(&self.answers));
    }
}

/// Who declares, and for whom.
struct Who {
    /// What the account knows of the person.
    facts: PersonFacts,
    principal: Option<Principal>,
}

impl Who {
    fn of(c: &mut Conn, ctx: &Ctx, standing: &Standing) -> Result<Self> {
        Ok(Self { facts: standing.as_declared(), principal: mandates::principal(c, ctx)? })
    }
}

/// Begins a draft of the acting citizen, or of the one they act for, prefilled from what is known of them; or goes on with the one there
/// is; with what guidance has found out.
///
/// # Errors
/// 404 when the item is not published; conflict `item-suspended`; `level-too-low` (403) when it asks for a higher level of identity;
/// `mandate-…` (403) when the mandate does not reach so far; conflict `not-for-principal` when the item is for others.
pub fn begin(c: &mut Conn, ctx: &Ctx, books: &Books, item: ItemId, guided: &Guided) -> Result<Case> {
    let person = PersonId(ctx.person()?);
    let standing = standing::of_self(c, ctx)?;
    let who = Who::of(c, ctx, &standing)?;
    mandates::require(c, ctx, item.0, None)?;
    if let Some(draft) = cases::my_drafts(c, ctx, item)?.into_iter().next() {
        let item = crate::catalogue::version_doc(c, &books.shelf, draft.version_id)?;
        let before = cases::content(c, ctx, &draft)?;
        let mut content = before.clone();
        guided.put(&item, &who, &mut content);
        if content != before {
            cases::save(c, ctx, &draft, draft.hall_id, &content)?;
        }
        return Ok(draft);
    }
    let shelved = books.shelf.open_item(item)?;
    if who.principal.as_ref().is_some_and(|p| !shelved.elements.audience.contains(&p.audience)) {
        return Err(Error::conflict("not-for-principal"));
    }
    assurance::may_begin(&standing, &shelved)?;
    let mut content = Content { applicant: prefilled(&shelved, &who), answers: known_answers(&shelved, &who) };
    guided.put(&shelved, &who, &mut content);
    let hall_id = hall_for(c, &shelved, None)?;
    let new = NewCase { acting: acting(ctx), ..new_case(&shelved, hall_id, Channel::Web, Some(person), content) };
    cases::create(c, ctx, &new)
}

/// Whom the acting citizen acts for, and by what.
fn acting(ctx: &Ctx) -> Option<(PrincipalId, Option<MandateId>)> {
    ctx.acting.as_ref().map(|a| (PrincipalId(a.principal), Some(MandateId(a.mandate))))
}

fn new_case(item: &Shelved, hall_id: Id, channel: Channel, person_id: Option<PersonId>, content: Content) -> NewCase {
    NewCase {
        item_id: item.item_id,
        version_id: item.version_id,
        department_id: DepartmentId(item.department_id),
        hall_id,
        channel,
        person_id,
        acting: None,
        content,
    }
}

/// The hall that shall handle it: the chosen one if it may, or the first that may.
fn hall_for(c: &mut Conn, item: &Shelved, chosen: Option<Id>) -> Result<Id> {
    if let Some(hall) = chosen {
        let may = windows::may(c, HallId(hall), item.item_id, Function::Accept)?;
        return if may { Ok(hall) } else { Err(Error::field("hall", "not-an-option")) };
    }
    let halls = windows::halls_of_item(c, item.item_id, Function::Accept)?;
    halls.first().map(|h| h.id.0).ok_or_else(|| Error::conflict("no-hall"))
}

/// For natural persons alone, or for legal persons alone: what the item is for. Both: as a natural person. Who acts for another applies as
/// what that one is.
fn prefilled(item: &Shelved, who: &Who) -> Applicant {
    let natural = item.elements.audience.iter().any(|a| a == "1");
    let kind = if natural { "1" } else { item.elements.audience.first().map_or("2", String::as_str) };
    let mut applicant = Applicant { kind: kind.to_owned(), ..Applicant::default() };
    as_known(&mut applicant, &who.facts, who.principal.as_ref());
    if applicant.phone.is_empty() {
        applicant.phone.clone_from(&who.facts.phone);
    }
    // Where a legal person is, its agent's address does not say.
    if applicant.address.is_empty() && applicant.kind == "1" {
        applicant.address = who.facts.address.clone().unwrap_or_default();
    }
    applicant
}

/// Who was verified is who they are: a natural person's name and number come from the account and not from the form, and stand as the
/// agent's for a legal person. For whom somebody acts by a mandate is who the register says.
pub(super) fn as_known(applicant: &mut Applicant, facts: &PersonFacts, principal: Option<&Principal>) {
    let name = facts.name.clone().unwrap_or_default();
    let number = facts.id_number.clone().unwrap_or_default();
    if let Some(p) = principal {
        applicant.kind.clone_from(&p.audience);
        (applicant.name, applicant.id_number) = (p.name.clone(), p.number.clone());
        applicant.id_kind = if p.kind == PrincipalKind::Legal { "uscc".into() } else { "111".into() };
        (applicant.agent_name, applicant.agent_id_number) = (name, number);
    } else if applicant.kind == "1" {
        (applicant.name, applicant.id_kind, applicant.id_number) = (name, "111".into(), number);
        (applicant.agent_name, applicant.agent_id_number) = (String::new(), String::new());
    } else {
        applicant.id_kind = "uscc".into();
        (applicant.agent_name, applicant.agent_id_number) = (name, number);
    }
}

/// What the account knows of a fact of the shared field dictionary.
pub fn known_fact(facts: &PersonFacts, fact: &str) -> Option<String> {
    match fact {
        "person.name" => facts.name.clone(),
        "person.id_number" => facts.id_number.clone(),
        "person.phone" => Some(facts.phone.clone()),
        "person.email" => facts.email.clone(),
        "person.address" => facts.address.clone(),
        "person.birth_date" => {
            facts.id_number.as_deref().and_then(crate::kernel::numbers::birth_date).map(|d| d.to_string())
        }
        _ => None,
    }
}

/// What is known of a fact of who is acted for: nothing of theirs comes from who acts.
fn principal_fact(p: &Principal, facts: &PersonFacts, fact: &str) -> Option<String> {
    match (p.kind, fact) {
        (PrincipalKind::Legal, "enterprise.name") | (PrincipalKind::Minor, "person.name") => Some(p.name.clone()),
        (PrincipalKind::Legal, "enterprise.uscc") | (PrincipalKind::Minor, "person.id_number") => {
            Some(p.number.clone())
        }
        (PrincipalKind::Minor, "person.birth_date") => numbers::birth_date(&p.number).map(|d| d.to_string()),
        // A child has no phone of its own: who acts is called.
        (PrincipalKind::Minor, "person.phone") => Some(facts.phone.clone()),
        (PrincipalKind::Minor, _) => None,
        (PrincipalKind::Legal, _) => known_fact(facts, fact),
    }
}

/// Answers of the form that are known already.
fn known_answers(item: &Shelved, who: &Who) -> Answers {
    let known = |fact: &str| match &who.principal {
        Some(p) => principal_fact(p, &who.facts, fact),
        None => known_fact(&who.facts, fact),
    };
    let fields = item.elements.form.single();
    fields.filter_map(|f| Some((f.key.clone(), known(f.fact.as_deref()?)?.into()))).collect()
}

/// Keeps what the acting citizen has filled in so far. Nothing is refused but what does not fit at all.
pub fn save_draft(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    id: CaseId,
    hall: Option<Id>,
    mut content: Content,
) -> Result<Case> {
    let case = cases::mine(c, ctx, id)?;
    let item = crate::catalogue::version_doc(c, &books.shelf, case.version_id)?;
    mandates::require(c, ctx, case.item_id.0, None)?;
    let principal = mandates::principal(c, ctx)?;
    as_known(&mut content.applicant, &assurance::declared_as(c, ctx)?, principal.as_ref());
    content.answers.retain(|key, _| item.elements.form.knows(key));
    let hall = match hall {
        Some(_) => hall_for(c, &item, hall)?,
        None => case.hall_id,
    };
    cases::save(c, ctx, &case, hall, &content)?;
    cases::mine(c, ctx, id)
}

/// Whether a draft was begun under a version that is no longer in force. Who applies does so by the version of the day.
pub fn is_outdated(books: &Books, case: &Case) -> bool {
    books.shelf.by_item(case.item_id).is_ok_and(|item| item.version_id != case.version_id)
}

/// Takes a draft of the acting citizen over to the version in force: answers and files stay where the question or the material is
/// still there, since both keep their keys.
pub fn renew_draft(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<()> {
    let case = cases::mine(c, ctx, id)?;
    let item = books.shelf.by_item(case.item_id).map_err(|_| Error::conflict("item-gone"))?;
    let mut content = cases::content(c, ctx, &case)?;
    content.answers.retain(|key, _| item.elements.form.knows(key));
    for file in cases::files(c, ctx, &case)? {
        if !item.elements.materials.iter().any(|m| m.key == file.key) {
            cases::drop_file(c, ctx, &case, file.id)?;
        }
    }
    cases::save(c, ctx, &case, case.hall_id, &content)?;
    cases::renew(c, ctx, &case, item.version_id)?;
    audit::record(c, ctx, "case.renew", ("case", id.0), serde_json::json!({ "version": item.version_no }))
}

/// What is wrong with a draft: empty when it can be handed in. Fields are named `applicant.…`, `form.…`, `material.…`.
pub fn check_draft(c: &mut Conn, ctx: &Ctx, books: &Books, case: &Case) -> Result<Vec<FieldError>> {
    let mut w = whole(c, ctx, books, case.clone())?;
    let keys: Vec<String> = cases::files(c, ctx, case)?.into_iter().map(|f| f.key).collect();
    let (_, mut found) = check(ctx, &mut w.content, &w.item, &keys);
    found.extend(check_hall(c, case)?);
    Ok(found)
}

/// The hall of a draft may have lost its grant since it was chosen.
fn check_hall(c: &mut Conn, case: &Case) -> Result<Option<FieldError>> {
    let may = windows::may(c, HallId(case.hall_id), case.item_id, Function::Accept)?;
    Ok((!may).then(|| FieldError { field: "hall".into(), code: "hall-may-not", value: None }))
}

/// What is wrong, and what concerns this applicant. The content is left with what was asked, in its canonical form.
fn check(ctx: &Ctx, content: &mut Content, item: &Shelved, files: &[String]) -> (Relevant, Vec<FieldError>) {
    let today = ctx.now.day();
    let mut found = rules::check_applicant(&mut content.applicant, today);
    let (relevant, wrong) = rules::check_answers(&item.elements, &content.applicant.kind, &mut content.answers, today);
    found.extend(wrong);
    found.extend(missing_files(item, &relevant, files));
    (relevant, found)
}

/// The needed materials that have no file.
pub(super) fn missing_files(item: &Shelved, relevant: &Relevant, files: &[String]) -> Vec<FieldError> {
    let keys: Vec<&str> = files.iter().map(String::as_str).collect();
    let missing = rules::missing_materials(&item.elements, relevant, &keys).into_iter();
    let fault = |key: &str| FieldError { field: format!("material.{key}"), code: "material-missing", value: None };
    missing.map(fault).collect()
}

/// Hands in a draft of the acting citizen. A second click finds it handed in and gets the same case.
///
/// # Errors
/// `level-too-low` (403) when the item needs a higher level of identity, `check-too-old` (403) when it wants the person to be there now;
/// `mandate-…` (403) when what the person acts by has ended or does not reach so far;
/// `form-invalid` with the fields; conflicts `item-gone`, `item-suspended`, `draft-outdated` (the item has another version now).
pub fn submit(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId, numbers: &Numbers) -> Result<Case> {
    let case = cases::mine(c, ctx, id)?;
    if case.state != State::Draft {
        return Ok(case);
    }
    let mut w = whole(c, ctx, books, case)?;
    books.shelf.by_item(w.case.item_id).map_err(|_| Error::conflict("item-gone"))?;
    books.shelf.open_item(w.case.item_id)?;
    if is_outdated(books, &w.case) {
        return Err(Error::conflict("draft-outdated"));
    }
    let standing = standing::of_self(c, ctx)?;
    let identity = assurance::may_sign(&standing, &w.item)?;
    mandates::require(c, ctx, w.case.item_id.0, Some(Power::Sign))?;
    let who = Who::of(c, ctx, &standing)?;
    as_known(&mut w.content.applicant, &who.facts, who.principal.as_ref());
    let files = cases::files(c, ctx, &w.case)?;
    let keys: Vec<String> = files.iter().map(|f| f.key.clone()).collect();
    let (relevant, mut found) = check(ctx, &mut w.content, &w.item, &keys);
    found.extend(check_hall(c, &w.case)?);
    if !found.is_empty() {
        return Err(Error::fields(found));
    }
    // What was uploaded before another answer made it unnecessary is nobody's business.
    for file in files.iter().filter(|f| !takes(&w.item, &relevant, &f.key)) {
        cases::drop_file(c, ctx, &w.case, file.id)?;
    }
    cases::save(c, ctx, &w.case, w.case.hall_id, &w.content)?;
    w.case = cases::mine(c, ctx, id)?;
    let last_day = accept_by(books, ctx.now.day());
    let mandate = acting(ctx).and_then(|(_, mandate)| mandate);
    let declared = cases::Declared { person: Some(PersonId(ctx.person()?)), mandate, level: standing.level() };
    w.case = cases::set_submitted(c, ctx, &w.case, (numbers.clone(), last_day), (identity, declared))?;
    tell_submitted(c, ctx, &w, (declared.level, mandate))?;
    Ok(w.case)
}

/// `level` is how it is known who declares: 0 where somebody else answers for it, a clerk or a channel.
fn tell_submitted(c: &mut Conn, ctx: &Ctx, w: &Whole, (level, mandate): (i32, Option<MandateId>)) -> Result<()> {
    let mut detail = serde_json::json!({ "rev": w.case.rev, "level": level, "identity": w.case.identity });
    if let Some(mandate) = mandate {
        detail["mandate"] = serde_json::json!(mandate);
    }
    audit::record(c, ctx, "case.submit", ("case", w.case.id.0), detail)?;
    tell(c, ctx, w, News::Submitted, &Said { due_on: w.case.accept_by, ..Said::default() })
}

/// A declaration in one go, by a clerk for somebody at the window or by a registered channel.
#[derive(Debug, Clone)]
pub struct Declaration {
    pub item: ItemId,
    /// Code of the hall that shall handle it; at a window it is the clerk's own.
    pub hall: Option<String>,
    pub content: Content,
    pub files: Vec<NewFile>,
    /// Keys of materials that were handed over on paper.
    pub on_paper: Vec<String>,
}

/// Declares at the acting clerk's window. Materials may be on paper. The case belongs to the applicant's account if the number has one.
pub fn declare_at_window(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    declaration: &Declaration,
    given: &Numbers,
) -> Result<Case> {
    let (_, hall) = ctx.clerk()?;
    let item = books.shelf.open_item(declaration.item)?;
    if !windows::may(c, HallId(hall), item.item_id, Function::Receive)? {
        return Err(Error::new(Kind::Forbidden, "hall-may-not"));
    }
    let owner = owner_at_window(c, ctx, &declaration.content.applicant, item.item_id)?;
    declare(c, ctx, books, declaration, given, (hall, Channel::Window, owner))
}

/// The account that a declaration at a window belongs to: that of the natural person; that of the legal person, told to the agent who came
/// when they hold a mandate.
fn owner_at_window(c: &mut Conn, ctx: &Ctx, applicant: &Applicant, item: ItemId) -> Result<Owner> {
    if applicant.kind == "1" {
        let number = numbers::resident_id(&applicant.id_number, ctx.now.day());
        let person = number.ok().map(|number| identity::find_or_none_by_id_number(c, ctx, &number)).transpose()?;
        return Ok(Owner { person: person.flatten(), acting: None });
    }
    let Ok(code) = numbers::uscc(&applicant.id_number) else { return Ok(Owner::default()) };
    let agent = numbers::resident_id(&applicant.agent_id_number, ctx.now.day()).unwrap_or_default();
    Ok(match mandates::at_window(c, ctx, (&code, &agent), item.0)? {
        None => Owner::default(),
        Some(found) => Owner {
            person: found.by.map(|(person, _)| person),
            acting: Some((found.principal, found.by.map(|(_, mandate)| mandate))),
        },
    })
}

/// Whose a new case is.
#[derive(Default)]
struct Owner {
    person: Option<PersonId>,
    acting: Option<(PrincipalId, Option<MandateId>)>,
}

/// Declares through a registered channel (a terminal, a partner's portal), which answers for who the applicant is.
pub fn declare_by_channel(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    declaration: &Declaration,
    numbers: &Numbers,
) -> Result<Case> {
    ctx.is_system()?;
    let item = books.shelf.open_item(declaration.item)?;
    let hall = match &declaration.hall {
        Some(code) => {
            let found = windows::granted_hall(c, code, item.item_id, Function::Accept)?;
            found.ok_or_else(|| Error::field("hall", "not-an-option"))?.0
        }
        None => hall_for(c, &item, None)?,
    };
    declare(c, ctx, books, declaration, numbers, (hall, Channel::Api, Owner::default()))
}

fn declare(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    declaration: &Declaration,
    numbers: &Numbers,
    (hall, channel, owner): (Id, Channel, Owner),
) -> Result<Case> {
    let item = books.shelf.by_item(declaration.item)?;
    let mut content = declaration.content.clone();
    let mut keys: Vec<String> = declaration.files.iter().map(|f| f.key.clone()).collect();
    keys.extend(declaration.on_paper.iter().cloned());
    let (relevant, mut found) = check(ctx, &mut content, &item, &keys);
    if channel == Channel::Window {
        found.extend(rules::check_agent(&mut content.applicant, ctx.now.day()));
    }
    if !found.is_empty() {
        return Err(Error::fields(found));
    }
    let new = NewCase { acting: owner.acting, ..new_case(&item, hall, channel, owner.person, content) };
    let last_day = accept_by(books, ctx.now.day());
    let files: Vec<NewFile> = declaration.files.iter().filter(|f| takes(&item, &relevant, &f.key)).cloned().collect();
    let case = cases::create_submitted(c, ctx, &new, &files, (numbers.clone(), last_day))?;
    if channel == Channel::Window {
        let on_paper = declaration.on_paper.iter().filter(|key| takes(&item, &relevant, key)).cloned();
        cases::take_on_paper(c, ctx, &case, &on_paper.collect::<Vec<_>>())?;
    }
    let department = books.shelf.department(item.department_id)?;
    let w = Whole { case, content: new.content, item, department };
    tell_submitted(c, ctx, &w, (0, new.acting.and_then(|(_, mandate)| mandate)))?;
    Ok(w.case)
}

/// Whether the applicant may hand in a material with this key.
fn takes(item: &Shelved, relevant: &Relevant, key: &str) -> bool {
    item.elements.materials.iter().any(|m| m.key == key && relevant.takes(m))
}
