//! The departments: who they are, how they are reached, and how they take cases.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::flows;
use crate::identity::{self, Channel, Department, DepartmentDraft, DepartmentId};
use crate::kernel::{Error, FieldError, Kind, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Admin;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Departments {
    pub departments: Vec<Department>,
}

impl View for Departments {
    const TEMPLATE: &'static str = "admin/departments";
    fn samples() -> Vec<Self> {
        vec![Self { departments: vec![] }, Self { departments: vec![sample()] }]
    }
}

#[derive(Debug, Serialize)]
pub struct Edit {
    pub id: DepartmentId,
    pub code: String,
    pub name: Text,
    pub fields: Vec<Field>,
    pub channel: Channel,
    pub is_active: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Edit {
    const TEMPLATE: &'static str = "admin/department";
    fn samples() -> Vec<Self> {
        let d = sample();
        let error = Error::field("name_zh", "office-name-missing");
        vec![Self::new(&d, &draft_of(&d), None, None), Self::new(&d, &draft_of(&d), Some(&error), Some("x".into()))]
    }
}

fn sample() -> Department {
    Department {
        id: DepartmentId::random(),
        key: "scjg".into(),
        code: "11980100007480107D".into(),
        name: Text::new("云川市市场监督管理局", "Yunchuan Administration for Market Regulation"),
        short: Text::new("市监局", "Market Regulation"),
        area_code: "980100000000".into(),
        channel: Channel::System,
        phone: "0980-8122315".into(),
        address: Text::new("清源路15号", "15 Qingyuan Road"),
        is_active: true,
    }
}

fn draft_of(d: &Department) -> DepartmentDraft {
    DepartmentDraft {
        name: d.name.clone(),
        short: d.short.clone(),
        channel: d.channel,
        phone: d.phone.clone(),
        address: d.address.clone(),
        is_active: d.is_active,
    }
}

impl Edit {
    fn new(d: &Department, draft: &DepartmentDraft, error: Option<&Error>, notice: Option<String>) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        let fields = [
            ("name_zh", &draft.name.zh),
            ("name_en", &draft.name.en),
            ("short_zh", &draft.short.zh),
            ("short_en", &draft.short.en),
            ("phone", &draft.phone),
            ("address_zh", &draft.address.zh),
            ("address_en", &draft.address.en),
        ];
        Self {
            id: d.id,
            code: d.code.clone(),
            name: d.name.clone(),
            fields: fields.iter().map(|(name, value)| Field::new(name, value, &faults)).collect(),
            channel: draft.channel,
            is_active: draft.is_active,
            faults,
            notice,
        }
    }
}

pub async fn list(who: Admin) -> Result<HttpResponse, PageError> {
    let departments = who.app.db.read(identity::departments).await?;
    Ok(page::show(&who, &Departments { departments })?)
}

async fn find(who: &Admin, id: DepartmentId) -> Result<Department, Error> {
    who.app.db.read(move |c| identity::department(c, id)).await?.ok_or_else(Error::not_found)
}

pub async fn show(who: Admin, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let department = find(&who, id.parse()?).await?;
    Ok(page::show(&who, &Edit::new(&department, &draft_of(&department), None, None))?)
}

pub async fn change(who: Admin, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: DepartmentId = id.parse()?;
    let text = |zh: &str, en: &str| Text::new(form.get(zh), form.get(en));
    let draft = DepartmentDraft {
        name: text("name_zh", "name_en"),
        short: text("short_zh", "short_en"),
        channel: Channel::from_code(form.get("channel")).unwrap_or(Channel::Desk),
        phone: form.get("phone").to_owned(),
        address: text("address_zh", "address_en"),
        is_active: form.has("active"),
    };
    let (ctx, cmd) = (who.ctx.clone(), draft.clone());
    match who.app.db.write(move |c| flows::change_department(c, &ctx, id, &cmd)).await {
        Ok(()) => {
            who.app.refresh().await?;
            Ok(page::redirect("/admin/departments", "department-saved"))
        }
        Err(e) if e.is(Kind::Invalid) => {
            let department = find(&who, id).await?;
            let view = Edit::new(&department, &draft, Some(&e), notice(who.ctx.lang, &e));
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
