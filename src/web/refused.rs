//! What somebody was not let see or do is recorded, whatever page it was of (GB/T 22239, 8.1.4.3 b: success or not; ASVS 16.3.2).
//!
//! - Of staff: every 403, and every 404 of a thing that a path of their desks names, since somebody else's thing is "not there".
//! - Of citizens: the same on the pages of their own things.
//! - Of everybody: that they asked too often (429); the doors record that themselves, with the account.
//!
//! The route stands in the entry, and the thing's id, and nothing else of the path. The same is recorded once in ten minutes.

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web;

use super::error::is_work;
use super::guard::known;
use crate::app::App;
use crate::audit::{self, Seen};
use crate::kernel::{Actor, Id, Lang, Result, crypto};

pub async fn recorded(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = next.call(req).await?;
    let status = response.status();
    if matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS)
        && let Err(error) = record(response.request(), status).await
    {
        // It was refused in any case.
        tracing::error!(?error, "A refusal could not be recorded.");
    }
    Ok(response)
}

/// The doors, which record by themselves for whom it was too often.
const DOORS: [&str; 3] = ["/login", "/staff/login", "/staff/password"];
/// Where a citizen's own things are.
const OWN: [&str; 2] = ["/my/", "/declare/drafts/"];

async fn record(req: &HttpRequest, status: StatusCode) -> Result<()> {
    let Some(route) = req.match_pattern() else { return Ok(()) };
    let Some(app) = req.app_data::<web::Data<App>>() else { return Ok(()) };
    let actor = match known(req, app).await? {
        Some((session, _)) => session.actor,
        None => Actor::Anyone,
    };
    if !is_telling(&actor, &route, status) {
        return Ok(());
    }
    let (kind, object) = object(req, &route);
    let action = match status {
        StatusCode::TOO_MANY_REQUESTS => "access.throttled",
        _ => "access.refused",
    };
    let ctx = app.ctx(actor, Lang::default());
    let part = Some(digest(&format!("{} {route}", req.method())));
    let seen = Seen { actor: ctx.actor.id(), action, object, part };
    if !app.recent.is_new(&seen, ctx.now) {
        return Ok(());
    }
    let detail = serde_json::json!({ "route": route, "method": req.method().as_str(), "status": status.as_u16() });
    let now = ctx.now;
    app.db.write(move |c| audit::refused(c, &ctx, action, (kind, object), &detail)).await?;
    app.recent.saw(seen, now);
    Ok(())
}

fn is_telling(actor: &Actor, route: &str, status: StatusCode) -> bool {
    let names_a_thing = route.contains('{');
    match (actor, status) {
        (_, StatusCode::TOO_MANY_REQUESTS) => !DOORS.contains(&route),
        (Actor::Staff(_), StatusCode::FORBIDDEN) => true,
        (Actor::Staff(_), _) => names_a_thing && is_work(route),
        (Actor::Person(_), StatusCode::FORBIDDEN) => is_work(route) || is_own(route),
        (Actor::Person(_), _) => names_a_thing && is_own(route),
        _ => false,
    }
}

fn is_own(route: &str) -> bool {
    OWN.iter().any(|area| route.starts_with(area))
}

/// The thing that a path names, if it does by an id.
fn object(req: &HttpRequest, route: &str) -> (&'static str, Option<Id>) {
    let id = req.match_info().get("id").and_then(|id| id.parse::<Id>().ok());
    let kind = match id {
        Some(_) if route.contains("/cases/{id}") || route.contains("/drafts/{id}") => "case",
        Some(_) if route.starts_with("/admin/staff/") || route.starts_with("/security/staff/") => "staff",
        Some(_) if route.starts_with("/security/requests/") => "request",
        Some(_) if route.starts_with("/admin/departments/") => "department",
        Some(_) if route.starts_with("/catalogue/items/") => "item",
        Some(_) if route.starts_with("/catalogue/changes/") => "change",
        _ => "page",
    };
    (kind, id)
}

fn digest(text: &str) -> Id {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&crypto::sha256(text.as_bytes())[..16]);
    Id::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Permissions, StaffActor};

    #[test]
    fn what_tells_something_is_recorded_and_nothing_else() {
        let (id, permissions) = (Id::random(), Permissions::NONE);
        let staff = StaffActor { id, name: "x".into(), permissions, area: None, department: None, hall: None };
        let (staff, person) = (Actor::Staff(staff), Actor::Person(Id::random()));
        let (no, none, often) = (StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::TOO_MANY_REQUESTS);
        for (actor, route, status) in [
            (&staff, "/admin/staff", no),
            (&staff, "/hall/cases/{id}", none),
            (&person, "/hall", no),
            (&person, "/my/cases/{id}", none),
            (&Actor::Anyone, "/progress", often),
        ] {
            assert!(is_telling(actor, route, status), "{route} {status}");
        }
        for (actor, route, status) in [
            (&staff, "/items/{slug}", none),
            (&staff, "/work", none),
            (&person, "/items/{slug}", none),
            (&Actor::Anyone, "/hall", no),
            (&Actor::Anyone, "/static/{path:.*}", none),
            (&Actor::Anyone, "/staff/login", often),
        ] {
            assert!(!is_telling(actor, route, status), "{route} {status}");
        }
    }
}
