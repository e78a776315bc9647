//! Beginning a new item: what stays for ever is said first, everything else is edited in the draft.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::catalogue::basics;
use crate::catalogue::changes::{self, Proposal};
use crate::catalogue::{Basic, Code, Elements, Standing};
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
    /// Text `field-…` at the levels.
    level_code: Option<&'static str>,
    /// What the entry of the basic catalogue is called, where one is named.
    basic: Option<Text>,
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
        let faults = vec![
            fault("department", "not-an-option"),
            fault("basic", "basic-code"),
            fault("level", "level-not-in-basic"),
        ];
        let choice = Choice { value: "1".into(), label: Text::new("市级", "City"), is_on: true };
        let of = |faults: Vec<FieldError>| Self {
            fields: ["name", "basic", "copy"].map(|n| Field::new(n, "", &faults)).to_vec(),
            departments: vec![choice.clone()],
            department_code: code_at("department", &faults),
            levels: vec![choice.clone()],
            level_code: code_at("level", &faults),
            basic: faults.is_empty().then(|| Text::new("食品经营许可", "Food operation licence")),
            faults,
            notice: Some("x".into()),
        };
        vec![of(vec![]), of(faults)]
    }
}

fn code_at(field: &str, faults: &[FieldError]) -> Option<&'static str> {
    faults.iter().find(|f| f.field == field).map(|f| f.code)
}

fn page_of(who: &Keeper, typed: &Fields, basic: Option<&Basic>, error: Option<&Error>) -> Result<New, Error> {
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
    let levels = shelf.codes().set("exercise_level").iter();
    let levels = levels.filter(|c| basic.is_none_or(|b| b.levels.contains(&c.code)));
    let departments = shelf.departments();
    let departments = departments.iter().filter(|d| d.is_active && own.is_none_or(|own| own == d.id.0));
    Ok(New {
        fields: ["name", "basic", "copy"].map(|n| Field::new(n, typed.get(n), &faults)).to_vec(),
        departments: departments
            .map(|d| Choice { value: d.key.clone(), label: d.name.clone(), is_on: chosen("department", &d.key) })
            .collect(),
        levels: levels.map(code("level", "3")).collect(),
        level_code: code_at("level", &faults),
        basic: basic.map(|b| b.name.clone()),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        department_code: code_at("department", &faults),
        faults,
    })
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// Code of the entry to begin with.
    #[serde(default)]
    basic: String,
}

pub async fn show(who: Keeper, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    who.ctx.may(crate::kernel::Permission::Write)?;
    let basic = basic_of(&who, &asked.basic).await?;
    let mut typed = Fields::default();
    if let Some(b) = &basic {
        typed.set("basic", b.code.clone());
        typed.set("name", b.name.zh.clone());
    }
    Ok(page::show(&who, &page_of(&who, &typed, basic.as_ref(), None)?)?)
}

/// The entry with this code, if it is in force today.
async fn basic_of(who: &Keeper, code: &str) -> Result<Option<Basic>, Error> {
    let (code, today) = (code.to_owned(), who.ctx.now.day());
    let found = who.app.db.read(move |c| basics::basics_of(c, &code)).await?;
    Ok(found.into_values().find(|b| b.standing(today) == Standing::InForce))
}

pub async fn create(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let basic = basic_of(&who, form.get("basic")).await?;
    let made = async {
        let (department, elements) = read(&who, &form, basic.as_ref())?;
        let ctx = who.ctx.clone();
        let proposal = Proposal::New(department, Box::new(elements));
        who.app.db.write(move |c| changes::propose(c, &ctx, proposal.clone())).await
    };
    match made.await {
        Ok(id) => Ok(page::redirect(&format!("/catalogue/changes/{id}/basic"), "change-begun")),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            Ok(page::show_as(&who, status(e.kind()), &page_of(&who, &form, basic.as_ref(), Some(&e))?)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// A blank item, or a copy of one that is like it, under its own codes.
fn read(who: &Keeper, form: &Fields, entry: Option<&Basic>) -> Result<(DepartmentId, Elements), Error> {
    let shelf = who.app.books().shelf;
    let departments = shelf.departments();
    let department = departments.iter().find(|d| d.key == form.get("department"));
    let (basic, level, name, copy) = (form.get("basic"), form.get("level"), form.get("name"), form.get("copy"));
    let mut faults = vec![];
    let mut fault = |field: &str, code| faults.push(FieldError { field: field.into(), code, value: None });
    if !basics::is_code(basic) {
        fault("basic", "basic-code");
    } else if entry.is_none() {
        fault("basic", "basic-unknown");
    }
    if name.is_empty() || name.chars().count() > 200 {
        fault("name", "item-name");
    }
    if department.is_none() {
        fault("department", "not-an-option");
    }
    let like = shelf.items().iter().find(|i| i.elements.code == copy);
    if !copy.is_empty() && like.is_none() {
        fault("copy", "copy-unknown");
    }
    if !shelf.codes().set("exercise_level").iter().any(|c| c.code == level) {
        fault("level", "not-an-option");
    } else if entry.is_some_and(|b| !b.levels.iter().any(|l| l == level)) {
        fault("level", "level-not-in-basic");
    }
    let (Some(department), Some(entry)) = (department.filter(|_| faults.is_empty()), entry) else {
        return Err(Error::fields(faults));
    };
    let base = like.map_or_else(Elements::blank, |i| i.elements.clone());
    Ok((department.id, begun(base, department, entry, level, name)))
}

/// What an item takes from its entry: type, legal basis and audience, unless it is like another that has its own.
fn begun(base: Elements, d: &Department, entry: &Basic, level: &str, name: &str) -> Elements {
    let code = format!("{}{level}{}", d.code, entry.code);
    // The name of the entry has its English, another has none yet.
    let english = if name == entry.name.zh { entry.name.en.as_str() } else { "" };
    let mut new =
        Elements { name: Text::new(name, english), item_type: entry.item_type.clone(), complete: true, ..base };
    if new.basis.is_empty() {
        new.basis.clone_from(&entry.basis);
    }
    if new.audience.is_empty() {
        new.audience.clone_from(&entry.audience);
    }
    new.identify(&code, &d.key, None);
    new
}
