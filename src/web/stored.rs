//! Sends a stored file of a case: shown in the browser, never taken for a page.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::error::form_urlencoded;
use crate::app::App;
use crate::cases::StoredFile;
use crate::files::FileKind;
use crate::kernel::Result;

/// The bytes of a file that the caller has found within its scope.
pub async fn send(app: &App, file: &StoredFile) -> Result<HttpResponse> {
    let bytes = app.files.get(file.hash).await?;
    // What was stored was looked at when it came; anything else is handed over as bytes.
    let known = FileKind::from_mime(&file.mime);
    let mime = known.map_or("application/octet-stream", FileKind::mime);
    let how = if known.is_some() { "inline" } else { "attachment" };
    let name = form_urlencoded(&file.name).replace('/', "_");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, mime))
        .insert_header((header::CONTENT_DISPOSITION, format!("{how}; filename*=UTF-8''{name}")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes))
}
