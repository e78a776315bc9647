//! The seals of the audit: whatever is changed, dropped, added or moved is found, whoever seals at once and however late something comes.

use cloudmart::audit::seals;
use cloudmart::audit::verify::{Check, Fault, Report, Wrong};
use cloudmart::audit::{self, acts, keep};
use cloudmart::db::Conn;
use cloudmart::kernel::crypto::{self, Keys};
use cloudmart::kernel::{Ctx, Id, Ts};
use cloudmart::work::{heads, retention, seals as sealing};
use diesel::RunQueryDsl;
use serde_json::json;

use crate::harness::{Engine, TestApp};
use crate::process::{Process, finished, free_port};
use crate::source::{sources, strings};

/// Records so many acts, each of an object of its own, in one transaction.
async fn acts(t: &TestApp, n: usize) {
    let ctx = t.system();
    let record = move |c: &mut Conn| {
        (0..n)
            .try_for_each(|n| audit::record(c, &ctx, "job.again", ("job", Id::random()), json!({ "n": n, "is": "x" })))
    };
    t.app.db.write(record).await.unwrap();
}

async fn seal(t: &TestApp) {
    sealing::round(&t.app).await.unwrap();
}

/// What verifying finds, with what was kept outside the database.
async fn verified(t: &TestApp) -> Report {
    checked(t, Check::new(heads::kept(&t.app.config).unwrap()), t.app.keys.clone()).await
}

/// As one would who has the database alone.
async fn verified_inside(t: &TestApp) -> Report {
    checked(t, Check::new(vec![]), t.app.keys.clone()).await
}

async fn checked(t: &TestApp, mut check: Check, keys: Keys) -> Report {
    loop {
        let keys = keys.clone();
        let (back, has_more) = t
            .app
            .db
            .read(move |c| {
                let has_more = check.step(c, &keys)?;
                Ok((check, has_more))
            })
            .await
            .unwrap();
        check = back;
        if !has_more {
            return check.into_report();
        }
    }
}

/// The faults by what and where.
fn faults(report: &Report) -> Vec<(Wrong, i64, Option<i32>)> {
    assert_eq!(report.faults, report.found.len());
    report.found.iter().map(|f| (f.what, f.batch, f.seq)).collect()
}

async fn run(t: &TestApp, sql: &str) -> Result<(), String> {
    let sql = sql.to_owned();
    let done = t.app.db.write(move |c| Ok(diesel::sql_query(&sql).execute(c)?)).await;
    done.map(|_| ()).map_err(|e| format!("{e:?}"))
}

/// What somebody does first who may change the schema.
async fn unguarded(t: &TestApp) {
    for table in ["waiting", "entry", "batch", "removal"] {
        match t.engine {
            Engine::Postgres => run(t, &format!("ALTER TABLE aud_{table} DISABLE TRIGGER USER")).await.unwrap(),
            Engine::Sqlite => {
                for what in ["update", "delete"] {
                    run(t, &format!("DROP TRIGGER aud_{table}_{what}")).await.unwrap();
                }
            }
        }
    }
}

/// Changes the database past all guards.
async fn tamper(t: &TestApp, statements: &[&str]) {
    unguarded(t).await;
    for sql in statements {
        run(t, sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

/// Three batches, the last one not full.
async fn three_batches(t: &TestApp) {
    seal(t).await;
    assert_eq!(verified(t).await.batches, 0, "nothing was recorded yet");
    for n in [200, 200, 200] {
        acts(t, n).await;
        t.advance(60);
    }
    seal(t).await;
    let report = verified(t).await;
    assert_eq!((report.batches, report.entries, report.waiting), (3, 600, 0));
    assert!(faults(&report).is_empty());
}

const COLUMNS: &str =
    "at, actor_kind, actor_id, action, object_kind, object_id, person_id, outcome, detail, request_id";

/// What somebody does in the database, and what is found.
macro_rules! found {
    ($($name:ident: $statements:expr => $found:expr;)+) => { $(
        both!($name, async |t| {
            three_batches(t).await;
            let statements: Vec<String> = $statements.iter().map(|s: &&str| s.replace("COLUMNS", COLUMNS)).collect();
            tamper(t, &statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
            let expected: &[(Wrong, i64, Option<i32>)] = &$found;
            assert_eq!(faults(&verified_inside(t).await), expected);
        });
    )+ };
}

found! {
    a_changed_act_is_found:
        ["UPDATE aud_entry SET action = 'mail.again' WHERE batch = 2 AND seq = 5"]
        => [(Wrong::Changed, 2, Some(5))];
    a_changed_time_is_found:
        ["UPDATE aud_entry SET at = (SELECT at FROM aud_entry WHERE batch = 1 AND seq = 0) WHERE batch = 3 AND seq = 87"]
        => [(Wrong::Changed, 3, Some(87))];
    a_changed_actor_is_found:
        ["UPDATE aud_entry SET actor_id = request_id WHERE batch = 1 AND seq = 0"]
        => [(Wrong::Changed, 1, Some(0))];
    a_changed_outcome_is_found:
        ["UPDATE aud_entry SET outcome = 'refused' WHERE batch = 1 AND seq = 255"]
        => [(Wrong::Changed, 1, Some(255))];
    a_changed_detail_is_found:
        ["UPDATE aud_entry SET detail = '{\"n\": 7, \"is\": \"y\"}' WHERE batch = 2 AND seq = 100"]
        => [(Wrong::Changed, 2, Some(100))];
    a_dropped_entry_is_found:
        ["DELETE FROM aud_entry WHERE batch = 2 AND seq = 17"]
        => [(Wrong::Missing, 2, Some(17))];
    an_added_entry_is_found:
        ["INSERT INTO aud_entry (id, COLUMNS, batch, seq) SELECT request_id, COLUMNS, 2, 256 FROM aud_entry WHERE batch = 1 AND seq = 3"]
        => [(Wrong::Added, 2, Some(256))];
    an_entry_of_a_batch_that_never_was_is_found:
        ["INSERT INTO aud_entry (id, COLUMNS, batch, seq) SELECT request_id, COLUMNS, 9, 0 FROM aud_entry WHERE batch = 1 AND seq = 3",
         "UPDATE aud_entry SET batch = 0 WHERE batch = 3 AND seq = 1"]
        => [(Wrong::Added, 0, Some(1)), (Wrong::Missing, 3, Some(1)), (Wrong::Added, 9, Some(0))];
    two_that_were_swapped_are_found:
        ["UPDATE aud_entry SET seq = 1000 WHERE batch = 2 AND seq = 5",
         "UPDATE aud_entry SET seq = 5 WHERE batch = 2 AND seq = 6",
         "UPDATE aud_entry SET seq = 6 WHERE batch = 2 AND seq = 1000"]
        => [(Wrong::Reordered, 2, Some(5)), (Wrong::Reordered, 2, Some(6))];
    a_dropped_batch_is_found:
        ["DELETE FROM aud_batch WHERE no = 2", "DELETE FROM aud_entry WHERE batch = 2"]
        => [(Wrong::Gap, 2, None)];
    a_dropped_batch_whose_entries_stay_is_found:
        ["DELETE FROM aud_batch WHERE no = 2"]
        => [(Wrong::Gap, 2, None)];
    a_dropped_beginning_is_found:
        ["DELETE FROM aud_batch WHERE no = 1", "DELETE FROM aud_entry WHERE batch = 1"]
        => [(Wrong::Gap, 1, None)];
    a_changed_head_is_found:
        ["UPDATE aud_batch SET entries = 255 WHERE no = 2"]
        => [(Wrong::Head, 2, None)];
    a_changed_list_of_digests_is_found:
        ["UPDATE aud_batch SET digests = (SELECT digests FROM aud_batch WHERE no = 2) WHERE no = 3",
         "DELETE FROM aud_entry WHERE batch = 3",
         "INSERT INTO aud_entry (id, COLUMNS, batch, seq) SELECT request_id, COLUMNS, 3, 0 FROM aud_entry WHERE batch = 2 AND seq = 256"]
        => heads_of_three();
    a_signature_of_another_batch_is_found:
        ["UPDATE aud_batch SET signature = (SELECT signature FROM aud_batch WHERE no = 1) WHERE no = 3"]
        => [(Wrong::Signature, 3, None)];
    a_head_that_does_not_follow_is_found:
        ["UPDATE aud_batch SET previous = (SELECT digest FROM aud_batch WHERE no = 1) WHERE no = 3"]
        => [(Wrong::Chain, 3, None), (Wrong::Head, 3, None)];
    an_end_that_was_cut_off_is_found_by_the_number_of_the_last:
        ["DELETE FROM aud_batch WHERE no = 3", "DELETE FROM aud_entry WHERE batch = 3"]
        => [(Wrong::Cut, 3, None)];
    a_number_of_the_last_that_is_too_small_is_found:
        ["UPDATE aud_chain SET no = 2"]
        => [(Wrong::Chain, 3, None)];
    entries_that_went_by_a_removal_of_another_are_found:
        ["INSERT INTO aud_removal (batch, at, suite, signer, signature) SELECT no, sealed_at, suite, signer, signature FROM aud_batch WHERE no = 2",
         "DELETE FROM aud_entry WHERE batch = 2"]
        => [(Wrong::Removal, 2, None)];
}

/// The digests of batch 3 are those of batch 2, and none of its entries is there.
fn heads_of_three() -> Vec<(Wrong, i64, Option<i32>)> {
    let missing = (0..256).map(|seq| (Wrong::Missing, 3, Some(seq)));
    std::iter::once((Wrong::Head, 3, None)).chain(missing).collect()
}

both!(an_end_that_was_cut_off_clean_is_found_by_the_head_outside, async |t| {
    three_batches(t).await;
    let last = heads::kept(&t.app.config).unwrap().remove(0);
    assert_eq!(last.no, 3);
    let cut =
        ["DELETE FROM aud_batch WHERE no = 3", "DELETE FROM aud_entry WHERE batch = 3", "UPDATE aud_chain SET no = 2"];
    tamper(t, &cut).await;
    assert!(faults(&verified_inside(t).await).is_empty(), "within the database nothing is to be seen");
    assert_eq!(faults(&verified(t).await), [(Wrong::Cut, 3, None)]);
    // The platform goes on, and what was kept outside is not written over.
    acts(t, 5).await;
    seal(t).await;
    assert!(faults(&verified_inside(t).await).is_empty());
    assert_eq!(faults(&verified(t).await), [(Wrong::Kept, 3, None)]);
    assert_eq!(heads::kept(&t.app.config).unwrap(), [last]);
});

both!(who_has_not_the_key_adds_nothing, async |t| {
    three_batches(t).await;
    acts(t, 3).await;
    let (keys, now) = (Keys::from_secret(&crypto::base64(&[9; 32])).unwrap(), t.clock.now());
    let plan = t.app.db.read(move |c| seals::plan(c, &keys, now)).await.unwrap().unwrap();
    t.app.db.write(move |c| seals::seal(c, &plan)).await.unwrap().unwrap();
    assert_eq!(faults(&verified(t).await), [(Wrong::Key, 4, None)]);
    // And one who claims the platform's key.
    let signer = "UPDATE aud_batch SET signer = (SELECT signer FROM aud_batch WHERE no = 1) WHERE no = 4";
    tamper(t, &[signer]).await;
    assert_eq!(faults(&verified(t).await), [(Wrong::Head, 4, None)]);
});

both!(many_that_were_added_take_little_memory, async |t| {
    three_batches(t).await;
    unguarded(t).await;
    for batch in [1, 2] {
        // Another id for each: that of its object.
        let sql = format!(
            "INSERT INTO aud_entry (id, {COLUMNS}, batch, seq) SELECT object_id, {COLUMNS}, batch, seq + 1000 \
             FROM aud_entry WHERE batch = {batch} AND seq < 250"
        );
        run(t, &sql).await.unwrap();
    }
    let report = verified(t).await;
    assert_eq!(report.faults, 200, "of each batch a hundred more than were sealed are read");
    assert!(report.found.iter().all(|f| matches!(f.what, Wrong::Added | Wrong::Reordered)), "{:?}", report.found);
});

both!(the_database_itself_refuses, async |t| {
    three_batches(t).await;
    acts(t, 1).await;
    for sql in [
        "UPDATE aud_waiting SET action = 'mail.again'",
        "DELETE FROM aud_waiting",
        "UPDATE aud_entry SET action = 'mail.again' WHERE batch = 1 AND seq = 1",
        "DELETE FROM aud_entry WHERE batch = 1",
        "UPDATE aud_batch SET entries = 1",
        "DELETE FROM aud_batch WHERE no = 3",
    ] {
        let refused = run(t, sql).await.unwrap_err();
        assert!(refused.contains("the audit is never changed"), "{sql}: {refused}");
    }
    assert!(faults(&verified(t).await).is_empty());
});

both!(what_comes_late_falls_in_the_next_batch, async |t| {
    let before = t.system();
    t.advance(300);
    acts(t, 10).await;
    seal(t).await;
    // It began before all that was sealed, and ends now.
    let record = move |c: &mut Conn| audit::record(c, &before, "mail.again", ("mail", Id::random()), ());
    t.app.db.write(record).await.unwrap();
    assert_eq!(verified(t).await.waiting, 1);
    seal(t).await;
    let report = verified(t).await;
    assert_eq!((report.batches, report.entries, report.waiting), (2, 11, 0));
    assert!(faults(&report).is_empty());
});

/// A transaction that has recorded and not ended while others are sealed. SQLite has one writer.
#[test]
fn what_is_written_and_not_committed_is_not_missed() {
    crate::harness::run(Engine::Postgres, |t| {
        Box::pin(async {
            let (ctx, db) = (t.system(), t.app.db.clone());
            let ((tell, told), (go, wait)) = (tokio::sync::oneshot::channel(), std::sync::mpsc::channel::<()>());
            let (mut tell, wait) = (Some(tell), std::sync::Mutex::new(wait));
            let id = Id::random();
            let late = tokio::spawn(async move {
                db.write(move |c| {
                    audit::record(c, &ctx, "mail.again", ("mail", id), ())?;
                    // It is sent to the database, within the transaction.
                    assert_eq!(audit::of_object(c, id)?.len(), 1);
                    if let Some(tell) = tell.take() {
                        tell.send(()).unwrap();
                    }
                    wait.lock().unwrap().recv().unwrap();
                    Ok(())
                })
                .await
            });
            told.await.unwrap();
            t.advance(60);
            acts(t, 20).await;
            seal(t).await;
            assert_eq!(verified(t).await.entries, 20);
            go.send(()).unwrap();
            late.await.unwrap().unwrap();
            assert_eq!(verified(t).await.waiting, 1);
            seal(t).await;
            let report = verified(t).await;
            assert_eq!((report.entries, report.waiting, report.faults), (21, 0, 0));
        })
    });
}

both!(several_seal_at_once_and_nothing_is_sealed_twice, async |t| {
    let all: Vec<_> = (0..6)
        .map(|n| {
            let app = t.app.clone();
            let ctx = t.system();
            tokio::spawn(async move {
                for _ in 0..5 {
                    let ctx = ctx.clone();
                    let record = move |c: &mut Conn| {
                        let record = |_| audit::record(c, &ctx, "job.again", ("job", Id::random()), json!({ "n": n }));
                        (0..30).try_for_each(record)
                    };
                    app.db.write(record).await.unwrap();
                    sealing::round(&app).await.unwrap();
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    seal(t).await;
    let report = verified(t).await;
    assert_eq!((report.entries, report.waiting), (6 * 5 * 30, 0));
    assert!(faults(&report).is_empty());
});

both!(who_was_not_quick_enough_to_seal_plans_anew, async |t| {
    acts(t, 10).await;
    let plan = |keys: Keys, now: Ts| t.app.db.read(move |c| seals::plan(c, &keys, now));
    let (first, second) = (
        plan(t.app.keys.clone(), t.clock.now()).await.unwrap().unwrap(),
        plan(t.app.keys.clone(), t.clock.now()).await.unwrap().unwrap(),
    );
    assert!(t.app.db.write(move |c| seals::seal(c, &first)).await.unwrap().is_some());
    assert!(t.app.db.write(move |c| seals::seal(c, &second)).await.unwrap().is_none());
    let report = verified(t).await;
    assert_eq!((report.batches, report.entries, report.waiting, report.faults), (1, 10, 0, 0));
});

both!(the_end_of_retention_keeps_the_chain, async |t| {
    three_batches(t).await;
    let days = t.app.config.audit.keep_days;
    t.advance((days - 1) * 86_400);
    retention::round(&t.app).await.unwrap();
    assert_eq!(verified(t).await.entries, 600, "it is not over yet");
    acts(t, 4).await;
    seal(t).await;
    t.advance(2 * 86_400);
    assert!(retention::round(&t.app).await.unwrap());
    assert!(!retention::round(&t.app).await.unwrap(), "once");
    let report = verified(t).await;
    assert_eq!((report.batches, report.removed, report.entries, report.faults), (4, 3, 4, 0));
    // That they went is an act, too.
    assert_eq!(report.waiting, 1);
    seal(t).await;
    let report = verified(t).await;
    assert_eq!((report.batches, report.entries, report.faults), (5, 5, 0));
    tamper(t, &["DELETE FROM aud_batch WHERE no = 2"]).await;
    assert_eq!(faults(&verified(t).await), [(Wrong::Gap, 2, None)], "their heads still count");
});

both!(a_setting_below_the_law_removes_no_more, async |t| {
    three_batches(t).await;
    let ctx = Ctx { now: t.clock.now().plus_secs(182 * 86_400), ..t.system() };
    assert!(t.app.db.read(move |c| keep::old(c, &ctx, 1)).await.unwrap().is_empty());
    let ctx = Ctx { now: t.clock.now().plus_secs(184 * 86_400), ..t.system() };
    assert!(!t.app.db.read(move |c| keep::old(c, &ctx, 1)).await.unwrap().is_empty());
});

both!(the_background_work_seals_by_itself, async |t| {
    acts(t, 300).await;
    t.settle().await;
    let report = verified(t).await;
    assert_eq!((report.batches, report.entries, report.waiting), (2, 300, 0));
    assert_eq!(heads::kept(&t.app.config).unwrap()[0].no, 2);
});

/// `audit verify` beside a platform that runs, before and after somebody changed an entry.
async fn from_outside(engine: Engine) {
    let t = TestApp::new(engine).await;
    acts(&t, 300).await;
    seal(&t).await;
    let changed = match engine {
        Engine::Sqlite => {
            "DROP TRIGGER aud_entry_update; UPDATE aud_entry SET action = 'mail.again' WHERE batch = 2 AND seq = 3;"
        }
        Engine::Postgres => {
            "ALTER TABLE aud_entry DISABLE TRIGGER USER; UPDATE aud_entry SET action = 'mail.again' WHERE batch = 2 AND seq = 3;"
        }
    };
    let (mut config, _database, folder) = t.leave().await;
    config.server.listen = format!("127.0.0.1:{}", free_port());
    config.server.public_url = format!("http://{}", config.server.listen);
    let file = folder.path().join("settings.toml").display().to_string();
    std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
    let mut platform = Process::start(&["--config", &file, "serve"]);
    platform.says("Serving.", std::time::Duration::from_secs(60));
    let (ended, said) = finished(&["--config", &file, "audit", "verify"]);
    assert!(ended.success() && said.contains("as it was sealed") && said.contains("held against 1 heads"), "{said}");

    let address = config.database.address.clone();
    let change = move || {
        use diesel::Connection;
        use diesel::connection::SimpleConnection;
        match engine {
            Engine::Sqlite => {
                let mut c = diesel::SqliteConnection::establish(address.trim_start_matches("sqlite:")).unwrap();
                c.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
                c.batch_execute(changed).unwrap();
            }
            Engine::Postgres => diesel::PgConnection::establish(&address).unwrap().batch_execute(changed).unwrap(),
        }
    };
    tokio::task::spawn_blocking(change).await.unwrap();
    let (ended, said) = finished(&["--config", &file, "audit", "verify", "--json"]);
    assert!(!ended.success(), "{said}");
    let report: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said}"));
    assert_eq!((&report["is_whole"], &report["faults"]), (&json!(false), &json!(1)), "{said}");
    let fault: Fault = serde_json::from_value(report["found"][0].clone()).unwrap();
    assert_eq!((fault.what, fault.batch, fault.seq), (Wrong::Changed, 2, Some(3)));
    assert_eq!(report["public_keys"][0]["crv"], "P-256");
    let (ended, said) = finished(&["--config", &file, "audit", "verify"]);
    assert!(!ended.success() && said.contains("batch 2, entry ") && said.contains("another than was sealed"), "{said}");

    // A head of another time and place.
    let head = folder.path().join("head.json").display().to_string();
    let mut kept = heads::kept(&config).unwrap().remove(0);
    kept.no += 5;
    std::fs::write(&head, serde_json::to_string(&kept).unwrap()).unwrap();
    let (ended, said) = finished(&["--config", &file, "audit", "verify", "--head", &head]);
    assert!(!ended.success() && said.contains("the end of the chain was cut off"), "{said}");
    std::fs::write(&head, "no head").unwrap();
    let (ended, said) = finished(&["--config", &file, "audit", "verify", "--head", &head]);
    assert!(!ended.success() && said.contains("head.json"), "{said}");
    platform.signal("-TERM");
}

#[test]
fn the_command_verifies_beside_a_platform_on_sqlite() {
    alone(from_outside(Engine::Sqlite));
}

#[test]
fn the_command_verifies_beside_a_platform_on_postgres() {
    if Engine::Postgres.is_here() {
        alone(from_outside(Engine::Postgres));
    }
}

fn alone(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test);
}

/// Acts that are written where they are recorded; those that come by a variable are found by the harness when a test records them.
#[test]
fn every_act_that_the_source_records_is_known() {
    let mut strange = vec![];
    let mut count = 0;
    for s in sources().iter().filter(|s| !s.is_test) {
        for call in ["audit::record(", "audit::record_plain(", "audit::refused("] {
            for (at, _) in s.code.match_indices(call) {
                let rest = &s.code[at + call.len()..];
                let third = rest.split(',').nth(2).unwrap_or_default();
                for action in strings(third) {
                    count += 1;
                    if !acts::is_known(action) {
                        strange.push(format!("{}: {action}", s.path));
                    }
                }
            }
        }
    }
    assert!(count > 30, "{count}");
    assert!(strange.is_empty(), "add to src/audit/acts.rs, with a text: {strange:?}");
}
