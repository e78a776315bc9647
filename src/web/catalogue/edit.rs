//! Editing one section of a draft's elements.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::{Found, found};
use super::fill;
use super::inputs::{self, Input};
use super::trial::{self, Trial};
use super::upload;
use crate::catalogue::changes::{self, Change, ChangeId, ChangeState};
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::elements::{SECTIONS, Section};
use crate::catalogue::{Codes, Elements, Severity};
use crate::flows;
use crate::kernel::{Error, FieldError, Kind, Permission, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::{Fields, Uploaded};
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Edit {
    id: String,
    name: Text,
    section: &'static str,
    sections: Vec<&'static str>,
    next: Option<&'static str>,
    revision: i32,
    inputs: Vec<Input>,
    findings: Vec<Found>,
    /// Somebody has saved meanwhile: from theirs to what was typed here.
    moved: Vec<Difference>,
    is_moved: bool,
    faults: Vec<FieldError>,
    /// The form as an applicant sees it, where that is what is edited.
    trial: Option<Trial>,
    names: Vec<trial::Name>,
    /// A schema was refused.
    is_schema_open: bool,
    notice: Option<String>,
}

impl View for Edit {
    const TEMPLATE: &'static str = "catalogue/edit";
    fn samples() -> Vec<Self> {
        let item: Elements = sample();
        let doc = serde_json::to_value(&item).unwrap_or_default();
        let codes = Codes::default();
        let of = |section: &'static Section| Self {
            id: "1".into(),
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            section: section.key,
            sections: SECTIONS.iter().map(|s| s.key).collect(),
            next: next_of(section),
            revision: 3,
            inputs: inputs::of(section, &doc, &codes, &fault(section), ""),
            findings: vec![found(Severity::Error), found(Severity::Warning)],
            moved: super::item::differences(),
            is_moved: section.key == "time",
            faults: fault(section),
            trial: trial::is_shown(section).then(Trial::sample),
            names: if trial::is_shown(section) { trial::names(&item) } else { vec![] },
            is_schema_open: section.key == "form",
            notice: Some("x".into()),
        };
        let bare = |section| Self {
            findings: vec![],
            moved: vec![],
            notice: None,
            faults: vec![],
            is_schema_open: false,
            ..of(section)
        };
        SECTIONS.iter().flat_map(|s| [of(s), bare(s)]).collect()
    }
}

fn fault(section: &Section) -> Vec<FieldError> {
    let field = match section.key {
        "time" => "limits.legal.days",
        "materials" => "materials.0.copies",
        "form" => "form.groups.0.fields.0.max_length",
        _ => return vec![],
    };
    vec![FieldError { field: field.into(), code: "number-whole", value: None }]
}

/// An item with a row in each list, to render once.
fn sample() -> Elements {
    let mut doc = serde_json::to_value(Elements::blank()).unwrap_or_default();
    for section in SECTIONS {
        for e in section.elements {
            fill::rearrange(section, &mut doc, &format!("add:{}", e.path));
        }
    }
    if let Some(form) = Section::find("form") {
        fill::rearrange(form, &mut doc, "add:form.groups.0.fields");
        fill::rearrange(form, &mut doc, "add:form.groups.0.fields.0.options");
    }
    fill::elements(doc).unwrap_or_else(|_| Elements::blank())
}

fn next_of(section: &Section) -> Option<&'static str> {
    let at = SECTIONS.iter().position(|s| s.key == section.key)?;
    SECTIONS.get(at + 1).map(|s| s.key)
}

/// The draft with all that names its codes.
pub(super) async fn draft(who: &Keeper, id: ChangeId) -> Result<(Change, Codes, Vec<Found>), Error> {
    let (ctx, shelf) = (who.ctx.clone(), who.app.books().shelf);
    who.app
        .db
        .read(move |c| {
            let x = changes::change(c, &ctx, id)?;
            let codes = flows::dictionaries(c, &shelf)?;
            let found = match &x.doc {
                Some(doc) => changes::findings(c, &ctx, &codes, doc)?.iter().map(|f| Found::new(f, doc)).collect(),
                None => vec![],
            };
            Ok((x, codes, found))
        })
        .await
}

pub(super) fn elements_of(x: &Change) -> Result<&Elements, Error> {
    x.doc.as_ref().filter(|_| x.state == ChangeState::Draft).ok_or_else(|| Error::conflict("change-state"))
}

struct Page<'a> {
    section: &'static Section,
    x: &'a Change,
    codes: &'a Codes,
    found: Vec<Found>,
    doc: &'a Value,
    faults: Vec<FieldError>,
    open: &'a str,
}

impl Page<'_> {
    fn view(self) -> Edit {
        let Page { section, x, codes, found, doc, faults, open } = self;
        let shown = x.doc.as_ref().filter(|_| trial::is_shown(section)).map(|before| trial::typed(doc, before));
        Edit {
            id: x.id.to_string(),
            name: x.name.clone(),
            section: section.key,
            sections: SECTIONS.iter().map(|s| s.key).collect(),
            next: next_of(section),
            revision: x.revision,
            inputs: inputs::of(section, doc, codes, &faults, open),
            findings: found.into_iter().filter(|f| f.section == section.key).collect(),
            moved: vec![],
            is_moved: false,
            trial: shown.as_ref().map(|e| Trial::of(e, codes, &Fields::default())),
            names: shown.as_ref().map(trial::names).unwrap_or_default(),
            is_schema_open: faults.iter().any(|f| f.field == "schema"),
            notice: None,
            faults,
        }
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    open: String,
}

pub async fn show(
    who: Keeper,
    path: web::Path<(String, String)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let (id, section) = path.into_inner();
    let section = Section::find(&section).ok_or_else(Error::not_found)?;
    who.ctx.may(Permission::Write)?;
    let (x, codes, found) = draft(&who, id.parse()?).await?;
    let doc = serde_json::to_value(elements_of(&x)?).map_err(Error::from)?;
    let page = Page { section, x: &x, codes: &codes, found, doc: &doc, faults: vec![], open: &asked.open };
    Ok(page::show(&who, &page.view())?)
}

/// Keeps a section, after a row was added, removed or moved when a button said so.
pub async fn save(who: Keeper, path: web::Path<(String, String)>, sent: Uploaded) -> Result<HttpResponse, PageError> {
    let (id, section) = path.into_inner();
    let section = Section::find(&section).ok_or_else(Error::not_found)?;
    let id: ChangeId = id.parse()?;
    who.ctx.may(Permission::Write)?;
    let (x, codes, found) = draft(&who, id).await?;
    let known = elements_of(&x)?;
    let (form, refused) = upload::take(&who, sent).await?;
    let revision = form.get("revision").parse().unwrap_or_default();
    let mut filled = fill::section(section, &serde_json::to_value(known).map_err(Error::from)?, &form);
    filled.faults.extend(refused);
    let open = fill::rearrange(section, &mut filled.doc, form.get("do"));
    if !filled.faults.is_empty() {
        let open = open.unwrap_or_default();
        let page = Page { section, x: &x, codes: &codes, found, doc: &filled.doc, faults: filled.faults, open: &open };
        return Ok(page::show_as(&who, status(Kind::Invalid), &Edit { revision, ..page.view() })?);
    }
    let typed = fill::elements(filled.doc.clone())?;
    let (ctx, doc) = (who.ctx.clone(), typed.clone());
    match who.app.db.write(move |c| changes::save(c, &ctx, id, revision, doc.clone())).await {
        Ok(_) => Ok(page::redirect(&after(id, section, &form, open), "")),
        Err(e) if e.code() == "change-edited" => {
            let moved = diff::between(known, &typed, &codes)?;
            let page = Page { section, x: &x, codes: &codes, found, doc: &filled.doc, faults: vec![], open: "" };
            let view = Edit { moved, is_moved: true, notice: notice(who.ctx.lang, &e), ..page.view() };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// A section's page with the faults of what was not in its fields.
pub(super) async fn refused(
    who: &Keeper,
    id: ChangeId,
    section: &str,
    faults: Vec<FieldError>,
) -> Result<HttpResponse, PageError> {
    let section = Section::find(section).ok_or_else(Error::not_found)?;
    let (x, codes, found) = draft(who, id).await?;
    let doc = serde_json::to_value(elements_of(&x)?).map_err(Error::from)?;
    let page = Page { section, x: &x, codes: &codes, found, doc: &doc, faults, open: "" };
    Ok(page::show_as(who, status(Kind::Invalid), &page.view())?)
}

/// Where the writer goes on: at the row that was touched, in the next section, or at the change.
fn after(id: ChangeId, section: &Section, form: &Fields, open: Option<String>) -> String {
    let base = format!("/catalogue/changes/{id}");
    match (open, form.get("do"), next_of(section)) {
        (Some(place), ..) => fill::saved(&format!("{base}/{}", section.key), Some(&place)),
        (None, "next", Some(next)) => format!("{base}/{next}?done=change-saved"),
        (None, "next" | "back", _) => format!("{base}?done=change-saved"),
        _ => format!("{base}/{}?done=change-saved", section.key),
    }
}
