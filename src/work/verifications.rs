//! Asks the verifier what it could not be asked when people said it.
//!
//! A round leases some claims in one transaction, asks about each outside of any, and brings the answer in another, with which the cases
//! that waited go on. A process that dies in between leaves leases that run out; to ask twice is harmless.

use crate::app::App;
use crate::flows;
use crate::identity::EvidenceKind;
use crate::identity::pending::{self, Leased};
use crate::identity::verification::Said;
use crate::kernel::{Kind, Result};

/// So many are taken in a round.
const CLAIMS: usize = 20;

/// One round. Tells whether claims were asked about.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    if app.verifier.is_off() || !app.db.read(move |c| pending::has_due(c, &ctx)).await? {
        return Ok(false);
    }
    let ctx = app.system();
    let due = app.db.write(move |c| pending::lease_due(c, &ctx, CLAIMS)).await?;
    let mut is_down = false;
    for leased in &due {
        if is_down && leased.claim.kind != EvidenceKind::Face {
            // The next one would wait for the same silence.
            put_off(app, leased, "verifier-down").await?;
            continue;
        }
        is_down |= !one(app, leased).await?;
    }
    if !due.is_empty() {
        app.wake.notify_waiters();
    }
    Ok(!due.is_empty())
}

/// Asks about a claim and brings the answer; tells whether there was one.
async fn one(app: &App, leased: &Leased) -> Result<bool> {
    let Some(question) = leased.claim.question() else {
        // What only the person could show, they have not shown in its time.
        return bring(app, leased, None).await.map(|()| true);
    };
    match app.verifier.check(&question).await {
        Ok(reply) => bring(app, leased, Some(reply.into())).await.map(|()| true),
        Err(e) if e.is(Kind::Outside) => {
            e.log();
            put_off(app, leased, e.code()).await.map(|()| false)
        }
        Err(e) => Err(e),
    }
}

/// Brings the answer, or that there will be none. A clerk may be at work on the person's case at this moment: then once more.
async fn bring(app: &App, leased: &Leased, said: Option<Said>) -> Result<()> {
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, books, leased, said) = (app.system(), app.books(), leased.clone(), said.clone());
        let write = move |c: &mut crate::db::Conn| match &said {
            Some(said) => flows::verified_later(c, &ctx, &books, &leased, said),
            None => flows::not_shown(c, &ctx, &books, &leased),
        };
        match app.db.write(write).await {
            Err(e) if e.is(Kind::Conflict) && tries < 5 => {}
            done => return done,
        }
    }
}

async fn put_off(app: &App, leased: &Leased, why: &'static str) -> Result<()> {
    let (ctx, leased) = (app.system(), leased.clone());
    app.db.write(move |c| pending::put_off(c, &ctx, &leased, why)).await
}
