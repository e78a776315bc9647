//! The halls: what visitors read of them, whether they are open, and what each may do for which item.

use std::collections::HashSet;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::catalogue::{ItemId, Shelved};
use crate::db::Conn;
use crate::flows;
use crate::kernel::{Error, FieldError, Id, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Admin;
use crate::web::page;
use crate::windows::{self, Function, Hall, HallDraft};

#[derive(Debug, Serialize)]
pub struct Halls {
    pub halls: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: Text,
    pub level: String,
    pub address: Text,
    pub phone: String,
    pub windows: usize,
    pub is_open: bool,
}

impl View for Halls {
    const TEMPLATE: &'static str = "admin/halls";
    fn samples() -> Vec<Self> {
        super::samples::halls()
    }
}

#[derive(Debug, Serialize)]
pub struct Edit {
    pub code: String,
    pub name: Text,
    pub fields: Vec<Field>,
    pub is_open: bool,
    /// Code of the text `field-…` at the box.
    pub open_code: Option<&'static str>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Edit {
    const TEMPLATE: &'static str = "admin/hall";
    fn samples() -> Vec<Self> {
        super::samples::hall_edits()
    }
}

#[derive(Debug, Serialize)]
pub struct Grants {
    pub code: String,
    pub name: Text,
    pub functions: Vec<&'static str>,
    /// The words that the items shown have in their names; empty when all are shown.
    pub q: String,
    pub departments: Vec<Group>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

/// The items of a department, folded away until somebody asks for them.
#[derive(Debug, Serialize)]
pub struct Group {
    pub name: Text,
    /// Items for which the hall may do something.
    pub granted: usize,
    pub is_open: bool,
    pub items: Vec<ItemRow>,
}

#[derive(Debug, Serialize)]
pub struct ItemRow {
    pub id: String,
    pub name: Text,
    pub boxes: Vec<Ticked>,
    pub code: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct Ticked {
    pub function: &'static str,
    pub is_on: bool,
}

impl View for Grants {
    const TEMPLATE: &'static str = "admin/hall_grants";
    fn samples() -> Vec<Self> {
        super::samples::hall_grants()
    }
}

pub async fn list(who: Admin) -> Result<HttpResponse, PageError> {
    let ctx = who.ctx.clone();
    let halls = who.app.db.read(move |c| windows::all_halls(c, &ctx)).await?;
    let row = |(h, is_open): (Hall, bool)| Row {
        code: h.code,
        name: h.name,
        level: h.level,
        address: h.about.address,
        phone: h.about.phone,
        windows: h.about.windows.len(),
        is_open,
    };
    Ok(page::show(&who, &Halls { halls: halls.into_iter().map(row).collect() })?)
}

async fn find(who: &Admin, code: &str) -> Result<(Hall, bool)> {
    let (ctx, code) = (who.ctx.clone(), code.to_owned());
    who.app.db.read(move |c| windows::any_hall_by_code(c, &ctx, &code)).await
}

impl Edit {
    pub(super) fn new(hall: &Hall, draft: &HallDraft, error: Option<&Error>, notice: Option<String>) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        let fields = [
            ("name_zh", &draft.name.zh),
            ("name_en", &draft.name.en),
            ("address_zh", &draft.address.zh),
            ("address_en", &draft.address.en),
            ("hours_zh", &draft.hours.zh),
            ("hours_en", &draft.hours.en),
            ("phone", &draft.phone),
            ("lat", &draft.lat),
            ("lng", &draft.lng),
            ("services_zh", &draft.services.zh),
            ("services_en", &draft.services.en),
        ];
        Self {
            code: hall.code.clone(),
            name: hall.name.clone(),
            fields: fields.iter().map(|(name, value)| Field::new(name, value, &faults)).collect(),
            is_open: draft.is_open,
            open_code: faults.iter().find(|f| f.field == "open").map(|f| f.code),
            faults,
            notice,
        }
    }
}

pub(super) fn draft_of(hall: &Hall, is_open: bool) -> HallDraft {
    HallDraft {
        name: hall.name.clone(),
        address: hall.about.address.clone(),
        hours: hall.about.hours.clone(),
        services: hall.about.services.clone(),
        phone: hall.about.phone.clone(),
        lat: hall.about.lat.to_string(),
        lng: hall.about.lng.to_string(),
        is_open,
    }
}

pub async fn show(who: Admin, code: web::Path<String>) -> Result<HttpResponse, PageError> {
    let (hall, is_open) = find(&who, &code).await?;
    Ok(page::show(&who, &Edit::new(&hall, &draft_of(&hall, is_open), None, None))?)
}

fn typed(form: &Fields) -> HallDraft {
    let text = |zh: &str, en: &str| Text::new(form.get(zh), form.get(en));
    HallDraft {
        name: text("name_zh", "name_en"),
        address: text("address_zh", "address_en"),
        hours: text("hours_zh", "hours_en"),
        services: text("services_zh", "services_en"),
        phone: form.get("phone").to_owned(),
        lat: form.get("lat").to_owned(),
        lng: form.get("lng").to_owned(),
        is_open: form.has("open"),
    }
}

pub async fn change(who: Admin, code: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let draft = typed(&form);
    let (ctx, cmd, key) = (who.ctx.clone(), draft.clone(), code.clone());
    match who.app.db.write(move |c| flows::change_hall(c, &ctx, &key, &cmd)).await {
        Ok(()) => Ok(page::redirect("/admin/halls", "hall-saved")),
        Err(e) if e.is(Kind::Invalid) => {
            let (hall, _) = find(&who, &code).await?;
            let view = Edit::new(&hall, &draft, Some(&e), notice(who.ctx.lang, &e));
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

type Set = HashSet<(ItemId, Function)>;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// What was typed to find items, cut to a length that names have.
fn words(typed: &str) -> String {
    typed.trim().chars().take(100).collect()
}

/// Whether an item has all the words in its names or its code.
fn has_words(item: &Shelved, q: &str) -> bool {
    let e = &item.elements;
    let text = format!("{}\n{}\n{}", e.name.zh, e.name.en, e.code).to_lowercase();
    q.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn grants_page(who: &Admin, hall: &Hall, granted: &Set, q: String, error: Option<&Error>) -> Result<Grants> {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let row = |id: ItemId, name: &Text| ItemRow {
        id: id.to_string(),
        name: name.clone(),
        boxes: Function::ALL
            .iter()
            .map(|f| Ticked { function: f.code(), is_on: granted.contains(&(id, *f)) })
            .collect(),
        code: faults.iter().find(|f| f.field == format!("item.{id}")).map(|f| f.code),
    };
    let shelf = who.app.books().shelf;
    let mut groups: Vec<(Id, Group)> = vec![];
    for item in shelf.items().iter().filter(|i| has_words(i, &q)) {
        let row = row(item.item_id, &item.elements.name);
        let of = item.department_id;
        let at = match groups.iter().position(|(id, _)| *id == of) {
            Some(at) => at,
            None => {
                let name = shelf.department(of)?.name.clone();
                groups.push((of, Group { name, granted: 0, is_open: !q.is_empty(), items: vec![] }));
                groups.len() - 1
            }
        };
        let group = &mut groups[at].1;
        group.granted += usize::from(row.boxes.iter().any(|b| b.is_on));
        group.is_open |= row.code.is_some();
        group.items.push(row);
    }
    Ok(Grants {
        code: hall.code.clone(),
        name: hall.name.clone(),
        functions: Function::ALL.iter().map(|f| f.code()).collect(),
        q,
        departments: groups.into_iter().map(|(_, group)| group).collect(),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

pub async fn grants(who: Admin, code: web::Path<String>, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let (hall, _) = find(&who, &code).await?;
    let id = hall.id;
    let granted: Set = who.app.db.read(move |c| windows::grants_of_hall(c, id)).await?.into_iter().collect();
    Ok(page::show(&who, &grants_page(&who, &hall, &granted, words(&asked.q), None)?)?)
}

/// Values are `item.function`; what does not parse is none of our boxes.
fn ticked(form: &Fields) -> Set {
    let pair = |value: &String| {
        let (item, function) = value.split_once('.')?;
        Some((ItemId(item.parse::<Id>().ok()?), Function::from_code(function)?))
    };
    form.all("grant").iter().filter_map(pair).collect()
}

pub async fn grant(who: Admin, code: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let (hall, _) = find(&who, &code).await?;
    let (wanted, q) = (ticked(&form), words(form.get("q")));
    let (ctx, books, cmd, id) = (who.ctx.clone(), who.app.books(), wanted.clone(), hall.id);
    let filter = q.clone();
    let write = move |c: &mut Conn| {
        // What the page did not show keeps its grants.
        let is_hidden = |item: ItemId| books.shelf.by_item(item).is_ok_and(|i| !has_words(&i, &filter));
        let kept = windows::grants_of_hall(c, id)?.into_iter().filter(|(item, _)| is_hidden(*item));
        let all: Set = cmd.iter().copied().chain(kept).collect();
        flows::grant(c, &ctx, &books, id, &all)
    };
    match who.app.db.write(write).await {
        Ok(()) if q.is_empty() => Ok(page::redirect("/admin/halls", "hall-granted")),
        Ok(()) => {
            let to = format!("/admin/halls/{}/grants?q={}", hall.code, form_urlencoded(&q));
            Ok(page::redirect(&to, "hall-granted"))
        }
        Err(e) if e.is(Kind::Invalid) => {
            let view = grants_page(&who, &hall, &wanted, q, Some(&e))?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
