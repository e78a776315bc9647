//! The end of a session, and staying in one.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::identity::sessions;
use crate::kernel::Actor;
use crate::web::doors;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

pub async fn logout(who: Anyone, _form: Posted) -> Result<HttpResponse, PageError> {
    let mut to = "/";
    if let Some(session) = &who.session {
        if matches!(session.actor, Actor::Staff(_)) {
            to = "/staff/login";
        }
        let (ctx, key) = (who.ctx.clone(), session.key.clone());
        who.app.db.write(move |c| sessions::logout(c, &ctx, &key)).await?;
    }
    Ok(doors::without_session(&who, page::redirect(to, "logged-out"))?)
}

/// Called by the warning before a session ends: 204 and the session lives on, or 401 when it is gone.
pub async fn stay(who: Anyone) -> Result<HttpResponse, PageError> {
    let Some(session) = &who.session else {
        return Ok(HttpResponse::Unauthorized().insert_header((header::CACHE_CONTROL, "no-store")).finish());
    };
    let (key, now) = (session.key.clone(), who.ctx.now);
    who.app.db.write(move |c| sessions::touch(c, &key, now)).await?;
    Ok(HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish())
}
