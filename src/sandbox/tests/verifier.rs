use serde_json::json;

use super::*;
use crate::outside::verifier_protocol::{Outcome, PATH, Reply};

fn person(name: &str, id_number: &str, outcome: Outcome) -> Person {
    Person { name: name.into(), id_number: id_number.into(), phone: "13800138000".into(), outcome }
}

async fn ask(at: SocketAddr, name: &str, id_number: &str, phone: &str) -> (u16, String) {
    let body = json!({ "request_id": "r", "name": name, "id_number": id_number, "phone": phone });
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
