//! Beginning a new item: what stays for ever is said first, everything else is edited in the draft.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::catalogue::changes::{self, Proposal};
use crate::catalogue::{Code, Elements};
use crate::identity::{Department, DepartmentId};
use crate::kernel::{Error, FieldError, Kind, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct New {
    fields: Vec<Field>,
    departments: Vec<Choice>,
    /// Text `field-…` at the departments.
    department_code: Option<&'static str>,
    levels: Vec<Choice>,
    types: Vec<Choice>,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: String,
    label: Text,
    is_on: bool,
}

impl View for New {
    const TEMPLATE: &'static str = "catalogue/new";
    fn samples() -> Vec<Self> {
        let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
        let faults = vec![fault("department", "not-an-option"), fault("basic", "basic-code")];
        let choice = Choice { value: "1".into(), label: Text::new("市级", "City"), is_on: true };
        let of = |faults: Vec<FieldError>| Self {
            fields: ["name", "basic", "copy"].map(|n| Field::new(n, "", &faults)).to_vec(),
            departments: vec![choice.clone()],
            department_code: code_at("department", &faults),
            levels: vec![choice.clone()],
            types: vec![choice.clone()],
            faults,
            notice: Some("x".into()),
        };
        vec![of(vec![]), of(faults)]
    }
}

fn code_at(field: &str, faults: &[FieldError]) -> Option<&'static str> {
    faults.iter().find(|f| f.field == field).map(|f| f.code)
}

fn page_of(who: &Keeper, typed: &Fields, error: Option<&Error>) -> Result<New, Error> {
    let (shelf, own) = (who.app.books().shelf, who.ctx.staff()?.department);
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let chosen = |name: &str, value: &str| typed.get(name) == value;
    let code = |name: &'static str, first: &'static str| {
        move |c: &Code| Choice {
            value: c.code.clone(),
            label: c.name.clone(),
            is_on: chosen(name, &c.code) || (!typed.has(name) && c.code == first),
        }
    };
    let departments = shelf.departments();
    let departments = departments.iter().filter(|d| d.is_active && own.is_none_or(|own| own == d.id.0));
    Ok(New {
        fields: ["name", "basic", "copy"].map(|n| Field::new(n, typed.get(n), &faults)).to_vec(),
        departments: departments
            .map(|d| Choice { value: d.key.clone(), label: d.name.clone(), is_on: chosen("department", &d.key) })
            .collect(),
        levels: shelf.codes().set("exercise_level").iter().map(code("level", "3")).collect(),
        types: shelf.codes().set("item_type").iter().map(code("type", "01")).collect(),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        department_code: code_at("department", &faults),
        faults,
    })
}

pub async fn show(who: Keeper) -> Result<HttpResponse, PageError> {
    who.ctx.with_role(crate::kernel::Role::Cataloguer)?;
    Ok(page::show(&who, &page_of(&who, &Fields::default(), None)?)?)
}

pub async fn create(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let made = async {
        let (department, elements) = read(&who, &form)?;
        let ctx = who.ctx.clone();
        let proposal = Proposal::New(department, Box::new(elements));
        who.app.db.write(move |c| changes::propose(c, &ctx, proposal.clone())).await
    };
    match made.await {
        Ok(id) => Ok(page::redirect(&format!("/catalogue/changes/{id}/basic"), "change-begun")),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            Ok(page::show_as(&who, status(e.kind()), &page_of(&who, &form, Some(&e))?)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// A blank item, or a copy of one that is like it, under its own codes.
fn read(who: &Keeper, form: &Fields) -> Result<(DepartmentId, Elements), Error> {
    let shelf = who.app.books().shelf;
    let departments = shelf.departments();
    let department = departments.iter().find(|d| d.key == form.get("department"));
    let (basic, level, name, copy) = (form.get("basic"), form.get("level"), form.get("name"), form.get("copy"));
    let mut faults = vec![];
    let mut fault = |field: &str, code| faults.push(FieldError { field: field.into(), code, value: None });
    if name.is_empty() || name.chars().count() > 200 {
        fault("name", "item-name");
    }
    if department.is_none() {
        fault("department", "not-an-option");
    }
    if basic.len() != 12 || !basic.bytes().all(|b| b.is_ascii_digit()) {
        fault("basic", "basic-code");
    }
    let like = shelf.items().iter().find(|i| i.elements.code == copy);
    if !copy.is_empty() && like.is_none() {
        fault("copy", "copy-unknown");
    }
    let known = |set: &str, code: &str| shelf.codes().set(set).iter().any(|c| c.code == code);
    for (field, set) in [("level", "exercise_level"), ("type", "item_type")] {
        if !known(set, form.get(field)) {
            fault(field, "not-an-option");
        }
    }
    let Some(department) = department.filter(|_| faults.is_empty()) else { return Err(Error::fields(faults)) };
    let base = like.map_or_else(Elements::blank, |i| i.elements.clone());
    Ok((department.id, named(base, department, (basic, level, form.get("type"), name))))
}

fn named(base: Elements, d: &Department, (basic, level, kind, name): (&str, &str, &str, &str)) -> Elements {
    let code = format!("{}{level}{basic}", d.code);
    let mut new = Elements { name: Text::new(name, ""), item_type: kind.to_owned(), complete: true, ..base };
    new.identify(&code, &d.key, None);
    new
}
