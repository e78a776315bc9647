//! Programs that call the API: which there are, new ones, and the end of what one may.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::api::guard::SCOPES;
use crate::identity::clients::{self, Create, Created, Listed};
use crate::identity::{ClientId, DepartmentId};
use crate::kernel::{Error, FieldError, Id, Kind, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Admin;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Clients {
    pub rows: Vec<ClientRow>,
    pub client_id: Field,
    pub name: Field,
    pub department: Field,
    pub departments: Vec<Choice>,
    pub scopes: Vec<Scope>,
    /// What is wrong with the scopes.
    pub scopes_code: Option<&'static str>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct ClientRow {
    pub id: String,
    pub client_id: String,
    pub name: String,
    pub department: Option<Text>,
    pub scopes: Vec<String>,
    pub is_active: bool,
    pub created_at: Ts,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub id: String,
    pub name: Text,
}

#[derive(Debug, Serialize)]
pub struct Scope {
    pub code: &'static str,
    pub is_on: bool,
}

/// A secret, shown once.
#[derive(Debug, Serialize)]
pub struct ClientSecret {
    pub client_id: String,
    pub secret: String,
    pub is_new: bool,
}

impl View for Clients {
    const TEMPLATE: &'static str = "admin/clients";
    fn samples() -> Vec<Self> {
        let row = |is_active: bool| ClientRow {
            id: "00".into(),
            client_id: "kiosk".into(),
            name: "自助终端 <1>".into(),
            department: (!is_active).then(|| Text::new("市监局", "Market Regulation")),
            scopes: SCOPES.map(str::to_owned).to_vec(),
            is_active,
            created_at: Ts::from_micros(1_800_000_000_000_000),
        };
        let of = |rows, faults: &[FieldError], notice: Option<&str>| Self {
            rows,
            client_id: Field::new("client_id", "Kiosk <1>", faults),
            name: Field::new("name", "", faults),
            department: Field::new("department", "", faults),
            departments: vec![Choice { id: "00".into(), name: Text::new("市监局", "Market Regulation") }],
            scopes: SCOPES.iter().map(|code| Scope { code, is_on: true }).collect(),
            scopes_code: faults.iter().find(|f| f.field == "scopes").map(|f| f.code),
            faults: faults.to_vec(),
            notice: notice.map(str::to_owned),
        };
        let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
        let wrong = [
            fault("client_id", "client-id-shape"),
            fault("name", "client-name-shape"),
            fault("scopes", "client-scopes-missing"),
            fault("department", "client-department-missing"),
        ];
        vec![of(vec![], &[], None), of(vec![row(true), row(false)], &wrong, None), of(vec![row(true)], &[], Some("x"))]
    }
}

impl View for ClientSecret {
    const TEMPLATE: &'static str = "admin/client_secret";
    fn samples() -> Vec<Self> {
        let of = |is_new| Self { client_id: "kiosk".into(), secret: "s".repeat(43), is_new };
        vec![of(true), of(false)]
    }
}

async fn view(who: &Admin, typed: Option<&Create>, error: Option<&Error>) -> Result<Clients> {
    let ctx = who.ctx.clone();
    let all = who.app.db.read(move |c| clients::list(c, &ctx)).await?;
    let shelf = who.app.books().shelf;
    let name_of = |id: DepartmentId| shelf.department(id.0).ok().map(|d| d.short.clone());
    let row = |l: Listed| ClientRow {
        id: l.client.id.to_string(),
        client_id: l.client.client_id,
        name: l.name,
        department: l.client.department.and_then(name_of),
        scopes: l.client.scopes,
        is_active: l.is_active,
        created_at: l.created_at,
    };
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let text = |of: fn(&Create) -> &str| typed.map(of).unwrap_or_default();
    let department = typed.and_then(|t| t.department).map(|id| id.to_string()).unwrap_or_default();
    let is_on = |code: &str| typed.is_some_and(|t| t.scopes.iter().any(|scope| scope == code));
    Ok(Clients {
        rows: all.into_iter().map(row).collect(),
        client_id: Field::new("client_id", text(|t| &t.client_id), &faults),
        name: Field::new("name", text(|t| &t.name), &faults),
        department: Field::new("department", &department, &faults),
        departments: shelf
            .departments()
            .iter()
            .map(|d| Choice { id: d.id.to_string(), name: d.name.clone() })
            .collect(),
        scopes: SCOPES.iter().map(|code| Scope { code, is_on: is_on(code) }).collect(),
        scopes_code: faults.iter().find(|f| f.field == "scopes").map(|f| f.code),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

pub async fn list(who: Admin) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &view(&who, None, None).await?)?)
}

pub async fn create(who: Admin, form: Posted) -> Result<HttpResponse, PageError> {
    let department = form.get("department").parse::<Id>().ok().map(DepartmentId);
    let shelf = who.app.books().shelf;
    let cmd = Create {
        client_id: form.get("client_id").to_owned(),
        name: form.get("name").to_owned(),
        department: department.filter(|id| shelf.department(id.0).is_ok()),
        scopes: SCOPES
            .iter()
            .filter(|code| form.all("scope").iter().any(|s| s == *code))
            .map(|s| (*s).to_owned())
            .collect(),
    };
    let (ctx, wanted) = (who.ctx.clone(), cmd.clone());
    let error = match who.app.db.write(move |c| clients::create(c, &ctx, &wanted)).await {
        Ok(Created { secret, .. }) => {
            return Ok(page::show(&who, &ClientSecret { client_id: cmd.client_id, secret, is_new: true })?);
        }
        // By two windows at the same moment, the second.
        Err(e) if e.is(Kind::Conflict) => Error::field("client_id", "client-taken"),
        Err(e) if e.is(Kind::Invalid) => e,
        Err(e) => return Err(e.into()),
    };
    Ok(page::show_as(&who, status(error.kind()), &view(&who, Some(&cmd), Some(&error)).await?)?)
}

/// Switches one off or on, or renews its secret.
pub async fn act(who: Admin, id: web::Path<Id>, form: Posted) -> Result<HttpResponse, PageError> {
    let (ctx, id) = (who.ctx.clone(), ClientId(*id));
    match form.get("act") {
        "renew" => {
            let renew = move |c: &mut crate::db::Conn| {
                let made = clients::renew(c, &ctx, id)?;
                let all = clients::list(c, &ctx)?;
                Ok((made, all.into_iter().find(|l| l.client.id == id).map(|l| l.client.client_id)))
            };
            let (made, client_id) = who.app.db.write(renew).await?;
            let view = ClientSecret { client_id: client_id.unwrap_or_default(), secret: made.secret, is_new: false };
            Ok(page::show(&who, &view)?)
        }
        act @ ("on" | "off") => {
            let (is_active, done) = (act == "on", if act == "on" { "client-on" } else { "client-off" });
            who.app.db.write(move |c| clients::switch(c, &ctx, id, is_active)).await?;
            Ok(page::redirect("/admin/clients", done))
        }
        _ => Err(Error::not_found().into()),
    }
}
