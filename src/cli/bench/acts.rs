//! What the people of the benchmark ask of the server.

use serde_json::{Value, json};

use super::load::{Ask, Line, Reply};
use super::stage::{CLIENT, SECRET, Session, Stage};
use crate::kernel::{Error, Id, Result};

/// A token of the declaring program, good for ten minutes.
pub(super) async fn token(address: &str) -> Result<String> {
    let fields = format!("grant_type=client_credentials&client_id={CLIENT}&client_secret={}", SECRET.replace(' ', "+"));
    let headers = "content-type: application/x-www-form-urlencoded\r\n".to_owned();
    let ask = Ask { method: "POST", path: "/api/v1/token".into(), headers, body: fields.into_bytes() };
    let reply = Line::open(address).await?.call(&ask).await?;
    let said = body(&reply)?;
    said["access_token"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Error::internal(format!("no token: {}", reply.text())))
}

pub(super) fn body(reply: &Reply) -> Result<Value> {
    serde_json::from_slice(&reply.body).map_err(|e| Error::internal(format!("{e}: {:.200}", reply.text())))
}

/// Uploads the one file that all declarations name.
pub(super) async fn upload(address: &str, token: &str) -> Result<String> {
    let headers = format!(
        "authorization: Bearer {token}\r\ncontent-type: application/octet-stream\r\n\
         content-disposition: attachment; filename=\"material.pdf\"\r\n"
    );
    let body_ = b"%PDF-1.4\n% a material of the benchmark\n%%EOF\n".to_vec();
    let ask = Ask { method: "POST", path: "/api/v1/files".into(), headers, body: body_ };
    let reply = Line::open(address).await?.call(&ask).await?;
    let file = body(&reply)?["file"].as_str().map(str::to_owned);
    file.ok_or_else(|| Error::internal(format!("the upload was refused: {:.300}", reply.text())))
}

/// Declarations of sole traders, each its own.
#[derive(Clone)]
pub(super) struct Declarations {
    headers: String,
    body: String,
    run: String,
}

impl Declarations {
    pub fn new(stage: &Stage, token: &str, file: &str) -> Self {
        let materials: Vec<_> =
            stage.declared.materials.iter().map(|key| json!({ "key": key, "file": file })).collect();
        let body = json!({
            "item": stage.declared.item, "hall": "H01", "form": stage.declared.form, "materials": materials,
            "applicant": {
                "kind": "1", "name": stage.declared.name, "id_kind": "111", "id_number": stage.declared.id_number,
                "phone": "13900001234", "address": "云川市兰渚区望江路 1 号",
            },
        });
        let headers = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n");
        Self { headers, body: body.to_string(), run: Id::random().to_string() }
    }

    pub fn ask(&self, n: usize) -> Ask {
        let headers = format!("{}idempotency-key: {}-{n}\r\n", self.headers, self.run);
        Ask { method: "POST", path: "/api/v1/declarations".into(), headers, body: self.body.clone().into_bytes() }
    }
}

/// A text as forms send it.
pub(super) fn encoded(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn form(path: String, who: &Session, fields: &[(&str, &str)]) -> Ask {
    let mut body = format!("_csrf={}", encoded(&who.csrf));
    for (name, value) in fields {
        body += &format!("&{name}={}", encoded(value));
    }
    Ask::form(path, &who.cookie, &body)
}

/// One step of the approval desk on the case as `rev` shows it.
pub(super) fn opinion(who: &Session, (id, rev): &(String, i64), step: &str, choice: &str) -> Ask {
    let rev = rev.to_string();
    let fields =
        [("rev", rev.as_str()), ("step", step), ("choice", choice), ("opinion", "材料齐全，同意。"), ("sure", "1")];
    form(format!("/desk/cases/{id}"), who, &fields)
}

/// An act of the clerk on the case as `rev` shows it, each material found in order.
pub(super) fn clerk(who: &Session, (id, rev): &(String, i64), act: &str, materials: &[String]) -> Ask {
    let rev = rev.to_string();
    let named = |field: &str| materials.iter().map(|key| format!("{field}.{key}")).collect::<Vec<_>>();
    let (verdicts, reasons) = (named("verdict"), named("reason"));
    let mut fields = vec![("rev", rev.as_str()), ("act", act), ("sure", "1")];
    fields.extend(verdicts.iter().map(|name| (name.as_str(), "accepted")));
    fields.extend(reasons.iter().map(|name| (name.as_str(), "")));
    form(format!("/hall/cases/{id}"), who, &fields)
}

/// Whether an act was done: the page redirects.
pub(super) fn is_done(reply: &Reply) -> bool {
    reply.status == 303
}
