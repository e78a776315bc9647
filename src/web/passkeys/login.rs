//! Coming in by a passkey.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::token;
use crate::identity::logins::Door;
use crate::identity::passkeys::{self, COOKIE, Shown};
use crate::kernel::{Error, Kind, Result};
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

/// What the visitor's device has to sign, for the script; 429 when it was asked too often.
pub async fn options(who: Anyone, req: HttpRequest, _form: Posted) -> Result<HttpResponse, PageError> {
    let (ctx, party, from) = (who.ctx.clone(), who.app.party.clone(), doors::address(&who, &req));
    match who.app.db.write(move |c| passkeys::begin_login(c, &ctx, &party, &from)).await {
        Ok(begun) => {
            let response = HttpResponse::Ok()
                .insert_header((header::CONTENT_TYPE, "application/json"))
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .body(begun.options);
            Ok(doors::with_cookie(&who, response, COOKIE, &begun.token)?)
        }
        Err(e) if e.is(Kind::TooMany) => Ok(HttpResponse::build(status(e.kind())).finish()),
        Err(e) => Err(e.into()),
    }
}

/// Takes the device's answer at a door: in, to where the visitor wanted to go, or what is wrong.
pub async fn enter(
    who: &Anyone,
    req: &HttpRequest,
    form: &Posted,
    door: Door,
    back: &str,
) -> Result<Result<HttpResponse, Error>> {
    let (ctx, party, visit) = (who.ctx.clone(), who.app.party.clone(), doors::visit(who, req));
    let (token, answer) = (token(req), form.get("credential").to_owned());
    let shown = move |c: &mut crate::db::Conn| passkeys::enter(c, &ctx, &party, (&token, &answer), door, &visit);
    Ok(match who.app.db.write(shown).await? {
        Shown::In(opened) => {
            let response = doors::without_cookie(who, page::redirect(back, ""), COOKIE)?;
            Ok(doors::with_session(who, response, &opened)?)
        }
        Shown::Over => Err(Error::invalid("passkey-over")),
        Shown::Refused => Err(Error::invalid("passkey-unknown")),
        Shown::OtherDoor => Err(Error::invalid("passkey-other-door")),
    })
}
