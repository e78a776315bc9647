//! A representative's agents: whom they let act for the legal person, for what and until when.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::item_names;
use crate::catalogue::Shelved;
use crate::db::Conn;
use crate::flows::Books;
use crate::identity::mandates::{self, LONGEST, Offer};
use crate::identity::{Mandate, MandateId, MandateState, Power};
use crate::kernel::{Ctx, Day, Error, FieldError, Id, Kind, Result, Text, Ts, mask};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Citizen;
use crate::web::page;

/// Items that the form lists at most; for more the mandate is for all.
const ITEMS: usize = 300;
/// Days for which a mandate is given unless something else is said.
const USUAL: u64 = 365;

#[derive(Debug, Clone, Serialize)]
pub struct Agents {
    pub id: String,
    pub name: String,
    pub number: String,
    /// The representative's own, until when it counts.
    pub until: Option<Day>,
    pub agents: Vec<Agent>,
    pub past: Vec<Agent>,
    pub form: OfferForm,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Agent {
    pub id: String,
    pub name: String,
    /// Masked; none once they have taken it on.
    pub phone: Option<String>,
    /// Text `mandate-state-…`.
    pub state: &'static str,
    /// Text `mandate-end-…`.
    pub why: Option<&'static str>,
    pub is_offered: bool,
    pub until: Option<Day>,
    pub used_at: Option<Ts>,
    pub is_all: bool,
    pub items: Vec<Text>,
    /// Texts `power-…`.
    pub powers: Vec<&'static str>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct OfferForm {
    pub name: Field,
    pub phone: Field,
    pub until: Field,
    /// The last day that may be said.
    pub longest: String,
    pub is_some: bool,
    pub items: Vec<ItemChoice>,
    /// Text `field-…` at the items.
    pub items_code: Option<&'static str>,
    pub powers: Vec<PowerChoice>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ItemChoice {
    pub id: String,
    pub name: Text,
    pub is_on: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct PowerChoice {
    pub code: &'static str,
    pub is_on: bool,
}

impl View for Agents {
    const TEMPLATE: &'static str = "account/acting_agents";
    fn samples() -> Vec<Self> {
        super::samples::agents()
    }
}

fn agent(books: &Books, m: &Mandate, today: Day) -> Agent {
    Agent {
        id: m.id.to_string(),
        name: m.name.clone(),
        phone: m.phone.as_deref().map(mask::phone),
        state: m.state(today).code(),
        why: m.ended_why.map(|why| why.code()),
        is_offered: m.state(today) == MandateState::Offered,
        until: m.until,
        used_at: m.used_at,
        is_all: m.items.is_empty(),
        items: item_names(books, &m.items),
        powers: m.powers.iter().map(|p| p.code()).collect(),
    }
}

/// What was typed.
struct Typed {
    name: String,
    phone: String,
    until: String,
    /// `all` or `some`
    scope: String,
    items: Vec<String>,
    powers: Vec<String>,
}

impl Typed {
    fn fresh(today: Day) -> Self {
        let until = today.checked_add_days(chrono::Days::new(USUAL)).unwrap_or(today);
        Self {
            name: String::new(),
            phone: String::new(),
            until: until.to_string(),
            scope: "all".into(),
            items: vec![],
            powers: Power::ALL.iter().map(|p| p.code().to_owned()).collect(),
        }
    }

    fn read(form: &Fields) -> Self {
        Self {
            name: form.get("name").to_owned(),
            phone: form.get("phone").to_owned(),
            until: form.get("until").to_owned(),
            scope: form.get("scope").to_owned(),
            items: form.all("item").to_vec(),
            powers: form.all("power").to_vec(),
        }
    }

    /// # Errors
    /// Fields `until` and `items`.
    fn offer(&self) -> Result<Offer> {
        let until = match self.until.as_str() {
            "" => None,
            text => Some(text.parse::<Day>().map_err(|_| Error::field("until", "date-shape"))?),
        };
        let items: Vec<Id> = self.items.iter().filter_map(|i| i.parse().ok()).collect();
        match (self.scope.as_str(), items.is_empty()) {
            ("all", true) | ("some", false) => {}
            ("all", false) => return Err(Error::field("items", "mandate-both")),
            _ => return Err(Error::field("items", "mandate-no-item")),
        }
        Ok(Offer {
            name: self.name.clone(),
            phone: self.phone.clone(),
            items,
            powers: self.powers.iter().filter_map(|p| Power::from_code(p)).collect(),
            until,
        })
    }
}

async fn view(who: &Citizen, id: MandateId, typed: Option<Typed>, error: Option<&Error>) -> Result<Agents> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let notice = error.and_then(|e| notice(who.ctx.lang, e));
    let read = move |c: &mut Conn| load(c, &ctx, &books, id, typed, faults);
    let view = who.app.db.read(read).await?;
    Ok(Agents { notice, ..view })
}

fn load(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    id: MandateId,
    typed: Option<Typed>,
    faults: Vec<FieldError>,
) -> Result<Agents> {
    let managed = mandates::managed(c, ctx, id)?;
    let today = ctx.now.day();
    let typed = typed.unwrap_or_else(|| Typed::fresh(today));
    let all = mandates::agents(c, ctx, id)?;
    let is_past = |m: &&Mandate| matches!(m.state(today), MandateState::Ended | MandateState::Lapsed);
    let (past, agents): (Vec<&Mandate>, Vec<&Mandate>) = all.iter().partition(is_past);
    let rows = |of: Vec<&Mandate>| of.into_iter().map(|m| agent(books, m, today)).collect();
    let fits = |i: &&Arc<Shelved>| i.elements.audience.contains(&managed.principal.audience);
    let mut offered: Vec<_> = books.shelf.items().iter().filter(fits).collect();
    offered.sort_by(|a, b| a.elements.name.zh.cmp(&b.elements.name.zh));
    let item = |i: &&Arc<Shelved>| ItemChoice {
        id: i.item_id.to_string(),
        name: i.elements.name.clone(),
        is_on: typed.items.contains(&i.item_id.to_string()),
    };
    let longest = today.checked_add_days(chrono::Days::new(LONGEST.unsigned_abs())).unwrap_or(today);
    Ok(Agents {
        id: id.to_string(),
        name: managed.principal.name.clone(),
        number: managed.principal.number.clone(),
        until: managed.mandate.until,
        agents: rows(agents),
        past: rows(past),
        form: OfferForm {
            name: Field::new("name", &typed.name, &faults),
            phone: Field::new("phone", &typed.phone, &faults),
            until: Field::new("until", &typed.until, &faults),
            longest: longest.to_string(),
            is_some: typed.scope == "some",
            items: offered.iter().take(ITEMS).map(item).collect(),
            items_code: faults.iter().find(|f| f.field == "items").map(|f| f.code),
            powers: Power::ALL
                .iter()
                .map(|p| PowerChoice { code: p.code(), is_on: typed.powers.iter().any(|t| t == p.code()) })
                .collect(),
        },
        faults,
        notice: None,
    })
}

pub async fn show(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = MandateId(path.parse::<Id>()?);
    Ok(page::show(&who, &view(&who, id, None, None).await?)?)
}

pub async fn offer(who: Citizen, path: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id = MandateId(path.parse::<Id>()?);
    let typed = Typed::read(&form);
    let ctx = who.ctx.clone();
    let done = match typed.offer() {
        Ok(offer) => who.app.db.write(move |c| mandates::offer(c, &ctx, id, &offer)).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(_) => Ok(page::redirect(&format!("/account/acting/{id}"), "mandate-offered")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict | Kind::TooMany) => {
            Ok(page::show_as(&who, status(e.kind()), &view(&who, id, Some(typed), Some(&e)).await?)?)
        }
        Err(e) => Err(e.into()),
    }
}
