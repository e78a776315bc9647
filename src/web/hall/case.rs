//! One case at the window, on one page: what came, what the clerk finds of each material, and the acts.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::May;
use super::intake::{self, Intake};
use super::wrong::Wrong;
use crate::app::App;
use crate::audit::looks::{self as log, Purpose};
use crate::cases::{self, Case, CaseId, Correction, Finding, State, StoredFile};
use crate::catalogue::{self, Elements, Relevant};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::kernel::{Ctx, Day, Id, Result};
use crate::render::View;
use crate::web::caseframe::{self, CaseFrame, frame};
use crate::web::dossier::{Dossier, Material, dossier};
use crate::web::error::PageError;
use crate::web::guard::Clerk;
use crate::web::looks::{self, Looking};
use crate::web::page;
use crate::web::told::{Told, told};

#[derive(Debug, Serialize)]
pub struct CasePage {
    pub frame: CaseFrame,
    pub dossier: Dossier,
    /// What the clerk may do with the materials.
    pub form: Option<Form>,
    /// What the applicant was asked for and has not brought yet.
    pub asked: Option<Wanted>,
    /// The applicant may hand it over here.
    pub answer: Option<Answer>,
    /// The applicant has an account, which can be verified here.
    pub has_account: bool,
    /// The case waits for a hall, and this one was not granted its item.
    pub is_barred: bool,
    /// What the clerk had typed for a form that is gone.
    pub lost: Vec<String>,
    pub notice: Option<String>,
    pub wrong: Vec<Wrong>,
}

/// The look at the materials with its acts, and what was typed.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The case's revision that the page shows.
    pub rev: i64,
    pub may: May,
    pub looks: Vec<Look>,
    /// What is said to the applicant: the note of a correction, the reason of a refusal.
    pub reason: String,
    pub reason_code: Option<&'static str>,
    pub reason_arg: Option<String>,
    /// The last day of a correction that is asked for today.
    pub correct_by: Day,
}

/// A material with what is found of it.
#[derive(Debug, Clone, Serialize)]
pub struct Look {
    pub material: Material,
    /// Path of the filled sample that the applicant saw.
    pub sample: Option<String>,
    /// Came after the verdict: to be looked at again.
    pub is_new: bool,
    /// Something was handed over.
    pub is_there: bool,
    pub verdict_code: Option<&'static str>,
    pub reason_code: Option<&'static str>,
    pub reason_arg: Option<String>,
}

/// A correction that is open.
#[derive(Debug, Clone, Serialize)]
pub struct Wanted {
    pub defects: Vec<Told>,
    pub note: String,
}

/// The form for an answer at the window, and what was typed.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub rev: i64,
    pub text: String,
    pub code: Option<&'static str>,
    pub intake: Intake,
}

impl View for CasePage {
    const TEMPLATE: &'static str = "hall/case";
    fn samples() -> Vec<Self> {
        super::samples::cases()
    }
}

pub async fn show(who: Clerk, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let ctx = who.ctx.clone();
    let object = ("case", id.0);
    let look = log::Look { action: "case.look", object, part: None, purpose: Purpose::Accept };
    let looking = Looking::new(&who, look);
    let seen = looking.clone();
    let held_by = who.app.db.write(move |c| take_in_hand(c, &ctx, id, &seen)).await?;
    looking.done(&who);
    let mut view = load(&who, id).await?;
    view.frame.held_by = held_by;
    Ok(page::show(&who, &view)?)
}

/// Records the look, and takes the case in hand if it waits for this hall. Returns who has it instead.
fn take_in_hand(c: &mut Conn, ctx: &Ctx, id: CaseId, looking: &Looking) -> Result<Option<String>> {
    let case = cases::at_hall(c, ctx, id)?;
    looking.record(c, ctx, looks::person(&case))?;
    if May::of(c, ctx, &case)?.anything() { cases::hold(c, ctx, &case) } else { Ok(None) }
}

/// The page as the case is now.
pub(super) async fn load(who: &Clerk, id: CaseId) -> Result<CasePage> {
    let (ctx, app) = (who.ctx.clone(), who.app.clone());
    who.app.db.read(move |c| read(c, &ctx, &app, id)).await
}

fn read(c: &mut Conn, ctx: &Ctx, app: &App, id: CaseId) -> Result<CasePage> {
    let books = &app.books();
    let case = cases::at_hall(c, ctx, id)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let content = cases::content(c, ctx, &case)?;
    let files = cases::files(c, ctx, &case)?;
    let findings = cases::findings(c, &case)?;
    let verdicts = findings.iter().map(|(key, f)| (key.clone(), (f.verdict, f.reason.clone()))).collect();
    let base = format!("/hall/cases/{id}");
    let mut dossier = dossier(&item.elements, books.shelf.codes(), &content, &files, &verdicts, &base);
    dossier.mark_paper(&cases::on_paper(c, &case)?);
    let may = May::of(c, ctx, &case)?;
    let asked = cases::open_correction(c, &case)?;
    let is_look = may.pre_accept || may.correct || may.refuse || may.accept;
    let form = is_look.then(|| form(books, ctx, &case, may, looks(&item.elements, &dossier, &files, &findings)));
    let relevant = item.elements.relevant(&content.applicant.kind, &content.answers);
    let answer = may.answer.then(|| answer(app, &case, (&item.elements, &relevant), asked.as_ref()));
    let waits = matches!(case.state, State::Submitted | State::PreAccepted | State::Received | State::Correcting);
    Ok(CasePage {
        frame: frame(c, ctx, books, &case, &item, "/hall")?,
        dossier,
        has_account: case.person_id.is_some(),
        is_barred: waits && form.is_none() && answer.is_none(),
        form,
        answer,
        asked: asked.map(|x| Wanted { defects: told(&item.elements, x.defects), note: x.note }),
        lost: vec![],
        notice: None,
        wrong: vec![],
    })
}

fn form(books: &Books, ctx: &Ctx, case: &Case, may: May, looks: Vec<Look>) -> Form {
    Form {
        rev: case.rev,
        may,
        looks,
        reason: String::new(),
        reason_code: None,
        reason_arg: None,
        correct_by: flows::correction_due(books, ctx.now.day()),
    }
}

fn looks(e: &Elements, dossier: &Dossier, files: &[StoredFile], findings: &HashMap<String, Finding>) -> Vec<Look> {
    let look = |material: &Material| {
        let sample = e.materials.iter().find(|m| m.key == material.key).and_then(|m| m.sample.as_ref());
        let found = findings.get(&material.key);
        let newest = files.iter().filter(|f| f.key == material.key).map(|f| f.added_at).max();
        Look {
            material: material.clone(),
            sample: sample.map(|name| format!("/papers/{name}")),
            is_new: found.is_some_and(|f| newest.is_some_and(|at| at > f.at)),
            is_there: newest.is_some() || material.on_paper,
            verdict_code: None,
            reason_code: None,
            reason_arg: None,
        }
    };
    dossier.materials.iter().map(look).collect()
}

fn answer(app: &App, case: &Case, (e, relevant): (&Elements, &Relevant), asked: Option<&Correction>) -> Answer {
    let defects = asked.map(|x| x.defects.as_slice()).unwrap_or_default();
    Answer { rev: case.rev, text: String::new(), code: None, intake: intake::of(app, e, relevant, defects) }
}

/// A file of the case. The look is recorded.
pub async fn file(who: Clerk, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    Ok(caseframe::file(&who, path.into_inner(), cases::at_hall, Purpose::Accept).await?)
}
