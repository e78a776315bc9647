//! Takes away what a member of staff proves themself with, when that is lost. Not for whoever may give a new password: nobody shall get
//! into somebody's account alone.

use actix_web::{HttpResponse, web};

use crate::identity::{StaffId, factors};
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::guard::Security;
use crate::web::page;

pub async fn reset(who: Security, id: web::Path<String>, _form: Posted) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| factors::reset(c, &ctx, id)).await?;
    Ok(page::redirect(&format!("/security/staff/{id}"), "factors-reset"))
}
