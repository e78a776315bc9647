//! Answering a correction: each thing that was named with its reason, a place for new files beside it, the form's answers, and words.
//! Files are kept as they come; answers and words are the request's until everything is handed in, so that they come back with
//! the page each time.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::case;
use crate::cases::{self, Answers, Case, CaseId, Defect, FileId, FileRole, NewFile, State, StoredFile};
use crate::catalogue::{self, Elements, Material};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::kernel::{Ctx, Error, FieldError, Id, Kind, Result, Text, Ts};
use crate::render::View;
use crate::web::due::Due;
use crate::web::error::{PageError, status};
use crate::web::field;
use crate::web::form::{Fields, Uploaded};
use crate::web::guard::Citizen;
use crate::web::questions::{self, Section, With};
use crate::web::{intake, page};

/// Longest words, in characters.
const WORDS: usize = 1000;

#[derive(Debug, Clone, Serialize)]
pub struct CorrectionPage {
    pub id: String,
    pub title: Text,
    pub receipt_no: String,
    pub asked_at: Ts,
    pub due: Due,
    pub note: String,
    /// What was named, with the places for files.
    pub wanted: Vec<Wanted>,
    /// Materials that nobody complained of.
    pub others: Vec<Wanted>,
    /// What was named of the form.
    pub form_reasons: Vec<String>,
    pub sections: Vec<Section>,
    /// Where the page's script asks which questions are asked; empty when all are.
    pub watch: String,
    /// Kind of the applicant, on which conditions may depend.
    pub applicant: String,
    /// The form has to be looked at: it was named, it was changed, or something in it is wrong.
    pub is_form_open: bool,
    pub is_other_open: bool,
    pub answer: String,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

/// A material with what is there and what was added.
#[derive(Debug, Clone, Serialize)]
pub struct Wanted {
    /// Name and id of its field, as errors name it.
    pub name: String,
    pub title: Text,
    /// Why it has to be corrected; empty when it does not.
    pub reason: String,
    /// It is not asked for with the answers so far.
    pub is_hidden: bool,
    pub standard: Option<Text>,
    pub formats: String,
    pub mb: u64,
    pub files: Vec<Held>,
    pub faults: Vec<FieldError>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Held {
    pub id: FileId,
    pub name: String,
    pub size: i64,
    pub href: String,
    /// Added now and not handed in yet: it can be taken out again.
    pub is_new: bool,
}

impl View for CorrectionPage {
    const TEMPLATE: &'static str = "my/correction";
    fn samples() -> Vec<Self> {
        super::samples::corrections()
    }
}

/// What was typed beside the files.
#[derive(Default, Clone)]
struct Typed {
    answer: String,
    /// None while the page has not asked yet.
    answers: Option<Answers>,
    /// The row that was just added.
    open: String,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

/// The case with the open request, as the page needs them.
struct Known {
    case: Case,
    item: std::sync::Arc<catalogue::Shelved>,
    open: cases::Correction,
    files: Vec<StoredFile>,
    answers: Answers,
    /// Kind of the applicant.
    applicant: String,
}

/// # Errors
/// `correction-over` (409) when nothing waits for an answer.
fn known(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<Known> {
    let case = cases::mine(c, ctx, id)?;
    let open = cases::open_correction_of(c, &(&case).into())?.ok_or_else(|| Error::conflict("correction-over"))?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let files = cases::files(c, ctx, &case)?;
    let cases::Content { applicant, answers } = cases::content(c, ctx, &case)?;
    Ok(Known { case, item, open, files, answers, applicant: applicant.kind })
}

pub async fn show(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    match load(&who, id).await {
        Ok(known) => Ok(page::show(&who, &view(&who, &known, Typed::default()))?),
        // An old link: the case's page says how it stands now.
        Err(e) if e.is(Kind::Conflict) => Ok(page::redirect(&format!("/my/cases/{id}"), "")),
        Err(e) => Err(e.into()),
    }
}

async fn load(who: &Citizen, id: CaseId) -> Result<Known> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app.db.read(move |c| known(c, &ctx, &books, id)).await
}

fn view(who: &Citizen, k: &Known, typed: Typed) -> CorrectionPage {
    let elements = &k.item.elements;
    let reason = |m: &Material| k.open.defects.iter().find(|d| d.key == m.key).map(|d| d.reason.clone());
    let answers = typed.answers.as_ref().unwrap_or(&k.answers);
    let relevant = elements.relevant(&k.applicant, answers);
    let place = |m: &Material| {
        let wanted = wanted(who, k, m, reason(m).unwrap_or_default(), &typed.faults);
        let is_hidden = !relevant.takes(m) && wanted.reason.is_empty() && wanted.files.is_empty();
        Wanted { is_hidden, ..wanted }
    };
    let (named, others): (Vec<_>, Vec<_>) = elements.materials.iter().partition(|m| reason(m).is_some());
    let is_of_form = |d: &&Defect| !elements.materials.iter().any(|m| m.key == d.key);
    let form_reasons: Vec<String> = k.open.defects.iter().filter(is_of_form).map(form_reason).collect();
    let is_changed = typed.answers.as_ref().is_some_and(|a| *a != k.answers);
    let is_wrong = typed.faults.iter().any(|f| f.field.starts_with("form."));
    let others: Vec<Wanted> = others.into_iter().map(place).collect();
    CorrectionPage {
        id: k.case.id.to_string(),
        title: elements.name.clone(),
        receipt_no: k.case.receipt().to_owned(),
        asked_at: k.open.asked_at,
        due: Due::of(&who.app.books().plan, who.ctx.now.day(), Some(k.open.due_on)),
        note: k.open.note.clone(),
        wanted: named.into_iter().map(place).collect(),
        is_other_open: others.iter().any(|w| !w.faults.is_empty() || w.files.iter().any(|f| f.is_new)),
        others,
        is_form_open: !typed.open.is_empty() || !form_reasons.is_empty() || is_changed || is_wrong,
        form_reasons,
        sections: questions::sections(
            elements,
            &k.applicant,
            answers,
            With { faults: &typed.faults, open: &typed.open, ..With::default() },
        ),
        watch: questions::watch(&k.item),
        applicant: k.applicant.clone(),
        answer: typed.answer,
        faults: typed.faults,
        notice: typed.notice,
    }
}

fn form_reason(d: &Defect) -> String {
    if d.name.is_empty() { d.reason.clone() } else { format!("{}：{}", d.name, d.reason) }
}

fn wanted(who: &Citizen, k: &Known, m: &Material, reason: String, faults: &[FieldError]) -> Wanted {
    let name = format!("material.{}", m.key);
    let own = k.files.iter().filter(|f| f.role == FileRole::Material && f.key == m.key);
    let held = |f: &StoredFile| Held {
        id: f.id,
        name: f.name.clone(),
        size: f.size,
        href: format!("/my/cases/{}/files/{}", k.case.id, f.id),
        is_new: !f.is_sent,
    };
    Wanted {
        title: m.name.clone(),
        reason,
        is_hidden: false,
        standard: m.standard.clone(),
        formats: intake::formats(&intake::kinds(m)),
        mb: intake::limit(&who.app, m),
        files: own.map(held).collect(),
        faults: faults.iter().filter(|f| f.field == name).cloned().collect(),
        name,
    }
}

/// Takes what was sent: files in or out, and all of it handed in when that was asked.
pub async fn answer(
    who: Citizen,
    path: web::Path<String>,
    uploaded: Result<Uploaded, PageError>,
) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let taken = match uploaded {
        Ok(uploaded) => take(&who, id, uploaded).await,
        Err(refused) => not_read(&who, id, refused).await?,
    };
    match taken {
        Ok(response) => Ok(response),
        Err(e) if e.is(Kind::Conflict) => {
            Ok(case::refused(&who, id, Error::conflict("correction-over").because(e)).await?)
        }
        Err(e) => Err(e.into()),
    }
}

/// The request was too large or torn: what was added before is there, and the page says what to do.
async fn not_read(who: &Citizen, id: CaseId, refused: PageError) -> Result<Result<HttpResponse>, PageError> {
    let said = match refused.error().code() {
        "file-too-large" | "files-too-many" | "form-unreadable" | "form-token" => {
            field::notice(who.ctx.lang, refused.error())
        }
        _ => return Err(refused),
    };
    let status = status(refused.error().kind());
    let page = async {
        let typed = Typed { notice: said, ..Typed::default() };
        page::show_as(who, status, &view(who, &load(who, id).await?, typed))
    };
    Ok(page.await)
}

async fn take(who: &Citizen, id: CaseId, uploaded: Uploaded) -> Result<HttpResponse> {
    let before = load(who, id).await?;
    let elements = &before.item.elements;
    let mut typed = typed(elements, &uploaded.fields);
    let (act, out) = (uploaded.fields.get("act").to_owned(), uploaded.fields.get("drop").to_owned());
    let taken = intake::take(&who.app, elements, uploaded.files).await?;
    typed.faults = taken.faults;
    let (ctx, files) = (who.ctx.clone(), taken.files);
    let full = who.app.db.write(move |c| change(c, &ctx, id, &files, &out)).await?;
    typed.faults.extend(full);
    if typed.answer.chars().count() > WORDS {
        let value = Some(WORDS.to_string());
        typed.faults.push(FieldError { field: "answer".into(), code: "text-long", value });
    }
    if act == "send" && typed.faults.is_empty() {
        let answers = typed.answers.clone().filter(|a| *a != before.answers);
        match hand_in(who, id, &typed.answer, answers).await {
            Ok(()) => return Ok(page::redirect(&format!("/my/cases/{id}"), "corrected")),
            Err(e) if !e.field_errors().is_empty() => typed.faults = e.field_errors().to_vec(),
            Err(e) => return Err(e),
        }
    }
    let status = if typed.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page::show_as(who, status, &view(who, &load(who, id).await?, typed))
}

fn typed(elements: &Elements, fields: &Fields) -> Typed {
    let mut answers = fields.has("form").then(|| questions::read(elements, fields));
    let open = answers.as_mut().and_then(|a| questions::rearrange(&elements.form, a, fields));
    Typed { answer: fields.get("answer").to_owned(), answers, open: open.unwrap_or_default(), ..Typed::default() }
}

/// Adds files, those that are there already only once, and takes one out. Returns the materials that have no room left.
fn change(c: &mut Conn, ctx: &Ctx, id: CaseId, files: &[NewFile], out: &str) -> Result<Vec<FieldError>> {
    let case = cases::mine(c, ctx, id)?;
    if case.state != State::Correcting {
        return Err(Error::conflict("correction-over"));
    }
    if let Ok(out) = out.parse::<Id>() {
        // Taken out in another tab already: then it is out.
        match cases::drop_file(c, ctx, &case, FileId(out)) {
            Err(e) if !e.is(Kind::NotFound) => return Err(e),
            _ => {}
        }
    }
    let there = cases::files(c, ctx, &case)?;
    let is_there = |new: &NewFile| {
        let same = |f: &StoredFile| !f.is_sent && f.key == new.key && f.hash == new.hash && f.name == new.name;
        there.iter().any(same)
    };
    let mut full = vec![];
    for file in files.iter().filter(|f| !is_there(f)) {
        match cases::add_file(c, ctx, &case, file) {
            Err(e) if !e.field_errors().is_empty() => full.extend(e.field_errors().iter().map(|f| {
                let field = format!("material.{}", f.field);
                FieldError { field, ..f.clone() }
            })),
            other => {
                other?;
            }
        }
    }
    Ok(full)
}

async fn hand_in(who: &Citizen, id: CaseId, answer: &str, answers: Option<Answers>) -> Result<()> {
    let (ctx, books, answer) = (who.ctx.clone(), who.app.books(), answer.to_owned());
    let answered = move |c: &mut Conn| flows::answer_correction(c, &ctx, &books, id, &answer, answers.clone());
    who.app.db.write(answered).await?;
    who.app.wake.notify_waiters();
    Ok(())
}
