//! Step 2: the materials and their files.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::form::{Asked, Then, said};
use super::missing::Missing;
use super::{Draft, Head, case_id, citizen, draft, elsewhere, load_for};
use crate::cases::{self, CaseId, FileId, NewFile};
use crate::catalogue::Material;
use crate::db::Conn;
use crate::files::FileKind;
use crate::kernel::{Ctx, Id, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::notice;
use crate::web::form::Uploaded;
use crate::web::guard::{Anyone, Citizen};
use crate::web::{intake, page, stored};

#[derive(Debug, Clone, Serialize)]
pub struct MaterialsPage {
    pub head: Head,
    pub needs: Vec<Need>,
    /// Materials that have files.
    pub ready: usize,
    /// Needed ones that have none.
    pub lacking: usize,
    pub missing: Vec<Missing>,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Need {
    /// Name and id of the field: `material.<key>`.
    pub name: String,
    /// Not `title`: that is the layout's own in a template.
    pub label: Text,
    pub is_needed: bool,
    pub when: Option<Text>,
    pub fill: Option<Text>,
    pub standard: Option<Text>,
    pub blank: Option<String>,
    pub sample: Option<String>,
    /// `PDF, JPG, PNG`
    pub formats: String,
    /// As a browser's file dialog wants them.
    pub accept: String,
    pub mb: u64,
    pub files: Vec<File>,
    pub refused: Vec<Missing>,
}

#[derive(Debug, Clone, Serialize)]
pub struct File {
    pub id: String,
    pub name: String,
    pub bytes: i64,
}

impl View for MaterialsPage {
    const TEMPLATE: &'static str = "citizen/declare_materials";
    fn samples() -> Vec<Self> {
        super::samples::materials()
    }
}

pub async fn show(who: Citizen, path: web::Path<String>, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    match load_for(&who, id).await {
        Ok(draft) => {
            let lacking = draft.faults.iter().filter(|f| f.field.starts_with("material.")).cloned();
            let faults: Vec<_> = lacking.map(|f| (f, String::new())).collect();
            let shown = if asked.check == "1" { faults } else { vec![] };
            Ok(page::show(&who, &view(&who, &draft, &shown))?)
        }
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

/// A fault at a material, with the name of the file that was refused.
type Fault = (crate::kernel::FieldError, String);

fn view(who: &Citizen, draft: &Draft, faults: &[Fault]) -> MaterialsPage {
    let missing: Vec<Missing> = faults.iter().map(|f| named(draft, f)).collect();
    let relevant = draft.relevant();
    let materials = draft.item.elements.materials.iter().filter(|m| relevant.takes(m));
    let needs: Vec<Need> = materials.map(|m| need(who, draft, (m, relevant.needs(m)), &missing)).collect();
    MaterialsPage {
        head: draft.head(2),
        ready: needs.iter().filter(|n| !n.files.is_empty()).count(),
        lacking: needs.iter().filter(|n| n.is_needed && n.files.is_empty()).count(),
        needs,
        missing,
        notice: None,
    }
}

fn named(draft: &Draft, (fault, file): &Fault) -> Missing {
    let found = super::missing::missing(draft, std::slice::from_ref(fault), super::missing::Place::Here);
    Missing { file: file.clone(), ..found.into_iter().next().unwrap_or_default() }
}

fn need(who: &Citizen, draft: &Draft, (m, is_needed): (&Material, bool), missing: &[Missing]) -> Need {
    let name = format!("material.{}", m.key);
    let href = format!("#{name}");
    let own = draft.files.iter().filter(|f| f.key == m.key);
    let kinds = intake::kinds(m);
    Need {
        label: m.name.clone(),
        is_needed,
        when: m.when.clone(),
        fill: m.fill.clone(),
        standard: m.standard.clone(),
        blank: m.blank.clone(),
        sample: m.sample.clone(),
        formats: intake::formats(&kinds),
        accept: kinds.iter().map(|k| accept(*k)).collect::<Vec<_>>().join(","),
        mb: intake::limit(&who.app, m),
        files: own.map(|f| File { id: f.id.to_string(), name: f.name.clone(), bytes: f.size }).collect(),
        refused: missing.iter().filter(|x| x.href == href).cloned().collect(),
        name,
    }
}

fn accept(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => ".pdf,application/pdf",
        FileKind::Jpeg => ".jpg,.jpeg,image/jpeg",
        FileKind::Png => ".png,image/png",
    }
}

/// Takes files in. Each that cannot be used is named at its material; the others are kept.
pub async fn upload(
    who: Anyone,
    path: web::Path<String>,
    uploaded: Result<Uploaded, PageError>,
) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    let who = match citizen(who, &format!("/declare/drafts/{id}/materials"))? {
        Ok(who) => who,
        Err(to_login) => return Ok(to_login),
    };
    let uploaded = match uploaded {
        Ok(uploaded) => uploaded,
        Err(e) => return not_taken(&who, id, e).await,
    };
    match take(&who, id, uploaded).await {
        Ok(response) => Ok(response),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

/// The request could not be read, or its token is another session's: the page says so, and what is there is there.
async fn not_taken(who: &Citizen, id: CaseId, refused: PageError) -> Result<HttpResponse, PageError> {
    let error = refused.error();
    let said = match error.code() {
        "form-token" => Some(said(who.ctx.lang, "declare-upload-again")),
        "file-too-large" | "files-too-many" | "form-unreadable" => notice(who.ctx.lang, error),
        _ => return Err(refused),
    };
    let draft = load_for(who, id).await?;
    let view = MaterialsPage { notice: said, ..view(who, &draft, &[]) };
    Ok(page::show_as(who, status(error.kind()), &view)?)
}

async fn take(who: &Citizen, id: CaseId, uploaded: Uploaded) -> Result<HttpResponse> {
    let then = uploaded.fields.get("act").to_owned();
    let leave = Then::of(&uploaded.fields) == Then::Leave;
    let before = load_for(who, id).await?;
    let first = uploaded.files.first().map(|f| f.field.clone());
    let mut faults: Vec<Fault> = vec![];
    let mut files = vec![];
    for file in uploaded.files {
        let key = file.field.strip_prefix("material.").unwrap_or_default().to_owned();
        let Some(material) = before.item.elements.materials.iter().find(|m| m.key == key) else { continue };
        match intake::looked_at(material, intake::limit(&who.app, material), &file) {
            Ok(kind) => files.push(intake::put(&who.app, key, file, kind).await?),
            Err((code, value)) => {
                let fault = crate::kernel::FieldError { field: file.field.clone(), code, value };
                faults.push((fault, file.name));
            }
        }
    }
    let (ctx, count) = (who.ctx.clone(), files.len());
    let full = who.app.db.write(move |c| add(c, &ctx, id, &files)).await?;
    faults.extend(full);
    if !faults.is_empty() {
        let draft = load_for(who, id).await?;
        return page::show_as(who, StatusCode::UNPROCESSABLE_ENTITY, &view(who, &draft, &faults));
    }
    let base = format!("/declare/drafts/{id}");
    Ok(match (then.as_str(), first) {
        _ if leave => page::redirect("/my", "draft-saved"),
        ("next", _) => page::redirect(&format!("{base}/review"), ""),
        (_, Some(name)) if count > 0 => {
            page::redirect(&format!("{base}/materials?done=declare-added#{}", form_urlencoded(&name)), "")
        }
        _ => page::redirect(&format!("{base}/materials"), ""),
    })
}

/// Adds the files that are not there yet, so that what is sent twice stands once. Returns those for which there is no room.
fn add(c: &mut Conn, ctx: &Ctx, id: CaseId, files: &[NewFile]) -> Result<Vec<Fault>> {
    let case = draft(c, ctx, id)?;
    let there = cases::files(c, ctx, &case)?;
    let mut full = vec![];
    for file in files {
        if there.iter().any(|f| f.key == file.key && f.hash == file.hash && f.name == file.name) {
            continue;
        }
        match cases::add_file(c, ctx, &case, file) {
            Ok(_) => {}
            Err(e) if !e.field_errors().is_empty() => full.extend(e.field_errors().iter().map(|f| {
                let field = format!("material.{}", f.field);
                (crate::kernel::FieldError { field, ..f.clone() }, file.name.clone())
            })),
            Err(e) => return Err(e),
        }
    }
    Ok(full)
}

/// A file of the draft.
pub async fn file(who: Citizen, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (id, file) = (case_id(&path.0)?, FileId(path.1.parse::<Id>()?));
    let ctx = who.ctx.clone();
    let file = who.app.db.read(move |c| {
        let case = cases::mine(c, &ctx, id)?;
        cases::file(c, &ctx, &case, file)
    });
    Ok(stored::send(&who.app, &file.await?).await?)
}
