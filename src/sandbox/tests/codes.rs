//! The page of the authenticators.

use super::*;
use crate::kernel::{Clock, Ts, totp};

#[tokio::test]
async fn each_authenticator_shows_its_code_and_for_how_long() {
    let clock = Clock::default();
    clock.set(Ts::from_micros(1_800_000_000_000_000));
    let one = |login: &str, byte: u8| Authenticator {
        login: login.into(),
        name: "许<静>怡".into(),
        what: ("窗口".into(), "clerk".into()),
        secret: vec![byte; 20],
    };
    let authenticators = vec![one("clerk.h01.1", 1), one("admin", 2)];
    let running = ok(start(Settings { authenticators, clock: clock.clone(), ..settings() }).await);
    let at = running.addresses.codes;
    // The clock goes on, but not for half a minute.
    let code = ok(totp::code(&[1; 20], clock.now()));
    let (status, page) = get(&format!("http://{at}/")).await;
    assert!(status == 200 && page.contains(&code) && page.contains("http-equiv=\"refresh\""), "{page}");
    assert!(page.contains("许&lt;静&gt;怡") && page.contains("秒有效"), "{page}");
    let all = get_json(&format!("http://{at}/codes.json")).await;
    assert_eq!((all["codes"].as_array().map(Vec::len), &all["codes"][0]["code"]), (Some(2), &json!(code)));
    let other = get_json(&format!("http://{at}/codes.json?login=admin")).await;
    assert_eq!(other["codes"][0]["code"], json!(ok(totp::code(&[2; 20], clock.now()))));
    clock.advance_secs(totp::STEP);
    let next = get_json(&format!("http://{at}/codes.json?login=clerk.h01.1")).await;
    assert_ne!(next["codes"][0]["code"], json!(code));
    running.stop().await;
}
