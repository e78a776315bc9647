//! Where the platform's messages come in, and what an officer or a test says over HTTP.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Bytes, Data, Either, Form, Json, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde_json::{Value, json};

use super::book::Case;
use super::{Act, Conduct, Department, EVENTS};
use crate::exchange::protocol::{Accepted, CASE_ACCEPTED, CASE_WITHDRAWN, Event, Receipt, Withdrawn};
use crate::kernel::{Kind, webhook};
use crate::sandbox::page::{not_found, see_other};

pub fn routes(config: &mut ServiceConfig, department: Arc<Department>) {
    config
        .app_data(Data::from(department))
        .route(EVENTS, web::post().to(take))
        .route("/cases/{no}/act", web::post().to(act))
        .route("/cases/{no}/state.json", web::get().to(case_state))
        .route("/state.json", web::get().to(state));
}

async fn take(department: Data<Department>, request: HttpRequest, body: Bytes) -> impl Responder {
    match department.switch.now() {
        Conduct::Error500 => return problem(500, "the system is out of order"),
        Conduct::Refuse => return problem(400, "this department takes nothing today"),
        Conduct::Hang => tokio::time::sleep(Duration::from_secs(3600)).await,
        Conduct::Normal | Conduct::Twice | Conduct::Disorder | Conduct::BadSignature => {}
    }
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let id = header("webhook-id");
    let keys: [&[u8]; 1] = [&department.settings.secret];
    let (timestamp, signature) = (header("webhook-timestamp"), header("webhook-signature"));
    if webhook::verify(&keys, id, timestamp, signature, &body, department.clock.now()).is_err() {
        return problem(401, "the signature does not fit, or is too old");
    }
    let Ok(event) = serde_json::from_slice::<Event>(&body) else {
        return problem(400, "no CloudEvent");
    };
    if event.id != id || event.specversion != "1.0" {
        return problem(400, "webhook-id and the event's id differ, or it is no CloudEvent 1.0");
    }
    let key = (event.source.clone(), event.id.clone());
    let known = {
        let mut book = department.book();
        book.messages += 1;
        let known = book.seen(&key);
        book.repeats += u64::from(known.is_some());
        known
    };
    if let Some(receipt) = known {
        return HttpResponse::Accepted().json(Receipt { receipt });
    }
    let department = department.into_inner();
    let receipt = match event.kind.as_str() {
        CASE_ACCEPTED => match serde_json::from_value::<Accepted>(event.data) {
            Ok(accepted) if accepted.case_no == event.subject => Some(department.take_in(key, accepted, true)),
            _ => return problem(400, "the data are no accepted case, or of another than the subject"),
        },
        CASE_WITHDRAWN => match serde_json::from_value::<Withdrawn>(event.data) {
            Ok(withdrawn) => {
                department.withdraw(&withdrawn);
                department.book().remember(key, None);
                None
            }
            Err(_) => return problem(400, "the data are no withdrawal"),
        },
        _ => return problem(400, "unknown type of event"),
    };
    HttpResponse::Accepted().json(Receipt { receipt })
}

fn problem(status: u16, detail: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(status).json(json!({ "status": status.as_u16(), "detail": detail }))
}

/// As JSON, answered with the case's state; or as the form of the page, answered with the page.
async fn act(department: Data<Department>, no: Path<String>, act: Either<Json<Act>, Form<Act>>) -> impl Responder {
    let (act, is_form) = match act {
        Either::Left(json) => (json.into_inner(), false),
        Either::Right(form) => (form.into_inner(), true),
    };
    let to = format!("/cases/{no}");
    match department.act(&no, &act) {
        Ok(()) if is_form => see_other(&to),
        Ok(()) => case_json(&department, &no),
        Err(e) if e.is(Kind::NotFound) => not_found(),
        Err(e) if is_form => see_other(&format!("{to}?fault={}", if e.is(Kind::Conflict) { "late" } else { "reason" })),
        Err(e) if e.is(Kind::Conflict) => problem(409, "the case is finished"),
        Err(_) => problem(422, "an unknown act, or a refusal without a reason"),
    }
}

async fn case_state(department: Data<Department>, no: Path<String>) -> impl Responder {
    case_json(&department, &no)
}

fn case_json(department: &Department, no: &str) -> HttpResponse {
    match department.book().case(no) {
        Some(case) => HttpResponse::Ok().json(told(case)),
        None => problem(404, "no such case"),
    }
}

/// The newest 100 cases; all are counted.
async fn state(department: Data<Department>) -> impl Responder {
    let book = department.book();
    let cases: Vec<Value> = book.newest().take(100).map(told).collect();
    let pending = book.newest().flat_map(|c| &c.letters).filter(|l| !l.is_delivered).count();
    HttpResponse::Ok().json(json!({
        "department": department.settings.code,
        "behaviour": department.switch.code(),
        "messages": book.messages,
        "repeats": book.repeats,
        "case_count": book.len(),
        "pending": pending,
        "cases": cases,
    }))
}

fn told(case: &Case) -> Value {
    json!({
        "case_no": case.accepted.case_no,
        "receipt": case.receipt,
        "item_code": case.accepted.item_code,
        "item_name": case.accepted.item_name,
        "state": case.state,
        "received_at": case.received_at,
        "materials": case.checks,
        "letters": case.letters,
    })
}
