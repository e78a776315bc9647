//! Sends what is queued for departments' systems.
//!
//! A round leases what is due and starts a task for each message; it does not wait for them, so that a department that hangs
//! holds up nobody else. Each task makes its message from the case as it is then, signs it, posts it, and records what came of it in
//! a transaction of its own. A process that dies in between leaves a lease that runs out: the message is sent again with its id.

use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;

use crate::app::{App, Sending};
use crate::exchange::protocol::{CONTENT_TYPE, Receipt};
use crate::exchange::rules::{Outcome, Policy};
use crate::exchange::{self, DispatchKind, Leased, Tried};
use crate::flows::{self, Letter, Reach};
use crate::kernel::{Kind, Result, webhook};
use crate::outside::http;

/// Seconds of a lease beyond the time-out of the sending itself.
const SPARE: i64 = 60;

/// One round: starts what is due, or waits a moment for what is under way to end. Tells whether there is more to look for.
pub async fn round(app: &App) -> Result<bool> {
    // Asked before looking: what ends while we look may have made room for more.
    let is_idle = app.sending.places.available_permits() == Sending::MOST;
    if start_due(app).await? > 0 {
        return Ok(true);
    }
    if is_idle {
        return Ok(false);
    }
    tokio::select! {
        () = app.sending.ended.notified() => {}
        () = app.wake.notified() => {}
        () = tokio::time::sleep(Duration::from_millis(250)) => {}
    }
    Ok(true)
}

/// Sends until nothing is due and nothing under way: for commands and tests.
pub async fn settle(app: &App) -> Result<()> {
    while round(app).await? {}
    Ok(())
}

async fn start_due(app: &App) -> Result<usize> {
    let free = app.sending.places.available_permits();
    let now = app.clock.now();
    if free == 0 || !app.db.read(move |c| exchange::has_due(c, now)).await? {
        return Ok(0);
    }
    let ctx = app.system();
    let seconds = i64::try_from(app.config.exchange.timeout).unwrap_or(SPARE) + SPARE;
    let leased = app.db.write(move |c| exchange::lease_due(c, &ctx, free, seconds)).await?;
    let started = leased.len();
    for one in leased {
        // Only rounds take places, and they run one after another; should there be none, the lease runs out by itself.
        let Ok(place) = app.sending.places.clone().try_acquire_owned() else { break };
        tokio::spawn(send(app.clone(), one, place));
    }
    Ok(started)
}

async fn send(app: App, leased: Leased, place: OwnedSemaphorePermit) {
    if let Err(error) = try_once(&app, leased).await {
        tracing::warn!(dispatch = %leased.id, ?error, "A try could not be recorded; the message will be sent again.");
    }
    drop(place);
    app.sending.ended.notify_one();
}

async fn try_once(app: &App, leased: Leased) -> Result<()> {
    let begun = Instant::now();
    let outcome = match letter(app, leased).await {
        Ok(letter) => post(app, &letter, leased).await,
        Err(error) => {
            tracing::error!(dispatch = %leased.id, ?error, "A message could not be made.");
            Outcome::NotMade("dispatch-not-made")
        }
    };
    let millis = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    record(app, Tried { id: leased.id, outcome, millis }).await
}

async fn letter(app: &App, leased: Leased) -> Result<Letter> {
    let (ctx, books) = (app.system(), app.books());
    let reach = Reach {
        public_url: app.config.server.public_url.trim_end_matches('/').to_owned(),
        link_seconds: app.config.exchange.link_minutes * 60,
    };
    app.db.read(move |c| flows::compose(c, &ctx, &books, &leased, &reach)).await
}

async fn post(app: &App, letter: &Letter, leased: Leased) -> Outcome {
    let Ok(body) = serde_json::to_vec(&letter.event) else { return Outcome::NotMade("dispatch-not-made") };
    let id = letter.event.id.as_str();
    let at = app.clock.now().micros() / 1_000_000;
    let signatures: Vec<String> = letter.to.secrets().iter().map(|key| webhook::sign(key, id, at, &body)).collect();
    let (timestamp, signature) = (at.to_string(), signatures.join(" "));
    let headers = [
        ("content-type", CONTENT_TYPE),
        ("webhook-id", id),
        ("webhook-timestamp", timestamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    match app.http.post(&letter.to.url, &headers, body).await {
        Ok(answer) => Outcome::Answered {
            status: answer.status,
            retry_after: answer.retry_after,
            receipt: if answer.is_success() { receipt(leased.kind, &answer) } else { None },
        },
        Err(error) if error.is(Kind::Outside) => Outcome::Silent(error.code()),
        Err(error) => {
            tracing::error!(dispatch = %leased.id, ?error, "A message could not be sent.");
            Outcome::NotMade("dispatch-not-made")
        }
    }
}

/// The department's own number, where it answers with one at once; an answer that is something else is as good as an empty one.
fn receipt(kind: DispatchKind, answer: &http::Answer) -> Option<String> {
    if kind != DispatchKind::Accepted {
        return None;
    }
    let said: Receipt = serde_json::from_slice(&answer.body).ok()?;
    said.receipt.map(|r| r.trim().to_owned()).filter(|r| !r.is_empty() && r.chars().count() <= 100)
}

/// Records a try. The department may be saying something of the same case at this moment: then once more.
async fn record(app: &App, tried: Tried) -> Result<()> {
    let exchange = &app.config.exchange;
    let policy = Policy { delays: exchange.delays.clone(), max_attempts: exchange.max_attempts };
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, policy, tried) = (app.system(), policy.clone(), tried.clone());
        match app.db.write(move |c| flows::record_try(c, &ctx, &policy, &tried)).await {
            Err(error) if error.is(Kind::Conflict) && tries < 3 => {}
            done => return done.map(|_| ()),
        }
    }
}
