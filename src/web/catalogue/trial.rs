//! The form as an applicant would see it, beside its elements while they are edited, saved or not: what is answered there shows which
//! questions and materials come and go.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;

use super::edit::{draft, elements_of};
use super::fill;
use crate::catalogue::elements::Section as Elementary;
use crate::catalogue::{Codes, Elements, Field};
use crate::kernel::{Error, Permission, Result, Text};
use crate::render::Frame;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted};
use crate::web::guard::Keeper;
use crate::web::page;
use crate::web::questions::{self, Kind, Section, With};

/// Template: `{{include "catalogue/trial"}}`, with this as `v.trial`.
#[derive(Debug, Clone, Serialize)]
pub struct Trial {
    pub kinds: Vec<Kind>,
    pub sections: Vec<Section>,
    pub materials: Vec<Material>,
    /// The materials are items of a topic.
    pub is_topic: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Material {
    pub name: Text,
    pub is_needed: bool,
    pub is_hidden: bool,
}

/// What conditions can ask for.
#[derive(Debug, Clone, Serialize)]
pub struct Name {
    pub key: String,
    pub label: Text,
    /// Text `pick-…`
    pub kind: String,
    pub options: Vec<(String, Text)>,
    /// A list of rows.
    pub is_rows: bool,
}

impl Trial {
    /// With the answers that were tried.
    pub fn of(e: &Elements, codes: &Codes, fields: &Fields) -> Self {
        let mut answers = questions::read(e, fields);
        let open = questions::rearrange(&e.form, &mut answers, fields).unwrap_or_default();
        let applicant = questions::applicant(e, fields);
        let relevant = e.relevant(applicant, &answers);
        let material = |m: &crate::catalogue::Material| Material {
            name: m.name.clone(),
            is_needed: relevant.needs(m),
            is_hidden: !relevant.takes(m),
        };
        Self {
            kinds: Kind::all(e, codes, applicant),
            sections: questions::sections(e, applicant, &answers, With { open: &open, ..With::default() }),
            materials: e.materials.iter().map(material).collect(),
            is_topic: false,
        }
    }

    /// For the samples of pages.
    pub fn sample() -> Self {
        let name = || Text::new("营业执照 <b>", "Business licence <b>");
        let material = |is_needed, is_hidden| Material { name: name(), is_needed, is_hidden };
        Self {
            kinds: Kind::samples(),
            sections: Section::samples(),
            materials: vec![material(true, false), material(false, false), material(false, true)],
            is_topic: false,
        }
    }
}

/// The names for conditions of an item, in the form's order.
pub fn names(e: &Elements) -> Vec<Name> {
    let field = |f: &Field| Name {
        key: f.key.clone(),
        label: f.label.clone(),
        kind: serde_json::to_value(f.kind).ok().and_then(|v| v.as_str().map(kind)).unwrap_or_default(),
        options: f.options.iter().flatten().map(|o| (o.value.clone(), o.label.clone())).collect(),
        is_rows: false,
    };
    let mut all = vec![];
    for g in &e.form.groups {
        if g.is_repeated() {
            let rows = Name {
                key: g.key.clone(),
                label: g.title.clone(),
                kind: String::new(),
                options: vec![],
                is_rows: true,
            };
            all.push(rows);
        }
        all.extend(g.fields.iter().map(field));
    }
    all
}

/// Text `pick-field-…` of a kind of field.
fn kind(code: &str) -> String {
    format!("pick-field-{}", code.replace('_', "-"))
}

/// The part of a page that shows a trial.
pub fn part(who: &Keeper, trial: Trial) -> Result<HttpResponse> {
    #[derive(Serialize)]
    struct Part {
        trial: Trial,
    }
    let body = who.app.pages.render_part(&Frame::sample(who.ctx.lang), "catalogue/trial", &Part { trial })?;
    Ok(page::html(StatusCode::OK, body))
}

/// The part of the page again, by the elements as they stand in the form and the answers that were tried: for the page's script.
pub async fn again(who: Keeper, path: web::Path<(String, String)>, form: Posted) -> Result<HttpResponse, PageError> {
    let (id, section) = path.into_inner();
    let section = Elementary::find(&section).ok_or_else(Error::not_found)?;
    who.ctx.may(Permission::Write)?;
    let (x, codes, _) = draft(&who, id.parse()?).await?;
    let doc = serde_json::to_value(elements_of(&x)?).map_err(Error::from)?;
    let filled = fill::section(section, &doc, &form);
    // What does not fit yet is told when it is saved: until then the form stands as it was.
    let typed = if filled.faults.is_empty() { fill::elements(filled.doc) } else { fill::elements(doc) };
    let trial = Trial::of(&typed?, &codes, &form);
    Ok(part(&who, trial)?)
}

/// Whether a section's page shows the form beside it.
pub fn is_shown(section: &Elementary) -> bool {
    matches!(section.key, "form" | "materials")
}

/// The elements that a form's typed state would give, or those of before where it does not fit.
pub fn typed(doc: &Value, before: &Elements) -> Elements {
    fill::elements(doc.clone()).unwrap_or_else(|_| before.clone())
}
