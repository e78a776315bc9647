//! Plays the authenticators on the phones of the demo's staff, all on one page: who tries the demo out has none of them.

use std::sync::Arc;

use actix_web::web::{self, Data, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use super::Settings;
use super::page::{both, esc, page, table};
use crate::kernel::{Clock, Result, totp};

/// What one authenticator was told when it was bound.
#[derive(Clone)]
pub struct Authenticator {
    pub login: String,
    pub name: String,
    /// What its owner does, in both languages.
    pub what: (String, String),
    pub secret: Vec<u8>,
}

pub struct Shelf {
    all: Vec<Authenticator>,
    clock: Clock,
}

impl Shelf {
    pub fn new(settings: &Settings) -> Self {
        Self { all: settings.authenticators.clone(), clock: settings.clock.clone() }
    }

    /// What each shows now, and for how many seconds.
    fn codes(&self) -> Result<(Vec<(&Authenticator, String)>, i64)> {
        let now = self.clock.now();
        let codes = self.all.iter().map(|a| Ok((a, totp::code(&a.secret, now)?))).collect::<Result<_>>()?;
        Ok((codes, totp::seconds_left(now)))
    }
}

pub fn routes(config: &mut ServiceConfig, shelf: Arc<Shelf>) {
    config
        .app_data(Data::from(shelf))
        .route("/", web::get().to(show))
        .route("/codes.json", web::get().to(codes))
        .route("/state.json", web::get().to(state));
}

#[derive(Deserialize)]
struct Filter {
    login: Option<String>,
}

async fn codes(shelf: Data<Shelf>, filter: Query<Filter>) -> impl Responder {
    let Ok((codes, left)) = shelf.codes() else { return HttpResponse::InternalServerError().finish() };
    let wanted = |a: &Authenticator| filter.login.as_ref().is_none_or(|login| *login == a.login);
    let rows = codes.iter().filter(|(a, _)| wanted(a)).map(|(a, code)| json!({ "login": a.login, "code": code }));
    HttpResponse::Ok().json(json!({ "seconds_left": left, "codes": rows.collect::<Vec<_>>() }))
}

async fn state(shelf: Data<Shelf>) -> impl Responder {
    HttpResponse::Ok().json(json!({ "authenticators": shelf.all.len() }))
}

async fn show(shelf: Data<Shelf>) -> HttpResponse {
    let Ok((codes, left)) = shelf.codes() else { return HttpResponse::InternalServerError().finish() };
    let says = both(
        "工作人员登录时，密码之后还要输入验证码。真实系统里验证码在各人手机的验证器上，演示里都在这一页。",
        "Staff enter a code after their password. In earnest it is on everybody's own phone; in the demo all are on this page.",
    );
    let left_zh = format!("这些验证码还有 {left} 秒有效，然后自动换新；每个只能用一次。");
    let left_en = format!("Good for {left} more seconds, then new ones come by themselves; each works once.");
    let mut body = format!("<p>{says}</p><p><b>{}</b></p>", both(&left_zh, &left_en));
    let rows = codes.iter().map(|(a, code)| {
        let (zh, en) = &a.what;
        vec![
            format!("<code>{}</code>", esc(&a.login)),
            format!("<code class=\"once\">{code}</code>"),
            esc(&a.name),
            both(zh, en),
        ]
    });
    body += &table(&[("工号", "login"), ("验证码", "code"), ("姓名", "name"), ("角色", "role")], rows);
    page("演示用验证器", "authenticators of the demo's staff", u32::try_from(left).ok(), &body)
}
