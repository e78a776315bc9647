//! Step 1: who asks, at which hall, and the item's form.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::missing::{Missing, Place, missing};
use super::{Draft, Head, case_id, draft, elsewhere, known, load, resume};
use crate::cases::{Applicant, CaseId, Content};
use crate::catalogue::{self, Shelved};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::kernel::{Ctx, Error, FieldError, Lang, Result, Text};
use crate::render::{View, texts};
use crate::web::error::{PageError, form_urlencoded};
use crate::web::field::Field;
use crate::web::form::{Fields, Typed};
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;
use crate::web::questions::{self, Kind, Section, With};
use crate::windows::{self, Function, Hall};

#[derive(Debug, Clone, Serialize)]
pub struct FormPage {
    pub head: Head,
    pub kinds: Vec<Kind>,
    pub is_natural: bool,
    /// Of the account, empty before it was verified.
    pub own_name: String,
    pub own_number: String,
    /// For whom it is declared by a mandate: name and number are theirs, and no field.
    pub acted_for: Option<ActedFor>,
    /// Of the legal person.
    pub name: Field,
    pub number: Field,
    pub phone: Field,
    pub address: Field,
    /// The account says the same.
    pub is_phone_known: bool,
    pub is_address_known: bool,
    pub halls: Vec<HallChoice>,
    /// Text `field-…` at the hall.
    pub hall_code: Option<&'static str>,
    pub sections: Vec<Section>,
    /// How many questions the account has answered.
    pub known: usize,
    /// Where the page's script asks which questions are asked; empty when all are.
    pub watch: String,
    pub missing: Vec<Missing>,
    pub notice: Option<String>,
}

/// Who is acted for.
#[derive(Debug, Clone, Serialize)]
pub struct ActedFor {
    pub name: String,
    pub number: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct HallChoice {
    pub code: String,
    pub name: Text,
    pub address: Text,
    pub is_on: bool,
}

impl View for FormPage {
    const TEMPLATE: &'static str = "citizen/declare_form";
    fn samples() -> Vec<Self> {
        super::samples::forms()
    }
}

/// Whether the page shows what is missing.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub check: String,
    /// The row that was just added.
    #[serde(default)]
    pub open: String,
}

pub async fn show(who: Citizen, path: web::Path<String>, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let checks = asked.check == "1";
    let made = who.app.db.read(move |c| {
        let draft = load(c, &ctx, &books, id)?;
        let faults = if checks { of_form(&draft.faults) } else { vec![] };
        view(c, &books, &draft, &faults, &asked.open)
    });
    match made.await {
        Ok(view) => Ok(page::show(&who, &view)?),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

/// What is wrong in this step.
fn of_form(faults: &[FieldError]) -> Vec<FieldError> {
    faults.iter().filter(|f| !f.field.starts_with("material.")).cloned().collect()
}

fn view(c: &mut Conn, books: &Books, draft: &Draft, faults: &[FieldError], open: &str) -> Result<FormPage> {
    let halls = windows::halls_of_item(c, draft.case.item_id, Function::Accept)?;
    let (a, e) = (&draft.content.applicant, &draft.item.elements);
    let is_natural = a.kind == "1";
    // Who was not verified is told so above the form; there is no field for it.
    let is_told = |f: &FieldError| is_natural && matches!(f.field.as_str(), "applicant.name" | "applicant.id_number");
    let faults: Vec<FieldError> = faults.iter().filter(|f| !is_told(f)).cloned().collect();
    let of_unit = |value: &str| if is_natural { String::new() } else { value.to_owned() };
    let hall = |h: &Hall| HallChoice {
        code: h.code.clone(),
        name: h.name.clone(),
        address: h.about.address.clone(),
        is_on: h.id.0 == draft.case.hall_id,
    };
    let with = With { known: Some(&known(&draft.item, &draft.facts)), faults: &faults, open };
    let sections = questions::sections(e, &a.kind, &draft.content.answers, with);
    let is_address_known = !a.address.is_empty() && Some(&a.address) == draft.facts.address.as_ref();
    Ok(FormPage {
        head: draft.head(1),
        kinds: Kind::all(e, books.shelf.codes(), &a.kind),
        is_natural,
        own_name: draft.facts.name.clone().unwrap_or_default(),
        own_number: draft.facts.id_number.clone().unwrap_or_default(),
        acted_for: draft.is_acted().then(|| ActedFor { name: a.name.clone(), number: a.id_number.clone() }),
        name: Field::new("applicant.name", &of_unit(&a.name), &faults),
        number: Field::new("applicant.id_number", &of_unit(&a.id_number), &faults),
        phone: Field::new("applicant.phone", &a.phone, &faults),
        address: Field::new("applicant.address", &a.address, &faults),
        is_phone_known: a.phone == draft.facts.phone,
        is_address_known,
        halls: halls.iter().map(hall).collect(),
        hall_code: faults.iter().find(|f| f.field == "hall").map(|f| f.code),
        known: sections.iter().flat_map(|s| &s.questions).filter(|q| q.is_known).count(),
        sections,
        watch: questions::watch(&draft.item),
        missing: missing(draft, &faults, Place::Here),
        notice: None,
    })
}

/// What the person wants after this step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Then {
    Next,
    Leave,
    /// To look at the form again, at this row: a button added or removed one, or asked for what is asked now.
    Look(String),
}

impl Then {
    pub(super) fn of(fields: &Fields) -> Self {
        if fields.get("act") == "leave" { Then::Leave } else { Then::Next }
    }
}

/// Keeps the step. Who is not logged in any more, or again, gets back what was typed.
pub async fn save(
    who: Anyone,
    req: HttpRequest,
    path: web::Path<String>,
    typed: Typed,
) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    if !typed.fields.has("applicant.phone") {
        return Err(Error::invalid("form-unreadable").into());
    }
    if who.session.is_none() {
        return Ok(resume::log_in(&who, &req, id, &typed.fields).await?);
    }
    who.ctx.person()?;
    let who = Citizen(who);
    if !typed.is_fresh {
        return Ok(again(&who, id, &typed.fields).await.or_else(|e| elsewhere(id, e))?);
    }
    let (ctx, books, fields) = (who.ctx.clone(), who.app.books(), typed.fields.clone());
    match who.app.db.write(move |c| keep(c, &ctx, &books, id, &fields)).await {
        Ok((Then::Next, faults)) if !faults.is_empty() => Ok(refused(&who, id, faults).await?),
        Ok((then, _)) => Ok(after(id, then)),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

pub(super) fn after(id: CaseId, then: Then) -> HttpResponse {
    match then {
        Then::Next => page::redirect(&format!("/declare/drafts/{id}/materials"), ""),
        Then::Leave => page::redirect("/my", "draft-saved"),
        Then::Look(place) if place.is_empty() => page::redirect(&format!("/declare/drafts/{id}"), ""),
        Then::Look(place) => {
            let place = form_urlencoded(&place);
            page::redirect(&format!("/declare/drafts/{id}?open={place}#{place}"), "")
        }
    }
}

/// Keeps the answers, whatever they are, and returns where the person goes, and what is wrong with this step.
pub(super) fn keep(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    id: CaseId,
    fields: &Fields,
) -> Result<(Then, Vec<FieldError>)> {
    let case = draft(c, ctx, id)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let before = crate::cases::content(c, ctx, &case)?;
    let halls = windows::halls_of_item(c, case.item_id, Function::Accept)?;
    let wanted = fields.get("hall");
    let hall = halls.iter().find(|h| h.code == wanted).map(|h| h.id.0);
    let (content, touched) = read(&item, &before.applicant, fields);
    let case = flows::save_draft(c, ctx, books, id, hall, content)?;
    let mut faults = of_form(&flows::check_draft(c, ctx, books, &case)?);
    if hall.is_none() && !wanted.is_empty() {
        faults.push(FieldError { field: "hall".into(), code: "not-an-option", value: None });
    }
    Ok((touched.map_or_else(|| Then::of(fields), Then::Look), faults))
}

/// What was typed, over the applicant of before; and the place of which a button said something.
fn read(item: &Shelved, before: &Applicant, fields: &Fields) -> (Content, Option<String>) {
    let mut applicant = before.clone();
    let kind = fields.get("applicant.kind");
    if item.elements.audience.iter().any(|a| a == kind) {
        kind.clone_into(&mut applicant.kind);
    }
    if applicant.kind != "1" {
        fields.get("applicant.name").clone_into(&mut applicant.name);
        fields.get("applicant.id_number").clone_into(&mut applicant.id_number);
    }
    fields.get("applicant.phone").clone_into(&mut applicant.phone);
    fields.get("applicant.address").clone_into(&mut applicant.address);
    let mut answers = questions::read(&item.elements, fields);
    let touched = questions::rearrange(&item.elements.form, &mut answers, fields);
    (Content { applicant, answers }, touched)
}

/// The page with what is kept, and what has to be changed before the next step.
async fn refused(who: &Citizen, id: CaseId, faults: Vec<FieldError>) -> Result<HttpResponse> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let made = who.app.db.read(move |c| {
        let draft = load(c, &ctx, &books, id)?;
        view(c, &books, &draft, &faults, "")
    });
    let view = made.await?;
    if view.missing.is_empty() {
        // The person alone is in the way, who has to be verified: said above the form and on the last page.
        return Ok(after(id, Then::Next));
    }
    page::show_as(who, StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// The form's token was another session's: nothing is kept, but the page has all that was typed and can be sent again.
async fn again(who: &Citizen, id: CaseId, fields: &Fields) -> Result<HttpResponse> {
    let (ctx, books, fields) = (who.ctx.clone(), who.app.books(), fields.clone());
    let made = who.app.db.read(move |c| {
        let mut draft = load(c, &ctx, &books, id)?;
        (draft.content, _) = read(&draft.item, &draft.content.applicant, &fields);
        if let Ok(hall) = windows::hall_by_code(c, fields.get("hall")) {
            draft.case.hall_id = hall.id.0;
        }
        view(c, &books, &draft, &[], "")
    });
    let view = FormPage { notice: Some(said(who.ctx.lang, "declare-again")), ..made.await? };
    page::show_as(who, StatusCode::CONFLICT, &view)
}

pub(super) fn said(lang: Lang, key: &str) -> String {
    texts().get(lang, key).into_owned()
}
