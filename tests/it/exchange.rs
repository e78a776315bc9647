//! What is sent to departments that answer badly, late or not at all.

use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cloudmart::cases::{Case, State};
use cloudmart::exchange::{self, Breaker, Dispatch, DispatchKind, DispatchState, protocol};
use cloudmart::flows;
use cloudmart::kernel::{Error, Ts, webhook};
use cloudmart::outside::http::{Answer, Sent};
use serde_json::Value;

use super::harness::TestApp;
use super::inbox::{Message, is, refused};
use super::made::{self, FOOD, FREIGHT, MARKET, SECRET, TRANSPORT};

const MARKET_URL: &str = "http://market.example/events";
const TRANSPORT_URL: &str = "http://transport.example/events";

/// Both departments have a system, and a case waits to be sent to the first.
pub async fn dispatched(t: &TestApp) -> Case {
    made::endpoint(t, MARKET, MARKET_URL).await;
    made::endpoint(t, TRANSPORT, TRANSPORT_URL).await;
    made::accepted(t, FOOD).await
}

/// The only dispatch of the market department.
pub async fn only(t: &TestApp) -> Dispatch {
    let mut all = made::dispatches(t, MARKET).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn status(status: u16) -> impl Fn(&Sent) -> cloudmart::kernel::Result<Answer> + Send + Sync + 'static {
    move |_| Ok(Answer::new(status, ""))
}

fn event_of(sent: &Sent) -> Value {
    serde_json::from_slice(&sent.body).unwrap()
}

async fn breaker(t: &TestApp, key: &str) -> Breaker {
    let (ctx, id) = (t.system(), made::department(t, key));
    let all = t.app.db.read(move |c| exchange::health(c, &ctx)).await.unwrap();
    all.into_iter().find(|h| h.department_id == id).unwrap().breaker
}

both!(an_accepted_case_goes_out_signed_and_is_taken_with_the_receipt, async |t| {
    let case = dispatched(t).await;
    assert_eq!(case.state, State::Dispatched);
    t.departments_answer(|_| Ok(Answer::new(200, r#"{"receipt":"SC-2026-1"}"#)));
    t.settle().await;

    let sent = t.http.sent();
    assert_eq!(sent.len(), 1);
    let head = |name: &str| sent[0].header(name).unwrap().to_owned();
    let (id, at, signature) = (head("webhook-id"), head("webhook-timestamp"), head("webhook-signature"));
    webhook::verify(&[SECRET], &id, &at, &signature, &sent[0].body, t.clock.now()).unwrap();
    let event = event_of(&sent[0]);
    assert_eq!((event["specversion"].as_str(), event["id"].as_str()), (Some("1.0"), Some(id.as_str())));
    assert_eq!(event["type"], protocol::CASE_ACCEPTED);
    assert_eq!(event["subject"].as_str(), case.case_no.as_deref());
    assert_eq!(event["data"]["due_on"].as_str(), case.due_on.map(|d| d.to_string()).as_deref());

    let dispatch = only(t).await;
    assert_eq!((dispatch.state, dispatch.receipt.as_deref()), (DispatchState::Sent, Some("SC-2026-1")));
    assert_eq!(made::now(t, case.id).await.state, State::Processing);
    t.settle().await;
    assert_eq!(t.http.sent().len(), 1, "what was taken is not sent again");
});

both!(errors_are_tried_again_with_growing_delays_and_one_id_until_it_is_laid_aside, async |t| {
    let case = dispatched(t).await;
    t.departments_answer(status(500));
    let mut times: Vec<Ts> = vec![];
    let most = t.app.config.exchange.max_attempts;
    for _ in 0..200 {
        let before = t.http.sent().len();
        t.settle().await;
        if t.http.sent().len() > before {
            assert_eq!(t.http.sent().len(), before + 1, "one try at a time");
            times.push(t.clock.now());
        }
        let dispatch = only(t).await;
        if dispatch.state != DispatchState::Queued {
            break;
        }
        assert_eq!(dispatch.last_status, Some(500));
        let until = match breaker(t, MARKET).await {
            Breaker::Open(until) => until.max(dispatch.next_at),
            _ => dispatch.next_at,
        };
        t.advance(until.secs_since(t.clock.now()).max(0) + 1);
    }
    let dispatch = only(t).await;
    assert_eq!((dispatch.state, dispatch.attempts), (DispatchState::Dead, most));
    assert_eq!(times.len() as i32, most);
    let gaps: Vec<i64> = times.windows(2).map(|w| w[1].secs_since(w[0])).collect();
    let delays = &t.app.config.exchange.delays;
    for (at, gap) in gaps.iter().enumerate() {
        let delay = delays[at.min(delays.len() - 1)] as i64;
        assert!(*gap >= delay * 8 / 10, "the {}th try came after {gap} s, and not after about {delay}", at + 2);
    }
    assert!(gaps.last() > gaps.first());
    let ids: Vec<String> = t.http.sent().iter().map(|s| s.header("webhook-id").unwrap().to_owned()).collect();
    assert!(ids.iter().all(|id| *id == dispatch.id.to_string()), "a repeat is known by its id");
    assert_eq!(made::now(t, case.id).await.state, State::Dispatched, "the case waits");

    // An administrator sends it again, and now it is taken: under the same id.
    t.departments_answer(status(202));
    let (admin, id) = (made::as_staff(t, "admin").await, dispatch.id);
    t.app.db.write(move |c| exchange::resend(c, &admin, id)).await.unwrap();
    t.advance(3600);
    t.settle().await;
    assert_eq!(only(t).await.state, DispatchState::Sent);
    assert_eq!(t.http.sent().last().unwrap().header("webhook-id"), Some(id.to_string().as_str()));
});

both!(a_department_may_ask_for_more_time, async |t| {
    dispatched(t).await;
    t.departments_answer(|_| Ok(Answer { retry_after: Some(600), ..Answer::new(503, "") }));
    t.settle().await;
    let dispatch = only(t).await;
    assert_eq!(dispatch.state, DispatchState::Queued);
    assert!(dispatch.next_at.secs_since(t.clock.now()) >= 598, "{dispatch:?}");
    t.advance(590);
    t.settle().await;
    assert_eq!(t.http.sent().len(), 1, "it is left alone so long");
    t.departments_answer(status(202));
    t.advance(15);
    t.settle().await;
    assert_eq!(only(t).await.state, DispatchState::Sent);
});

both!(a_message_that_is_refused_is_not_sent_again_and_speaks_not_against_the_department, async |t| {
    dispatched(t).await;
    t.departments_answer(status(422));
    t.settle().await;
    let dispatch = only(t).await;
    assert_eq!((dispatch.state, dispatch.attempts), (DispatchState::Dead, 1));
    assert_eq!(dispatch.last_error.as_deref(), Some("outside-refused"));
    assert_eq!(breaker(t, MARKET).await, Breaker::Closed);
});

both!(silence_is_tried_again, async |t| {
    dispatched(t).await;
    t.departments_answer(|_| Err(Error::outside("outside-timeout")));
    t.settle().await;
    let dispatch = only(t).await;
    assert_eq!((dispatch.state, dispatch.attempts, dispatch.last_status), (DispatchState::Queued, 1, None));
    assert_eq!(dispatch.last_error.as_deref(), Some("outside-timeout"));
    t.departments_answer(status(202));
    t.advance(10);
    t.settle().await;
    assert_eq!(only(t).await.state, DispatchState::Sent);
});

both!(a_department_that_fails_is_left_alone_for_a_while_and_then_asked_once, async |t| {
    dispatched(t).await;
    t.departments_answer(status(500));
    for _ in 0..5 {
        t.settle().await;
        let next = only(t).await.next_at;
        t.advance(next.secs_since(t.clock.now()).max(0) + 1);
    }
    // The pause began with the fifth failure, before the clock was moved on to the next try; here it is over or not.
    t.settle().await;
    let Breaker::Open(until) = breaker(t, MARKET).await else { panic!("{:?}", breaker(t, MARKET).await) };
    let before = t.http.sent().len();
    let second = made::accepted(t, FOOD).await;
    t.settle().await;
    assert_eq!(t.http.sent().len(), before, "nothing goes to a department whose breaker is open");
    t.departments_answer(status(202));
    let due = made::dispatches(t, MARKET).await.iter().map(|d| d.next_at).max().unwrap().max(until);
    t.advance(due.secs_since(t.clock.now()) + 1);
    assert_eq!(breaker(t, MARKET).await, Breaker::HalfOpen);
    t.settle().await;
    assert_eq!(breaker(t, MARKET).await, Breaker::Closed);
    let all = made::dispatches(t, MARKET).await;
    assert!(all.iter().all(|d| d.state == DispatchState::Sent), "{all:?}");
    assert!(all.iter().any(|d| d.case_id == second.id));
});

both!(a_department_that_hangs_holds_up_nobody_else, async |t| {
    dispatched(t).await;
    let (release, hanging) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (released, hangs) = (release.clone(), hanging.clone());
    t.departments_answer(|_| Ok(Answer::new(202, "")));
    t.hang_at(MARKET_URL, move || {
        hangs.store(true, Ordering::SeqCst);
        let since = Instant::now();
        while !released.load(Ordering::SeqCst) && since.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(Error::outside("outside-timeout"))
    });
    cloudmart::work::dispatch::round(&t.app).await.unwrap();
    while !hanging.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // While that message is under way, another department's is accepted, sent and taken.
    let other = made::accepted(t, FREIGHT).await;
    for _ in 0..40 {
        cloudmart::work::dispatch::round(&t.app).await.unwrap();
        if made::dispatches(t, TRANSPORT).await[0].state == DispatchState::Sent {
            break;
        }
    }
    let sent = made::dispatches(t, TRANSPORT).await;
    assert_eq!((sent[0].state, sent[0].case_id), (DispatchState::Sent, other.id));
    assert_eq!(only(t).await.attempts, 0, "the first is still under way");
    release.store(true, Ordering::SeqCst);
    cloudmart::work::dispatch::settle(&t.app).await.unwrap();
    assert_eq!(only(t).await.last_error.as_deref(), Some("outside-timeout"));
});

both!(what_a_process_took_and_did_not_end_is_sent_again_under_its_id, async |t| {
    dispatched(t).await;
    let (ctx, limit) = (t.system(), 10);
    let take = move |c: &mut cloudmart::db::Conn| exchange::lease_due(c, &ctx, limit, 70);
    let first = t.app.db.write(take.clone()).await.unwrap();
    assert_eq!(first.len(), 1);
    assert!(t.app.db.write(take).await.unwrap().is_empty(), "no second process takes it");
    // The process dies here. Until its lease has run out nobody sends.
    t.settle().await;
    assert!(t.http.sent().is_empty());
    t.advance(71);
    t.settle().await;
    let sent = t.http.sent();
    assert_eq!((sent.len(), sent[0].header("webhook-id")), (1, Some(first[0].id.to_string().as_str())));
});

both!(a_withdrawal_is_told_to_who_has_heard_of_the_case_and_to_nobody_else, async |t| {
    let case = dispatched(t).await;
    t.settle().await;
    let withdraw = async |id| {
        let (person, books) = (made::as_person(t, &made::declarer(FOOD)).await, t.app.books());
        t.app.db.write(move |c| flows::withdraw(c, &person, &books, id, "改日再办")).await.unwrap();
    };
    withdraw(case.id).await;
    t.settle().await;
    let sent = t.http.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(event_of(&sent[1])["type"], protocol::CASE_WITHDRAWN);
    assert_ne!(sent[0].header("webhook-id"), sent[1].header("webhook-id"), "another message, another id");
    // A decision that crosses it on its way is kept and changes nothing.
    is(&Message::decided(t, "m-1", &case).send(t).await, "late");
    assert_eq!(made::now(t, case.id).await.state, State::Withdrawn);

    // Another one is withdrawn before anything was sent.
    let second = made::accepted(t, FOOD).await;
    withdraw(second.id).await;
    t.settle().await;
    assert_eq!(t.http.sent().len(), 2);
    let all = made::dispatches(t, MARKET).await;
    let of_second: Vec<_> = all.iter().filter(|d| d.case_id == second.id).map(|d| (d.kind, d.state)).collect();
    assert_eq!(of_second, [(DispatchKind::Accepted, DispatchState::Dropped)]);
});

both!(links_to_materials_are_for_one_department_and_a_limited_time, async |t| {
    let case = dispatched(t).await;
    made::accepted(t, FREIGHT).await;
    t.settle().await;
    let links = |kind: &str| {
        let sent = t.http.sent().into_iter().find(|s| s.url == kind).unwrap();
        let all = event_of(&sent)["data"]["materials"].as_array().unwrap().clone();
        all.iter().map(|m| m["url"].as_str().unwrap().strip_prefix(&t.url).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (own, other) = (links(MARKET_URL), links(TRANSPORT_URL));
    let anyone = t.anyone();
    let file = anyone.get(&own[0]).await;
    assert_eq!((file.status, file.bytes.as_slice()), (200, made::PDF));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment"));

    let (path, query) = own[0].split_once('?').unwrap();
    let with = |name: &str, value: &str| {
        let pairs =
            query.split('&').map(|p| if p.starts_with(name) { format!("{name}={value}") } else { p.to_owned() });
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    };
    let dispatch = other[0].split_once("dispatch=").unwrap().1.split('&').next().unwrap();
    let forged = [
        with("sig", "AAAA"),
        with("until", "99999999999"),
        with("dispatch", dispatch),
        format!("{}?{query}", other[0].split('?').next().unwrap()),
        own[0].replace(query, &query.replace("sig=", "sig=A")),
    ];
    for link in &forged {
        refused(&anyone.get(link).await, 404, "not-found");
    }
    refused(&anyone.get(path).await, 400, "request-unreadable");

    t.advance(t.app.config.exchange.link_minutes * 60 + 1);
    refused(&anyone.get(&own[0]).await, 410, "link-expired");
    assert_eq!(made::now(t, case.id).await.state, State::Dispatched);
});

both!(a_new_secret_leaves_the_old_one_good_until_the_next, async |t| {
    let case = dispatched(t).await;
    let (admin, id) = (made::as_staff(t, "admin").await, made::department(t, MARKET));
    let change = move |c: &mut cloudmart::db::Conn| {
        exchange::change_endpoint(c, &admin, id, MARKET_URL, Some(b"another secret of more than 24"), true)
    };
    t.app.db.write(change).await.unwrap();
    t.settle().await;
    let sent = t.http.sent().remove(0);
    let head = |name: &str| sent.header(name).unwrap().to_owned();
    let (id, at, signature) = (head("webhook-id"), head("webhook-timestamp"), head("webhook-signature"));
    for secret in [SECRET, b"another secret of more than 24"] {
        webhook::verify(&[secret], &id, &at, &signature, &sent.body, t.clock.now()).unwrap();
    }
    is(&Message::received("m-1", &case).send(t).await, "applied");
});

both!(many_cases_are_sent_once_each_whatever_the_department_does_in_between, async |t| {
    made::endpoint(t, MARKET, MARKET_URL).await;
    let answers = [500, 202, 503, 202, 429];
    let (nth, taken) = (AtomicU16::new(0), Arc::new(Mutex::new(Vec::<String>::new())));
    let took = taken.clone();
    t.departments_answer(move |sent| {
        let status = answers[usize::from(nth.fetch_add(1, Ordering::SeqCst)) % answers.len()];
        if status == 202 {
            took.lock().unwrap().push(sent.header("webhook-id").unwrap().to_owned());
        }
        Ok(Answer::new(status, ""))
    });
    for _ in 0..6 {
        made::accepted(t, FOOD).await;
    }
    for _ in 0..100 {
        t.settle().await;
        if made::dispatches(t, MARKET).await.iter().all(|d| d.state == DispatchState::Sent) {
            break;
        }
        t.advance(30);
    }
    let all = made::dispatches(t, MARKET).await;
    assert!(all.len() == 6 && all.iter().all(|d| d.state == DispatchState::Sent), "{all:?}");
    let mut ids = taken.lock().unwrap().clone();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!((count, ids.len()), (6, 6), "what was taken is never sent again");
});
