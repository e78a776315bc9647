//! As much of a platform as a department needs: takes answers, gives materials.

use std::sync::{Mutex, PoisonError};

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde_json::json;

use super::*;
use crate::exchange::protocol::{Accepted, Answer, Applicant, CASE_ACCEPTED, CONTENT_TYPE, Event, Material};
use crate::kernel::{Ts, crypto, webhook};

pub const FILE: &[u8] = b"%PDF-1.4 a material";

#[derive(Default)]
struct Desk {
    /// Status given and the message, in order of arrival.
    came: Mutex<Vec<(u16, Event)>>,
    /// So many answers are turned away with 503.
    busy: Mutex<u32>,
}

pub struct Platform {
    at: SocketAddr,
    desk: Arc<Desk>,
    server: tokio::task::JoinHandle<()>,
}

impl Platform {
    pub async fn open() -> Self {
        let listener = ok(listen(0));
        let at = ok(listener.local_addr());
        let desk = Arc::new(Desk::default());
        let shared = desk.clone();
        let server = serve(listener, move |c| {
            c.app_data(Data::from(shared.clone()))
                .route("/answers", web::post().to(take))
                .route("/material", web::get().to(|| async { FILE }));
        });
        let server = ok(server);
        Self { at, desk, server: tokio::spawn(async move { drop(server.await) }) }
    }

    pub fn is_busy_for(&self, answers: u32) {
        *self.desk.busy.lock().unwrap_or_else(PoisonError::into_inner) = answers;
    }

    pub fn came(&self) -> Vec<(u16, Event)> {
        self.desk.came.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The kinds of what was taken, shortened: `received`, `progress`, `decided`.
    pub fn taken(&self) -> Vec<String> {
        let came = self.came();
        let kinds = came.iter().filter(|(status, _)| *status == 200).map(|(_, e)| e.kind.as_str());
        kinds.map(|k| k.trim_start_matches("cn.cloudmart.case.").trim_end_matches(".v1").to_owned()).collect()
    }

    pub async fn has_taken(&self, n: usize) {
        until(&format!("{n} answers were taken"), || async { self.taken().len() >= n }).await;
    }

    pub fn accepted(&self, case_no: &str) -> Accepted {
        let applicant = Applicant {
            kind: "1".into(),
            name: "<b>张三</b>".into(),
            id_kind: "111".into(),
            id_number: "980100199001010010".into(),
            phone: "13800138000".into(),
            address: "清源路".into(),
        };
        let material = Material {
            key: "id-copy".into(),
            name: "身份证明".into(),
            file_name: "id.pdf".into(),
            mime: "application/pdf".into(),
            size: FILE.len() as i64,
            sha256: hex::encode(crypto::sha256(FILE)),
            url: format!("http://{}/material", self.at),
        };
        Accepted {
            case_no: case_no.into(),
            receipt_no: "123456789012".into(),
            item_code: "ITEM".into(),
            item_name: "食品经营许可".into(),
            item_version: 1,
            department_code: "MARKET".into(),
            applicant,
            form: json!({ "shop": "小店" }),
            materials: vec![material],
            accepted_at: Ts::from_micros(1_790_000_000_000_000),
            due_on: None,
            legal_due_on: None,
            answer_to: format!("http://{}/answers", self.at),
        }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(desk: Data<Desk>, request: HttpRequest, body: Bytes) -> impl Responder {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let event: Event = ok(serde_json::from_slice(&body));
    assert_eq!((id, header("content-type")), (event.id.as_str(), CONTENT_TYPE));
    let is_signed = webhook::verify(&[SECRET], id, time, signature, &body, Clock::default().now()).is_ok();
    let status = {
        let mut busy = desk.busy.lock().unwrap_or_else(PoisonError::into_inner);
        match (is_signed, *busy) {
            (false, _) => 401,
            (true, 0) => 200,
            (true, _) => {
                *busy -= 1;
                503
            }
        }
    };
    desk.came.lock().unwrap_or_else(PoisonError::into_inner).push((status, event));
    HttpResponse::build(ok(actix_web::http::StatusCode::from_u16(status))).json(Answer { state: "applied".into() })
}

/// An event of the platform, in bytes.
pub fn event(id: &str, accepted: &Accepted) -> Vec<u8> {
    let data = ok(serde_json::to_value(accepted));
    let case_no = accepted.case_no.clone();
    let event = Event::new(id.into(), "urn:cloudmart".into(), CASE_ACCEPTED, case_no, Ts::default(), data);
    ok(serde_json::to_vec(&event))
}

/// Sends a message to a department as the platform does, signed by `key` as of `age` seconds ago.
pub async fn send(url: &str, id: &str, body: Vec<u8>, key: &[u8], age: i64) -> (u16, String) {
    let time = Clock::default().now().micros() / 1_000_000 - age;
    let request = client()
        .post(url)
        .header("content-type", CONTENT_TYPE)
        .header("webhook-id", id)
        .header("webhook-timestamp", time.to_string())
        .header("webhook-signature", webhook::sign(key, id, time, &body))
        .timeout(Duration::from_millis(1500))
        .body(body);
    match request.send().await {
        Ok(response) => (response.status().as_u16(), ok(response.text().await)),
        Err(e) => (0, e.to_string()),
    }
}
