//! Coming in: what the citizens' and the staff's login have in common.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::guard::Anyone;
use super::page;
use crate::audit::Seen;
use crate::identity::factors::half;
use crate::identity::logins::{self, Attempt, Door, Entered};
use crate::identity::passwords;
use crate::identity::sessions::{COOKIE, Opened, Visit};
use crate::kernel::{Actor, Error, Kind, Permission, Result};

/// Where a request comes from, as the limits count it. Behind a proxy of ours (`server.forwarded`) the proxy says it.
pub fn address(who: &Anyone, req: &HttpRequest) -> String {
    let forwarded = || {
        let value = req.headers().get("x-forwarded-for")?.to_str().ok()?;
        // The last one was added by the proxy itself; what stands before it could be anybody's word.
        value.rsplit(',').next().map(|a| a.trim().to_owned())
    };
    let direct = || req.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default();
    if who.app.config.server.forwarded { forwarded().unwrap_or_else(direct) } else { direct() }
}

/// Whence somebody comes in.
pub fn visit(who: &Anyone, req: &HttpRequest) -> Visit {
    let agent = req.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    Visit {
        address: address(who, req),
        user_agent: agent.unwrap_or_default().to_owned(),
        earlier: who.session.as_ref().map(|s| s.key.clone()),
        lives: who.app.lifetimes(),
    }
}

/// Checks a name and a password at a door, and counts the try. `None`: wrong password, or nobody has this name; the visitor hears the
/// same. `back` is where staff go whose login takes more steps.
///
/// # Errors
/// Too many: `too-many-tries`. Busy, in a storm of logins.
pub async fn enter(
    who: &Anyone,
    req: &HttpRequest,
    door: Door,
    (name, password): (&str, &str),
    back: &str,
) -> Result<Option<Entered>> {
    let _place = who.app.login_place()?;
    let (ctx, name, visit) = (who.ctx.clone(), name.to_owned(), visit(who, req));
    let from = visit.address.clone();
    let typed = name.clone();
    let attempt = match who.app.db.write(move |c| logins::begin(c, &ctx, door, &typed, &from)).await {
        Err(e) if e.is(Kind::TooMany) => {
            throttled(who, req, door, &name).await?;
            return Err(e);
        }
        begun => begun?,
    };
    if !is_right(who, &attempt, password).await? {
        let ctx = who.ctx.clone();
        who.app.db.write(move |c| logins::fail(c, &ctx, &attempt)).await?;
        return Ok(None);
    }
    let (ctx, back) = (who.ctx.clone(), back.to_owned());
    let needs_factor = who.app.config.login.needs_second_factor();
    who.app.db.write(move |c| logins::succeed(c, &ctx, &attempt, &visit, needs_factor, &back)).await
}

async fn is_right(who: &Anyone, attempt: &Attempt, password: &str) -> Result<bool> {
    let (hash, password) = (attempt.password_hash.clone(), password.to_owned());
    who.app.hash(move || passwords::is_right(&password, hash.as_deref())).await
}

/// Records that somebody was not let try, once in ten minutes for one name and for one address: a storm of tries must not become one of
/// entries.
async fn throttled(who: &Anyone, req: &HttpRequest, door: Door, name: &str) -> Result<()> {
    let mark = |what: &str| Seen {
        actor: None,
        action: "login.throttled",
        object: Some(logins::mark(&who.ctx, door, what)),
        part: None,
    };
    let marks = [mark(name), mark(&address(who, req))];
    if !marks.iter().all(|m| who.app.recent.is_new(m, who.ctx.now)) {
        return Ok(());
    }
    let (ctx, name) = (who.ctx.clone(), name.to_owned());
    who.app.db.write(move |c| logins::throttled(c, &ctx, door, &name)).await?;
    marks.into_iter().for_each(|m| who.app.recent.saw(m, who.ctx.now));
    Ok(())
}

pub fn is_secure(who: &Anyone) -> bool {
    who.app.config.server.is_https()
}

/// Gives the visitor a cookie.
pub fn with_cookie(who: &Anyone, mut response: HttpResponse, name: &str, value: &str) -> Result<HttpResponse> {
    response.add_cookie(&page::cookie(name, value.to_owned(), is_secure(who))).map_err(Error::internal)?;
    Ok(response)
}

/// Takes a cookie back.
pub fn without_cookie(who: &Anyone, mut response: HttpResponse, name: &str) -> Result<HttpResponse> {
    response.add_cookie(&page::forget(name, is_secure(who))).map_err(Error::internal)?;
    Ok(response)
}

/// Gives the visitor the cookie of a half-open login.
pub fn with_half(who: &Anyone, response: HttpResponse, opened: &Opened) -> Result<HttpResponse> {
    with_cookie(who, response, half::COOKIE, &opened.token)
}

/// Takes the cookie of a half-open login back.
pub fn without_half(who: &Anyone, response: HttpResponse) -> Result<HttpResponse> {
    without_cookie(who, response, half::COOKIE)
}

/// Gives the visitor the cookie of their new session.
pub fn with_session(who: &Anyone, response: HttpResponse, opened: &Opened) -> Result<HttpResponse> {
    with_cookie(who, response, COOKIE, &opened.token)
}

/// Takes the cookie of a session back.
pub fn without_session(who: &Anyone, response: HttpResponse) -> Result<HttpResponse> {
    without_cookie(who, response, COOKIE)
}

/// The page on which somebody's work lies.
pub fn work_of(actor: &Actor) -> &'static str {
    let Actor::Staff(staff) = actor else { return "/" };
    let has = |of: &[Permission]| staff.permissions.has_any(of);
    if has(&[Permission::Window]) && staff.hall.is_some() {
        "/hall"
    } else if has(&[Permission::Handle, Permission::Review, Permission::Approve]) && staff.department.is_some() {
        "/desk"
    } else if has(&[Permission::Write, Permission::Publish]) {
        "/catalogue"
    } else if has(&[Permission::Supervise]) {
        "/supervise"
    } else if has(&[Permission::Accounts, Permission::Offices, Permission::Operate]) {
        "/admin"
    } else if has(&[Permission::Authorise]) {
        "/security"
    } else if has(&[Permission::Audit]) {
        "/audit"
    } else {
        "/work/rights"
    }
}
