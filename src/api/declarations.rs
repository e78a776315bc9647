//! Declarations by registered channels: a terminal, a partner's portal. The channel answers for who the applicant is.

use actix_web::http::header::{self, ContentDisposition};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::{Client, DECLARE};
use super::problem::{ApiError, Problem};
use super::{body, items};
use crate::app::App;
use crate::cases::{self, Answers, Applicant, Content, NewFile};
use crate::catalogue::Shelved;
use crate::exchange::{self, DeclaredKey};
use crate::files::{FileKind, Hash};
use crate::flows::{self, Declaration};
use crate::identity::ClientId;
use crate::kernel::{Ctx, Error, Kind, Result, Ts, crypto};

/// The largest declaration with the files in it, in bytes.
pub const BODY_BYTES: usize = 16 << 20;
/// The largest file, in bytes; the configuration may allow less.
pub const UPLOAD_BYTES: usize = 64 << 20;

/// Seconds for which an uploaded file can be named in a declaration.
const FILE_SECONDS: i64 = 86_400;
const FILE: &str = "api.file";
const MAX_KEY: usize = 255;

#[derive(Deserialize, ToSchema)]
pub struct Declared {
    /// Implementing code or slug of the item.
    item: String,
    /// Code of the hall that shall handle it; without it the first that may.
    #[serde(default)]
    hall: String,
    applicant: DeclaredApplicant,
    /// Answers by the keys of the item's form: texts, or lists of texts for checkboxes.
    #[serde(default)]
    #[schema(value_type = Object)]
    form: Answers,
    #[serde(default)]
    materials: Vec<DeclaredFile>,
}

#[derive(Deserialize, ToSchema)]
pub struct DeclaredApplicant {
    /// 1 natural person, 2 enterprise, 3 institution, 4 social organisation …
    kind: String,
    name: String,
    /// `111` resident ID card, `uscc` unified social credit code
    id_kind: String,
    id_number: String,
    phone: String,
    #[serde(default)]
    address: String,
    /// Who declares for a legal person.
    #[serde(default)]
    agent_name: String,
    #[serde(default)]
    agent_id_number: String,
}

/// A file of a material: one that was uploaded, or its name and content here.
#[derive(Deserialize, ToSchema)]
pub struct DeclaredFile {
    /// Key of the item's material.
    key: String,
    /// Id of `/api/v1/files`.
    #[serde(default)]
    file: String,
    #[serde(default)]
    file_name: String,
    /// base64
    #[serde(default)]
    content: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    pub case_no: String,
    /// 12 digits, for people.
    pub receipt_no: String,
    /// With which the applicant asks for the progress: to be handed to nobody else.
    pub query_code: String,
    pub state: &'static str,
    /// The last day on which the office has to answer.
    pub accept_by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UploadedFile {
    /// To be named in a declaration of the same client.
    pub file: String,
    pub size: i64,
    pub mime: &'static str,
    /// RFC 3339
    pub good_until: String,
}

/// What the id of an uploaded file holds, sealed.
#[derive(Serialize, Deserialize)]
struct Ticket {
    client: ClientId,
    hash: Vec<u8>,
    name: String,
    size: i64,
    until: Ts,
    mime: String,
}

/// Stores a file that a declaration names afterwards. Its name stands in `Content-Disposition` and agrees with what it is.
#[utoipa::path(post, path = "/api/v1/files", tag = "declarations", security(("token" = ["declare"])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("content-disposition" = String, Header, description = "`attachment; filename*=UTF-8''…`")),
    responses(
        (status = 201, body = UploadedFile),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn upload(client: Client, req: HttpRequest, bytes: web::Bytes) -> Result<HttpResponse, ApiError> {
    client.may(DECLARE)?;
    let app = &client.app;
    let name = base_name(&named(&req));
    is_small_enough(app, &bytes)?;
    let kind = FileKind::sniff(&name, &bytes).map_err(|code| Error::field("file", code))?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let hash = app.files.put(bytes.to_vec()).await?;
    let until = app.clock.now().plus_secs(FILE_SECONDS);
    let mime = kind.mime();
    let ticket = Ticket { client: client.client.id, hash: hash.0.to_vec(), name, size, until, mime: mime.to_owned() };
    let sealed = app.keys.seal(FILE, &serde_json::to_vec(&ticket).map_err(Error::from)?);
    let uploaded = UploadedFile { file: URL_SAFE_NO_PAD.encode(sealed), size, mime, good_until: until.rfc3339() };
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(uploaded))
}

fn named(req: &HttpRequest) -> String {
    let given = req.headers().get(header::CONTENT_DISPOSITION);
    let Some(said) = given.and_then(|v| ContentDisposition::from_raw(v).ok()) else { return String::new() };
    let extended = said.get_filename_ext().and_then(|n| String::from_utf8(n.value.clone()).ok());
    extended.or_else(|| said.get_filename().map(str::to_owned)).unwrap_or_default()
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}

fn is_small_enough(app: &App, bytes: &[u8]) -> Result<()> {
    let mib = app.config.files.max_mib;
    let fits = u64::try_from(bytes.len()).is_ok_and(|n| n <= mib << 20);
    if fits { Ok(()) } else { Err(Error::new(Kind::TooLarge, "file-too-large").with("mib", mib)) }
}

/// Declares for an applicant, in one call. The same `Idempotency-Key` makes one case, however often it comes.
#[utoipa::path(post, path = "/api/v1/declarations", tag = "declarations", security(("token" = ["declare"])),
    request_body = Declared,
    params(("idempotency-key" = String, Header, description = "At most 255 characters, its own for each declaration")),
    responses(
        (status = 201, body = Made),
        (status = 200, body = Made, description = "Made before under this key"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn declare(client: Client, req: HttpRequest, bytes: web::Bytes) -> Result<HttpResponse, ApiError> {
    client.may(DECLARE)?;
    let key = key(&client, &req, &bytes)?;
    let declared: Declared = body::json(&bytes)?;
    drop(bytes);
    let (app, ctx) = (&client.app, Ctx { lang: client.lang, ..client.app.system() });
    let books = app.books();
    let item = items::find(&books.shelf, &declared.item).map_err(|_| Error::field("item", "not-an-option"))?;
    if declared.materials.iter().any(|m| !m.content.is_empty()) {
        // Files are stored before the write; for a repeat they need not be.
        let known = key.clone();
        app.db.read(move |c| exchange::declared(c, &known)).await?;
    }
    let files = stored(app, &client, item, declared.materials).await?;
    let content = Content { applicant: applicant(declared.applicant), answers: declared.form };
    let hall = Some(declared.hall).filter(|code| !code.is_empty());
    let declaration = Declaration { item: item.item_id, hall, content, files, on_paper: vec![] };
    let (made, is_repeat) = make(app, &ctx, &key, declaration, &item.elements.code).await?;
    let mut response = if is_repeat { HttpResponse::Ok() } else { HttpResponse::Created() };
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(made))
}

fn key(client: &Client, req: &HttpRequest, bytes: &[u8]) -> Result<DeclaredKey> {
    let given = req.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::trim);
    let key = given.filter(|k| !k.is_empty() && k.len() <= MAX_KEY);
    let key = key.ok_or_else(|| Error::invalid("idempotency-key-missing"))?.to_owned();
    Ok(DeclaredKey { client: client.client.id, key, digest: crypto::sha256(bytes).to_vec() })
}

fn applicant(a: DeclaredApplicant) -> Applicant {
    Applicant {
        kind: a.kind,
        name: a.name.trim().to_owned(),
        id_kind: a.id_kind,
        id_number: a.id_number,
        phone: a.phone,
        address: a.address,
        agent_name: a.agent_name,
        agent_id_number: a.agent_id_number,
    }
}

async fn make(app: &App, ctx: &Ctx, key: &DeclaredKey, declaration: Declaration, item: &str) -> Result<(Made, bool)> {
    let numbers = app.numbers(item).await?;
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, books, key) = (ctx.clone(), app.books(), key.clone());
        let (declaration, numbers) = (declaration.clone(), numbers.clone());
        let made = app
            .db
            .write(move |c| {
                let (case, is_repeat) = flows::declare_once(c, &ctx, &books, &key, &declaration, &numbers)?;
                let query_code =
                    if is_repeat { cases::query_code(c, &ctx, &case)? } else { numbers.query_code.clone() };
                let made = Made {
                    receipt_no: case.receipt().to_owned(),
                    query_code,
                    state: case.public_state.code(),
                    accept_by: case.accept_by.map(|d| d.to_string()),
                    case_no: case.case_no.unwrap_or_default(),
                };
                Ok((made, is_repeat))
            })
            .await;
        match made {
            // The same came at the same time and was quicker: now it is found.
            Err(error) if error.is(Kind::Conflict) && tries < 3 => {}
            made => {
                app.wake.notify_waiters();
                return made;
            }
        }
    }
}

/// The files of a declaration, those within it stored.
async fn stored(app: &App, client: &Client, item: &Shelved, given: Vec<DeclaredFile>) -> Result<Vec<NewFile>> {
    let mut files = Vec::with_capacity(given.len());
    for file in given {
        let place = format!("material.{}", file.key);
        let wanted = item.elements.materials.iter().find(|m| m.key == file.key);
        let wanted = wanted.ok_or_else(|| Error::field(place.clone(), "not-an-option"))?;
        let new =
            if file.file.is_empty() { inline(app, file, &place).await? } else { uploaded(app, client, file, &place)? };
        if u64::try_from(new.size).unwrap_or(u64::MAX) > wanted.max_mb << 20 {
            return Err(Error::new(Kind::TooLarge, "file-too-large").with("mib", wanted.max_mb));
        }
        files.push(new);
    }
    Ok(files)
}

async fn inline(app: &App, file: DeclaredFile, place: &str) -> Result<NewFile> {
    let refused = |code| Error::field(place, code);
    let bytes = crypto::from_base64(&file.content).ok_or_else(|| refused("base64"))?;
    let name = base_name(&file.file_name);
    is_small_enough(app, &bytes)?;
    let kind = FileKind::sniff(&name, &bytes).map_err(refused)?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let hash = app.files.put(bytes).await?;
    Ok(NewFile { key: file.key, name, hash, size, mime: kind.mime() })
}

fn uploaded(app: &App, client: &Client, file: DeclaredFile, place: &str) -> Result<NewFile> {
    let gone = || Error::field(place, "file-gone");
    let sealed = URL_SAFE_NO_PAD.decode(&file.file).map_err(|_| gone())?;
    let ticket: Ticket = serde_json::from_slice(&app.keys.open(FILE, &sealed).map_err(|_| gone())?)?;
    if ticket.client != client.client.id || ticket.until < app.clock.now() {
        return Err(gone());
    }
    let kind = FileKind::from_mime(&ticket.mime).ok_or_else(gone)?;
    Ok(NewFile {
        key: file.key,
        name: ticket.name,
        hash: Hash::from_slice(&ticket.hash)?,
        size: ticket.size,
        mime: kind.mime(),
    })
}
