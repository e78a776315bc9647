//! Who is in links their account to the one at the provider, or unlinks it.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::{away, called, is_on, token, waiting, worth};
use crate::identity::links::{self, COOKIE};
use crate::kernel::{Error, Kind, Result, mask};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::{self, Posted};
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;

/// Whose account there it is, before it is linked; or why it is not.
#[derive(Debug, Serialize)]
pub struct LinkPage {
    pub province: String,
    /// Masked; none when the provider did not say.
    pub name: Option<String>,
    pub number: Option<String>,
    /// There is something to confirm.
    pub is_open: bool,
    pub notice: Option<String>,
    pub faults: Vec<crate::kernel::FieldError>,
}

impl View for LinkPage {
    const TEMPLATE: &'static str = "account/province_link";
    fn samples() -> Vec<Self> {
        let of = |name: Option<&str>, is_open, notice: Option<&str>| Self {
            province: "省统一身份认证".into(),
            name: name.map(str::to_owned),
            number: name.map(|_| "9801**********0249".to_owned()),
            is_open,
            notice: notice.map(str::to_owned),
            faults: vec![],
        };
        vec![of(Some("林*"), true, None), of(None, true, None), of(None, false, Some("x"))]
    }
}

/// Sends them to the provider: only from a page of ours, so that nobody is led into it.
pub async fn send(who: Citizen, req: HttpRequest) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    form::is_from_here(&req)?;
    match away(&who, &req, true, "/account").await {
        Err(e) if matches!(e.kind(), Kind::Outside | Kind::TooMany) => Ok(failed(&who, &e)?),
        sent => Ok(sent?),
    }
}

pub(super) fn failed(who: &Anyone, error: &Error) -> Result<HttpResponse> {
    error.log();
    let said = notice(who.ctx.lang, error);
    let view =
        LinkPage { province: called(who), name: None, number: None, is_open: false, notice: said, faults: vec![] };
    doors::without_cookie(who, page::show_as(who, status(error.kind()), &view)?, COOKIE)
}

pub async fn confirm(who: Citizen, req: HttpRequest) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let Some(asked) = waiting(&who, &req, true).await? else { return Ok(page::redirect("/account", "")) };
    let view = LinkPage {
        province: called(&who),
        name: asked.name.as_deref().map(mask::name),
        number: asked.number.as_deref().map(mask::id_number),
        is_open: true,
        notice: None,
        faults: vec![],
    };
    Ok(page::show(&who, &view)?)
}

pub async fn link(who: Citizen, req: HttpRequest, _form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let (ctx, token, worth) = (who.ctx.clone(), token(&req), worth(&who));
    match who.app.db.write(move |c| links::link(c, &ctx, &token, &worth)).await {
        Ok(Ok(())) => Ok(doors::without_cookie(&who, page::redirect("/account", "province-linked"), COOKIE)?),
        Ok(Err(code)) => Ok(failed(&who, &Error::invalid(code))?),
        // Somebody linked it at the same moment.
        Err(e) if e.is(Kind::Conflict) => Ok(failed(&who, &Error::invalid("province-taken"))?),
        Err(e) => Err(e.into()),
    }
}

pub async fn unlink(who: Citizen, _form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| links::unlink(c, &ctx)).await?;
    Ok(page::redirect("/account", "province-unlinked"))
}
