//! The session has ended while the form was open. The page holds all that was typed, and a login: with it the draft is kept as if
//! nothing had happened.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::form::{self, Then};
use crate::cases::CaseId;
use crate::identity::logins::{Door, Entered};
use crate::identity::sessions::{self, Opened, Session};
use crate::kernel::{Error, FieldError, Kind, Result};
use crate::render::View;
use crate::web::doors;
use crate::web::error::status;
use crate::web::field::{Field, notice};
use crate::web::form::Fields;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::web::public::login::required;

#[derive(Debug, Clone, Serialize)]
pub struct Resume {
    pub id: String,
    /// All that was typed, to be sent again with the login.
    pub kept: Vec<Kept>,
    pub name: Field,
    pub password: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    pub name: String,
    pub value: String,
}

impl View for Resume {
    const TEMPLATE: &'static str = "citizen/declare_resume";
    fn samples() -> Vec<Self> {
        let kept = vec![Kept { name: "form.a".into(), value: "a \"b\" <c>\nd".into() }];
        let page = |faults: Vec<FieldError>, notice: Option<&str>| Self {
            id: "1".into(),
            kept: kept.clone(),
            name: Field::new(NAME, "138", &faults),
            password: Field::new(PASSWORD, "", &faults),
            faults,
            notice: notice.map(str::to_owned),
        };
        let faults = required(&[(NAME, "", "login-name-missing"), (PASSWORD, "", "password-missing")]);
        vec![page(vec![], None), page(faults, None), page(vec![], Some("x"))]
    }
}

/// No question of an item begins so.
const NAME: &str = "login.name";
const PASSWORD: &str = "login.password";

/// Logs in and keeps the draft; without a name and a password yet, asks for them.
pub(super) async fn log_in(who: &Anyone, req: &HttpRequest, id: CaseId, fields: &Fields) -> Result<HttpResponse> {
    if !fields.has(PASSWORD) {
        return page::show_as(who, StatusCode::UNAUTHORIZED, &view(id, fields, vec![], None));
    }
    let (name, password) = (fields.get(NAME), fields.raw(PASSWORD));
    let faults = required(&[(NAME, name, "login-name-missing"), (PASSWORD, password, "password-missing")]);
    if !faults.is_empty() {
        return page::show_as(who, StatusCode::UNPROCESSABLE_ENTITY, &view(id, fields, faults, None));
    }
    let error = match doors::enter(who, req, Door::Citizen, (name, password), "").await {
        Ok(Some(Entered::In(opened))) => return go_on(who, id, fields, &opened).await,
        Ok(Some(Entered::Half(_)) | None) => Error::invalid("login-wrong"),
        Err(e) if e.is(Kind::TooMany) => e,
        Err(e) => return Err(e),
    };
    let said = notice(who.ctx.lang, &error);
    page::show_as(who, status(error.kind()), &view(id, fields, vec![], said))
}

fn view(id: CaseId, fields: &Fields, faults: Vec<FieldError>, notice: Option<String>) -> Resume {
    let is_typed = |name: &&str| !name.starts_with("login.") && *name != "_csrf";
    let mut names: Vec<&str> = fields.names().filter(is_typed).collect();
    names.sort_unstable();
    let all = |name: &str| {
        let values = fields.all(name).iter();
        values.map(|v| Kept { name: name.to_owned(), value: v.clone() }).collect::<Vec<_>>()
    };
    Resume {
        id: id.to_string(),
        kept: names.into_iter().flat_map(all).collect(),
        name: Field::new(NAME, fields.get(NAME), &faults),
        password: Field::new(PASSWORD, "", &faults),
        faults,
        notice,
    }
}

async fn go_on(who: &Anyone, id: CaseId, fields: &Fields, opened: &Opened) -> Result<HttpResponse> {
    let session = session(who, opened).await?;
    let ctx = who.app.ctx(session.actor.clone(), who.ctx.lang);
    let (books, typed) = (who.app.books(), fields.clone());
    let kept = who.app.db.write(move |c| form::keep(c, &ctx, &books, id, &typed)).await;
    let response = match kept {
        Ok((Then::Next, faults)) if !faults.is_empty() => {
            page::redirect(&format!("/declare/drafts/{id}?check=1"), "declare-kept")
        }
        Ok((then, _)) => form::after(id, then),
        Err(e) if e.is(Kind::NotFound) => {
            // Somebody else's account: what was typed stays for its owner, and this session ends where it began.
            who.app.db.write(move |c| sessions::close(c, &session.key)).await?;
            let said = Some(form::said(who.ctx.lang, "declare-other-account"));
            return page::show_as(who, StatusCode::NOT_FOUND, &view(id, fields, vec![], said));
        }
        Err(e) => super::elsewhere(id, e)?,
    };
    doors::with_session(who, response, opened)
}

async fn session(who: &Anyone, opened: &Opened) -> Result<Session> {
    let (keys, token, life) = (who.app.keys.clone(), opened.token.clone(), who.app.lifetimes());
    let now = who.ctx.now;
    let found = who.app.db.glance(move |c| sessions::find(c, &keys, &token, now, life)).await?;
    found.ok_or_else(Error::unauthenticated)
}
