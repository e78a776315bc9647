use super::*;
use crate::outside::testing::{Fake, ok};

fn settings(url: &str) -> config::Verifier {
    config::Verifier { url: url.into(), timeout: 1, face_hosts: vec!["face.example".into()], degraded: "wait".into() }
}

fn at(fake: &Fake) -> Verifier {
    ok(Verifier::from_config(&settings(&fake.url("/gate/"))))
}

fn question() -> Question {
    Question {
        check: Check::NameIdPhone,
        name: "张三".into(),
        id_number: "440306199001011234".into(),
        phone: Some("13800138000".into()),
        number: None,
        of: None,
    }
}

#[tokio::test]
async fn an_answer_is_understood() {
    let fake = Fake::status(200, r#"{"outcome":"mismatch","reference":"R1","issuer":"Verifier"}"#).await;
    let got = ok(at(&fake).check(&question()).await);
    assert_eq!((got.outcome, got.reference.as_str(), got.issuer.as_str()), (Outcome::Mismatch, "R1", "Verifier"));
    let seen = &fake.requests()[0];
    assert!(seen.starts_with("POST /gate/v1/verify-person HTTP/1.1"));
    assert!(seen.contains(r#""check":"name_id_phone""#) && seen.contains(r#""name":"张三""#));
    assert!(seen.contains(r#""phone":"13800138000""#) && !seen.contains(r#""number""#));
}

#[tokio::test]
async fn each_fault_has_its_code() {
    let cases = [
        (429, "", "verifier-busy"),
        (500, "", "verifier-down"),
        (503, "", "verifier-down"),
        (302, "", "verifier-rubbish"),
        (200, "<html>", "verifier-rubbish"),
        (200, r#"{"outcome":"perhaps","reference":"R","issuer":"I"}"#, "verifier-rubbish"),
        (200, r#"{"outcome":"MATCH","reference":"R","issuer":"I"}"#, "verifier-rubbish"),
        (200, r#"{"outcome":["match"],"reference":"R","issuer":"I"}"#, "verifier-rubbish"),
        (200, r#"{"outcome":"match","reference":7,"issuer":"I"}"#, "verifier-rubbish"),
        (200, r#"{"result":"match","reference":"R","issuer":"I"}"#, "verifier-rubbish"),
        (200, r#"{"outcome":"match","reference":"","issuer":"I"}"#, "verifier-rubbish"),
        (200, r#"{"outcome":"match","reference":"R","issuer":null}"#, "verifier-rubbish"),
    ];
    for (status, body, code) in cases {
        let fake = Fake::status(status, body).await;
        let error = at(&fake).check(&question()).await.err().map(|e| e.code());
        assert_eq!(error, Some(code), "{status} {body}");
        assert_eq!(fake.requests().len(), 1);
        let error = at(&fake).begin_face("a", "b", "c").await.err().map(|e| e.code());
        assert_eq!(error, Some(code), "a face: {status} {body}");
    }
}

#[tokio::test]
async fn a_silent_or_absent_verifier_is_down() {
    let fake = Fake::silent().await;
    let verifier = at(&fake);
    assert!(verifier.check(&question()).await.is_err_and(|e| e.code() == "verifier-down"));
    assert_eq!(fake.requests().len(), 1, "a time-out is not tried again: the verifier may be at work on it");
    drop(fake);
    let error = verifier.check(&question()).await.err();
    let error = error.unwrap_or_else(|| panic!("an absent verifier answered"));
    assert_eq!(error.code(), "verifier-down");
    assert!(!format!("{error:?}").contains("1380013"));
}

#[tokio::test]
async fn a_verifier_that_comes_back_is_reached_by_the_second_try() {
    let fake = Fake::status(200, r#"{"outcome":"match","reference":"R","issuer":"I"}"#).await;
    let verifier = at(&fake);
    let host = fake.host();
    drop(fake);
    let asked = tokio::spawn(async move { verifier.check(&question()).await });
    tokio::time::sleep(Duration::from_millis(40)).await;
    let again = Fake::status_at(&host, 200, r#"{"outcome":"match","reference":"R","issuer":"I"}"#).await;
    assert!(ok(asked.await).is_ok_and(|v| v.outcome == Outcome::Match));
    assert_eq!(again.requests().len(), 1);
}

#[tokio::test]
async fn a_face_is_shown_at_the_verifiers_own_address_alone() {
    for (address, is_theirs) in [
        ("http://HOST/face/1", true),
        ("https://face.example/h5?t=1", true),
        ("https://face.example:8443/h5", true),
        ("https://face.example.evil.test/h5", false),
        ("https://user@face.example/h5", false),
        ("javascript:alert(1)", false),
        ("/face/1", false),
        ("", false),
    ] {
        let place = Arc::new(Mutex::new(String::new()));
        let said = place.clone();
        let fake = Fake::answers(move |_| {
            let body = open(&said).clone();
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into_bytes()
        })
        .await;
        let address = address.replace("HOST", &fake.host());
        *open(&place) = format!(r#"{{"reference":"F1","address":"{address}","good_for":600}}"#);
        let begun = at(&fake).begin_face("张三", "440306199001011234", "http://here/").await;
        assert_eq!(begun.is_ok(), is_theirs, "{address}");
        assert!(begun.err().is_none_or(|e| e.code() == "verifier-rubbish"));
    }
}

#[tokio::test]
async fn the_result_of_another_face_is_none() {
    let other = r#"{"reference":"F2","outcome":"match","issuer":"I"}"#;
    let fake = Fake::status(200, other).await;
    assert!(at(&fake).face("F1").await.is_err_and(|e| e.code() == "verifier-rubbish"));
    assert_eq!(ok(at(&fake).face("F2").await).outcome, FaceOutcome::Match);
    assert!(fake.requests()[0].starts_with("POST /gate/v1/faces/result "));
    for outcome in FaceOutcome::ENDS {
        let text = serde_json::to_string(&outcome).unwrap_or_default();
        assert_eq!(text, format!("\"{}\"", outcome.code()));
    }
}

#[tokio::test]
async fn off_says_so_and_a_recording_answers() {
    let off = ok(Verifier::from_config(&settings(" ")));
    assert!(off.is_off() && off.check(&question()).await.is_err_and(|e| e.code() == "verifier-off"));
    assert!(off.face("F").await.is_err_and(|e| e.code() == "verifier-off"));
    let reply = Reply { outcome: Outcome::Deceased, reference: "R".into(), issuer: "I".into() };
    let recorded = Verifier::recorded(move |_| Ok(reply.clone()));
    assert_eq!(ok(recorded.check(&question()).await).outcome, Outcome::Deceased);
    assert_eq!(recorded.asked()[0].id_number, "440306199001011234");
    let begun = ok(recorded.begin_face("张三", "440306199001011234", "/").await);
    assert_eq!(ok(recorded.face(&begun.reference).await).outcome, FaceOutcome::Match);
    recorded.faces_are(|| Err(Error::outside("verifier-down")));
    assert!(recorded.begin_face("张三", "440306199001011234", "/").await.is_err());
}
