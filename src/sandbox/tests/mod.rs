//! The sandbox from outside: over HTTP and SMTP, against a platform of a few lines.

mod codes;
mod departments;
mod mails;
mod platform;
mod verifier;

use std::fmt::Debug;
use std::time::Duration;

use serde_json::{Value, json};

use super::department::post_client;
use super::*;

pub const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

pub fn ok<T, E: Debug>(result: std::result::Result<T, E>) -> T {
    result.unwrap_or_else(|e| panic!("{e:?}"))
}

pub fn department(code: &str, manner: Manner) -> DepartmentSettings {
    DepartmentSettings {
        code: code.into(),
        name: "市场监督管理局".into(),
        name_en: "Market Regulation".into(),
        secret: SECRET.to_vec(),
        manner,
        licence_prefix: "YC".into(),
        fetches: true,
    }
}

pub fn settings() -> Settings {
    let at_once = Manner::Automatic { progress: Duration::ZERO, decide: Duration::ZERO };
    Settings::quick(department("MARKET", at_once), department("TRANSPORT", Manner::Manual))
}

pub fn client() -> reqwest::Client {
    ok(post_client())
}

pub async fn get(url: &str) -> (u16, String) {
    let response = ok(client().get(url).send().await);
    (response.status().as_u16(), ok(response.text().await))
}

pub async fn get_json(url: &str) -> Value {
    ok(serde_json::from_str(&get(url).await.1))
}

pub async fn post_json(url: &str, body: &Value) -> (u16, String) {
    let response = ok(client().post(url).json(body).send().await);
    (response.status().as_u16(), ok(response.text().await))
}

pub async fn behave(at: SocketAddr, behaviour: &str) {
    let (status, said) = post_json(&format!("http://{at}/control"), &json!({ "behaviour": behaviour })).await;
    assert_eq!(status, 200, "{said}");
}

/// Waits until it is so, for at most five seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    for _ in 0..500 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came that {what}");
}

#[tokio::test]
async fn every_page_opens_and_ports_are_free_after_the_end() {
    let running = ok(start(settings()).await);
    let at = running.addresses;
    for address in [at.index, at.verifier, at.market, at.transport, at.mails, at.codes] {
        let (status, page) = get(&format!("http://{address}/")).await;
        assert!(status == 200 && page.contains("simulated system") && !page.contains("<script"), "{page}");
        assert!(ok(serde_json::from_str::<Value>(&get(&format!("http://{address}/state.json")).await.1)).is_object());
        assert_eq!(get(&format!("http://{address}/sandbox.css")).await.0, 200);
    }
    let response = ok(client().get(format!("http://{}/", at.index)).send().await);
    assert!(
        response
            .headers()
            .get("content-security-policy")
            .is_some_and(|v| v.as_bytes().starts_with(b"default-src 'none'"))
    );
    let (status, said) = post_json(&format!("http://{}/control", at.verifier), &json!({"behaviour": "odd"})).await;
    assert!(status == 400 && said.contains("rate_limited"), "{said}");
    running.stop().await;
    for address in [at.index, at.verifier, at.market, at.transport, at.smtp, at.mails, at.codes] {
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "{address} still listens");
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = ok(TcpListener::bind("127.0.0.1:0"));
    let port = ok(taken.local_addr()).port();
    let settings = Settings { ports: Ports { smtp: port, ..Ports::default() }, ..settings() };
    let error = start(settings).await.err().map(|e| format!("{e:?}")).unwrap_or_default();
    assert!(error.contains(&format!("127.0.0.1:{port}")), "{error}");
}
