//! The seals: the last batches, what is not sealed yet, and verifying the chain, which is done in the background while the page tells how
//! far it is.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::audit::checks::{self, Check, CheckState};
use crate::audit::seals::{self, Shown, Standing};
use crate::audit::verify::Fault;
use crate::db::Conn;
use crate::identity::staff;
use crate::kernel::{Error, Id, Kind, Result, Ts};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::Posted;
use crate::web::guard::Auditor;
use crate::web::page;

/// Batches a page, and verifications.
const ROWS: i64 = 20;
const CHECKS: i64 = 5;
/// Faults that the page shows of a verification.
const FAULTS: usize = 50;

#[derive(Debug, Serialize)]
pub struct Seals {
    pub batches: Vec<Shown>,
    pub waiting: i64,
    pub waiting_since: Option<Ts>,
    /// The first page with its state, or an older one of batches alone.
    pub is_first: bool,
    /// Number before which the next page is.
    pub next: Option<i64>,
    pub checks: Vec<CheckRow>,
    pub is_verifying: bool,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CheckRow {
    /// `waiting`, `failed`, or `whole` and `faulty` when it was done.
    pub state: &'static str,
    pub tone: &'static str,
    pub batches: i64,
    pub place: i64,
    pub entries: i64,
    pub faults: i32,
    pub found: Vec<FaultRow>,
    /// More than are shown.
    pub more: i32,
    pub by: String,
    pub created_at: Ts,
    pub ended_at: Option<Ts>,
}

#[derive(Debug, Clone, Serialize)]
pub struct FaultRow {
    /// Text `audit-fault-…`.
    pub what: &'static str,
    pub batch: i64,
    pub to: Option<i64>,
    /// From 1.
    pub place: Option<i32>,
    pub entry: Option<Id>,
}

impl View for Seals {
    const TEMPLATE: &'static str = "audit/seals";
    fn samples() -> Vec<Self> {
        super::samples::seals()
    }
}

#[derive(Deserialize)]
pub struct Asked {
    before: Option<i64>,
}

pub async fn show(who: Auditor, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &load(&who, asked.before).await?)?)
}

async fn load(who: &Auditor, before: Option<i64>) -> Result<Seals> {
    let ctx = who.ctx.clone();
    let read = move |c: &mut Conn| {
        let Standing { mut batches, waiting, waiting_since } = seals::standing(c, &ctx, before, ROWS + 1)?;
        let has_more = batches.len() as i64 > ROWS;
        batches.truncate(ROWS as usize);
        let all = checks::list(c, &ctx, CHECKS)?;
        let names = staff::known(c, &ctx, all.iter().map(|check| check.staff_id).collect())?;
        Ok(Seals {
            next: batches.last().filter(|_| has_more).map(|b| b.sealed.no),
            batches,
            waiting,
            waiting_since,
            is_first: before.is_none(),
            is_verifying: all.iter().any(|check| check.state == CheckState::Waiting),
            checks: all.into_iter().map(|check| row(check, &names)).collect(),
            notice: None,
        })
    };
    who.app.db.read(read).await
}

fn row(check: Check, names: &HashMap<Id, (String, String)>) -> CheckRow {
    let (state, tone) = match check.state {
        CheckState::Waiting => ("waiting", "info"),
        CheckState::Failed => ("failed", "bad"),
        CheckState::Done if check.faults > 0 => ("faulty", "bad"),
        CheckState::Done => ("whole", "ok"),
    };
    let found: Vec<FaultRow> = check.found.iter().take(FAULTS).map(fault).collect();
    CheckRow {
        state,
        tone,
        batches: check.batches,
        place: check.place,
        entries: check.entries,
        faults: check.faults,
        more: check.faults - i32::try_from(found.len()).unwrap_or(0),
        found,
        by: names.get(&check.staff_id).map(|(_, name)| name.clone()).unwrap_or_default(),
        created_at: check.created_at,
        ended_at: check.ended_at,
    }
}

fn fault(f: &Fault) -> FaultRow {
    FaultRow {
        what: f.what.code(),
        batch: f.batch,
        to: f.to.filter(|to| *to != f.batch),
        place: f.seq.map(|seq| seq.saturating_add(1)),
        entry: f.entry,
    }
}

pub async fn verify(who: Auditor, _form: Posted) -> Result<HttpResponse, PageError> {
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| checks::begin(c, &ctx)).await {
        Ok(_) => {
            who.app.wake.notify_waiters();
            Ok(page::redirect("/audit/seals", ""))
        }
        Err(e) if e.is(Kind::Conflict) => Ok(again(&who, e).await?),
        Err(e) => Err(e.into()),
    }
}

async fn again(who: &Auditor, e: Error) -> Result<HttpResponse> {
    let view = Seals { notice: notice(who.ctx.lang, &e), ..load(who, None).await? };
    page::show_as(who, status(e.kind()), &view)
}
