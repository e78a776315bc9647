//! Our own styles, scripts and pictures, embedded in the binary.

use std::sync::OnceLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

use crate::kernel::crypto;

#[derive(RustEmbed)]
#[folder = "static"]
struct Folder;

/// Changes whenever a file changes, so that browsers may keep what they have until then.
pub fn stamp() -> &'static str {
    static STAMP: OnceLock<String> = OnceLock::new();
    STAMP.get_or_init(|| {
        let mut all = vec![];
        for file in Folder::iter() {
            if let Some(content) = Folder::get(&file) {
                all.extend_from_slice(&content.metadata.sha256_hash());
            }
        }
        hex::encode(&crypto::sha256(&all)[..6])
    })
}

pub async fn serve(req: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let Some(file) = Folder::get(&path) else { return HttpResponse::NotFound().finish() };
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let known = req.headers().get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    if known {
        return HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish();
    }
    let age = if req.query_string().is_empty() { 300 } else { 31_536_000 };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, file.metadata.mimetype().to_owned()))
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={age}")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(file.data.into_owned())
}
