//! The commands for operators and newcomers, run as processes.

use std::net::TcpListener;
use std::time::Duration;

use cloudmart::kernel::crypto;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::harness::{Browser, Folder, PASSWORD};
use crate::process::{Process, finished, settings};

/// A debug build on a busy machine takes its time.
const LONG: Duration = Duration::from_secs(180);

fn secret() -> String {
    format!("[secrets]\nmaster = \"{}\"\n", crypto::base64(&crypto::random32()))
}

#[test]
fn the_doctor_says_what_is_missing_and_what_to_do() {
    let folder = Folder::new("doctor");
    let file = settings(folder.path(), "");
    let (ended, said) = finished(&["--config", &file, "doctor"]);
    assert!(!ended.success(), "{said}");
    for words in ["✗ settings", "secrets.master", "head -c 32 /dev/urandom", "✗ database", "cloudmart migrate"] {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
    assert!(!folder.path().join("test.db").exists(), "the doctor made a database");

    let weak = format!("[secrets]\nmaster = \"{}\"\n[login]\nsecond_factor = \"off\"\n", crypto::base64(&[7; 32]));
    let file = settings(folder.path(), &weak);
    let (ended, said) = finished(&["--config", &file, "doctor", "--brief"]);
    assert!(!ended.success() && said.contains("looks made up") && said.contains("✗ login.second_factor"), "{said}");

    let file = settings(folder.path(), &secret());
    assert!(finished(&["--config", &file, "migrate"]).0.success());
    let (ended, said) = finished(&["--config", &file, "doctor", "--brief"]);
    assert!(!ended.success() && said.contains("there are no service items"), "{said}");
    for words in ["SQLite 3.", "synchronous = 2", "journal_mode = wal", "foreign_keys = 1", "✓ migrations"] {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
    assert!(finished(&["--config", &file, "seed"]).0.success());
    let (ended, said) = finished(&["--config", &file, "doctor"]);
    // Two departments have systems of their own, and nobody said where these are.
    assert!(
        !ended.success() && said.contains("department scjg") && said.contains("no address of it is known"),
        "{said}"
    );
    assert!(said.contains("! verifier") && said.contains("! mail") && said.contains(" calendar "), "{said}");
    let master: String = std::fs::read_to_string(&file).unwrap().split('"').rev().nth(1).unwrap().to_owned();
    assert!(said.contains("(hidden)") && !said.contains(&master), "the secret is shown:\n{said}");
}

#[test]
fn a_busy_port_is_told_with_the_cure() {
    let folder = Folder::new("busy");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let at = folder.path().join("demo").display().to_string();
    let (ended, said) = finished(&["demo", "--folder", &at, "--port", &port]);
    assert!(!ended.success() && said.contains(&format!("127.0.0.1:{port}")) && said.contains("--port"), "{said}");
    let (ended, said) = finished(&["sandbox", "--folder", &at, "--index-port", "0", "--smtp-port", &port]);
    assert!(!ended.success() && said.contains("--smtp-port"), "{said}");
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    cases: i64,
    #[diesel(sql_type = BigInt)]
    given_up: i64,
    #[diesel(sql_type = BigInt)]
    sent_before: i64,
    #[diesel(sql_type = Text)]
    url: String,
}

/// How many cases there are, and where a department's system is.
fn look(folder: &std::path::Path) -> Found {
    let mut c = SqliteConnection::establish(&folder.join("cloudmart.db").display().to_string()).unwrap();
    let sql = "SELECT (SELECT count(*) FROM case_case) AS cases, \
               (SELECT count(*) FROM exg_dispatch WHERE state = 'dead') AS given_up, \
               (SELECT count(*) FROM exg_dispatch WHERE sent_at < (julianday('now') - 2440588.5) * 86400000000) AS sent_before, \
               (SELECT e.url FROM exg_endpoint e JOIN idn_department d ON d.id = e.department_id WHERE d.key = 'scjg') AS url";
    diesel::sql_query(sql).get_result(&mut c).unwrap()
}

/// The address at the end of the line with these words.
fn address(demo: &Process, words: &str) -> String {
    let line = demo.seen.iter().find(|l| l.contains(words)).unwrap_or_else(|| panic!("no {words} in {:?}", demo.seen));
    line.split_whitespace().last().unwrap().trim_end_matches('/').to_owned()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn the_demo_starts_works_stops_and_keeps_its_data() {
    let folder = Folder::new("demo");
    let at = folder.path().display().to_string();
    let args = ["demo", "--folder", &at, "--any-port"];
    let mut demo = Process::start(&args);
    demo.says("Stop  ", LONG);
    let (url, market) = (address(&demo, "办事大厅"), address(&demo, "市场监管局业务系统"));
    runtime().block_on(async {
        let visitor = Browser::new(&url);
        visitor.get("/").await.ok();
        visitor.get("/api/v1/ready").await.ok().has("ready");
        let login = visitor.get("/login").await;
        visitor.submit(&login, "/login", &[("name", "13800138101"), ("password", PASSWORD)]).await;
        visitor.get("/account").await.ok().has("13800138101");
        let index = Browser::new(&address(&demo, "外部系统一览"));
        index.get("/").await.ok().has(&url);
        // The doctor looks beside the running demo, and finds everything in order.
        let file = folder.path().join("cloudmart.toml").display().to_string();
        let (ended, said) = finished(&["--config", &file, "doctor", "--brief"]);
        assert!(ended.success(), "{said}");
        for words in ["✓ verifier", "✓ mail", "✓ department scjg", "✓ department jtys"] {
            assert!(said.contains(words), "{words} is not in:\n{said}");
        }
    });
    let (ended, said) = finished(&["demo", "--folder", &at, "--any-port"]);
    assert!(!ended.success() && said.contains("another demo uses the folder"), "{said}");
    demo.signal("-INT");
    let ended = demo.ends(Duration::from_secs(15));
    assert!(ended.success(), "{ended}: {:?}", demo.seen);
    let before = look(folder.path());
    assert!(before.cases > 30 && before.url.starts_with(&market), "{} cases, {}", before.cases, before.url);
    // The examples' messages went out in their past, and one was given up then.
    assert!(
        before.given_up == 1 && before.sent_before >= 4,
        "{} given up, {} sent",
        before.given_up,
        before.sent_before
    );
    let keys = || std::fs::read_to_string(folder.path().join("keys.toml")).unwrap();
    let kept = keys();

    let mut again = Process::start(&args);
    again.says("Stop  ", LONG);
    assert!(!again.seen.iter().any(|l| l.contains("First start")), "{:?}", again.seen);
    let market = address(&again, "市场监管局业务系统");
    again.signal("-TERM");
    assert!(again.ends(Duration::from_secs(15)).success());
    let after = look(folder.path());
    assert_eq!((after.cases, keys()), (before.cases, kept));
    assert!(after.url.starts_with(&market), "{} is not {market}", after.url);
    use std::os::unix::fs::PermissionsExt;
    for name in ["keys.toml", "cloudmart.toml"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} can be read by others");
    }
}
#[test]
fn the_demo_stops_while_somebody_watches_the_board() {
    let folder = Folder::new("watched");
    let at = folder.path().display().to_string();
    let mut demo = Process::start(&["demo", "--folder", &at, "--any-port"]);
    demo.says("Stop  ", LONG);
    let url = address(&demo, "办事大厅");
    let runtime = runtime();
    let stream = runtime.block_on(async {
        let supervisor = Browser::new(&url);
        let login = supervisor.get("/staff/login").await;
        let step = supervisor.submit(&login, "/staff/login", &[("login", "supervisor"), ("password", PASSWORD)]).await;
        // As a visitor of the demo finds it.
        let codes = Browser::new(&address(&demo, "演示用验证器")).get("/codes.json?login=supervisor").await;
        let code = codes.ok().json()["codes"][0]["code"].as_str().unwrap().to_owned();
        supervisor.submit(&step, "/staff/login/factor", &[("code", &code)]).await.ok().at("/supervise");
        let stream = supervisor.request(reqwest::Method::GET, "/supervise/live").send().await.unwrap();
        assert_eq!(stream.status(), 200);
        stream
    });
    demo.signal("-INT");
    let ended = demo.ends(Duration::from_secs(15));
    assert!(ended.success(), "{ended}: {:?}", demo.seen);
    drop(stream);
}

#[test]
fn a_number_is_told_from_one_that_is_none() {
    for (kind, number, is_valid, says) in [
        ("resident-id", "11010519491231002x", true, "valid: 11010519491231002X"),
        ("resident-id", "110105194912310021", false, "id-number-check"),
        ("uscc", "11440100007482575H", true, "valid"),
        ("uscc", "11440100007482575K", false, "uscc-check"),
        ("licence", "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S", true, "valid"),
        (
            "licence",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.A",
            false,
            "licence-check",
        ),
        ("item-code", "11370800MB285591843370117002011", true, "valid"),
        ("item-code", "11370800MB28559184", false, "item-code-shape"),
        ("case-number", "1", false, "46"),
        ("bank-card", "6222021234567894", true, "valid"),
        ("mobile", "12800138000", false, "phone-shape"),
    ] {
        let (ended, said) = finished(&["check-number", kind, number]);
        assert_eq!(ended.success(), is_valid, "{kind} {number}: {said}");
        assert!(said.contains(says), "{said}");
    }
    assert_eq!(finished(&["check-number", "shoe-size", "42"]).0.code(), Some(2));
}
