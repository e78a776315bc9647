//! Plays a province's provider of identities (OpenID Connect Core 1.0, authorization code with PKCE): who logs in there is chosen by a
//! click.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{self, Data, Form, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Responder};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::page::{both, esc, not_found, page, see_other, table};
use super::switch::{self, Behaviour, Choice, Switch};
use super::verifier::Person;
use super::{CLIENT, Settings};
use crate::kernel::{Clock, crypto, mask};

/// Seconds for which a code, and what it is exchanged for, is good.
const CODE: i64 = 60;
const TOKEN: i64 = 300;

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Normal,
    Nameless,
    Down,
    Slow,
    Rubbish,
    OtherNonce,
    OtherAudience,
    OtherIssuer,
    Expired,
    OtherKey,
    Unsigned,
    OtherSubject,
}

impl Behaviour for Manner {
    const ALL: &'static [Choice<Self>] = &[
        Choice { is: Manner::Normal, code: "normal", zh: "正常", en: "normal" },
        Choice { is: Manner::Nameless, code: "nameless", zh: "不给姓名和证件号", en: "says no name" },
        Choice { is: Manner::Down, code: "down", zh: "停机 503", en: "down" },
        Choice { is: Manner::Slow, code: "slow", zh: "缓慢", en: "slow" },
        Choice { is: Manner::Rubbish, code: "rubbish", zh: "乱答", en: "rubbish" },
        Choice { is: Manner::OtherNonce, code: "other-nonce", zh: "nonce 不对", en: "another nonce" },
        Choice { is: Manner::OtherAudience, code: "other-audience", zh: "发给别家的", en: "for another client" },
        Choice { is: Manner::OtherIssuer, code: "other-issuer", zh: "冒充别家", en: "another issuer" },
        Choice { is: Manner::Expired, code: "expired", zh: "已过期", en: "expired" },
        Choice { is: Manner::OtherKey, code: "other-key", zh: "别的密钥签名", en: "another key" },
        Choice { is: Manner::Unsigned, code: "unsigned", zh: "没有签名", en: "unsigned" },
        Choice { is: Manner::OtherSubject, code: "other-subject", zh: "答成另一个人", en: "another subject" },
    ];
}

/// A code that was given out, or the token that it was exchanged for.
#[derive(Clone)]
struct Given {
    person: usize,
    nonce: String,
    challenge: String,
    redirect: String,
    until: i64,
}

pub struct Provider {
    issuer: String,
    secret: String,
    people: Vec<Person>,
    key: SigningKey,
    slow: Duration,
    given: Mutex<HashMap<String, Given>>,
    switch: Arc<Switch<Manner>>,
    clock: Clock,
}

impl Provider {
    pub fn new(settings: &Settings, issuer: String) -> crate::kernel::Result<Self> {
        let key = SigningKey::from_slice(&crypto::random32()).map_err(crate::kernel::Error::internal)?;
        Ok(Self {
            issuer,
            secret: settings.province_secret.clone(),
            people: settings.people.clone(),
            key,
            slow: settings.slow,
            given: Mutex::default(),
            switch: Arc::default(),
            clock: settings.clock.clone(),
        })
    }

    fn now(&self) -> i64 {
        self.clock.now().utc().timestamp()
    }

    fn put(&self, given: Given) -> String {
        let token = crypto::random_token();
        self.given.lock().unwrap_or_else(PoisonError::into_inner).insert(token.clone(), given);
        token
    }

    fn take(&self, token: &str) -> Option<Given> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
        given.filter(|g| g.until > self.now())
    }

    fn look(&self, token: &str) -> Option<Given> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned();
        given.filter(|g| g.until > self.now())
    }

    /// The provider's own name for somebody.
    fn subject(&self, person: usize) -> String {
        let number = self.people.get(person).map_or("", |p| p.id_number.as_str());
        hex::encode(&Sha256::digest(format!("subject {number}"))[..12])
    }

    fn id_token(&self, given: &Given) -> String {
        let (manner, now) = (self.switch.now(), self.now());
        let is = |m: Manner| manner == m;
        let header = json!({ "alg": if is(Manner::Unsigned) { "none" } else { "ES256" }, "typ": "JWT", "kid": "1" });
        let claims = json!({
            "iss": if is(Manner::OtherIssuer) { "https://evil.example" } else { &self.issuer },
            "sub": self.subject(given.person),
            "aud": if is(Manner::OtherAudience) { "somebody-else" } else { CLIENT },
            "exp": if is(Manner::Expired) { now - 60 } else { now + TOKEN },
            "iat": now,
            "auth_time": now,
            "nonce": if is(Manner::OtherNonce) { "another" } else { &given.nonce },
        });
        let signed = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
        let other = SigningKey::from_slice(&[7; 32]).ok().filter(|_| is(Manner::OtherKey));
        let signature: Signature = other.as_ref().unwrap_or(&self.key).sign(signed.as_bytes());
        let signature = if is(Manner::Unsigned) { String::new() } else { B64.encode(signature.to_bytes()) };
        format!("{signed}.{signature}")
    }

    /// What keeps it from answering as it should.
    async fn fault(&self) -> Option<HttpResponse> {
        match self.switch.now() {
            Manner::Down => Some(HttpResponse::ServiceUnavailable().finish()),
            Manner::Rubbish => Some(HttpResponse::Ok().content_type("application/json").body("{\"rubbish\":[1,")),
            Manner::Slow => {
                tokio::time::sleep(self.slow).await;
                None
            }
            _ => None,
        }
    }
}

pub fn routes(config: &mut ServiceConfig, provider: Arc<Provider>) {
    let switch = provider.switch.clone();
    config
        .app_data(Data::from(provider))
        .route("/", web::get().to(show))
        .route("/state.json", web::get().to(state))
        .route("/.well-known/openid-configuration", web::get().to(describe))
        .route("/keys", web::get().to(keys))
        .route("/authorize", web::get().to(authorize))
        .route("/choose", web::get().to(choose))
        .route("/token", web::post().to(token))
        .route("/userinfo", web::get().to(userinfo));
    switch::routes(config, switch);
}

async fn describe(provider: Data<Provider>) -> HttpResponse {
    if let Some(fault) = provider.fault().await {
        return fault;
    }
    let at = |path: &str| format!("{}{path}", provider.issuer);
    HttpResponse::Ok().json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }))
}

async fn keys(provider: Data<Provider>) -> impl Responder {
    let point = provider.key.verifying_key().to_encoded_point(false);
    let part = |part: Option<&[u8]>| part.map(|p| B64.encode(p)).unwrap_or_default();
    let (x, y) = (part(point.x().map(|x| &x[..])), part(point.y().map(|y| &y[..])));
    HttpResponse::Ok().json(json!({
        "keys": [{ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "1", "x": x, "y": y }]
    }))
}

#[derive(Deserialize)]
struct Wish {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    #[serde(default)]
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
}

impl Wish {
    fn is_fine(&self) -> bool {
        let back = |start: &str| self.redirect_uri.starts_with(start);
        let is_local = back("http://127.0.0.1:") || back("http://localhost:");
        self.response_type == "code" && self.client_id == CLIENT && self.code_challenge_method == "S256" && is_local
    }
}

async fn authorize(provider: Data<Provider>, req: HttpRequest, wish: Query<Wish>) -> HttpResponse {
    if !wish.is_fine() {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_request" }));
    }
    let query = esc(req.query_string());
    let link = |who: &str, words: String| format!("<p><a href=\"/choose?{query}&amp;who={who}\">{words}</a></p>");
    let people = provider.people.iter().enumerate();
    let rows: String = people
        .map(|(at, p)| link(&at.to_string(), esc(&format!("{} {}", p.name, mask::id_number(&p.id_number)))))
        .collect();
    let body = format!(
        "<p>{}</p>{rows}{}",
        both(
            "选一个人，就是以此人的身份登录。真实系统里要在这里登录。",
            "Choose who logs in. In earnest one logs in here."
        ),
        link("nobody", both("取消登录", "cancel"))
    );
    page("省统一身份认证", "provincial identity service", None, &body)
}

#[derive(Deserialize)]
struct Chosen {
    who: String,
}

async fn choose(provider: Data<Provider>, wish: Query<Wish>, chosen: Query<Chosen>) -> HttpResponse {
    if !wish.is_fine() {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_request" }));
    }
    let (back, state) = (&wish.redirect_uri, &wish.state);
    let person = chosen.who.parse().ok().filter(|at| *at < provider.people.len());
    let Some(person) = person else { return see_other(&format!("{back}?error=access_denied&state={state}")) };
    let code = provider.put(Given {
        person,
        nonce: wish.nonce.clone(),
        challenge: wish.code_challenge.clone(),
        redirect: back.clone(),
        until: provider.now() + CODE,
    });
    see_other(&format!("{back}?code={code}&state={state}"))
}

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

async fn token(provider: Data<Provider>, req: HttpRequest, asked: Form<Exchange>) -> HttpResponse {
    if let Some(fault) = provider.fault().await {
        return fault;
    }
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", provider.secret)));
    let given = req.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if provider.secret.is_empty() || !crypto::same(basic.as_bytes(), given.as_bytes()) {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    }
    let is_answer = |g: &Given| {
        let challenge = B64.encode(Sha256::digest(asked.code_verifier.as_bytes()));
        asked.grant_type == "authorization_code" && g.redirect == asked.redirect_uri && g.challenge == challenge
    };
    let Some(given) = provider.take(&asked.code).filter(is_answer) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let id_token = provider.id_token(&given);
    let access = provider.put(Given { until: provider.now() + TOKEN, ..given });
    HttpResponse::Ok().json(json!({
        "access_token": access, "token_type": "Bearer", "expires_in": TOKEN, "id_token": id_token,
    }))
}

async fn userinfo(provider: Data<Provider>, req: HttpRequest) -> HttpResponse {
    if let Some(fault) = provider.fault().await {
        return fault;
    }
    let bearer = req.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let Some(given) = bearer.strip_prefix("Bearer ").and_then(|token| provider.look(token)) else {
        return HttpResponse::Unauthorized().finish();
    };
    let Some(person) = provider.people.get(given.person) else { return not_found() };
    let manner = provider.switch.now();
    let subject = if manner == Manner::OtherSubject { "another".to_owned() } else { provider.subject(given.person) };
    let mut said = json!({ "sub": subject });
    if manner != Manner::Nameless {
        let all: Value = json!({ "name": person.name, "id_number": person.id_number, "phone_number": person.phone });
        if let (Some(said), Some(all)) = (said.as_object_mut(), all.as_object()) {
            said.extend(all.clone());
        }
    }
    HttpResponse::Ok().json(said)
}

async fn state(provider: Data<Provider>) -> impl Responder {
    HttpResponse::Ok().json(json!({ "people": provider.people.len(), "behaviour": provider.switch.code() }))
}

async fn show(provider: Data<Provider>) -> HttpResponse {
    let says = both(
        "平台登录页上选“用省统一身份认证登录”就会到这里。下面的人都能登录。",
        "Who chooses it at the platform's login comes here. All of these people can log in.",
    );
    let rows = provider.people.iter().map(|p| vec![esc(&p.name), esc(&mask::id_number(&p.id_number)), esc(&p.phone)]);
    let body = format!(
        "<p>{says}</p>{}{}",
        provider.switch.form(),
        table(&[("姓名", "name"), ("证件号", "ID number"), ("手机号", "phone")], rows)
    );
    page("省统一身份认证", "provincial identity service", None, &body)
}
