//! Roles: what is given together.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{RealmTicks, ticks};
use crate::identity::requests::{self, Given};
use crate::identity::roles::{self, RoleDraft};
use crate::identity::{RequestId, RequestKind, Role};
use crate::kernel::{Error, FieldError, Kind, Permission, Permissions, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Security;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct RoleList {
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: Text,
    pub note: Text,
    pub realm: &'static str,
    pub permissions: Vec<&'static str>,
    pub holders: i64,
    pub is_built_in: bool,
}

impl View for RoleList {
    const TEMPLATE: &'static str = "security/roles";
    fn samples() -> Vec<Self> {
        let row = |role: &Role, holders| row(role, holders);
        let roles = super::samples::roles();
        vec![Self { rows: vec![] }, Self { rows: roles.iter().zip([3, 0]).map(|(r, n)| row(r, n)).collect() }]
    }
}

fn realm_of(permissions: Permissions) -> &'static str {
    permissions.realms().first().map_or("business", |realm| realm.code())
}

fn row(role: &Role, holders: i64) -> Row {
    Row {
        code: role.code.clone(),
        name: role.name.clone(),
        note: role.note.clone(),
        realm: realm_of(role.permissions),
        permissions: role.permissions.codes(),
        holders,
        is_built_in: role.is_built_in,
    }
}

/// The form of a new role and of one that is there.
#[derive(Debug, Serialize)]
pub struct RoleForm {
    pub is_new: bool,
    pub title: Text,
    pub code: Field,
    pub name_zh: Field,
    pub name_en: Field,
    pub note_zh: Field,
    pub note_en: Field,
    pub permissions: Field,
    pub realms: Vec<RealmTicks>,
    pub reason: Field,
    pub holders: i64,
    pub is_built_in: bool,
    /// The request that waits for it.
    pub waits: Option<RequestId>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for RoleForm {
    const TEMPLATE: &'static str = "security/role";
    fn samples() -> Vec<Self> {
        let error = Error::fields(vec![
            FieldError { field: "code".into(), code: "role-code-shape", value: None },
            FieldError { field: "permissions".into(), code: "permissions-mixed", value: None },
        ]);
        let draft = RoleDraft { code: "x".into(), name: Text::new("甲", "A"), ..RoleDraft::default() };
        let form = |is_new, error: Option<&Error>, text: Option<&str>| {
            Self::new(is_new, &draft, "", error, text.map(str::to_owned))
        };
        let held = Self { holders: 2, waits: Some(RequestId::random()), ..form(false, None, Some("x")) };
        let built_in = Self { is_built_in: true, ..form(false, None, None) };
        vec![form(true, None, None), form(true, Some(&error), None), form(false, None, None), held, built_in]
    }
}

impl RoleForm {
    fn new(is_new: bool, draft: &RoleDraft, reason: &str, error: Option<&Error>, notice: Option<String>) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        let field = |name, value: &str| Field::new(name, value, &faults);
        Self {
            is_new,
            title: draft.name.clone(),
            code: field("code", &draft.code),
            name_zh: field("name_zh", &draft.name.zh),
            name_en: field("name_en", &draft.name.en),
            note_zh: field("note_zh", &draft.note.zh),
            note_en: field("note_en", &draft.note.en),
            permissions: field("permissions", ""),
            realms: ticks(draft.permissions.iter().copied().collect()),
            reason: field("reason", reason),
            holders: 0,
            is_built_in: false,
            waits: None,
            faults,
            notice,
        }
    }
}

pub async fn list(who: Security) -> Result<HttpResponse, PageError> {
    let ctx = who.ctx.clone();
    let (all, holders) = who.app.db.read(move |c| Ok((roles::roles(c)?, roles::holders(c, &ctx)?))).await?;
    let rows = all.iter().map(|role| row(role, holders.get(&role.code).copied().unwrap_or(0))).collect();
    Ok(page::show(&who, &RoleList { rows })?)
}

pub async fn new(who: Security) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &RoleForm::new(true, &RoleDraft::default(), "", None, None))?)
}

fn typed(form: &Posted) -> RoleDraft {
    RoleDraft {
        code: form.get("code").to_owned(),
        name: Text::new(form.get("name_zh"), form.get("name_en")),
        note: Text::new(form.get("note_zh"), form.get("note_en")),
        permissions: form.all("permissions").iter().filter_map(|code| Permission::from_code(code)).collect(),
    }
}

pub async fn define(who: Security, form: Posted) -> Result<HttpResponse, PageError> {
    let draft = typed(&form);
    let (ctx, cmd) = (who.ctx.clone(), draft.clone());
    match who.app.db.write(move |c| roles::define(c, &ctx, cmd.clone())).await {
        Ok(()) => Ok(page::redirect("/security/roles", "role-saved")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict) => {
            let view = RoleForm::new(true, &draft, "", Some(&e), notice(who.ctx.lang, &e));
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// A role with what stands around it.
async fn standing(who: &Security, code: &str) -> Result<(Role, i64, Option<RequestId>), PageError> {
    let (ctx, code) = (who.ctx.clone(), code.to_owned());
    let read = move |c: &mut crate::db::Conn| {
        let role = roles::role(c, &ctx, &code)?;
        let holders = roles::holders(c, &ctx)?.get(&code).copied().unwrap_or(0);
        let waits = requests::waiting_for(c, &ctx, RequestKind::Role, &code)?.map(|r| r.id);
        Ok((role, holders, waits))
    };
    Ok(who.app.db.read(read).await?)
}

pub async fn show(who: Security, code: web::Path<String>) -> Result<HttpResponse, PageError> {
    let (role, holders, waits) = standing(&who, &code).await?;
    let is_built_in = role.is_built_in;
    let permissions = role.permissions.iter().collect();
    let draft = RoleDraft { code: role.code, name: role.name, note: role.note, permissions };
    let view = RoleForm { holders, is_built_in, waits, ..RoleForm::new(false, &draft, "", None, None) };
    Ok(page::show(&who, &view)?)
}

pub async fn change(who: Security, code: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let code = code.into_inner();
    let draft = RoleDraft { code: code.clone(), ..typed(&form) };
    let reason = form.get("reason").to_owned();
    let (ctx, cmd, why) = (who.ctx.clone(), draft.clone(), reason.clone());
    let is_removal = form.get("do") == "remove";
    let done = who
        .app
        .db
        .write(move |c| {
            if is_removal {
                return roles::remove(c, &ctx, &cmd.code).map(|()| Given::Done);
            }
            roles::change(c, &ctx, cmd.clone(), &why)
        })
        .await;
    match done {
        Ok(Given::Done) if is_removal => Ok(page::redirect("/security/roles", "role-removed")),
        Ok(Given::Done) => Ok(page::redirect("/security/roles", "role-saved")),
        Ok(Given::Asked(_)) => Ok(page::redirect("/security/requests", "request-asked")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict) => {
            let (role, holders, waits) = standing(&who, &code).await?;
            let form = RoleForm::new(false, &draft, &reason, Some(&e), notice(who.ctx.lang, &e));
            let view = RoleForm { title: role.name, is_built_in: role.is_built_in, holders, waits, ..form };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
