//! The platform of one test.

use std::future::Future;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use cloudmart::app::{App, Outside};
use cloudmart::audit::acts;
use cloudmart::cli::seed::{self, Items};
use cloudmart::config::Config;
use cloudmart::db::Conn;
use cloudmart::identity::sessions::{self, Subject, Visit};
use cloudmart::identity::{How, PersonId, StaffId};
use cloudmart::kernel::{Clock, Ctx, Permission, Result, Ts, crypto, totp};
use cloudmart::outside::http::{Answer, Sent};
use cloudmart::outside::verifier_protocol::{Check, Outcome, Reply, Request};
use cloudmart::outside::{Guarded, Mailer, Sms, Verifier};
use cloudmart::sandbox::verifier::{Child, Enterprise};
use cloudmart::web::server::{self, Server};
use diesel::RunQueryDsl;
use serde::Deserialize;

use super::Browser;
use super::database::{Database, Engine, Folder, Template};

/// The password of everybody in a test.
pub const PASSWORD: &str = "demo-2026";
/// When tests begin: a Monday, and a working day as the four after it.
pub const BEGIN: &str = "2026-03-02 10:00";

/// Somebody whom the verifier knows and who has no account yet.
pub struct Newcomer {
    pub name: &'static str,
    pub id_number: &'static str,
    pub phone: &'static str,
}

pub const NEWCOMER: Newcomer = Newcomer { name: "顾晓舟", id_number: "980103199908213712", phone: "13900139001" };

/// Plays the systems of departments; copied out before it is asked, so that one that hangs holds no lock.
type World = Arc<Mutex<Arc<dyn Fn(&Sent) -> Result<Answer> + Send + Sync>>>;

pub struct TestApp {
    pub app: App,
    pub url: String,
    pub clock: Clock,
    pub mailer: Mailer,
    pub sms: Sms,
    pub verifier: Verifier,
    pub http: Guarded,
    pub engine: Engine,
    world: World,
    server: Option<Server>,
    may_fail: Mutex<bool>,
    // In this order: the database goes before its folder.
    _database: Database,
    _folder: Folder,
}

/// Runs a test's body on an engine, and looks afterwards whether a job was laid aside.
pub fn run(engine: Engine, body: impl for<'a> FnOnce(&'a TestApp) -> Pin<Box<dyn Future<Output = ()> + 'a>>) {
    run_with(engine, |_| (), body);
}

/// As [`run`], with settings of its own.
pub fn run_with(
    engine: Engine,
    set: impl FnOnce(&mut Config),
    body: impl for<'a> FnOnce(&'a TestApp) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
) {
    if !engine.is_here() {
        return;
    }
    runtime().block_on(async {
        let mut t = TestApp::with(engine, set).await;
        body(&t).await;
        let failed = t.app.db.read(|c| Ok(cloudmart::jobs::counts(c)?.failed)).await.unwrap();
        assert!(failed == 0 || *t.may_fail.lock().unwrap(), "{failed} jobs were laid aside");
        let strange = strange(&t).await;
        assert!(strange.is_empty(), "add to src/audit/acts.rs, with its text: {strange:?}");
        t.server.take().unwrap().abort().await;
    });
}

#[derive(diesel::QueryableByName)]
struct Word {
    #[diesel(sql_type = diesel::sql_types::Text)]
    word: String,
}

/// Acts and kinds of objects that were recorded and have no text.
async fn strange(t: &TestApp) -> Vec<String> {
    let words = |column: &'static str| async move {
        let sql = format!("SELECT {column} AS word FROM aud_waiting UNION SELECT {column} FROM aud_entry");
        let read = move |c: &mut cloudmart::db::Conn| Ok(diesel::sql_query(sql).load::<Word>(c)?);
        t.app.db.read(read).await.unwrap().into_iter().map(|w| w.word)
    };
    let acts = words("action").await.filter(|a| !acts::is_known(a));
    acts.chain(words("object_kind").await.filter(|k| !acts::OBJECTS.contains(&k.as_str()))).collect()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

impl TestApp {
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, |_| ()).await
    }

    /// With settings of its own.
    pub async fn with(engine: Engine, set: impl FnOnce(&mut Config)) -> Self {
        let folder = Folder::new("app");
        let database = Database::copy(engine, folder.path(), template(engine));
        let clock = Clock::default();
        let world: World = Arc::new(Mutex::new(Arc::new(|_| Ok(Answer::new(202, "")))));
        let mut config = config(&database, &folder);
        set(&mut config);
        let (mailer, sms) = (Mailer::recorded(), Sms::recorded());
        // A real one is asked where it is named.
        let verifier = match config.verifier.url.as_str() {
            "" => Verifier::recorded(verify),
            _ => Verifier::from_config(&config.verifier).unwrap(),
        };
        let played = world.clone();
        let http = Guarded::recorded(move |sent| {
            let answer = played.lock().unwrap().clone();
            answer(sent)
        });
        let outside =
            Outside { verifier: verifier.clone(), mailer: mailer.clone(), sms: sms.clone(), http: http.clone() };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        // A test may play a platform that is reached by TLS; nothing of it is asked by that address.
        if !config.server.is_https() {
            config.server.public_url.clone_from(&url);
        }
        clock.set(instant(BEGIN));
        let app = App::open(config, clock.clone(), outside).await.unwrap();
        app.refresh().await.unwrap();
        let server = Some(server::start(app.clone(), listener, 1).unwrap());
        let may_fail = Mutex::new(false);
        Self {
            app,
            url,
            clock,
            mailer,
            sms,
            verifier,
            http,
            engine,
            world,
            server,
            may_fail,
            _database: database,
            _folder: folder,
        }
    }

    /// Ends the platform of this test and leaves what it stands on, for a process of its own.
    pub async fn leave(mut self) -> (Config, Database, Folder) {
        self.server.take().unwrap().abort().await;
        let config = self.app.config.clone();
        let Self { app, _database: database, _folder: folder, .. } = self;
        drop(app);
        (config, database, folder)
    }

    /// A visitor who is not logged in.
    pub fn anyone(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A citizen by the key in `seed-data/demo/people.json`, logged in.
    pub async fn citizen(&self, key: &str) -> Browser {
        self.logged_in(Subject::Person(self.person(key).await)).await
    }

    /// A member of staff by login, logged in.
    pub async fn staff(&self, login: &str) -> Browser {
        self.logged_in(Subject::Staff(self.staff_id(login).await)).await
    }

    /// The first clerk of the city's hall.
    pub async fn clerk(&self) -> Browser {
        self.staff("clerk.h01.1").await
    }

    /// Somebody of a department's approval desk.
    pub async fn officer(&self, department: &str, permission: Permission) -> Browser {
        let step = match permission {
            Permission::Handle => "handler",
            Permission::Review => "reviewer",
            Permission::Approve => "approver",
            other => panic!("{other:?} is no step of the desk"),
        };
        self.staff(&format!("{department}.{step}")).await
    }

    pub async fn supervisor(&self) -> Browser {
        self.staff("supervisor").await
    }

    pub async fn admin(&self) -> Browser {
        self.staff("admin").await
    }

    pub async fn auditor(&self) -> Browser {
        self.staff("auditor").await
    }

    pub async fn person(&self, key: &str) -> PersonId {
        let people = people();
        let known = || people.iter().map(|p| p.key.as_str()).collect::<Vec<_>>().join(", ");
        let row = people.iter().find(|p| p.key == key).unwrap_or_else(|| panic!("{key} is none of {}", known()));
        accounts(self.engine).people[&row.key]
    }

    /// The phone of a citizen of the seed data.
    pub fn phone(&self, key: &str) -> &'static str {
        let row = people().iter().find(|p| p.key == key);
        row.unwrap_or_else(|| panic!("{key} is nobody")).phone.as_str()
    }

    pub async fn staff_id(&self, login: &str) -> StaffId {
        let key = login.replace('.', "_");
        let staff = &accounts(self.engine).staff;
        *staff.get(&key).unwrap_or_else(|| panic!("{login} is none of {:?}", staff.keys()))
    }

    async fn logged_in(&self, subject: Subject) -> Browser {
        let (ctx, visit) = (self.system(), Visit::by_program("test", self.app.lifetimes()));
        let how = match subject {
            Subject::Person(_) => How::Password,
            Subject::Staff(_) => How::Totp,
        };
        let open = move |c: &mut Conn| sessions::open(c, &ctx, subject, how, &visit);
        let opened = self.app.db.write(open).await.unwrap();
        let browser = self.anyone();
        browser.set_cookie(sessions::COOKIE, &opened.token);
        browser
    }

    /// What the authenticator of a member of the demo's staff shows now.
    pub fn code(&self, login: &str) -> String {
        totp::code(&seed::authenticator_secret(login), self.clock.now()).unwrap()
    }

    /// A context for calling flows directly.
    pub fn system(&self) -> Ctx {
        self.app.system()
    }

    /// Moves the clock to a time of China: `2026-03-02 10:00`.
    pub fn at(&self, time: &str) {
        self.clock.set(instant(time));
    }

    pub fn advance(&self, secs: i64) {
        self.clock.advance_secs(secs);
    }

    /// Does all background work that is due now.
    pub async fn settle(&self) {
        cloudmart::worker::settle(&self.app).await.unwrap();
    }

    /// Plays the systems of departments from now on.
    pub fn departments_answer(&self, answer: impl Fn(&Sent) -> Result<Answer> + Send + Sync + 'static) {
        *self.world.lock().unwrap() = Arc::new(answer);
    }

    /// As [`TestApp::departments_answer`], for the systems at this address alone, which may take their time: others go on meanwhile.
    pub fn hang_at(&self, url: &'static str, answer: impl Fn() -> Result<Answer> + Send + Sync + 'static) {
        let mut world = self.world.lock().unwrap();
        let others = std::mem::replace(&mut *world, Arc::new(|_| Ok(Answer::new(202, ""))));
        *world =
            Arc::new(move |sent| if sent.url == url { tokio::task::block_in_place(&answer) } else { others(sent) });
    }

    /// This test makes jobs fail on purpose.
    pub fn jobs_may_fail(&self) {
        *self.may_fail.lock().unwrap() = true;
    }
}

pub fn instant(time: &str) -> Ts {
    let parsed = chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M");
    let parsed = parsed.unwrap_or_else(|e| panic!("{time}: {e}"));
    Ts::local_at(parsed.date(), parsed.time())
}

/// The default settings, whatever the environment says.
fn config(database: &Database, folder: &Folder) -> Config {
    let mut config: Config = toml::from_str(cloudmart::config::DEFAULT).unwrap();
    config.database.address.clone_from(&database.address);
    config.database.connections = 4;
    config.files.folder = folder.path().join("files").display().to_string();
    config.secrets.master = crypto::base64(&[7; 32]);
    config
}

#[derive(Deserialize)]
struct PersonRow {
    key: String,
    name: String,
    id_number: String,
    phone: String,
    social_card: String,
    bank_card: String,
    outcome: Outcome,
    enterprise: Option<Enterprise>,
    #[serde(default)]
    children: Vec<Child>,
}

fn people() -> &'static [PersonRow] {
    static PEOPLE: OnceLock<Vec<PersonRow>> = OnceLock::new();
    PEOPLE.get_or_init(|| serde_json::from_str(include_str!("../../../seed-data/demo/people.json")).unwrap())
}

/// Answers as the verifier of the sandbox does: it knows the people of the seed data and nobody else.
fn verify(request: &Request) -> Result<Reply> {
    let known = people().iter().find(|p| p.id_number == request.id_number);
    let outcome = match known {
        None if request.id_number == NEWCOMER.id_number => Outcome::Match,
        None => Outcome::Unknown,
        Some(p) if p.name != request.name || !has(p, request) => Outcome::Mismatch,
        Some(p) => p.outcome,
    };
    Ok(Reply { outcome, reference: format!("R-{}", request.request_id), issuer: "测试核验".into() })
}

/// Whether what was sent beside name and number is theirs.
fn has(p: &PersonRow, request: &Request) -> bool {
    let is = |own: &str, request: &Request| request.number.as_deref() == Some(own);
    let of = |own: &str| request.of.as_deref() == Some(own);
    match request.check {
        Check::NameId => true,
        Check::NameIdPhone => request.phone.as_ref() == Some(&p.phone),
        Check::SocialCard => request.number.as_ref() == Some(&p.social_card),
        Check::Bank => request.number.as_ref() == Some(&p.bank_card),
        Check::LegalRep => {
            p.enterprise.as_ref().is_some_and(|e| e.role == "legal_person" && is(&e.uscc, request) && of(&e.name))
        }
        Check::Guardian => p.children.iter().any(|child| is(&child.id_number, request) && of(&child.name)),
        Check::FundAccount | Check::DrivingLicence => false,
    }
}

/// A true hash that is quick to check: the cost stands in the hash.
fn quick_hash() -> String {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    argon.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}

struct Made {
    template: Template,
    accounts: seed::Accounts,
    _folder: Folder,
}

fn template(engine: Engine) -> &'static Template {
    &made(engine).template
}

fn accounts(engine: Engine) -> &'static seed::Accounts {
    &made(engine).accounts
}

/// The seeded database of an engine, made by the first test that wants one.
fn made(engine: Engine) -> &'static Made {
    static SQLITE: OnceLock<Made> = OnceLock::new();
    static POSTGRES: OnceLock<Made> = OnceLock::new();
    let cell = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    // On a thread of its own: the caller is inside a runtime, and this needs one, too.
    cell.get_or_init(|| std::thread::spawn(move || runtime().block_on(make(engine))).join().unwrap())
}

async fn make(engine: Engine) -> Made {
    let folder = Folder::new("template");
    let database = Database::empty(engine, folder.path());
    let clock = Clock::default();
    clock.set(instant(BEGIN));
    let outside = Outside {
        verifier: Verifier::recorded(verify),
        mailer: Mailer::recorded(),
        sms: Sms::recorded(),
        http: Guarded::recorded(refuse),
    };
    let app = App::open(config(&database, &folder), clock, outside).await.unwrap();
    app.db.migrate().await.unwrap();
    seed::base(&app).await.unwrap();
    seed::items(&app, Items::Complete).await.unwrap();
    let accounts = seed::people(&app, &quick_hash()).await.unwrap();
    seed::authenticators(&app, &accounts).await.unwrap();
    app.db.write(move |c| empty_log(c, engine)).await.unwrap();
    drop(app);
    let template = database.into_template(folder.path());
    Made { template, accounts, _folder: folder }
}

/// A test begins with an empty log. What guards the log is put aside for this, and put back.
fn empty_log(c: &mut Conn, engine: Engine) -> Result<()> {
    let run = |c: &mut Conn, sql: &str| diesel::sql_query(sql).execute(c).map(|_| ());
    match engine {
        Engine::Postgres => {
            run(c, "ALTER TABLE aud_waiting DISABLE TRIGGER USER")?;
            run(c, "DELETE FROM aud_waiting")?;
            run(c, "ALTER TABLE aud_waiting ENABLE TRIGGER USER")?;
        }
        Engine::Sqlite => {
            let of_log = "FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'aud_waiting'";
            let texts =
                |c: &mut Conn, what: &str| diesel::sql_query(format!("SELECT {what} AS word {of_log}")).load::<Word>(c);
            let (names, guards) = (texts(c, "name")?, texts(c, "sql")?);
            for name in names {
                run(c, &format!("DROP TRIGGER {}", name.word))?;
            }
            run(c, "DELETE FROM aud_waiting")?;
            for guard in guards {
                run(c, &guard.word)?;
            }
        }
    }
    Ok(())
}

fn refuse(_: &Sent) -> Result<Answer> {
    Ok(Answer::new(404, ""))
}
