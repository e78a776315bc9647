//! Keeping an item at hand.

use actix_web::{HttpResponse, web};

use crate::catalogue;
use crate::web::error::{PageError, form_urlencoded};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

pub async fn set(who: Anyone, slug: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let item = who.app.books().shelf.by_slug(&slug)?;
    let back = format!("/items/{}", item.elements.slug);
    if who.session.is_none() {
        return Ok(page::redirect(&format!("/login?back={}", form_urlencoded(&back)), "favourite-login"));
    }
    let (ctx, id, is_on) = (who.ctx.clone(), item.item_id, form.get("on") == "1");
    who.app.db.write(move |c| catalogue::set_favourite(c, &ctx, id, is_on)).await?;
    Ok(page::redirect(&back, if is_on { "favourite-on" } else { "favourite-off" }))
}
