//! What somebody shows of themself: name and number, cards, a face.
//!
//! | path | page |
//! |---|---|
//! | `/account/verify` | the levels, what there is, and how to get the next one |
//! | `/account/step-up` | just what one step lacks, why, and the way back to it |
//! | `/account/faces/{id}` | where the face is shown, and what came of it |
//!
//! Both first pages are one view and one form: each check leads back to them, and from there on when nothing is missing any more.

pub mod face;
pub mod place;
mod samples;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use self::place::{Place, Wanted, is_through, standing};
use crate::db::Conn;
use crate::flows;
use crate::identity::assurance::{self, FACTORS, Gap, Need, REGISTERED};
use crate::identity::standing::Standing;
use crate::identity::verification::{self, Claim, Concluded, Said, Typed};
use crate::identity::{EvidenceKind, pending, throttle, window};
use crate::kernel::{Ctx, Error, FieldError, Kind, Result, Text, Ts, mask};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;

#[derive(Debug, Clone, Default, Serialize)]
pub struct Verify {
    /// Text `verify-head-…`.
    pub head: &'static str,
    pub wanted: Option<Asked>,
    /// Level of assurance now, and the one that the page leads to.
    pub level: i32,
    pub goal: i32,
    pub gap: Gap,
    /// What counts now.
    pub has: Vec<Piece>,
    /// Kinds that the verifier could not be asked about yet.
    pub waiting: Vec<&'static str>,
    pub name: Field,
    pub id_number: Field,
    /// Of the account, masked.
    pub phone: String,
    pub is_phone_anothers: bool,
    /// The account's name and number, masked; none before they are known.
    pub own: Option<String>,
    /// What an account without a number shows at a window; empty for others.
    pub window_code: String,
    /// Kinds of cards and accounts of which one may still be shown.
    pub factors: Vec<Factor>,
    pub factor_code: Option<&'static str>,
    pub number: Field,
    /// Tries left today, of each form.
    pub left: i32,
    pub factor_left: i32,
    pub face_left: i32,
    /// The evidence's result where it does not speak for the person.
    pub refused: Option<&'static str>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
    pub step: String,
    pub item: String,
    pub case: String,
    pub back: String,
}

/// For what somebody is asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Code of the step: text `step-…`.
    pub act: &'static str,
    pub name: Text,
    pub level: i32,
    pub is_fresh: bool,
}

/// A check that counts.
#[derive(Debug, Clone, Serialize)]
pub struct Piece {
    pub how: &'static str,
    pub at: Ts,
    pub until: Option<Ts>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Factor {
    pub code: &'static str,
    pub is_on: bool,
}

impl View for Verify {
    const TEMPLATE: &'static str = "account/verify";
    fn samples() -> Vec<Self> {
        samples::pages()
    }
}

/// What was typed, and what came of it.
#[derive(Default)]
struct Back {
    typed: Typed,
    kind: String,
    number: String,
    error: Option<Error>,
    refused: Option<&'static str>,
}

async fn view(who: &Citizen, place: Place, wanted: Option<&Wanted>, back: Back) -> Result<Verify> {
    let standing = standing(who).await?;
    let level = standing.level();
    let need = wanted.map_or_else(|| Need::level(if level < REGISTERED { REGISTERED } else { level + 1 }), |w| w.need);
    let gap = standing.gap(need);
    let ctx = who.ctx.clone();
    let (left, factor_left, face_left) = who.app.db.read(move |c| tries(c, &ctx)).await?;
    let faults = back.error.as_ref().map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let facts = &standing.facts;
    let own = facts.name.as_ref().zip(facts.id_number.as_ref());
    Ok(Verify {
        head: match wanted {
            None => "levels",
            // The level is there, and only not from just now.
            Some(w) if standing.gap(Need::level(w.need.level)).is_closed() => "fresh",
            Some(_) => "step",
        },
        wanted: wanted.map(|w| Asked {
            act: w.act.code(),
            name: w.title.clone(),
            level: w.need.level,
            is_fresh: w.need.is_fresh,
        }),
        level,
        goal: need.level,
        has: pieces(&standing, who.ctx.now),
        waiting: standing.waiting().into_iter().map(EvidenceKind::code).collect(),
        name: Field::new("name", &back.typed.name, &faults),
        id_number: Field::new("id_number", &back.typed.id_number, &faults),
        phone: mask::phone(&facts.phone),
        is_phone_anothers: back.typed.is_phone_anothers,
        own: own.map(|(name, number)| format!("{} {}", mask::name(name), mask::id_number(number))),
        window_code: if standing.is_bound() { String::new() } else { window::code(&who.ctx)? },
        factors: if gap.factors > 0 { factors(&standing, who.ctx.now, &back.kind) } else { vec![] },
        factor_code: faults.iter().find(|f| f.field == "kind").map(|f| f.code),
        number: Field::new("number", &back.number, &faults),
        gap,
        left,
        factor_left,
        face_left,
        refused: back.refused,
        notice: back.error.as_ref().and_then(|e| notice(who.ctx.lang, e)),
        faults,
        back: place.onward(),
        step: place.step,
        item: place.item,
        case: place.case,
    })
}

fn tries(c: &mut Conn, ctx: &Ctx) -> Result<(i32, i32, i32)> {
    let id = ctx.person()?.to_string();
    let mut left = |limit| throttle::left(c, ctx, limit, &id);
    Ok((left(verification::PER_PERSON)?, left(verification::PER_FACTOR)?, left(crate::identity::faces::PER_PERSON)?))
}

/// What counts, one of each kind: that which counts the longest.
fn pieces(standing: &Standing, now: Ts) -> Vec<Piece> {
    let mut all: Vec<_> = standing.evidence.iter().filter(|e| assurance::counts(e, now)).collect();
    all.sort_by_key(|e| (e.kind, std::cmp::Reverse(e.expires_at)));
    all.dedup_by_key(|e| e.kind);
    all.into_iter().map(|e| Piece { how: e.kind.code(), at: e.at, until: e.expires_at }).collect()
}

/// The cards and accounts that do not count yet, the first one chosen unless another is.
fn factors(standing: &Standing, now: Ts, chosen: &str) -> Vec<Factor> {
    let there = assurance::kinds(&standing.evidence, now);
    let open = FACTORS.into_iter().filter(|k| *k != EvidenceKind::NameIdPhone && !there.contains(k));
    let mut all: Vec<Factor> = open.map(|k| Factor { code: k.code(), is_on: k.code() == chosen }).collect();
    if !all.iter().any(|f| f.is_on)
        && let Some(first) = all.first_mut()
    {
        first.is_on = true;
    }
    all
}

pub async fn show(who: Citizen, asked: web::Query<Place>) -> Result<HttpResponse, PageError> {
    let place = Place { step: String::new(), ..asked.into_inner() };
    Ok(page::show(&who, &view(&who, place, None, Back::default()).await?)?)
}

/// Who has all that the step asks for is led back to it.
pub async fn step_up(who: Citizen, asked: web::Query<Place>) -> Result<HttpResponse, PageError> {
    let place = asked.into_inner();
    let wanted = place.wanted(&who).await?.ok_or_else(Error::not_found)?;
    if is_through(&standing(&who).await?, Some(&wanted)) {
        // What led here may have something to say.
        return Ok(page::redirect(&place.onward(), who.done.strip_prefix("done-").unwrap_or_default()));
    }
    Ok(page::show(&who, &view(&who, place, Some(&wanted), Back::default()).await?)?)
}

/// Takes in one check: `person` (name and number), `factor` (a card or account) or `face`.
pub async fn verify(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let place = Place::of_form(&form);
    let wanted = place.wanted(&who).await?;
    let mut back = Back {
        typed: Typed {
            name: form.get("name").to_owned(),
            id_number: form.get("id_number").to_owned(),
            is_phone_anothers: form.has("other_phone"),
        },
        kind: form.get("kind").to_owned(),
        number: form.get("number").to_owned(),
        ..Back::default()
    };
    let done = match form.get("act") {
        "face" => face::begin(&who, &place).await,
        act => by_data(&who, act == "factor", &back, (&place, wanted.as_ref())).await,
    };
    let code = match done {
        Ok(Done::Gone(response)) => return Ok(response),
        Ok(Done::Not(result)) => {
            back.refused = Some(result);
            if result == verification::TAKEN { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY }
        }
        Err(e) if e.is(Kind::Outside) => {
            back.error = Some(e);
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany | Kind::Conflict) => {
            let code = status(e.kind());
            back.error = Some(e);
            code
        }
        Err(e) => return Err(e.into()),
    };
    Ok(page::show_as(&who, code, &view(&who, place, wanted.as_ref(), back).await?)?)
}

/// What came of a check.
enum Done {
    /// The person goes on.
    Gone(HttpResponse),
    /// The verifier did not vouch for it.
    Not(&'static str),
}

/// Name and number, or a card: asks the verifier, between the transaction that counts the try and the one that keeps the answer.
async fn by_data(
    who: &Citizen,
    is_factor: bool,
    back: &Back,
    (place, wanted): (&Place, Option<&Wanted>),
) -> Result<Done> {
    let (ctx, typed, kind, number) = (who.ctx.clone(), back.typed.clone(), back.kind.clone(), back.number.clone());
    let begin = move |c: &mut Conn| match is_factor {
        false => verification::begin(c, &ctx, &typed),
        true => {
            let kind = EvidenceKind::from_code(&kind).ok_or_else(|| Error::field("kind", "not-an-option"))?;
            verification::begin_factor(c, &ctx, kind, &number)
        }
    };
    let claim = who.app.db.write(begin).await?;
    match ask(who, &claim).await {
        Ok(Concluded::Verified { .. }) => {
            let is_through = is_through(&standing(who).await?, wanted);
            let to = if is_through { place.onward() } else { place.here() };
            Ok(Done::Gone(page::redirect(&to, if is_through { "verified" } else { "verified-one" })))
        }
        Ok(other) => Ok(Done::Not(other.result())),
        Err(e) if e.is(Kind::Outside) => without_verifier(who, claim, e, (place, wanted)).await,
        Err(e) => {
            give_up(who, claim).await?;
            Err(e)
        }
    }
}

async fn ask(who: &Citizen, claim: &Claim) -> Result<Concluded> {
    let question = claim.question().ok_or_else(|| Error::field("kind", "not-an-option"))?;
    let said = Said::from(who.app.verifier.check(&question).await?);
    // A clerk may be at work on a case of this person that waited for this.
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, books, claim, said) = (who.ctx.clone(), who.app.books(), claim.clone(), said.clone());
        match who.app.db.write(move |c| flows::verified(c, &ctx, &books, &claim, &said)).await {
            Err(e) if e.code() == "case-moved" && tries < 5 => {}
            done => return done,
        }
    }
}

/// The verifier does not answer: by the settings the claim is kept and asked for later, or the person is told to come back.
async fn without_verifier(
    who: &Citizen,
    claim: Claim,
    error: Error,
    (place, wanted): (&Place, Option<&Wanted>),
) -> Result<Done> {
    // The page answers for it, so the log hears of it here.
    error.log();
    if !who.app.config.verifier.accepts_degraded() || error.code() == "verifier-off" {
        give_up(who, claim).await?;
        return Err(error);
    }
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| pending::park(c, &ctx, &claim)).await?;
    let is_through = is_through(&standing(who).await?, wanted);
    let to = if is_through { place.onward() } else { place.here() };
    Ok(Done::Gone(page::redirect(&to, "verify-later")))
}

async fn give_up(who: &Anyone, claim: Claim) -> Result<()> {
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| verification::give_up(c, &ctx, &claim)).await
}
