//! Work in the background: jobs, periodic tasks, and mails that could not be sent.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::flows;
use crate::jobs::{self, Job, JobId, JobState, Periodic};
use crate::kernel::{Cursor, Id, Ts};
use crate::notifications::{self, FailedMail, MailId};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::guard::Admin;
use crate::web::page;

/// Rows a page, of jobs and of mails.
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    after: String,
    mails: String,
}

#[derive(Debug, Serialize)]
pub struct Jobs {
    pub state: &'static str,
    pub ready: i64,
    pub failed: i64,
    pub rows: Vec<JobRow>,
    pub next: Option<String>,
    pub periodics: Vec<PeriodicRow>,
    pub mails: Vec<MailRow>,
    pub next_mails: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct JobRow {
    pub id: JobId,
    pub task: String,
    pub run_at: Ts,
    pub attempts: i32,
    pub error: Option<String>,
    /// Somebody works on it.
    pub is_leased: bool,
}

#[derive(Debug, Serialize)]
pub struct PeriodicRow {
    pub name: String,
    pub next_at: Ts,
    pub ended_at: Option<Ts>,
    pub is_running: bool,
    pub error: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct MailRow {
    pub id: MailId,
    /// Text `admin-news-…`.
    pub news: &'static str,
    pub lang: String,
    pub attempts: i32,
    pub error: Option<String>,
    pub created_at: Ts,
}

impl View for Jobs {
    const TEMPLATE: &'static str = "admin/jobs";
    fn samples() -> Vec<Self> {
        super::samples::jobs()
    }
}

pub async fn show(who: Admin, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let state = JobState::from_code(&asked.state).unwrap_or(JobState::Failed);
    let (after, after_mail) = (Cursor::decode(&asked.after), Cursor::decode(&asked.mails));
    let ctx = who.ctx.clone();
    let (counts, found, periodics, mails) = who
        .app
        .db
        .read(move |c| {
            let mails = notifications::failed_mails(c, &ctx, after_mail, ROWS)?;
            Ok((jobs::counts(c)?, jobs::list(c, state, after, ROWS)?, jobs::schedule::list(c)?, mails))
        })
        .await?;
    let now = who.ctx.now;
    let view = Jobs {
        state: state.code(),
        ready: counts.ready,
        failed: counts.failed,
        next: found.next.map(|n| format!("state={state}&after={}", n.encode())),
        rows: found.rows.into_iter().map(|job| row(job, now)).collect(),
        periodics: periodics.into_iter().map(|p| periodic(p, now)).collect(),
        next_mails: mails.next.map(|n| format!("mails={}", n.encode())),
        mails: mails.rows.into_iter().map(mail).collect(),
    };
    Ok(page::show(&who, &view)?)
}

fn is_held(until: Option<Ts>, now: Ts) -> bool {
    until.is_some_and(|t| t > now)
}

fn row(job: Job, now: Ts) -> JobRow {
    JobRow {
        id: job.id,
        task: job.kind,
        run_at: job.run_at,
        attempts: job.attempts,
        error: job.last_error,
        is_leased: is_held(job.lease_until, now),
    }
}

fn periodic(p: Periodic, now: Ts) -> PeriodicRow {
    PeriodicRow {
        name: p.name,
        next_at: p.next_at,
        ended_at: p.ended_at,
        is_running: is_held(p.lease_until, now),
        error: p.last_error,
    }
}

fn mail(m: FailedMail) -> MailRow {
    MailRow {
        id: m.id,
        news: m.news.code(),
        lang: m.lang,
        attempts: m.attempts,
        error: m.last_error,
        created_at: m.created_at,
    }
}

pub async fn again(who: Admin, id: web::Path<String>, _form: Posted) -> Result<HttpResponse, PageError> {
    let (ctx, id) = (who.ctx.clone(), JobId(id.parse::<Id>()?));
    who.app.db.write(move |c| flows::job_again(c, &ctx, id)).await?;
    who.app.wake.notify_waiters();
    Ok(page::redirect("/admin/jobs", "job-again"))
}

pub async fn mail_again(who: Admin, id: web::Path<String>, _form: Posted) -> Result<HttpResponse, PageError> {
    let (ctx, id) = (who.ctx.clone(), MailId(id.parse::<Id>()?));
    who.app.db.write(move |c| notifications::mail_again(c, &ctx, id)).await?;
    who.app.wake.notify_waiters();
    Ok(page::redirect("/admin/jobs", "mail-again"))
}
