use serde_json::json;

use super::*;
use crate::outside::verifier_protocol::{FACE_RESULT, FACES, FaceBegun, FaceOutcome, FaceReply, Outcome, PATH, Reply};
use crate::sandbox::verifier::{Child, Enterprise};

fn person(name: &str, id_number: &str, outcome: Outcome) -> Person {
    Person {
        name: name.into(),
        id_number: id_number.into(),
        phone: "13800138000".into(),
        outcome,
        bank_card: "6222021234567894".into(),
        social_card: "D12345678".into(),
        fund_account: String::new(),
        driving_licence: "980100123456".into(),
        enterprise: Some(Enterprise {
            name: "甲公司".into(),
            uscc: "91980104MA6YH00284".into(),
            role: "legal_person".into(),
        }),
        children: vec![Child { name: "小明".into(), id_number: "980102201605120045".into() }],
    }
}

async fn ask(at: SocketAddr, name: &str, id_number: &str, phone: &str) -> (u16, String) {
    let body =
        json!({ "request_id": "r", "check": "name_id_phone", "name": name, "id_number": id_number, "phone": phone });
    post_json(&format!("http://{at}{PATH}"), &body).await
}

async fn outcome(at: SocketAddr, name: &str, id_number: &str, phone: &str) -> Outcome {
    let (status, said) = ask(at, name, id_number, phone).await;
    assert_eq!(status, 200);
    let reply: Reply = ok(serde_json::from_str(&said));
    assert!(reply.reference.starts_with("SBX-") && !reply.issuer.is_empty());
    reply.outcome
}

#[tokio::test]
async fn people_are_matched_by_all_three() {
    let people = vec![
        person("张三", "98010019900101001X", Outcome::Match),
        person("李四", "980100199001010028", Outcome::Deceased),
    ];
    let running = ok(start(Settings { people, ..settings() }).await);
    let at = running.addresses.verifier;
    let phone = "13800138000";
    assert_eq!(outcome(at, "张三", "98010019900101001x", phone).await, Outcome::Match);
    assert_eq!(outcome(at, "张山", "98010019900101001X", phone).await, Outcome::Mismatch);
    assert_eq!(outcome(at, "张三", "98010019900101001X", "13900139000").await, Outcome::Mismatch);
    assert_eq!(outcome(at, "李四", "980100199001010028", phone).await, Outcome::Deceased);
    assert_eq!(outcome(at, "李五", "980100199001010028", phone).await, Outcome::Mismatch);
    assert_eq!(outcome(at, "王五", "980100199001010036", phone).await, Outcome::Unknown);
    let added = json!({"name": "王五", "id_number": "980100199001010036", "phone": phone, "outcome": "match"});
    assert_eq!(post_json(&format!("http://{at}/people"), &added).await.0, 201);
    assert_eq!(outcome(at, "王五", "980100199001010036", phone).await, Outcome::Match);
    assert_eq!(get_json(&format!("http://{at}/state.json")).await["asked"], 7);
}

#[tokio::test]
async fn it_fails_in_the_ways_that_are_asked_for() {
    let running = ok(start(Settings { slow: Duration::from_millis(300), ..settings() }).await);
    let at = running.addresses.verifier;
    for (behaviour, status) in [("rate_limited", 429), ("down", 503), ("rubbish", 200)] {
        behave(at, behaviour).await;
        let (got, said) = ask(at, "a", "b", "c").await;
        assert_eq!(got, status, "{behaviour}");
        assert!(serde_json::from_str::<Reply>(&said).is_err());
    }
    behave(at, "slow").await;
    let began = std::time::Instant::now();
    assert_eq!(outcome(at, "a", "b", "c").await, Outcome::Unknown);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn cards_are_those_of_their_holder() {
    let people = vec![person("张三", "98010019900101001X", Outcome::Match)];
    let running = ok(start(Settings { people, ..settings() }).await);
    let at = running.addresses.verifier;
    let ask = async |check: &str, number: &str| {
        let body = json!({
            "request_id": "r", "check": check, "name": "张三", "id_number": "98010019900101001X", "number": number,
        });
        let (status, said) = post_json(&format!("http://{at}{PATH}"), &body).await;
        assert_eq!(status, 200, "{said}");
        ok(serde_json::from_str::<Reply>(&said)).outcome
    };
    assert_eq!(ask("name_id", "").await, Outcome::Match);
    assert_eq!(ask("bank", "6222021234567894").await, Outcome::Match);
    assert_eq!(ask("bank", "D12345678").await, Outcome::Mismatch);
    assert_eq!(ask("social_card", "D12345678").await, Outcome::Match);
    assert_eq!(ask("driving_licence", "980100123456").await, Outcome::Match);
    // None is on record: nobody's.
    assert_eq!(ask("fund_account", "").await, Outcome::Mismatch);
}

#[tokio::test]
async fn each_outcome_can_be_had_by_the_switch_and_by_a_name() {
    let running = ok(start(Settings { slow: Duration::from_millis(200), ..settings() }).await);
    let at = running.addresses.verifier;
    for code in ["match", "mismatch", "unknown", "deceased"] {
        behave(at, code).await;
        assert_eq!(outcome(at, "a", "b", "c").await.code(), code);
    }
    behave(at, "lying").await;
    let (status, said) = ask(at, "a", "b", "c").await;
    assert!(status == 200 && said.contains("MATCH") && serde_json::from_str::<Reply>(&said).is_err(), "{said}");
    behave(at, "normal").await;
    for (name, code) in crate::sandbox::verifier::NAMES {
        let began = std::time::Instant::now();
        let (status, said) = ask(at, name, "98010019900101001X", "c").await;
        let reply = serde_json::from_str::<Reply>(&said).ok().map(|r| r.outcome.code());
        match code {
            "slow" => assert!(began.elapsed() >= Duration::from_millis(200) && reply == Some("unknown")),
            "rate_limited" => assert_eq!(status, 429),
            "down" => assert_eq!(status, 503),
            "rubbish" | "lying" => assert!(status == 200 && reply.is_none(), "{name}: {said}"),
            code => assert_eq!(reply, Some(code), "{name}"),
        }
    }
}

/// Clicks on the page of a face, as its form does.
async fn click(address: &str, outcome: &str) -> u16 {
    let form = "application/x-www-form-urlencoded";
    let sent = client().post(address).header("content-type", form).body(format!("outcome={outcome}"));
    ok(sent.send().await).status().as_u16()
}

#[tokio::test]
async fn a_face_is_shown_by_a_click_and_asked_for_by_its_reference() {
    let people = vec![person("张三", "98010019900101001X", Outcome::Match)];
    let running = ok(start(Settings { people, ..settings() }).await);
    let at = running.addresses.verifier;
    let begin = async |name: &str| {
        let body = json!({
            "request_id": "r", "name": name, "id_number": "98010019900101001X", "return_to": "http://here.example/back",
        });
        let (status, said) = post_json(&format!("http://{at}{FACES}"), &body).await;
        assert_eq!(status, 200, "{said}");
        ok(serde_json::from_str::<FaceBegun>(&said))
    };
    let result = async |reference: &str| {
        let said = post_json(&format!("http://{at}{FACE_RESULT}"), &json!({ "reference": reference })).await.1;
        ok(serde_json::from_str::<FaceReply>(&said))
    };
    for (clicked, expected) in [
        ("match", FaceOutcome::Match),
        ("mismatch", FaceOutcome::Mismatch),
        ("lifeless", FaceOutcome::Lifeless),
        ("cancelled", FaceOutcome::Cancelled),
    ] {
        let begun = begin("张三").await;
        assert!(begun.address.starts_with(&format!("http://{at}/face/")) && begun.good_for > 0);
        assert_eq!(result(&begun.reference).await.outcome, FaceOutcome::Waiting);
        let page = get(&begun.address).await.1;
        assert!(page.contains("是我本人") && !page.contains("98010019900101001X"), "{page}");
        assert_eq!(click(&begun.address, clicked).await, 303);
        assert_eq!(result(&begun.reference).await.outcome, expected);
        // It is for one use.
        assert_eq!(click(&begun.address, "match").await, 303);
        let now = result(&begun.reference).await;
        assert_eq!((now.outcome, now.reference.as_str()), (expected, begun.reference.as_str()));
        assert!(get(&begun.address).await.1.contains("http://here.example/back"));
    }
    // Somebody whom the records do not know has no photo there; and a lie is another's result.
    let begun = begin("李四").await;
    assert_eq!(click(&begun.address, "match").await, 303);
    assert_eq!(result(&begun.reference).await.outcome, FaceOutcome::Mismatch);
    let begun = begin("测试说谎").await;
    assert_ne!(result(&begun.reference).await.reference, begun.reference);
}
