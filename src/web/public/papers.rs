//! Blank forms and samples of the catalogue: those that the product brings along, and those that keepers have uploaded.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;

use crate::catalogue::papers::{self, PaperKind};
use crate::kernel::Error;
use crate::web::error::{PageError, form_urlencoded};
use crate::web::guard::Anyone;

#[derive(RustEmbed)]
#[folder = "seed-data/catalogue/files"]
struct Folder;

pub async fn show(who: Anyone, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let name = name.into_inner();
    let Some((hash, file)) = papers::uploaded(&name) else {
        let found = Folder::get(&name).zip(PaperKind::of_name(&name)).ok_or_else(Error::not_found)?;
        return Ok(send(found.1, &name, "public, max-age=3600", found.0.data.into_owned()));
    };
    let kind = who.app.db.read(move |c| papers::paper(c, hash)).await?;
    let bytes = who.app.files.get(hash).await?;
    // The digest is in the address: what is there never changes.
    Ok(send(kind, file, "public, max-age=31536000, immutable", bytes))
}

fn send(kind: PaperKind, name: &str, cache: &'static str, bytes: Vec<u8>) -> HttpResponse {
    let how = if kind.is_shown { "inline" } else { "attachment" };
    let name = form_urlencoded(name).replace('/', "_");
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind.mime))
        .insert_header((header::CONTENT_DISPOSITION, format!("{how}; filename*=UTF-8''{name}")))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes)
}
