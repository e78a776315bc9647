//! The page that links all simulated systems.

use std::sync::Arc;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde_json::json;

use super::page::{both, esc, page};
use super::{Addresses, Settings};

pub struct Links {
    addresses: Addresses,
    platform_url: String,
    market: String,
    transport: String,
}

impl Links {
    pub fn new(addresses: Addresses, settings: &Settings) -> Self {
        Self {
            addresses,
            platform_url: settings.platform_url.clone(),
            market: settings.market.name.clone(),
            transport: settings.transport.name.clone(),
        }
    }
}

pub fn routes(config: &mut ServiceConfig, links: Arc<Links>) {
    config.app_data(Data::from(links)).route("/", web::get().to(show)).route("/state.json", web::get().to(state));
}

async fn show(links: Data<Links>) -> impl Responder {
    let at = &links.addresses;
    let card = |url: String, zh: &str, en: &str, says: &str| {
        let (name, url) = (both(zh, en), esc(&url));
        format!(
            "<section class=\"card\"><h2><a href=\"{url}\">{name}</a></h2><p>{says}</p><code>{url}</code></section>"
        )
    };
    let mut cards = String::new();
    if links.platform_url.starts_with("http") {
        cards += &card(links.platform_url.clone(), "云超市平台", "the platform itself", "被测对象，不属于沙箱。");
    }
    cards += &card(
        format!("http://{}/", at.market),
        &links.market,
        "department, decides by itself",
        "部门业务系统：收到即自动受理、审核、出证。",
    );
    cards += &card(
        format!("http://{}/", at.transport),
        &links.transport,
        "department, decided by an officer",
        "部门业务系统：由工作人员在页面上点选进度与结果。",
    );
    cards += &card(
        format!("http://{}/", at.verifier),
        "实人核验服务",
        "identity verifier",
        "核对姓名、证件号码与手机号、各种卡号是否一致；人脸核验在它的页面上点选。",
    );
    cards += &card(
        format!("http://{}/", at.mails),
        "邮件收件箱",
        "mails that were sent",
        &format!("SMTP 服务器在 <code>{}</code>，收到的邮件都在这里。", at.smtp),
    );
    cards += &card(
        format!("http://{}/", at.codes),
        "演示用验证器",
        "authenticators of the demo's staff",
        "工作人员登录第二步要的验证码都在这里。",
    );
    cards += &card(
        format!("http://{}/", at.province),
        "省统一身份认证",
        "provincial identity service",
        "OpenID Connect 登录：点选一个人就以此人的身份登录。",
    );
    cards += &card(
        format!("http://{}/", at.sms),
        "短信",
        "short messages that were sent",
        "短信网关：平台发出的短信都在这里。",
    );
    page("外部系统", "systems outside", None, &format!("<div class=\"cards\">{cards}</div>"))
}

async fn state(links: Data<Links>) -> impl Responder {
    let at = &links.addresses;
    HttpResponse::Ok().json(json!({
        "platform": links.platform_url,
        "verifier": format!("http://{}", at.verifier),
        "market": format!("http://{}", at.market),
        "transport": format!("http://{}", at.transport),
        "mails": format!("http://{}", at.mails),
        "codes": format!("http://{}", at.codes),
        "sms": format!("http://{}", at.sms),
        "smtp": at.smtp.to_string(),
    }))
}
