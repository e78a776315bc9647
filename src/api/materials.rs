//! Materials for departments, by the signed links of a dispatch.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::guard::Caller;
use super::problem::{ApiError, Problem};
use crate::audit::Seen;
use crate::audit::looks::{self, Look, Purpose};
use crate::cases::{self, FileId, FileRole};
use crate::db::Conn;
use crate::exchange::{self, DispatchId};
use crate::kernel::{Actor, Ctx, Error, Result};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    dispatch: String,
    /// Seconds since 1970.
    until: i64,
    sig: String,
}

/// A material's file, by a link that a dispatch named: good for the department of that dispatch and for a limited time.
#[utoipa::path(get, path = "/api/v1/materials/{file_id}", tag = "exchange", params(("file_id" = String, Path), Query), responses(
    (status = 200, description = "The file", content_type = "application/octet-stream"),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "Parameters that cannot be read"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "Not a link of ours"),
    (status = 410, body = Problem, content_type = "application/problem+json", description = "Its time is over"),
))]
pub async fn material(
    caller: Caller,
    file_id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, ApiError> {
    let file_id: FileId = file_id.parse()?;
    let query = query.into_inner();
    let dispatch: DispatchId = query.dispatch.parse()?;
    let ctx = caller.ctx();
    let seen = Seen { actor: None, action: "case.look-file", object: Some(dispatch.0), part: Some(file_id.0) };
    let (now, is_new) = (ctx.now, caller.app.recent.is_new(&seen, ctx.now));
    let look = move |c: &mut Conn| {
        let department = exchange::follow(c, &ctx, file_id, dispatch, query.until, &query.sig)?;
        let ctx = Ctx { actor: Actor::Department(department.0), ..ctx.clone() };
        let (file, case) = cases::file_of_department(c, &ctx, file_id)?;
        if file.role != FileRole::Material {
            return Err(Error::not_found());
        }
        if is_new {
            let (object, part) = (("case", case.id.0), Some(("file", file_id.0)));
            let look = Look { action: seen.action, object, part, purpose: Purpose::Exchange };
            looks::record(c, &ctx, &look, case.person_id.map(|p| p.0))?;
        }
        Ok(file)
    };
    let file = if is_new { caller.app.db.write(look).await? } else { caller.app.db.read(look).await? };
    caller.app.recent.saw(seen, now);
    let bytes = caller.app.files.get(file.hash).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, file.mime))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&file.name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(bytes))
}

/// `Content-Disposition` with the name as RFC 5987 encodes it, and a plain one for those that do not read that.
pub fn attachment(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' }).collect();
    let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    let coded: String =
        name.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let header = attachment("营业 执照\"\r\nX: y.pdf");
        assert!(header.is_ascii() && !header.contains(['\r', '\n']));
        assert!(header.starts_with("attachment; filename=\"_____") && header.ends_with("X%3A%20y.pdf"));
        assert_eq!(attachment("a.pdf"), "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
    }
}
