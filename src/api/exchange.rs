//! What departments' systems say: CloudEvents in structured mode, signed.

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::ToSchema;

use super::guard::Caller;
use super::problem::{ApiError, Problem};
use super::{body, json};
use crate::app::App;
use crate::cases::NewFile;
use crate::exchange::protocol::{Answer, CASE_DECIDED, Document, Event};
use crate::exchange::{self, Incoming, MAX_ID, Signature};
use crate::files::FileKind;
use crate::flows;
use crate::identity::DepartmentId;
use crate::kernel::{Actor, Error, Kind, Lang, Result, crypto};

/// The largest message, in bytes.
pub const BODY_BYTES: usize = 4 << 20;

/// The largest result file in a message, in bytes.
const DOCUMENT_BYTES: usize = 2 << 20;

/// A CloudEvent of one of the types `cn.cloudmart.case.received.v1`, `…progress.v1`, `…decided.v1`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; what is read is protocol::Event")]
pub struct CloudEvent {
    /// `1.0`
    specversion: String,
    /// The same for every try: repeats are known by it.
    id: String,
    /// `urn:department:<unified social credit code>`
    source: String,
    #[schema(rename = "type")]
    kind: String,
    /// The case number.
    subject: String,
    /// RFC 3339
    time: String,
    /// `application/json`
    datacontenttype: String,
    /// By type: `{case_no, receipt}`, `{case_no, step, handler, opinion, at}` or `{case_no, outcome, reason, decided_by, decided_at,
    /// document: {no, file_name, mime, content}}`; `content` is a PDF in base64, at most 2 MiB.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// What became of a message.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape for the document; what is written is protocol::Answer")]
pub struct Taken {
    /// `applied`, `repeated` (known already) or `late` (kept; the case had ended)
    state: String,
}

/// Takes a message of a department's system. A repeat is answered as success and changes nothing.
#[utoipa::path(post, path = "/api/v1/exchange/events", tag = "exchange",
    request_body(content = CloudEvent, content_type = "application/cloudevents+json"),
    params(
        ("webhook-id" = String, Header, description = "Standard Webhooks"),
        ("webhook-timestamp" = i64, Header, description = "Seconds since 1970, at most 5 minutes from our time"),
        ("webhook-signature" = String, Header, description = "`v1,` and HMAC-SHA256 of `id.timestamp.body` in base64; several by spaces"),
    ),
    responses(
        (status = 200, body = Taken),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No case of this department"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The case was not sent there, or somebody was quicker"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn event(caller: Caller, req: HttpRequest, bytes: web::Bytes) -> Result<HttpResponse, ApiError> {
    let event: Event = body::json(&bytes).map_err(|e| Error::invalid("event-unreadable").because(e))?;
    let app = &caller.app;
    let department = authenticated(&caller, &event, signature(&req)?, bytes).await?;
    let mut incoming = Incoming { department, event };
    match taken(app, caller.lang, &mut incoming).await {
        Ok(answer) => Ok(json(&answer)),
        Err(error) => {
            keep_refused(app, caller.lang, incoming, &error).await;
            Err(error.into())
        }
    }
}

fn signature(req: &HttpRequest) -> Result<Signature> {
    let header = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let parts = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let (Some(id), Some(timestamp), Some(signature)) = parts else {
        return Err(Error::new(Kind::Unauthenticated, "signature-bad"));
    };
    Ok(Signature { id, timestamp, signature })
}

async fn authenticated(caller: &Caller, event: &Event, signed: Signature, bytes: web::Bytes) -> Result<DepartmentId> {
    let (ctx, source) = (caller.ctx(), event.source.clone());
    let department = caller.app.db.read(move |c| exchange::authenticate(c, &ctx, &source, &signed, &bytes)).await?;
    let id_fits = !event.id.is_empty() && event.id.len() <= MAX_ID;
    if event.specversion == "1.0" && id_fits { Ok(department) } else { Err(Error::invalid("event-unreadable")) }
}

async fn taken(app: &App, lang: Lang, incoming: &mut Incoming) -> Result<Answer> {
    let ctx = app.ctx(Actor::Department(incoming.department.0), lang);
    let known = incoming.clone();
    if app.db.read(move |c| exchange::is_repeat(c, &known)).await? {
        return Ok(Answer { state: "repeated".into() });
    }
    let document = document(app, &mut incoming.event).await?;
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, books, incoming, document) = (ctx.clone(), app.books(), incoming.clone(), document.clone());
        let said = app.db.write(move |c| flows::department_said(c, &ctx, &books, &incoming, document.as_ref())).await;
        match said {
            // Another message for the same case was quicker: what is said still holds.
            Err(error) if error.is(Kind::Conflict) && tries < 3 => {}
            said => {
                app.wake.notify_waiters();
                return said;
            }
        }
    }
}

/// The result's file, stored; in the message stands its digest from here on.
async fn document(app: &App, event: &mut Event) -> Result<Option<NewFile>> {
    if event.kind != CASE_DECIDED {
        return Ok(None);
    }
    let Some(given) = event.data.get_mut("document").filter(|d| !d.is_null()) else { return Ok(None) };
    let document: Document =
        serde_json::from_value(given.clone()).map_err(|e| Error::invalid("event-unreadable").because(e))?;
    let refused = |code| Error::field("data.document.content", code);
    let bytes = crypto::from_base64(&document.content).ok_or_else(|| refused("base64"))?;
    if bytes.len() > DOCUMENT_BYTES {
        return Err(Error::new(Kind::TooLarge, "file-too-large").with("mib", DOCUMENT_BYTES >> 20));
    }
    let name: String =
        document.file_name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let name = if name.is_empty() { "result.pdf".to_owned() } else { name.chars().take(200).collect() };
    let kind = FileKind::sniff(&name, &bytes).map_err(refused)?;
    if kind != FileKind::Pdf {
        return Err(refused("file-kind"));
    }
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let hash = app.files.put(bytes).await?;
    given["content"] = format!("sha256:{}", hash.hex()).into();
    let key: String = document.no.chars().filter(|c| !c.is_control()).take(100).collect();
    Ok(Some(NewFile { key, name, hash, size, mime: kind.mime() }))
}

/// Keeps what a department said and we refused, for the operator; without the result's file.
async fn keep_refused(app: &App, lang: Lang, mut incoming: Incoming, error: &Error) {
    if matches!(error.kind(), Kind::Internal | Kind::Busy | Kind::Outside) {
        return;
    }
    if let Some(content) = incoming.event.data.pointer_mut("/document/content") {
        *content = "".into();
    }
    let ctx = app.ctx(Actor::Department(incoming.department.0), lang);
    let reason = error.code();
    let id = incoming.event.id.clone();
    let kept = app.db.write(move |c| exchange::keep_refused(c, &ctx, &incoming, reason)).await;
    match kept {
        Ok(()) => tracing::warn!(message = id, reason, "A message of a department was refused."),
        Err(error) => tracing::warn!(message = id, ?error, "A refused message could not be kept."),
    }
}
