//! The verifier's page on which a face is shown: here by a click. The result is asked for by its reference, as with a real one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::web::{Data, Form, Json, Path};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use super::page::{both, esc, not_found, page, see_other};
use super::verifier::{ISSUER, Manner, Registry};
use crate::kernel::{Id, Ts, crypto, mask};
use crate::outside::verifier_protocol::{FaceAsked, FaceBegun, FaceOutcome, FaceReply, FaceRequest, Outcome};

/// Seconds for which a link is good.
const GOOD_FOR: i64 = 600;

pub(super) struct Faces {
    /// Where this verifier is.
    url: String,
    /// By the secret of the link.
    all: Mutex<HashMap<String, Face>>,
}

#[derive(Clone)]
struct Face {
    reference: String,
    name: String,
    id_number: String,
    return_to: String,
    until: Ts,
    outcome: FaceOutcome,
}

impl Faces {
    pub fn new(url: String) -> Self {
        Self { url, all: Mutex::default() }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Face>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Face {
    fn outcome(&self, now: Ts) -> FaceOutcome {
        if self.outcome == FaceOutcome::Waiting && self.until <= now { FaceOutcome::Expired } else { self.outcome }
    }
}

pub(super) async fn begin(registry: Data<Registry>, asked: Json<FaceRequest>) -> impl Responder {
    let asked = asked.into_inner();
    let who = (asked.name.as_str(), asked.id_number.as_str());
    if let Some(fault) = registry.fault(registry.manner(&asked.name)).await {
        registry.note(who, "人脸", fault.status().as_str());
        return fault;
    }
    registry.note(who, "人脸", "begun");
    let (token, reference) = (crypto::random_token(), format!("SBX-F-{}", Id::random()));
    let face = Face {
        reference: reference.clone(),
        name: asked.name.clone(),
        id_number: asked.id_number.clone(),
        return_to: asked.return_to.clone(),
        until: registry.clock.now().plus_secs(GOOD_FOR),
        outcome: FaceOutcome::Waiting,
    };
    let address = format!("{}/face/{token}", registry.faces.url);
    registry.faces.all().insert(token, face);
    HttpResponse::Ok().json(FaceBegun { reference, address, good_for: GOOD_FOR })
}

pub(super) async fn result(registry: Data<Registry>, asked: Json<FaceAsked>) -> impl Responder {
    let found = registry.faces.all().values().find(|f| f.reference == asked.reference).cloned();
    let Some(face) = found else {
        return HttpResponse::NotFound().json(json!({ "error": "no such face" }));
    };
    let manner = registry.manner(&face.name);
    if let Some(fault) = registry.fault(manner).await {
        return fault;
    }
    // A lie: somebody else's result.
    let reference = if manner == Manner::Lying { format!("SBX-F-{}", Id::random()) } else { face.reference.clone() };
    let outcome = if manner == Manner::Lying { FaceOutcome::Match } else { face.outcome(registry.clock.now()) };
    HttpResponse::Ok().json(FaceReply { reference, outcome, issuer: ISSUER.into() })
}

pub(super) async fn show(registry: Data<Registry>, token: Path<String>) -> impl Responder {
    let Some(face) = registry.faces.all().get(token.as_str()).cloned() else { return not_found() };
    let who = format!("{} · {}", esc(&mask::name(&face.name)), esc(&mask::id_number(&face.id_number)));
    let outcome = face.outcome(registry.clock.now());
    if outcome != FaceOutcome::Waiting {
        let is_web = face.return_to.starts_with("http://") || face.return_to.starts_with("https://");
        let to = if is_web { esc(&face.return_to) } else { "/".into() };
        let said = format!("<p>{who}</p><p>{} <b>{}</b></p>", both("结果", "result"), outcome.code());
        let back = format!("<p><a href=\"{to}\">{}</a></p>", both("返回办事平台", "back to the platform"));
        return page("人脸核验", "show your face", None, &format!("{said}{back}"));
    }
    let button = |code: &str, class: &str, zh: &str, en: &str| {
        let label = format!("{}<small lang=\"en\">{}</small>", esc(zh), esc(en));
        format!("<button name=\"outcome\" value=\"{code}\"{class}>{label}</button> ")
    };
    let body = format!(
        "<p>{}</p><p>{who}</p><form method=\"post\" class=\"switch\">{}{}{}{}</form>",
        both(
            "真的核验服务会在这里打开摄像头；沙箱里点一下就行。",
            "A real verifier would open the camera here. In the sandbox, click."
        ),
        button("match", " class=\"go\"", "是我本人", "this is me"),
        button("mismatch", "", "不是本人", "this is not me"),
        button("lifeless", "", "拿照片冒充", "a picture instead of a face"),
        button("cancelled", "", "不做了", "break off"),
    );
    page("人脸核验", "show your face", None, &body)
}

#[derive(Deserialize)]
pub(super) struct Shown {
    outcome: FaceOutcome,
}

/// A face that matches is that of somebody on record, who is alive.
pub(super) async fn shown(registry: Data<Registry>, token: Path<String>, said: Form<Shown>) -> impl Responder {
    let now = registry.clock.now();
    let Some(face) = registry.faces.all().get(token.as_str()).cloned() else { return not_found() };
    if face.outcome(now) == FaceOutcome::Waiting && said.outcome != FaceOutcome::Waiting {
        let known = registry.known(&face.id_number);
        let judged = match (registry.manner(&face.name), known) {
            (Manner::Says(outcome), _) => of(outcome),
            (_, None) => FaceOutcome::Unknown,
            (_, Some(p)) if p.name != face.name => FaceOutcome::Mismatch,
            (_, Some(p)) => of(p.outcome),
        };
        let outcome = if said.outcome == FaceOutcome::Match { judged } else { said.outcome };
        if let Some(kept) = registry.faces.all().get_mut(token.as_str()) {
            kept.outcome = outcome;
        }
        registry.note((&face.name, &face.id_number), "人脸", outcome.code());
    }
    see_other(&format!("/face/{token}"))
}

fn of(outcome: Outcome) -> FaceOutcome {
    match outcome {
        Outcome::Match => FaceOutcome::Match,
        Outcome::Mismatch => FaceOutcome::Mismatch,
        Outcome::Unknown => FaceOutcome::Unknown,
        Outcome::Deceased => FaceOutcome::Deceased,
    }
}
