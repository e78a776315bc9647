//! Keeping a result of guidance at hand.

use actix_web::HttpResponse;

use crate::catalogue;
use crate::web::error::{PageError, form_urlencoded};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

pub async fn set(who: Anyone, form: Posted) -> Result<HttpResponse, PageError> {
    let address = page::local(form.get("address")).to_owned();
    if who.session.is_none() {
        return Ok(page::redirect(&format!("/login?back={}", form_urlencoded(&address)), "favourite-login"));
    }
    let (ctx, kept, is_on) = (who.ctx.clone(), address.clone(), form.get("on") == "1");
    who.app.db.write(move |c| catalogue::keep_guidance(c, &ctx, &kept, is_on)).await?;
    Ok(page::redirect(&address, if is_on { "favourite-on" } else { "favourite-off" }))
}
