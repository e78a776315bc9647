//! What the benchmark plays on: a filled database, its configuration, and people who are logged in.

use std::path::{Path, PathBuf};

use super::super::seed;
use super::Offices;
use crate::app::{App, Outside};
use crate::cases::{self, DeskKind, DeskQuery, DeskStep};
use crate::config::Config;
use crate::db::scratch;
use crate::exchange;
use crate::identity::clients::Create;
use crate::identity::sessions::{self, Subject, Visit};
use crate::identity::{self, How, PersonId, StaffId};
use crate::kernel::{Actor, Ctx, Error, Lang, Result};
use crate::work::limits;

pub(super) const CLIENT: &str = "bench";
pub(super) const SECRET: &str = "a secret of the benchmark alone, on loopback";

/// The department whose officers decide, and how many cases they get.
const DESK: &str = "wsjk";
const DECISIONS: usize = 2000;

/// A session in a page's cookie, and its form token.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    pub cookie: String,
    pub csrf: String,
}

/// A declaration that is complete.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub item: String,
    pub form: serde_json::Value,
    /// Keys of the needed materials.
    pub materials: Vec<String>,
    pub name: String,
    pub id_number: String,
}

/// Where everything is, and who is there.
pub(super) struct Stage {
    pub folder: PathBuf,
    pub config: Config,
    pub config_file: String,
    pub citizen: Session,
    pub clerk: Session,
    pub officers: [Session; 3],
    pub supervisor: Session,
    pub seconds_to_fill: f64,
    /// What is declared over and over.
    pub declared: Declared,
    /// Cases that wait for the first step of the approval desk, with their revisions.
    pub handling: Vec<(String, i64)>,
    pub departments: Vec<identity::Department>,
    server: Option<(String, String)>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            let _ = scratch::drop(server, name);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where to play: SQLite in the folder, or a database of its own on this server.
pub(super) fn address(folder: &Path, server: Option<&str>, name: &str) -> Result<String> {
    match server {
        Some(server) => {
            scratch::drop(server, name)?;
            scratch::create(server, name)
        }
        None => Ok(format!("sqlite:{}", folder.join("bench.db").display())),
    }
}

impl Stage {
    /// Makes a database with so many cases.
    pub async fn set(
        base: &Path,
        name: &str,
        server: Option<&str>,
        count: usize,
        (listen, offices): (&str, &Offices),
    ) -> Result<Self> {
        let folder = base.join(name);
        std::fs::create_dir_all(&folder)?;
        let mut config = super::settings(&folder, address(&folder, server, name)?)?;
        config.server.listen = listen.to_owned();
        config.server.public_url = format!("http://{listen}");
        // The storm of logins comes from many addresses.
        config.server.forwarded = true;
        config.exchange.hosts = offices.running.addresses.department_hosts();
        let config_file = folder.join("bench.toml").display().to_string();
        std::fs::write(&config_file, toml::to_string(&config).map_err(Error::internal)?)?;

        let app = App::open(config.clone(), super::clock(), Outside::from_config(&config)?).await?;
        app.db.migrate().await?;
        seed::base(&app).await?;
        seed::items(&app, seed::Items::All).await?;
        let accounts = seed::people(&app, "!").await?;
        endpoints(&app, offices).await?;
        let started = std::time::Instant::now();
        seed::fill(&app, count, false).await?;
        let seconds_to_fill = started.elapsed().as_secs_f64();
        let desk = app.books().shelf.departments().iter().find(|d| d.key == DESK).map(|d| d.id.0);
        seed::fill_desk(&app, desk.ok_or_else(|| Error::internal(format!("no {DESK}")))?, DECISIONS).await?;
        // What ran out in the made-up history is acted on before, so that the measurements have the machine for themselves.
        while limits::round(&app).await? {}
        client(&app).await?;
        let staff = |key: &str| accounts.staff.get(key).copied().ok_or_else(|| Error::internal(format!("no {key}")));
        let person = with_cases(&app).await?;
        let officer = |role: &str| staff(&format!("{DESK}_{role}"));
        let stage = Self {
            citizen: login(&app, Subject::Person(person)).await?,
            clerk: login(&app, Subject::Staff(staff("clerk_h01_1")?)).await?,
            officers: [
                login(&app, Subject::Staff(officer("handler")?)).await?,
                login(&app, Subject::Staff(officer("reviewer")?)).await?,
                login(&app, Subject::Staff(officer("approver")?)).await?,
            ],
            supervisor: login(&app, Subject::Staff(staff("supervisor")?)).await?,
            declared: declared(&app)?,
            handling: handling(&app, officer("handler")?, DECISIONS).await?,
            folder,
            config,
            config_file,
            seconds_to_fill,
            departments: app.db.read(identity::departments).await?,
            server: server.map(|s| (s.to_owned(), name.to_owned())),
        };
        Ok(stage)
    }
}

async fn endpoints(app: &App, offices: &Offices) -> Result<()> {
    let (ctx, urls, secret) = (app.system(), offices.urls.clone(), offices.secret.clone());
    app.db
        .write(move |c| {
            let all = identity::departments(c)?;
            for (key, url) in &urls {
                let found = all.iter().find(|d| d.key == *key).ok_or_else(|| Error::internal(format!("no {key}")))?;
                exchange::seed_endpoint(c, &ctx, found.id, url, &secret)?;
            }
            Ok(())
        })
        .await
}

/// A program that declares, and reads the cases of the market supervision department.
async fn client(app: &App) -> Result<()> {
    let ctx = app.system();
    app.db
        .write(move |c| {
            let market = identity::departments(c)?.into_iter().find(|d| d.key == "scjg").map(|d| d.id);
            let scopes = ["declare", "cases"].map(str::to_owned).to_vec();
            let cmd = Create { client_id: CLIENT.into(), name: CLIENT.into(), department: market, scopes };
            identity::clients::put(c, &ctx, &cmd, SECRET).map(|_| ())
        })
        .await
}

/// Somebody of the made-up people who has cases.
async fn with_cases(app: &App) -> Result<PersonId> {
    let (ctx, clock) = (app.system(), app.clock.clone());
    app.db
        .read(move |c| {
            for i in 0..50 {
                let Some(id) = identity::find_or_none_by_id_number(c, &ctx, &seed::id_number(i))? else { continue };
                let own = Ctx::new(Actor::Person(id.0), clock.now(), Lang::Zh, ctx.keys.clone());
                if cases::my_cases(c, &own, None, 20)?.page.rows.len() >= 10 {
                    return Ok(id);
                }
            }
            Err(Error::internal("nobody has ten cases: fill the database with more"))
        })
        .await
}

async fn login(app: &App, subject: Subject) -> Result<Session> {
    let (ctx, life) = (app.system(), app.lifetimes());
    let visit = Visit::by_program("bench", life);
    let opened = app.db.write(move |c| sessions::open(c, &ctx, subject, How::Password, &visit)).await?;
    let (keys, now, token) = (app.keys.clone(), app.clock.now(), opened.token.clone());
    let found = app.db.read(move |c| sessions::find(c, &keys, &token, now, life)).await?;
    let csrf = found.map(|s| s.csrf).ok_or_else(|| Error::internal("the session is not there"))?;
    Ok(Session { cookie: opened.token, csrf })
}

/// A sole trader's registration as the example cases have it.
fn declared(app: &App) -> Result<Declared> {
    const ITEM: &str = "sole-trader-registration";
    let books = app.books();
    let item = books.shelf.by_slug(ITEM)?;
    let materials = seed::example_needs(&item.elements)?;
    let person = seed::id_number(0);
    Ok(Declared {
        item: ITEM.into(),
        form: seed::example_form(ITEM)?,
        materials,
        name: seed::person_name(0),
        id_number: person,
    })
}

/// Cases that wait for this officer's first step, with their revisions.
async fn handling(app: &App, staff: StaffId, count: usize) -> Result<Vec<(String, i64)>> {
    let ctx = app.system();
    app.db
        .read(move |c| {
            let actor = Actor::Staff(identity::seed::actor(c, &ctx, staff)?);
            let own = Ctx { actor, ..ctx };
            let query = DeskQuery { step: DeskStep::Handle, item: None, after: None, limit: count };
            let rows = cases::desk_list(c, &own, DeskKind::Department, &query)?.rows;
            let found =
                |row: cases::DeskRow| Ok((row.case_id.to_string(), cases::at_department(c, &own, row.case_id)?.rev));
            rows.into_iter().map(found).collect()
        })
        .await
}
