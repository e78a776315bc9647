//! Two processes on one database: what is published through one is seen through the other.

use std::time::{Duration, Instant};

use cloudmart::catalogue::changes::{self, ChangeId, ChangeKind, Proposal};
use cloudmart::config::Config;
use cloudmart::db::Conn;
use cloudmart::kernel::Clock;

use crate::harness::{Browser, Database, Engine, Folder, TestApp};
use crate::made::{self, FOOD, HYGIENE};
use crate::process::{Process, free_port};

/// Generous: it is about whether, not how soon.
const DEADLINE: Duration = Duration::from_secs(60);
const NAME: &str = "鲜奶摊点经营许可";

/// What is left of a platform: two changes wait for their reviewer.
struct Left {
    config: Config,
    session: String,
    renaming: ChangeId,
    suspending: ChangeId,
    folder: Folder,
    _database: Database,
}

/// Proposes a change and hands it to review.
async fn proposed(t: &TestApp, proposal: Proposal, name: Option<&'static str>) -> ChangeId {
    let (ctx, shelf, mut doc) =
        (made::as_staff(t, "catalogue.editor").await, t.app.books().shelf, made::elements(t, FOOD));
    let write = move |c: &mut Conn| {
        let id = changes::propose(c, &ctx, proposal.clone())?;
        if let Some(name) = name {
            doc.name.zh = name.into();
            changes::save(c, &ctx, id, 1, doc.clone())?;
        }
        changes::submit(c, &ctx, shelf.codes(), id, "依据更新", None)?;
        Ok(id)
    };
    t.app.db.write(write).await.unwrap()
}

async fn prepare(engine: Engine) -> Left {
    let t = TestApp::new(engine).await;
    // The processes to come have no clock that could be moved.
    t.clock.set(Clock::default().now());
    let renaming = proposed(&t, Proposal::Revise(made::item(&t, FOOD)), Some(NAME)).await;
    let turn = Proposal::Turn(made::item(&t, HYGIENE), ChangeKind::Suspend, "系统升级".into());
    let suspending = proposed(&t, turn, None).await;
    let session = t.staff("catalogue.reviewer").await.cookie("cm_session").unwrap();
    let (config, database, folder) = t.leave().await;
    Left { config, session, renaming, suspending, folder, _database: database }
}

/// Starts a process on the database; it, and its address.
fn serve(left: &Left, name: &str, more: &[&str]) -> (Process, String) {
    let mut config = left.config.clone();
    config.server.listen = format!("127.0.0.1:{}", free_port());
    config.server.public_url = format!("http://{}", config.server.listen);
    let file = left.folder.path().join(format!("{name}.toml"));
    std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
    let file = file.display().to_string();
    let args = [&["--config", file.as_str(), "serve"], more].concat();
    (Process::start(&args), config.server.public_url)
}

async fn approve(left: &Left, url: &str, change: ChangeId) {
    let reviewer = Browser::new(url);
    reviewer.set_cookie("cm_session", &left.session);
    let at = format!("/catalogue/changes/{change}");
    let page = reviewer.get(&at).await;
    page.ok();
    let done = reviewer.submit(&page, &at, &[("act", "approve"), ("opinion", "同意")]).await;
    assert!(done.ok().path.contains("change-in-force"), "{}", done.path);
}

/// Looks at a page until these words stand there.
async fn seen(url: &str, path: &str, words: &str) {
    let (visitor, began) = (Browser::new(url), Instant::now());
    loop {
        let page = visitor.get(path).await;
        if page.text.contains(words) {
            return;
        }
        assert!(began.elapsed() < DEADLINE, "{url}{path} does not say {words}:\n{}", page.text);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn both_see(engine: Engine) {
    let left = prepare(engine).await;
    let ((mut one, first), (mut two, second)) = (serve(&left, "one", &[]), serve(&left, "two", &["--no-work"]));
    one.says("Serving.", DEADLINE);
    two.says("Serving.", DEADLINE);
    approve(&left, &first, left.renaming).await;
    for url in [&first, &second] {
        seen(url, &format!("/items/{FOOD}"), NAME).await;
        seen(url, "/items?q=鲜奶摊点", &format!("/items/{FOOD}\"")).await;
    }
    approve(&left, &second, left.suspending).await;
    for url in [&second, &first] {
        seen(url, &format!("/items/{HYGIENE}"), "起暂停办理").await;
    }
    one.signal("-TERM");
    two.signal("-TERM");
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
}

#[test]
fn what_is_published_through_one_process_is_seen_through_the_other() {
    if Engine::Postgres.is_here() {
        run(both_see(Engine::Postgres));
    }
}

/// SQLite has one process alone: the second one says so, and the first goes on.
#[test]
fn a_second_process_on_one_file_is_refused() {
    if !Engine::Sqlite.is_here() {
        return;
    }
    run(async {
        let left = prepare(Engine::Sqlite).await;
        let (mut one, first) = serve(&left, "one", &[]);
        one.says("Serving.", DEADLINE);
        let (mut two, _) = serve(&left, "two", &[]);
        assert!(!two.ends(DEADLINE).success(), "{:?}", two.seen);
        approve(&left, &first, left.renaming).await;
        seen(&first, &format!("/items/{FOOD}"), NAME).await;
        one.signal("-TERM");
    });
}
