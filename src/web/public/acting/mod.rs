//! For whom a citizen acts (代办): whom they may act for and do now, what is offered to them, how they show that they may, and whom a
//! representative lets act.
//!
//! | path | page |
//! |---|---|
//! | `/account/acting` | all of it, and the choice for this session |
//! | `/account/acting/add?kind=` | a legal person by its representative, a child by a guardian |
//! | `/account/acting/{id}` | a representative's agents |
//! | `/account/acting/{id}/end` | giving up, declining, taking back: asked first |

pub mod add;
pub mod agents;
pub mod end;
mod samples;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::db::Conn;
use crate::flows::Books;
use crate::identity::mandates::{self, Held};
use crate::identity::{MandateId, MandateKind, MandateState, PrincipalKind};
use crate::kernel::{Ctx, Day, Error, Id, Kind, Result, Text, Ts, mask};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::public::login::way_back;

#[derive(Debug, Clone, Default, Serialize)]
pub struct Acting {
    pub offered: Vec<Row>,
    pub held: Vec<Row>,
    /// What has ended or lapsed.
    pub past: Vec<Row>,
    /// For themself, now.
    pub is_self: bool,
    /// Where the person came from, to go on there.
    pub back: String,
    pub notice: Option<String>,
}

/// A mandate, as who holds it sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub id: String,
    /// Of who is acted for.
    pub name: String,
    /// A child's is masked; the code of a legal person is public.
    pub number: String,
    /// Text `mandate-kind-…`.
    pub kind: &'static str,
    /// Text `mandate-state-…`.
    pub state: &'static str,
    /// Text `mandate-end-…`.
    pub why: Option<&'static str>,
    pub until: Option<Day>,
    pub ended_at: Option<Ts>,
    pub is_all: bool,
    /// Names of the items that it covers, unless it covers all; without those that are not offered any more.
    pub items: Vec<Text>,
    /// Texts `power-…`, of an agent.
    pub powers: Vec<&'static str>,
    pub is_agent: bool,
    /// They let others act, too.
    pub is_managed: bool,
    /// Chosen for this session.
    pub is_on: bool,
}

impl View for Acting {
    const TEMPLATE: &'static str = "account/acting";
    fn samples() -> Vec<Self> {
        samples::lists()
    }
}

/// The names of items; one that is not offered any more is not named.
fn item_names(books: &Books, items: &[Id]) -> Vec<Text> {
    let name = |id: &Id| books.shelf.by_item(crate::catalogue::ItemId(*id)).ok().map(|i| i.elements.name.clone());
    items.iter().filter_map(name).collect()
}

fn row(books: &Books, held: &Held, today: Day, on: Option<Id>) -> Row {
    let (m, p) = (&held.mandate, &held.principal);
    Row {
        id: m.id.to_string(),
        name: p.name.clone(),
        number: if p.kind == PrincipalKind::Minor { mask::id_number(&p.number) } else { p.number.clone() },
        kind: m.kind.code(),
        state: m.state(today).code(),
        why: m.ended_why.map(|why| why.code()),
        until: m.until,
        ended_at: m.ended_at,
        is_all: m.items.is_empty(),
        items: item_names(books, &m.items),
        powers: m.powers.iter().map(|p| p.code()).collect(),
        is_agent: m.kind == MandateKind::Agent,
        is_managed: m.kind == MandateKind::Representative && m.is_in_force(today),
        is_on: on == Some(m.id.0),
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    back: String,
}

async fn view(who: &Citizen, back: &str, error: Option<&Error>) -> Result<Acting> {
    let (ctx, books, lang) = (who.ctx.clone(), who.app.books(), who.ctx.lang);
    let read = move |c: &mut Conn| list(c, &ctx, &books);
    let mut view = who.app.db.read(read).await?;
    view.back = if back.is_empty() { String::new() } else { way_back(back, "/my") };
    view.notice = error.and_then(|e| notice(lang, e));
    Ok(view)
}

fn list(c: &mut Conn, ctx: &Ctx, books: &Books) -> Result<Acting> {
    let own = mandates::of_self(c, ctx)?;
    let today = ctx.now.day();
    let on = ctx.acting.as_ref().map(|a| a.mandate);
    let (held, past): (Vec<&Held>, Vec<&Held>) =
        own.held.iter().partition(|h| h.mandate.state(today) == MandateState::InForce);
    let rows = |all: Vec<&Held>| all.into_iter().map(|h| row(books, h, today, on)).collect();
    Ok(Acting {
        offered: rows(own.offered.iter().collect()),
        held: rows(held),
        past: rows(past),
        is_self: on.is_none(),
        ..Acting::default()
    })
}

pub async fn show(who: Citizen, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &view(&who, &asked.back, None).await?)?)
}

/// Chooses for whom this session acts (`choose`, with an `id` or none), or takes an offer on (`take`).
pub async fn act(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let back = form.get("back").to_owned();
    let id = match form.get("id") {
        "" => None,
        text => Some(MandateId(text.parse::<Id>()?)),
    };
    let done = match (form.get("act"), id) {
        ("take", Some(id)) => take(&who, id).await.map(|()| page::redirect("/account/acting", "mandate-taken")),
        ("choose", id) => choose(&who, id).await.map(|()| {
            let to = if back.is_empty() { "/my".into() } else { way_back(&back, "/my") };
            page::redirect(&to, if id.is_some() { "acting-chosen" } else { "acting-self" })
        }),
        _ => Err(Error::invalid("form-unreadable")),
    };
    match done {
        Ok(response) => Ok(response),
        Err(e) if e.code() == "level-too-low" => Ok(to_verify("/account/acting")),
        Err(e) if matches!(e.kind(), Kind::Conflict | Kind::Invalid) => {
            let code = if e.is(Kind::Conflict) { status(e.kind()) } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(page::show_as(&who, code, &view(&who, &back, Some(&e)).await?)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// Who is not registered with their own name goes there first, and comes back.
pub(super) fn to_verify(back: &str) -> HttpResponse {
    page::redirect(&format!("/account/verify?back={}", crate::web::error::form_urlencoded(back)), "acting-verify-first")
}

async fn take(who: &Citizen, id: MandateId) -> Result<()> {
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| mandates::take(c, &ctx, id)).await
}

async fn choose(who: &Citizen, id: Option<MandateId>) -> Result<()> {
    let (ctx, key) = (who.ctx.clone(), who.session.as_ref().map(|s| s.key.clone()).unwrap_or_default());
    who.app.db.write(move |c| mandates::choose(c, &ctx, &key, id)).await
}
