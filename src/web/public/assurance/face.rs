//! A face: where it is shown, on this device or on a phone, and what came of it. The camera is the verifier's; nothing of what it sees
//! comes here.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::Done;
use super::place::{Place, is_through, standing};
use crate::flows;
use crate::identity::verification::Concluded;
use crate::identity::{FaceId, faces, pending};
use crate::kernel::{Error, Id, Kind, Result, Ts};
use crate::outside::verifier::FaceOutcome;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::field::notice;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::qr::qr;

#[derive(Debug, Clone, Serialize)]
pub struct FacePage {
    /// Where the face is shown; empty when that is over. It is for one use, and this person's alone.
    pub address: String,
    /// The address as a picture, for a phone.
    pub qr: String,
    pub until: Ts,
    /// `waiting`, `match`, or why not.
    pub state: String,
    /// The page that asked for the face.
    pub back: String,
    pub notice: Option<String>,
}

impl View for FacePage {
    const TEMPLATE: &'static str = "account/face";
    fn samples() -> Vec<Self> {
        let page = |state: &str| Self {
            address: if state == "waiting" { "https://face.example/1?a=<b>".into() } else { String::new() },
            qr: if state == "waiting" { "data:image/svg+xml;base64,AA==".into() } else { String::new() },
            until: Ts::from_micros(1_800_000_000_000_000),
            state: state.into(),
            back: "/account/step-up?step=sign&item=a&back=/x".into(),
            notice: None,
        };
        let mut all: Vec<_> = FaceOutcome::ENDS.iter().map(|o| page(o.code())).collect();
        all.extend([page("stale"), page("waiting"), Self { notice: Some("x <b>".into()), ..page("waiting") }]);
        all
    }
}

/// Begins a face, and leads to the page that says where it is shown.
pub(super) async fn begin(who: &Citizen, place: &Place) -> Result<Done> {
    let ctx = who.ctx.clone();
    let claim = who.app.db.write(move |c| faces::begin(c, &ctx)).await?;
    let (id, public_url) = (FaceId::random(), who.app.config.server.public_url.trim_end_matches('/'));
    let return_to = format!("{public_url}/account/faces/{id}?then=on");
    match who.app.verifier.begin_face(&claim.name, &claim.id_number, &return_to).await {
        Ok(begun) => {
            let begun = faces::Begun { reference: begun.reference, address: begun.address, good_for: begun.good_for };
            let (ctx, here) = (who.ctx.clone(), place.here());
            let keep = move |c: &mut crate::db::Conn| faces::keep(c, &ctx, id, &claim, &begun, &here);
            match who.app.db.write(keep).await {
                // A reference that stands for somebody else's face already.
                Err(e) if e.code() == "already-there" => Err(Error::outside("verifier-rubbish").because(e)),
                kept => kept.map(|()| Done::Gone(page::redirect(&format!("/account/faces/{id}"), ""))),
            }
        }
        Err(e) if e.is(Kind::Outside) => {
            // The page answers for it, so the log hears of it here.
            e.log();
            let ctx = who.ctx.clone();
            if !who.app.config.verifier.accepts_degraded() || e.code() == "verifier-off" {
                who.app.db.write(move |c| faces::give_up(c, &ctx)).await?;
                return Err(e);
            }
            who.app.db.write(move |c| pending::park(c, &ctx, &claim)).await?;
            let is_through = is_through(&standing(who).await?, place.wanted(who).await?.as_ref());
            let to = if is_through { place.onward() } else { place.here() };
            Ok(Done::Gone(page::redirect(&to, "face-later")))
        }
        Err(e) => Err(e),
    }
}

#[derive(Deserialize)]
pub struct Asked {
    /// `on`: the verifier's page led here; who is through goes on.
    #[serde(default)]
    then: String,
}

/// Where the face is shown, or what came of it: which is asked of the verifier, and never believed of the browser.
pub async fn show(who: Citizen, path: web::Path<String>, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let id = FaceId(path.parse::<Id>()?);
    let ctx = who.ctx.clone();
    let face = who.app.db.read(move |c| faces::find(c, &ctx, id)).await?;
    let (state, said) = match &face.result {
        Some(result) => (result.clone(), None),
        None => match look(&who, &face).await {
            Ok(Some(result)) => (result, None),
            Ok(None) => ("waiting".into(), None),
            Err(e) if e.is(Kind::Outside) => {
                e.log();
                ("waiting".into(), notice(who.ctx.lang, &e))
            }
            Err(e) => return Err(e.into()),
        },
    };
    if state == "match" && asked.then == "on" {
        return Ok(page::redirect(&face.back, "face-shown"));
    }
    let is_open = state == "waiting";
    let view = FacePage {
        qr: if is_open { qr(&face.address)? } else { String::new() },
        address: if is_open { face.address } else { String::new() },
        until: face.expires_at,
        state,
        back: face.back,
        notice: said,
    };
    Ok(page::show(&who, &view)?)
}

/// Asks for the result and keeps it once there is one.
async fn look(who: &Citizen, face: &faces::Face) -> Result<Option<String>> {
    let reply = who.app.verifier.face(&face.reference).await?;
    if reply.outcome == FaceOutcome::Waiting {
        let is_over = who.ctx.now > face.expires_at;
        return if is_over { end(who, face.id, FaceOutcome::Expired, reply.issuer).await } else { Ok(None) };
    }
    end(who, face.id, reply.outcome, reply.issuer).await
}

async fn end(who: &Citizen, id: FaceId, outcome: FaceOutcome, issuer: String) -> Result<Option<String>> {
    let said = faces::Said { result: outcome.code(), issuer };
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, books, said) = (who.ctx.clone(), who.app.books(), said.clone());
        match who.app.db.write(move |c| flows::face_ended(c, &ctx, &books, id, &said)).await {
            Err(e) if e.code() == "case-moved" && tries < 5 => {}
            done => {
                if let Some(done) = done? {
                    return Ok(Some(Concluded::result(done).to_owned()));
                }
                break;
            }
        }
    }
    // Another tab was quicker: what it found.
    let ctx = who.ctx.clone();
    Ok(who.app.db.read(move |c| faces::find(c, &ctx, id)).await?.result)
}
