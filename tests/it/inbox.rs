//! What departments' systems say: twice, in the wrong order, badly signed, of cases that are not theirs.

use cloudmart::cases::{self, Case, Decision, Event, State};
use cloudmart::exchange::{self, DispatchState, InboxFilter, InboxState, protocol};
use cloudmart::kernel::{Error, webhook};
use cloudmart::outside::http::Answer;
use serde_json::{Value, json};

use super::exchange::{dispatched, only};
use super::harness::{Seen, TestApp};
use super::made::{self, MARKET, SECRET, TRANSPORT};

fn seconds(t: &TestApp) -> i64 {
    t.clock.now().micros() / 1_000_000
}

/// A message of a department's system about a case, and how it is sent.
pub struct Message {
    pub id: String,
    pub department: &'static str,
    pub kind: &'static str,
    pub case_no: String,
    pub data: Value,
}

impl Message {
    pub fn new(id: &str, kind: &'static str, case: &Case, more: Value) -> Self {
        let case_no = case.case_no.clone().unwrap();
        let mut data = json!({ "case_no": case_no });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Self { id: id.into(), department: MARKET, kind, case_no, data }
    }

    pub fn received(id: &str, case: &Case) -> Self {
        Self::new(id, protocol::CASE_RECEIVED, case, json!({ "receipt": "R-1" }))
    }

    pub fn decided(t: &TestApp, id: &str, case: &Case) -> Self {
        let said = json!({ "outcome": "granted", "decided_by": "行政审批科", "decided_at": t.clock.now() });
        Self::new(id, protocol::CASE_DECIDED, case, said)
    }

    fn body(&self, t: &TestApp) -> Vec<u8> {
        let code = t.app.books().shelf.department(made::department(t, self.department).0).unwrap().code.clone();
        let event = protocol::Event::new(
            self.id.clone(),
            format!("urn:department:{code}"),
            self.kind,
            self.case_no.clone(),
            t.clock.now(),
            self.data.clone(),
        );
        serde_json::to_vec(&event).unwrap()
    }

    pub async fn send(&self, t: &TestApp) -> Seen {
        let body = self.body(t);
        let signature = webhook::sign(SECRET, &self.id, seconds(t), &body);
        post(t, &self.id, seconds(t), &signature, &body).await
    }
}

async fn post(t: &TestApp, id: &str, at: i64, signature: &str, body: &[u8]) -> Seen {
    let at = at.to_string();
    let headers = [
        ("content-type", protocol::CONTENT_TYPE),
        ("webhook-id", id),
        ("webhook-timestamp", at.as_str()),
        ("webhook-signature", signature),
    ];
    t.anyone().post_bytes("/api/v1/exchange/events", &headers, body).await
}

#[track_caller]
pub fn is(seen: &Seen, state: &str) {
    assert_eq!((seen.status, seen.json()["state"].as_str()), (200, Some(state)), "{}", seen.text);
}

#[track_caller]
pub fn refused(seen: &Seen, status: u16, code: &str) {
    assert_eq!((seen.status, seen.json()["code"].as_str()), (status, Some(code)), "{}", seen.text);
    assert_eq!(seen.header("content-type"), Some("application/problem+json"));
}

both!(a_decision_that_comes_twice_counts_once, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    is(&Message::received("m-1", &case).send(t).await, "applied");
    is(&Message::received("m-1", &case).send(t).await, "repeated");
    assert_eq!(made::now(t, case.id).await.state, State::Processing);
    let decided = Message::decided(t, "m-2", &case);
    is(&decided.send(t).await, "applied");
    is(&decided.send(t).await, "repeated");
    // Another message that says the same comes after the end.
    is(&Message::decided(t, "m-3", &case).send(t).await, "late");
    let now = made::now(t, case.id).await;
    assert_eq!((now.state, now.decision), (State::Finished, Some(Decision::Granted)));
    let events = made::events(t, &case).await;
    assert_eq!(events.iter().filter(|e| **e == Event::Decide).count(), 1, "{events:?}");
    let notices = made::notices(t, &now).await;
    assert_eq!(notices.iter().filter(|n| n.kind == cases::NoticeKind::Granted).count(), 1);
    t.settle().await;
    assert_eq!(made::desk(t, &case).await, None, "it stands in no work list");
});

both!(the_same_message_sent_at_once_counts_once, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    let decided = Message::decided(t, "m-1", &case);
    let all = futures_util::future::join_all((0..8).map(|_| decided.send(t))).await;
    let said = |what: &str| all.iter().filter(|s| s.status == 200 && s.json()["state"] == what).count();
    assert_eq!((said("applied"), said("repeated")), (1, 7), "{:?}", all.iter().map(|s| &s.text).collect::<Vec<_>>());
    let events = made::events(t, &case).await;
    assert_eq!(events.iter().filter(|e| **e == Event::Finish).count(), 1);
});

both!(a_decision_may_come_before_the_receipt, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    is(&Message::decided(t, "m-2", &case).send(t).await, "applied");
    is(&Message::received("m-1", &case).send(t).await, "late");
    let progress = json!({ "step": "审核", "handler": "王", "opinion": "", "at": t.clock.now() });
    is(&Message::new("m-0", protocol::CASE_PROGRESS, &case, progress).send(t).await, "late");
    assert_eq!(made::now(t, case.id).await.state, State::Finished);
});

both!(a_decision_may_come_before_the_answer_to_the_dispatch, async |t| {
    let case = dispatched(t).await;
    // The department's answer to our message is lost; its decision is not.
    t.departments_answer(|_| Err(Error::outside("outside-timeout")));
    t.settle().await;
    is(&Message::decided(t, "m-1", &case).send(t).await, "applied");
    t.departments_answer(|_| Ok(Answer::new(200, r#"{"receipt":"SC-1"}"#)));
    t.advance(10);
    t.settle().await;
    assert_eq!(only(t).await.state, DispatchState::Sent);
    assert_eq!(made::now(t, case.id).await.state, State::Finished);
});

both!(what_is_not_signed_as_it_should_be_changes_nothing, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    let decided = Message::decided(t, "m-1", &case);
    let (body, at) = (decided.body(t), seconds(t));
    let good = webhook::sign(SECRET, "m-1", at, &body);
    refused(&post(t, "m-1", at, "v1,AAAA", &body).await, 401, "signature-bad");
    let other = webhook::sign(b"the secret of somebody else ......", "m-1", at, &body);
    refused(&post(t, "m-1", at, &other, &body).await, 401, "signature-bad");
    refused(&post(t, "m-2", at, &good, &body).await, 401, "signature-bad");
    let changed = String::from_utf8(body.clone()).unwrap().replace("granted", "refused");
    refused(&post(t, "m-1", at, &good, changed.as_bytes()).await, 401, "signature-bad");
    let old = webhook::sign(SECRET, "m-1", at - 301, &body);
    refused(&post(t, "m-1", at - 301, &old, &body).await, 401, "signature-old");
    let early = webhook::sign(SECRET, "m-1", at + 330, &body);
    refused(&post(t, "m-1", at + 330, &early, &body).await, 401, "signature-old");
    let unsigned = t.anyone().post_bytes("/api/v1/exchange/events", &[], &body).await;
    refused(&unsigned, 401, "signature-bad");
    // Transport signs with a secret that is good, but for another sender's words.
    let as_other = Message { department: TRANSPORT, ..Message::decided(t, "m-1", &case) };
    refused(&as_other.send(t).await, 404, "not-found");
    assert_eq!(made::now(t, case.id).await.state, State::Dispatched);
    is(&post(t, "m-1", at, &format!("v1,AAAA {good}"), &body).await, "applied");
});

both!(messages_that_do_not_fit_are_refused_and_kept_for_the_operator, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    let unknown = Message { case_no: "X".repeat(46), ..Message::received("m-1", &case) };
    let unknown = Message { data: json!({ "case_no": unknown.case_no }), ..unknown };
    refused(&unknown.send(t).await, 404, "not-found");
    let elsewhere = Message { data: json!({ "case_no": "another" }), ..Message::received("m-2", &case) };
    refused(&elsewhere.send(t).await, 422, "form-invalid");
    let kind = Message { kind: "cn.cloudmart.case.eaten.v1", ..Message::received("m-3", &case) };
    refused(&kind.send(t).await, 422, "event-type");
    let refusal = json!({ "outcome": "refused", "decided_by": "科", "decided_at": t.clock.now() });
    let without_reason = Message::new("m-4", protocol::CASE_DECIDED, &case, refusal);
    let seen = without_reason.send(t).await;
    refused(&seen, 422, "form-invalid");
    assert_eq!(seen.json()["fields"][0]["field"], "data.reason");
    let not_json = t.anyone().post_bytes("/api/v1/exchange/events", &[], b"{").await;
    refused(&not_json, 422, "event-unreadable");

    let admin = made::as_staff(t, "admin").await;
    let kept = t.app.db.read(move |c| exchange::inbox(c, &admin, &InboxFilter::default(), 100)).await.unwrap().rows;
    let mut ids: Vec<&str> = kept.iter().map(|m| m.message_id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["m-1", "m-2", "m-3", "m-4"]);
    assert!(kept.iter().all(|m| m.state == InboxState::Refused && m.reason.is_some()));
    assert_eq!(made::now(t, case.id).await.state, State::Dispatched);
    // Sent again as it should be, under the id that was refused, it counts.
    is(&Message::received("m-2", &case).send(t).await, "applied");
});

both!(a_refused_decision_with_its_document_reaches_the_applicant, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    let document = json!({ "no": "SC-9", "file_name": "决定书.pdf", "mime": "application/pdf",
        "content": cloudmart::kernel::crypto::base64(made::PDF) });
    let said = json!({ "outcome": "refused", "reason": "经营场所不符合规定条件。", "decided_by": "审批科",
        "decided_at": t.clock.now(), "document": document });
    is(&Message::new("m-1", protocol::CASE_DECIDED, &case, said).send(t).await, "applied");
    let now = made::now(t, case.id).await;
    assert_eq!((now.state, now.decision), (State::Finished, Some(Decision::Refused)));
    let ctx = t.system();
    let files = t.app.db.read(move |c| cases::files(c, &ctx, &now)).await.unwrap();
    let result = files.iter().find(|f| f.role == cases::FileRole::Result).unwrap();
    assert_eq!((result.name.as_str(), result.size), ("决定书.pdf", made::PDF.len() as i64));
    assert_eq!(t.app.files.get(result.hash).await.unwrap(), made::PDF);
});
