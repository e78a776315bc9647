//! What waits for a second person, and what became of it.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::db::Conn;
use crate::identity::grants::{self, GrantDraft};
use crate::identity::requests::{self, Answer};
use crate::identity::roles::{self, RoleDraft};
use crate::identity::{Request, RequestId, RequestKind, RequestState, Role, StaffId, staff};
use crate::kernel::{Ctx, Id, Kind, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::Posted;
use crate::web::guard::Security;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Requests {
    pub waiting: Vec<Asked>,
    pub decided: Vec<Asked>,
    pub notice: Option<String>,
    pub faults: Vec<crate::kernel::FieldError>,
}

/// A request, in words.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    pub id: RequestId,
    pub kind: &'static str,
    /// Whose roles, or which role.
    pub about: Text,
    /// Where the subject stands.
    pub place: String,
    pub before: Vec<Text>,
    pub after: Vec<Text>,
    pub reason: String,
    /// `open`, `lapsed`, or how it was decided
    pub state: &'static str,
    pub asked_by: String,
    pub asked_at: Ts,
    pub lapses_at: Ts,
    pub decided_by: String,
    pub decided_at: Option<Ts>,
    pub may_answer: bool,
    pub may_withdraw: bool,
}

impl View for Requests {
    const TEMPLATE: &'static str = "security/requests";
    fn samples() -> Vec<Self> {
        super::samples::requests()
    }
}

pub async fn list(who: Security) -> Result<HttpResponse, PageError> {
    let view = read(&who, None).await?;
    Ok(page::show(&who, &view)?)
}

async fn read(who: &Security, notice: Option<String>) -> Result<Requests> {
    let ctx = who.ctx.clone();
    let all = who.app.db.read(move |c| told(c, &ctx)).await?;
    let (waiting, decided) = all.into_iter().partition(|r| r.state == "open");
    Ok(Requests { waiting, decided, notice, faults: vec![] })
}

fn told(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Asked>> {
    let all = requests::requests(c, ctx)?;
    let roles = roles::roles(c)?;
    let people = all.iter().flat_map(|r| [Some(r.asked_by.0), r.decided_by.map(|d| d.0), r.subject.parse().ok()]);
    let names = staff::names(c, people.flatten().collect())?;
    all.into_iter().map(|r| asked(c, ctx, r, &roles, &names)).collect()
}

fn asked(c: &mut Conn, ctx: &Ctx, r: Request, roles: &[Role], names: &HashMap<Id, String>) -> Result<Asked> {
    let me = ctx.actor.id().map(StaffId);
    let name = |id: StaffId| names.get(&id.0).cloned().unwrap_or_default();
    let is_open = r.state == RequestState::Open && r.lapses_at > ctx.now;
    let state = if r.state == RequestState::Open && !is_open { "lapsed" } else { r.state.code() };
    let (about, place, before, after) = match r.kind {
        RequestKind::Grant => of_grant(c, ctx, &r, roles)?,
        RequestKind::Role => of_role(&r, roles)?,
    };
    Ok(Asked {
        id: r.id,
        kind: r.kind.code(),
        about,
        place,
        // What was is known of those that wait alone: afterwards the subject has changed.
        before: if is_open { before } else { vec![] },
        after,
        state,
        asked_by: name(r.asked_by),
        asked_at: r.asked_at,
        lapses_at: r.lapses_at,
        decided_by: r.decided_by.map(name).unwrap_or_default(),
        decided_at: r.decided_at,
        may_answer: is_open && me != Some(r.asked_by) && me.is_none_or(|id| r.subject != id.to_string()),
        may_withdraw: is_open && me == Some(r.asked_by),
        reason: r.reason,
    })
}

type Told = (Text, String, Vec<Text>, Vec<Text>);

fn of_grant(c: &mut Conn, ctx: &Ctx, r: &Request, roles: &[Role]) -> Result<Told> {
    let id: StaffId = r.subject.parse()?;
    let member = grants::member(c, ctx, id)?;
    let wanted: GrantDraft = serde_json::from_value(r.payload.clone())?;
    let named = |code: &str| {
        let name = roles.iter().find(|role| role.code == code).map(|role| role.name.clone());
        name.unwrap_or_else(|| Text::new(code, code))
    };
    let before = member.roles.iter().map(|held| named(&held.role)).collect();
    let after = wanted.roles.iter().map(|(code, _)| named(code)).collect();
    let about = format!("{}（{}）", member.name, member.login);
    let about_en = format!("{} ({})", member.name, member.login);
    Ok((Text::new(about, about_en), format!("/security/staff/{id}"), before, after))
}

fn of_role(r: &Request, roles: &[Role]) -> Result<Told> {
    let wanted: RoleDraft = serde_json::from_value(r.payload.clone())?;
    let known = roles.iter().find(|role| role.code == r.subject);
    let texts = |all: Vec<&'static str>| all.into_iter().map(permission_text).collect();
    let before = texts(known.map(|role| role.permissions.codes()).unwrap_or_default());
    let after = texts(wanted.permissions.iter().map(|p| p.code()).collect());
    let about = known.map_or(wanted.name, |role| role.name.clone());
    Ok((about, format!("/security/roles/{}", r.subject), before, after))
}

fn permission_text(code: &str) -> Text {
    let texts = crate::render::texts();
    let of = |lang| texts.get(lang, &format!("permission-{code}")).into_owned();
    Text::new(of(crate::kernel::Lang::Zh), of(crate::kernel::Lang::En))
}

pub async fn answer(who: Security, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: RequestId = id.parse()?;
    let (answer, done) = match form.get("do") {
        "confirm" => (Answer::Confirm, "request-confirmed"),
        "refuse" => (Answer::Refuse, "request-refused"),
        "withdraw" => (Answer::Withdraw, "request-withdrawn"),
        _ => return Ok(page::redirect("/security/requests", "")),
    };
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| requests::answer(c, &ctx, id, answer)).await {
        Ok(()) => Ok(page::redirect("/security/requests", done)),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict) => {
            let said = notice(who.ctx.lang, &e).or_else(|| {
                // What was asked for does not fit any more: its faults are of a form that is not here.
                Some(crate::render::texts().get(who.ctx.lang, "error-request-stale").into_owned())
            });
            let view = read(&who, said).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
