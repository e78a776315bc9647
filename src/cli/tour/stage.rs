//! Where the tour plays: a platform and a world outside of its own on free ports, or a demo that runs already.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::Args;
use super::browser::Browser;
use super::people::Receipt;
use crate::app::{App, Outside};
use crate::cli::seed::{self, DEMO_PASSWORD, Items};
use crate::cli::world;
use crate::config::Config;
use crate::db::scratch;
use crate::identity;
use crate::kernel::{Clock, Error, Id, Result, Ts, crypto};
use crate::sandbox::{self, Ports, Running};
use crate::web::server::{self, Server};
use crate::worker::{self, Worker};

/// How long something that happens by itself may take.
const PATIENCE: Duration = Duration::from_secs(40);
const LOOK: Duration = Duration::from_millis(100);
/// The department's system of the tour is quick.
const PACE: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(500));

pub(super) struct Stage {
    pub url: String,
    pub verifier: String,
    pub market: String,
    pub transport: String,
    pub mails: String,
    /// Of a platform of the tour's own: it and the world outside share it, and the tour may move it.
    pub clock: Option<Clock>,
    http: reqwest::Client,
    /// Members of staff who are in, by their logins.
    desks: Mutex<HashMap<String, Browser>>,
    own: Option<Own>,
}

/// What has to be cleared away.
struct Own {
    server: Server,
    worker: Worker,
    outside: Running,
    folder: PathBuf,
    /// Server and name of a scratch database.
    database: Option<(String, String)>,
}

impl Stage {
    /// A demo that runs: its sandbox tells where everything is.
    pub async fn running(url: &str, sandbox: &str) -> Result<Self> {
        let http = Browser::client()?;
        let sandbox = sandbox.trim_end_matches('/');
        let state = http.get(format!("{sandbox}/state.json")).send().await;
        let state: Value = match state {
            Ok(response) => response.json().await.map_err(Error::internal)?,
            Err(e) => return Err(Error::internal(format!("{sandbox} is no sandbox ({e}): name it with --sandbox"))),
        };
        let at = |key: &str| state[key].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            verifier: at("verifier"),
            market: at("market"),
            transport: at("transport"),
            mails: at("mails"),
            clock: None,
            http,
            desks: Mutex::default(),
            own: None,
        })
    }

    /// Builds everything anew in a temporary folder, on SQLite or in a scratch database of a PostgreSQL server.
    pub async fn build(args: &Args) -> Result<Self> {
        let name = format!("cloudmart_tour_{}_{}", std::process::id(), &Id::random().to_string()[..8]);
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder)?;
        let database = args.database.clone().map(|server| (server, name.clone()));
        let made = Self::open(&folder, database.as_ref()).await;
        if made.is_err() {
            sweep(&folder, database.as_ref());
        }
        made
    }

    async fn open(folder: &std::path::Path, database: Option<&(String, String)>) -> Result<Self> {
        let address = match database {
            Some((server, name)) => scratch::create(server, name)?,
            None => format!("sqlite:{}", folder.join("tour.db").display()),
        };
        let listener = world::listen(0, "--url")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (clock, secrets) = (Clock::default(), world::Secrets::random());
        let settings = world::settings(Ports::default(), &url, &secrets, PACE, None, clock.clone())?;
        let outside = sandbox::start(settings).await?;
        let at = outside.addresses;
        let mut config = Config::from_text("")?;
        config.server.public_url.clone_from(&url);
        config.database.address = address;
        config.files.folder = folder.join("files").display().to_string();
        config.secrets.master = crypto::base64(&crypto::random32());
        config.verifier.url = at.verifier_url();
        config.mail.server = at.smtp.to_string();
        config.sms.url = at.sms_url();
        config.oidc.issuer = at.province_url();
        config.oidc.client_id = sandbox::CLIENT.into();
        config.oidc.client_secret.clone_from(&secrets.province);
        config.mail.security = "none".into();
        config.exchange.hosts = at.department_hosts();
        config.log.level = "warn".into();
        crate::cli::log(&config.log);
        let app = App::open(config.clone(), clock.clone(), Outside::from_config(&config)?).await?;
        app.db.migrate().await?;
        seed::base(&app).await?;
        seed::items(&app, Items::Complete).await?;
        let hash = app.hash(|| identity::passwords::hash(DEMO_PASSWORD)).await?;
        let made = seed::people(&app, &hash).await?;
        seed::authenticators(&app, &made).await?;
        world::wire(&app, &at, &secrets).await?;
        let worker = worker::start(&app, true);
        let server = server::start(app, listener, 2)?;
        let http = Browser::client()?;
        let of = |address: std::net::SocketAddr| format!("http://{address}");
        let own = Own { server, worker, outside, folder: folder.to_owned(), database: database.cloned() };
        Ok(Self {
            url,
            verifier: of(at.verifier),
            market: of(at.market),
            transport: of(at.transport),
            mails: of(at.mails),
            clock: Some(clock),
            http,
            desks: Mutex::default(),
            own: Some(own),
        })
    }

    /// Ends what was built and clears it away.
    pub async fn close(self) {
        let Some(own) = self.own else { return };
        own.server.abort().await;
        let _cut_off = tokio::time::timeout(Duration::from_secs(3), own.worker.stop()).await;
        own.outside.stop().await;
        sweep(&own.folder, own.database.as_ref());
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.http, &self.url)
    }

    /// The platform's time.
    pub fn now(&self) -> Ts {
        self.clock.clone().unwrap_or_default().now()
    }

    /// The browser of a member of staff who is in.
    pub fn at_desk(&self, login: &str) -> Option<Browser> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).get(login).cloned()
    }

    pub fn sits(&self, login: &str, browser: &Browser) {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner).insert(login.to_owned(), browser.clone());
    }

    pub async fn post_json(&self, url: &str, body: &Value) -> Result<Value> {
        let response = self.http.post(url).json(body).send().await.map_err(Error::internal)?;
        let status = response.status();
        let text = response.text().await.map_err(Error::internal)?;
        if !status.is_success() {
            return Err(Error::internal(format!("{url} answered {status}: {text}")));
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub async fn get_json(&self, url: &str) -> Result<Value> {
        let response = self.http.get(url).send().await.map_err(Error::internal)?;
        let status = response.status();
        if !status.is_success() {
            return Err(Error::internal(format!("{url} answered {status}")));
        }
        response.json().await.map_err(Error::internal)
    }

    /// What everybody may know of a case who has its number and code.
    pub async fn progress(&self, case: &Receipt) -> Result<Value> {
        let asked = serde_json::json!({ "no": case.receipt_no, "code": case.query_code });
        self.post_json(&format!("{}/api/v1/progress", self.url), &asked).await
    }

    /// Waits until the case has come to this public state.
    pub async fn until_state(&self, case: &Receipt, state: &str) -> Result<()> {
        let began = std::time::Instant::now();
        loop {
            let now = self.progress(case).await?["state"].as_str().unwrap_or_default().to_owned();
            if now == state {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                return Err(Error::internal(format!("the case is {now} and did not come to {state}")));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits for a mail to this address whose subject or text has these words; returns its subject.
    pub async fn mail(&self, to: &str, words: &str) -> Result<String> {
        let url = format!("{}/mails.json?to={to}", self.mails);
        let began = std::time::Instant::now();
        loop {
            let mails = self.get_json(&url).await?;
            let has =
                |m: &&Value| ["subject", "text"].iter().any(|k| m[*k].as_str().is_some_and(|t| t.contains(words)));
            if let Some(mail) = mails.as_array().into_iter().flatten().find(has) {
                return Ok(mail["subject"].as_str().unwrap_or_default().to_owned());
            }
            if began.elapsed() > PATIENCE {
                let subjects: Vec<_> =
                    mails.as_array().into_iter().flatten().map(|m| m["subject"].to_string()).collect();
                return Err(Error::internal(format!("no mail says {words}; there are {subjects:?}")));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until a department's system has the case; returns what it knows.
    pub async fn at_department(&self, department: &str, case: &Receipt) -> Result<Value> {
        let url = format!("{department}/cases/{}/state.json", case.case_no);
        let began = std::time::Instant::now();
        loop {
            match self.get_json(&url).await {
                Ok(state) => return Ok(state),
                Err(e) if began.elapsed() > PATIENCE => return Err(e),
                Err(_) => tokio::time::sleep(LOOK).await,
            }
        }
    }
}

/// Nobody needs what is left of a tour; what cannot be removed is told.
fn sweep(folder: &std::path::Path, database: Option<&(String, String)>) {
    if let Err(e) = std::fs::remove_dir_all(folder) {
        tracing::warn!(folder = %folder.display(), error = %e, "The tour's folder could not be removed.");
    }
    if let Some((server, name)) = database
        && let Err(e) = scratch::drop(server, name)
    {
        tracing::warn!(database = name, error = ?e, "The tour's database could not be dropped.");
    }
}
