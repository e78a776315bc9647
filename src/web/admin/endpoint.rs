//! Where a department's system is reached, and the secret that signs in both directions. A new secret is shown once.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::exchange::department;
use crate::exchange::{self, Address};
use crate::identity::DepartmentId;
use crate::kernel::crypto::base64;
use crate::kernel::{Error, FieldError, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Admin;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Edit {
    pub id: DepartmentId,
    pub name: Text,
    pub url: Field,
    pub is_active: bool,
    /// There is none yet.
    pub is_new: bool,
    pub has_old_secret: bool,
    /// Where the department's system sends its messages.
    pub answer_to: String,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Edit {
    const TEMPLATE: &'static str = "admin/endpoint";
    fn samples() -> Vec<Self> {
        let sample = |is_new: bool, faults: Vec<FieldError>| Self {
            id: DepartmentId::random(),
            name: Text::new("云川市市场监督管理局", "Market Regulation"),
            url: Field::new("url", "https://x.example/<b>", &faults),
            is_active: !is_new,
            is_new,
            has_old_secret: !is_new,
            answer_to: "https://cloud.example/api/v1/exchange/events".into(),
            faults,
            notice: None,
        };
        let wrong = |code| vec![FieldError { field: "url".into(), code, value: None }];
        vec![
            sample(true, vec![]),
            sample(false, wrong("endpoint-url")),
            Self { notice: Some("x".into()), ..sample(false, wrong("endpoint-host")) },
        ]
    }
}

/// A secret, shown once.
#[derive(Debug, Serialize)]
pub struct Secret {
    pub id: DepartmentId,
    pub name: Text,
    pub secret: String,
    pub is_new: bool,
    pub answer_to: String,
}

impl View for Secret {
    const TEMPLATE: &'static str = "admin/endpoint_secret";
    fn samples() -> Vec<Self> {
        let sample = |is_new| Self {
            id: DepartmentId::random(),
            name: Text::new("云川市市场监督管理局", "Market Regulation"),
            secret: "whsec_AAAA".into(),
            is_new,
            answer_to: "https://cloud.example/api/v1/exchange/events".into(),
        };
        vec![sample(true), sample(false)]
    }
}

fn answer_to(who: &Admin) -> String {
    format!("{}/api/v1/exchange/events", who.app.config.server.public_url.trim_end_matches('/'))
}

async fn known(who: &Admin, id: DepartmentId) -> Result<Option<Address>> {
    let ctx = who.ctx.clone();
    who.app.db.read(move |c| exchange::address(c, &ctx, id)).await
}

/// The page with what was typed, or with what is there.
async fn edit(who: &Admin, id: DepartmentId, typed: Option<(&str, bool)>, error: Option<&Error>) -> Result<Edit> {
    let (department, known) = (department(who, id).await?, known(who, id).await?);
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let there = known.as_ref().map(|a| (a.url.as_str(), a.is_active));
    let (url, is_active) = typed.or(there).unwrap_or(("", true));
    Ok(Edit {
        id,
        name: department.name,
        url: Field::new("url", url, &faults),
        is_active,
        is_new: known.is_none(),
        has_old_secret: known.as_ref().is_some_and(|a| a.has_old_secret),
        answer_to: answer_to(who),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

pub async fn show(who: Admin, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = edit(&who, id.parse()?, None, None).await?;
    Ok(page::show(&who, &view)?)
}

pub async fn change(who: Admin, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: DepartmentId = id.parse()?;
    let (url, is_active) = (form.get("url").to_owned(), form.has("active"));
    match save(&who, id, &url, is_active).await {
        Ok(Some(secret)) => Ok(shown(&who, id, &secret, true).await?),
        Ok(None) => Ok(page::redirect(&format!("/admin/departments/{id}/endpoint"), "endpoint-saved")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict) => {
            let view = edit(&who, id, Some((&url, is_active)), Some(&e)).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// The new secret, when it is the first time.
async fn save(who: &Admin, id: DepartmentId, url: &str, is_active: bool) -> Result<Option<Vec<u8>>> {
    let is_new = known(who, id).await?.is_none();
    let (ctx, typed) = (who.ctx.clone(), url.to_owned());
    let write = move |c: &mut crate::db::Conn| match is_new {
        true => exchange::add_endpoint(c, &ctx, id, &typed).map(Some),
        false => exchange::change_endpoint(c, &ctx, id, &typed, None, is_active).map(|()| None),
    };
    // An address that is none is told as such; one that is not listed could never be called.
    let is_reachable = who.app.http.may_reach(url);
    let saved = who.app.db.write(move |c| {
        let saved = write(c)?;
        if is_reachable { Ok(saved) } else { Err(Error::field("url", "endpoint-host")) }
    });
    saved.await
}

pub async fn rotate(who: Admin, id: web::Path<String>, _form: Posted) -> Result<HttpResponse, PageError> {
    let id: DepartmentId = id.parse()?;
    let ctx = who.ctx.clone();
    let secret = who.app.db.write(move |c| exchange::rotate_secret(c, &ctx, id)).await?;
    Ok(shown(&who, id, &secret, false).await?)
}

async fn shown(who: &Admin, id: DepartmentId, secret: &[u8], is_new: bool) -> Result<HttpResponse> {
    let name = department(who, id).await?.name;
    // As the scheme of the signatures writes its secrets.
    let secret = format!("whsec_{}", base64(secret));
    page::show(who, &Secret { id, name, secret, is_new, answer_to: answer_to(who) })
}
