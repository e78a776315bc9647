use std::path::PathBuf;

use super::platform::{Platform, event, send};
use super::*;
use crate::exchange::protocol::{CASE_WITHDRAWN, Decided, Event, Receipt, Withdrawn};
use crate::kernel::{Ts, crypto};

async fn world() -> (Running, Platform, String, String) {
    let running = ok(start(settings()).await);
    let market = running.addresses.department_url("market").unwrap_or_default();
    let transport = running.addresses.department_url("transport").unwrap_or_default();
    (running, Platform::open().await, market, transport)
}

async fn dispatch(url: &str, id: &str, accepted: &crate::exchange::protocol::Accepted) -> String {
    let (status, said) = send(url, id, event(id, accepted), SECRET, 0).await;
    assert_eq!(status, 202, "{said}");
    ok(serde_json::from_str::<Receipt>(&said)).receipt.unwrap_or_default()
}

fn decided(platform: &Platform) -> Decided {
    let came = platform.came();
    let last = came.iter().rev().find(|(_, e)| e.kind.ends_with("decided.v1"));
    ok(serde_json::from_value(last.map(|(_, e)| e.data.clone()).unwrap_or_default()))
}

#[tokio::test]
async fn only_signed_fresh_and_sound_messages_are_taken_in() {
    let (running, platform, market, _) = world().await;
    let accepted = platform.accepted("C1");
    let body = || event("m1", &accepted);
    assert_eq!(send(&market, "m1", body(), b"another key", 0).await.0, 401);
    assert_eq!(send(&market, "m1", body(), SECRET, 400).await.0, 401);
    assert_eq!(send(&market, "m2", body(), SECRET, 0).await.0, 400, "the ids differ");
    assert_eq!(send(&market, "m1", b"{}".to_vec(), SECRET, 0).await.0, 400);
    let state = get_json(&format!("http://{}/state.json", running.addresses.market)).await;
    assert_eq!((&state["case_count"], &state["messages"]), (&json!(0), &json!(0)));
    assert!(platform.came().is_empty());
}

#[tokio::test]
async fn the_automatic_department_receives_reviews_and_grants_with_a_document() {
    let (running, platform, market, _) = world().await;
    let accepted = platform.accepted("C1");
    platform.is_busy_for(2);
    let receipt = dispatch(&market, "m1", &accepted).await;
    assert!(receipt.starts_with('M'), "{receipt}");
    assert_eq!(dispatch(&market, "m1", &accepted).await, receipt, "a repeat");
    assert_eq!(dispatch(&market, "m2", &accepted).await, receipt, "the same case again");
    platform.has_taken(3).await;
    assert_eq!(platform.taken(), ["received", "progress", "decided"]);
    let came = platform.came();
    assert!(came.len() == 5 && came[..3].iter().all(|(_, e)| e.id == came[0].1.id), "tried again under the same id");
    assert!(came.iter().all(|(_, e)| e.source == "urn:department:MARKET" && e.subject == "C1"));
    let decided = decided(&platform);
    let document = decided.document.unwrap_or_else(|| panic!("no document"));
    assert_eq!((decided.outcome.as_str(), document.mime.as_str()), ("granted", "application/pdf"));
    assert!(document.no.starts_with("YC20"), "{}", document.no);
    let pdf = crypto::from_base64(&document.content).unwrap_or_default();
    assert!(pdf.starts_with(b"%PDF-1.4") && String::from_utf8_lossy(&pdf).contains(&document.no));
    let state = get_json(&format!("http://{}/state.json", running.addresses.market)).await;
    assert_eq!((&state["case_count"], &state["repeats"]), (&json!(1), &json!(1)));
    assert_eq!(state["cases"][0]["materials"][0]["is_sound"], true);
    assert_eq!(state["cases"][0]["state"], "granted");
}

#[tokio::test]
async fn a_material_that_was_changed_is_refused() {
    let (_running, platform, market, _) = world().await;
    let mut accepted = platform.accepted("C1");
    accepted.materials[0].sha256 = "00".repeat(32);
    dispatch(&market, "m1", &accepted).await;
    platform.has_taken(3).await;
    let decided = decided(&platform);
    assert!(decided.outcome == "refused" && decided.reason.contains("摘要") && decided.document.is_none());
}

#[tokio::test]
async fn answers_come_twice_or_out_of_order_when_asked_to() {
    let (running, platform, market, _) = world().await;
    behave(running.addresses.market, "disorder").await;
    dispatch(&market, "m1", &platform.accepted("C1")).await;
    platform.has_taken(3).await;
    assert_eq!(platform.taken(), ["decided", "progress", "received"]);
    behave(running.addresses.market, "twice").await;
    dispatch(&market, "m2", &platform.accepted("C2")).await;
    platform.has_taken(9).await;
    assert_eq!(platform.taken()[3..], ["received", "received", "progress", "progress", "decided", "decided"]);
    let came = platform.came();
    assert_eq!(came[3].1.id, came[4].1.id);
}

#[tokio::test]
async fn a_wrong_signature_is_mended_by_the_next_try() {
    let (running, platform, market, _) = world().await;
    behave(running.addresses.market, "bad_signature").await;
    dispatch(&market, "m1", &platform.accepted("C1")).await;
    until("an answer was refused", || async { platform.came().iter().any(|(s, _)| *s == 401) }).await;
    assert!(platform.taken().is_empty());
    behave(running.addresses.market, "normal").await;
    platform.has_taken(3).await;
    assert_eq!(platform.taken(), ["received", "progress", "decided"]);
}

#[tokio::test]
async fn a_department_out_of_order_takes_nothing() {
    let (running, platform, market, _) = world().await;
    for (behaviour, status) in [("error500", 500), ("refuse", 400), ("hang", 0)] {
        behave(running.addresses.market, behaviour).await;
        let accepted = platform.accepted("C1");
        assert_eq!(send(&market, "m1", event("m1", &accepted), SECRET, 0).await.0, status, "{behaviour}");
    }
    behave(running.addresses.market, "normal").await;
    assert!(platform.came().is_empty());
    dispatch(&market, "m1", &platform.accepted("C1")).await;
    platform.has_taken(3).await;
}

#[tokio::test]
async fn an_officer_tells_progress_and_refuses_with_a_reason() {
    let (running, platform, _, transport) = world().await;
    dispatch(&transport, "m1", &platform.accepted("C1")).await;
    platform.has_taken(1).await;
    let page = format!("http://{}/cases/C1", running.addresses.transport);
    let act = |body: Value| async move {
        post_json(&format!("http://{}/cases/C1/act", running.addresses.transport), &body).await
    };
    let shown = get(&page).await.1;
    assert!(shown.contains("&lt;b&gt;张三") && !shown.contains("<b>张三") && shown.contains("小店"), "{shown}");
    let act = &act;
    assert_eq!(act(json!({"act": "progress", "step": "实地核查"})).await.0, 200);
    assert_eq!(act(json!({"act": "refuse"})).await.0, 422);
    assert_eq!(act(json!({"act": "dance"})).await.0, 422);
    let (status, said) = act(json!({"act": "refuse", "reason": "车辆技术条件不符", "officer": "李敏"})).await;
    assert!(status == 200 && said.contains("\"refused\""), "{said}");
    assert_eq!(act(json!({"act": "grant"})).await.0, 409);
    platform.has_taken(3).await;
    let decided = decided(&platform);
    assert_eq!((decided.reason.as_str(), decided.decided_by.as_str()), ("车辆技术条件不符", "李敏"));
    assert_eq!(get(&format!("http://{}/cases/C9", running.addresses.transport)).await.0, 404);
}

#[tokio::test]
async fn the_page_of_an_officer_works_without_script() {
    let (running, platform, _, transport) = world().await;
    let at = running.addresses.transport;
    dispatch(&transport, "m1", &platform.accepted("C1")).await;
    let post = |path: &'static str, body: &'static str| async move {
        let form =
            client().post(format!("http://{at}{path}")).header("content-type", "application/x-www-form-urlencoded");
        let response = ok(form.body(body).send().await);
        let to = response.headers().get("location").map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        (response.status().as_u16(), to.unwrap_or_default())
    };
    assert_eq!(post("/cases/C1/act", "act=refuse&reason=+").await, (303, "/cases/C1?fault=reason".into()));
    assert!(get(&format!("http://{at}/cases/C1?fault=reason")).await.1.contains("role=\"alert\""));
    assert_eq!(post("/cases/C1/act", "act=grant&officer=%E6%9D%8E%E6%95%8F").await, (303, "/cases/C1".into()));
    platform.has_taken(2).await;
    assert_eq!(decided(&platform).decided_by, "李敏");
    assert_eq!(post("/cases/C1/act", "act=grant").await, (303, "/cases/C1?fault=late".into()));
    assert_eq!(post("/control", "behaviour=hang").await, (303, "/".into()));
    let list = get(&format!("http://{at}/")).await.1;
    assert!(list.contains("value=\"hang\" aria-pressed=\"true\"") && list.contains("/cases/C1"), "{list}");
}

#[tokio::test]
async fn a_withdrawn_case_is_not_decided() {
    let (running, platform, _, transport) = world().await;
    dispatch(&transport, "m1", &platform.accepted("C1")).await;
    let data = ok(serde_json::to_value(Withdrawn { case_no: "C1".into(), withdrawn_at: Ts::default() }));
    let event = Event::new("m2".into(), "urn:cloudmart".into(), CASE_WITHDRAWN, "C1".into(), Ts::default(), data);
    assert_eq!(send(&transport, "m2", ok(serde_json::to_vec(&event)), SECRET, 0).await.0, 202);
    let at = running.addresses.transport;
    assert_eq!(post_json(&format!("http://{at}/cases/C1/act"), &json!({"act": "grant"})).await.0, 409);
    assert_eq!(get_json(&format!("http://{at}/cases/C1/state.json")).await["state"], "withdrawn");
}

#[tokio::test]
async fn open_cases_come_back_after_a_restart() {
    let folder: PathBuf = std::env::temp_dir().join(format!("cloudmart-sandbox-{}", crate::kernel::Id::random()));
    let kept = || Settings { folder: Some(folder.clone()), ..settings() };
    let platform = Platform::open().await;
    let running = ok(start(kept()).await);
    let url = |r: &Running, key: &str| r.addresses.department_url(key).unwrap_or_default();
    dispatch(&url(&running, "market"), "m1", &platform.accepted("C1")).await;
    dispatch(&url(&running, "transport"), "m2", &platform.accepted("C2")).await;
    platform.has_taken(4).await;
    let market = running.addresses.market;
    until("the outbox was empty", || async { get_json(&format!("http://{market}/state.json")).await["pending"] == 0 })
        .await;
    running.stop().await;
    let again = ok(start(kept()).await);
    let state = |at: SocketAddr| async move { get_json(&format!("http://{at}/state.json")).await };
    assert_eq!(state(again.addresses.market).await["case_count"], 0, "a finished case is done with");
    assert_eq!(state(again.addresses.transport).await["cases"][0]["case_no"], "C2");
    dispatch(&url(&again, "market"), "m1", &platform.accepted("C1")).await;
    assert_eq!(state(again.addresses.market).await["repeats"], 1, "its message is remembered");
    again.stop().await;
    ok(std::fs::remove_dir_all(folder));
}
