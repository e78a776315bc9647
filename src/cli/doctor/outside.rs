//! The systems outside: whether they can be reached.

use std::time::Duration;

use super::base::told;
use super::sheet::Sheet;
use crate::cli::explain;
use crate::config::{Config, keyfile};
use crate::db::Db;
use crate::exchange::{self, Breaker};
use crate::identity::{self, Channel};
use crate::kernel::{Clock, Ctx, Error, Result};
use crate::notifications;
use crate::outside::http::host_of;
use crate::outside::{Guarded, Mailer, Verifier};

const TIMEOUT: Duration = Duration::from_secs(5);
/// Minutes that a message may wait before somebody should look.
const PATIENCE: i64 = 30;

pub(super) async fn verifier(sheet: &mut Sheet, config: &Config) {
    let url = &config.verifier.url;
    match Verifier::from_config(&config.verifier) {
        Err(e) => sheet.broken("verifier", explain(&e), "write verifier.url as http://host:port"),
        Ok(v) if v.is_off() => {
            let cure = "set verifier.url: nobody can be verified, and so nobody can declare online";
            sheet.watch("verifier", "is switched off", cure);
        }
        Ok(_) => match reach(url).await {
            Ok(()) => sheet.good("verifier", format!("{url} answers")),
            Err(e) => sheet.broken("verifier", format!("{url}: {}", explain(&e)), "start it, or mend verifier.url"),
        },
    }
}

pub(super) async fn mail(sheet: &mut Sheet, config: &Config) {
    let server = &config.mail.server;
    let mailer = match Mailer::from_config(&config.mail) {
        Ok(mailer) => mailer,
        Err(e) => return sheet.broken("mail", explain(&e), "mend the section [mail]"),
    };
    if mailer.is_off() {
        return sheet.watch("mail", "is switched off; mails stay in the queue", "set mail.server");
    }
    match mailer.check().await {
        Ok(()) => sheet.good("mail", format!("{server} lets us in")),
        Err(e) => sheet.broken(
            "mail",
            format!("{server}: {}", explain(&e)),
            "start it, or mend mail.server, security, user, password",
        ),
    }
}

/// Mails that could not be sent.
pub(super) async fn mails(sheet: &mut Sheet, config: &Config, db: &Db, clock: &Clock) {
    const MOST: i64 = 1000;
    let Ok(keys) = keyfile::load(&config.secrets) else { return };
    let ctx = Ctx::system(clock.now(), keys);
    let read = db.read(move |c| notifications::failed_mail_count(c, &ctx, MOST)).await;
    let Some(count) = told(sheet, "mails", read) else { return };
    if count > 0 {
        let more = if count == MOST { " or more" } else { "" };
        sheet.watch(
            "mails",
            format!("{count}{more} were laid aside"),
            "an administrator may send them again on /admin/jobs",
        );
    }
}

struct Reached {
    name: String,
    code: String,
    endpoint: Option<(String, bool)>,
    health: Option<exchange::Health>,
}

/// Every department that takes its cases into a system of its own.
pub(super) async fn departments(sheet: &mut Sheet, config: &Config, db: &Db, clock: &Clock) {
    let Ok(keys) = keyfile::load(&config.secrets) else { return };
    let ctx = Ctx::system(clock.now(), keys);
    let read = db.read(move |c| {
        let health = exchange::health(c, &ctx)?;
        let mut all = vec![];
        for d in identity::departments(c)?.into_iter().filter(|d| d.is_active && d.channel == Channel::System) {
            let endpoint = exchange::endpoint(c, &ctx, d.id)?.map(|e| (e.url, e.is_active));
            let health = health.iter().find(|h| h.department_id == d.id).cloned();
            all.push(Reached { name: d.short.en, code: d.key, endpoint, health });
        }
        Ok(all)
    });
    let Some(all) = told(sheet, "departments", read.await) else { return };
    let http = match Guarded::new(config.exchange.hosts.clone(), TIMEOUT) {
        Ok(http) => http,
        Err(e) => return sheet.broken("departments", explain(&e), "mend [exchange]"),
    };
    for one in all {
        department(sheet, &one, &http, clock).await;
    }
}

async fn department(sheet: &mut Sheet, one: &Reached, http: &Guarded, clock: &Clock) {
    let what = format!("department {} ({})", one.code, one.name);
    let Some((url, is_active)) = &one.endpoint else {
        return sheet.broken(
            what,
            "has a system of its own, but no address of it is known",
            "an administrator enters it",
        );
    };
    if !is_active {
        return sheet.watch(what, "is switched off; its messages wait", "an administrator switches it on");
    }
    if !http.may_reach(url) {
        let host = host_of(url).unwrap_or_default();
        return sheet.broken(
            what,
            format!("{url} is refused before a connection is made"),
            format!("add \"{host}\" to exchange.hosts"),
        );
    }
    match reach(url).await {
        Ok(()) => sheet.good(&what, format!("{url} answers")),
        Err(e) => sheet.broken(
            &what,
            format!("{url}: {}", explain(&e)),
            "ask the department; messages wait and are sent by themselves",
        ),
    }
    let Some(h) = &one.health else { return };
    if let Breaker::Open(until) = h.breaker {
        let error = h.last_error.as_deref().unwrap_or("-");
        sheet.watch(
            &what,
            format!("{} failures in a row ({error}); next try {}", h.failures, until.minute()),
            "ask the department",
        );
    }
    let waits = h.oldest_at.map_or(0, |at| clock.now().secs_since(at) / 60);
    if waits > PATIENCE {
        sheet.watch(
            &what,
            format!("{} messages wait, the oldest for {waits} min", h.queued),
            "see whether `cloudmart work` runs",
        );
    }
    if h.dead > 0 {
        sheet.watch(
            &what,
            format!("{} messages were given up", h.dead),
            "an administrator looks at them and sends them again",
        );
    }
}

/// Whether somebody listens there.
async fn reach(url: &str) -> Result<()> {
    let host = host_of(url).ok_or_else(|| Error::internal("is no address with a host"))?;
    match tokio::time::timeout(TIMEOUT, tokio::net::TcpStream::connect(&host)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(e)) => Err(Error::internal(e)),
        Err(_) => Err(Error::internal("no answer within five seconds")),
    }
}
