//! Coming in: what the citizens' and the staff's login have in common.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::guard::Anyone;
use super::page;
use crate::identity::logins::{self, Attempt, Door};
use crate::identity::sessions::{COOKIE, Opened};
use crate::identity::{StaffId, passwords};
use crate::kernel::{Actor, Error, Permission, Result};

/// What came of a try to log in.
pub enum Entered {
    In(Opened),
    /// Right, but the password is an administrator's: its owner has to choose another first.
    MustChange,
    /// Wrong password, or nobody has this name: the visitor hears the same.
    Wrong,
}

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

pub fn user_agent(req: &HttpRequest) -> String {
    let value = req.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Checks a name and a password at a door, and counts the try.
///
/// # Errors
/// Too many: `too-many-tries`.
pub async fn check(who: &Anyone, req: &HttpRequest, door: Door, name: &str, password: &str) -> Result<(Attempt, bool)> {
    let (ctx, name, from) = (who.ctx.clone(), name.to_owned(), address(who, req));
    let attempt = who.app.db.write(move |c| logins::begin(c, &ctx, door, &name, &from)).await?;
    let (hash, password) = (attempt.password_hash.clone(), password.to_owned());
    let is_right = who.app.hash(move || passwords::is_right(&password, hash.as_deref())).await?;
    if !is_right {
        let (ctx, failed) = (who.ctx.clone(), attempt.clone());
        who.app.db.write(move |c| logins::fail(c, &ctx, &failed)).await?;
    }
    Ok((attempt, is_right))
}

/// Checks a name and a password, and opens a session when they are right.
///
/// # Errors
/// Too many: `too-many-tries`.
pub async fn enter(who: &Anyone, req: &HttpRequest, door: Door, name: &str, password: &str) -> Result<Entered> {
    let (attempt, is_right) = check(who, req, door, name, password).await?;
    if !is_right {
        return Ok(Entered::Wrong);
    }
    if attempt.must_change {
        return Ok(Entered::MustChange);
    }
    let (ctx, life, agent) = (who.ctx.clone(), who.app.lifetime(), user_agent(req));
    let earlier = who.session.as_ref().map(|s| s.key.clone());
    let opened =
        who.app.db.write(move |c| logins::succeed(c, &ctx, &attempt, earlier.as_deref(), &agent, life)).await?;
    Ok(opened.map_or(Entered::Wrong, Entered::In))
}

/// A member of staff chooses another password, who has just shown the old one; they are in afterwards.
pub async fn choose(who: &Anyone, req: &HttpRequest, attempt: Attempt, id: StaffId, password: &str) -> Result<Opened> {
    let password = password.to_owned();
    let hash = who.app.hash(move || passwords::hash(&password)).await?;
    let (ctx, life, agent) = (who.ctx.clone(), who.app.lifetime(), user_agent(req));
    let earlier = who.session.as_ref().map(|s| s.key.clone());
    let opened = who
        .app
        .db
        .write(move |c| {
            crate::identity::staff::choose_password(c, &ctx, id, &hash)?;
            logins::succeed(c, &ctx, &attempt, earlier.as_deref(), &agent, life)
        })
        .await?;
    opened.ok_or_else(Error::unauthenticated)
}

/// Gives the visitor the cookie of their new session.
pub fn with_session(who: &Anyone, mut response: HttpResponse, opened: &Opened) -> Result<HttpResponse> {
    let secure = who.app.config.server.public_url.starts_with("https://");
    response.add_cookie(&page::cookie(COOKIE, opened.token.clone(), secure)).map_err(Error::internal)?;
    Ok(response)
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
    } else {
        "/work/rights"
    }
}
