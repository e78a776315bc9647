//! A draft's form as JSON Schema: out for programs and other platforms, and in from them.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::edit;
use crate::catalogue::changes::{self, ChangeId};
use crate::catalogue::{self, Form, Refused};
use crate::kernel::{Error, FieldError, Permission, Result};
use crate::web::error::PageError;
use crate::web::form::{Uploaded, UploadedFile};
use crate::web::guard::Keeper;
use crate::web::page;

/// The section that a form is.
const SECTION: &str = "form";
/// Name of the file's field.
const FIELD: &str = "schema";
/// Largest file, in bytes: a form is far smaller.
const MOST: usize = 1 << 20;

pub async fn download(who: Keeper, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id: ChangeId = id.parse()?;
    who.ctx.may(Permission::Write)?;
    let (x, ..) = edit::draft(&who, id).await?;
    let e = edit::elements_of(&x)?;
    let schema = catalogue::schema(e, x.base_no + 1);
    let body = json!({ "schema": schema, "layout": catalogue::layout(&e.form) });
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.schema.json\"", e.slug)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(serde_json::to_vec_pretty(&body).map_err(Error::from)?))
}

/// Puts the form of a file in the place of the draft's. What does not fit is told, and the draft stays as it is.
pub async fn upload(who: Keeper, id: web::Path<String>, sent: Uploaded) -> Result<HttpResponse, PageError> {
    let id: ChangeId = id.parse()?;
    who.ctx.may(Permission::Write)?;
    let revision = sent.fields.get("revision").parse().unwrap_or_default();
    let form = match read(sent.files.into_iter().find(|f| f.field == FIELD)) {
        Ok(form) => form,
        Err(faults) => return edit::refused(&who, id, SECTION, faults).await,
    };
    let (x, ..) = edit::draft(&who, id).await?;
    let mut doc = edit::elements_of(&x)?.clone();
    doc.form = form;
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| changes::save(c, &ctx, id, revision, doc.clone())).await?;
    Ok(page::redirect(&format!("/catalogue/changes/{id}/{SECTION}"), "change-saved"))
}

fn read(file: Option<UploadedFile>) -> Result<Form, Vec<FieldError>> {
    let fault = |code, value| vec![FieldError { field: FIELD.into(), code, value }];
    let file = file.ok_or_else(|| fault("schema-missing", None))?;
    if file.is_over || file.bytes.len() > MOST {
        return Err(fault("file-too-large", Some((MOST >> 20).to_string())));
    }
    let value: Value = serde_json::from_slice(&file.bytes)
        .map_err(|e| fault("schema-json", Some(format!("{}:{}", e.line(), e.column()))))?;
    // Either the schema alone, or with its layout, as the API tells them.
    let (schema, layout) = match value.get("schema") {
        Some(schema) if value.get("type").is_none() => (schema, value.get("layout")),
        _ => (&value, None),
    };
    let told = |r: Refused| FieldError {
        field: FIELD.into(),
        code: r.code,
        value: Some(if r.what.is_empty() { r.at } else { format!("{} {}", r.at, r.what) }),
    };
    let mut form =
        catalogue::read_schema(schema, layout).map_err(|all| all.into_iter().map(told).collect::<Vec<_>>())?;
    form.tidy();
    Ok(form)
}
