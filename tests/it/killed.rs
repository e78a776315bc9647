//! `kill -9` in the middle of declarations and dispatches: what was acknowledged is there afterwards, and each department hears of
//! each of its cases, under one and the same message id however often.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cloudmart::config::Config;
use cloudmart::identity::clients;
use cloudmart::kernel::crypto;
use serde_json::{Value, json};

use crate::harness::{Database, Engine, Folder, TestApp};
use crate::made::{self, FREIGHT, TRANSPORT};
use crate::process::{Process, free_port};

const CLIENT: &str = "test-terminal";
const CARD: &str = "senior-citizen-card";
/// Cases that wait to be sent when the process starts, and declarations that are tried meanwhile.
const SENT: usize = 60;
const DECLARED: usize = 200;

/// A department's system that takes its time, and notes message ids by case number.
#[derive(Clone, Default)]
struct Department(Arc<Mutex<HashMap<String, Vec<String>>>>);

impl Department {
    fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let this = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let this = this.clone();
                std::thread::spawn(move || this.take(stream.unwrap()));
            }
        });
        url
    }

    /// Takes messages from one connection until it ends.
    fn take(&self, mut stream: TcpStream) {
        while let Some((head, body)) = request(&mut stream) {
            std::thread::sleep(Duration::from_millis(60));
            let event: Value = serde_json::from_slice(&body).unwrap();
            let header = |name: &str| {
                let line = head.lines().find(|l| l.to_lowercase().starts_with(name)).unwrap();
                line.split_once(':').unwrap().1.trim().to_owned()
            };
            assert_eq!(event["id"], header("webhook-id").as_str());
            let case_no = event["subject"].as_str().unwrap().to_owned();
            self.0.lock().unwrap().entry(case_no).or_default().push(header("webhook-id"));
            // Nobody listens any more when the process was killed meanwhile.
            if stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}").is_err() {
                return;
            }
        }
    }

    fn heard(&self) -> HashMap<String, Vec<String>> {
        self.0.lock().unwrap().clone()
    }
}

/// One request: its head and body.
fn request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = vec![];
    let mut chunk = [0; 4096];
    loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let length =
                head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let end = at + 4 + length.unwrap_or(0usize);
            if bytes.len() >= end {
                return Some((head, bytes[at + 4..end].to_vec()));
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

/// What is left of a platform when its process has gone.
struct Left {
    config: Config,
    secret: String,
    /// Case numbers that wait to be sent.
    waiting: HashSet<String>,
    folder: Folder,
    _database: Database,
}

async fn prepare(engine: Engine, department: &Department) -> Left {
    let t = TestApp::new(engine).await;
    // The process to come has no clock that could be moved.
    t.clock.set(cloudmart::kernel::Clock::default().now());
    let url = department.listen();
    made::endpoint(&t, TRANSPORT, &url).await;
    let mut waiting = HashSet::new();
    for _ in 0..SENT {
        waiting.insert(made::accepted(&t, FREIGHT).await.case_no.unwrap());
    }
    let (ctx, secret) = (t.system(), crypto::random_token());
    let (create, own) = (client(), secret.clone());
    t.app.db.write(move |c| clients::put(c, &ctx, &create, &own)).await.unwrap();
    let (mut config, database, folder) = t.leave().await;
    let host = url.trim_start_matches("http://").trim_end_matches("/events").to_owned();
    config.server.listen = format!("127.0.0.1:{}", free_port());
    config.server.public_url = format!("http://{}", config.server.listen);
    config.exchange.hosts = vec![host];
    config.exchange.timeout = 5;
    config.exchange.delays = vec![1];
    Left { config, secret, waiting, folder, _database: database }
}

fn client() -> clients::Create {
    let scopes = vec!["declare".to_owned()];
    clients::Create { client_id: CLIENT.into(), name: "test".into(), department: None, scopes }
}

fn serve(left: &Left) -> Process {
    let file = left.folder.path().join("serve.toml");
    std::fs::write(&file, toml::to_string(&left.config).unwrap()).unwrap();
    let mut process = Process::start(&["--config", &file.display().to_string(), "serve"]);
    process.says("Serving.", Duration::from_secs(60));
    process
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(20)).build().unwrap()
}

async fn token(http: &reqwest::Client, left: &Left) -> String {
    let url = format!("{}/api/v1/token", left.config.server.public_url);
    let body = format!("grant_type=client_credentials&client_id={CLIENT}&client_secret={}", left.secret);
    let kind = "application/x-www-form-urlencoded";
    let response = http.post(url).header("content-type", kind).body(body).send().await.unwrap();
    let granted: Value = response.json().await.unwrap();
    granted["access_token"].as_str().unwrap_or_else(|| panic!("{granted}")).to_owned()
}

fn declaration(no: usize) -> Value {
    let pdf = crypto::base64(made::PDF);
    let jpg = crypto::base64(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a small picture");
    let mut form = made::answers(CARD);
    form.insert("emergency_contact".into(), format!("联系人{no}").into());
    json!({
        "item": CARD, "hall": "H01", "form": form,
        "applicant": { "kind": "1", "name": "黄淑珍", "id_kind": "111", "id_number": "980102195802271629", "phone": "13800138103" },
        "materials": [
            { "key": "id_card", "file_name": "card.pdf", "content": pdf },
            { "key": "photo", "file_name": "photo.jpg", "content": jpg },
        ],
    })
}

/// Declares under this key; what came back, or nothing when the process was gone.
async fn declare(http: &reqwest::Client, left: &Left, token: &str, no: usize) -> Option<(u16, Value)> {
    let url = format!("{}/api/v1/declarations", left.config.server.public_url);
    let request = http.post(url).bearer_auth(token).header("idempotency-key", format!("key-{no}"));
    let response = request.json(&declaration(no)).send().await.ok()?;
    Some((response.status().as_u16(), response.json().await.ok()?))
}

/// Lets the leases that the killed process held run out at once.
fn leases_run_out(left: &Left) {
    use diesel::connection::SimpleConnection;
    use diesel::{Connection, PgConnection, SqliteConnection};
    let sql = "UPDATE exg_dispatch SET lease_until = NULL WHERE state = 'queued'";
    let address = &left.config.database.address;
    match address.strip_prefix("sqlite:") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(sql).unwrap(),
        None => PgConnection::establish(address).unwrap().batch_execute(sql).unwrap(),
    }
}

async fn survives(engine: Engine) {
    let department = Department::default();
    let left = Arc::new(prepare(engine, &department).await);
    let mut process = serve(&left);
    let http = http();
    let bearer = token(&http, &left).await;
    let acknowledged = Arc::new(Mutex::new(HashMap::new()));
    let mut tries = vec![];
    for worker in 0..6 {
        let (http, left, bearer, acknowledged) = (http.clone(), left.clone(), bearer.clone(), acknowledged.clone());
        tries.push(tokio::spawn(async move {
            for no in (worker..DECLARED).step_by(6) {
                let Some((status, made)) = declare(&http, &left, &bearer, no).await else { return };
                assert_eq!(status, 201, "{made}");
                acknowledged.lock().unwrap().insert(no, made);
            }
        }));
    }
    // In the middle of both: some were declared and some sent, and more of each are under way.
    let began = Instant::now();
    while acknowledged.lock().unwrap().len() < 8 || department.heard().len() < 4 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing happens: {:?}", process.seen);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    process.signal("-KILL");
    assert!(!process.ends(Duration::from_secs(10)).success());
    for one in tries {
        one.await.unwrap();
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    let before = department.heard();
    assert!(acknowledged.len() < DECLARED && before.len() < SENT, "the process was killed too late for this test");

    leases_run_out(&left);
    let again = serve(&left);
    let bearer = token(&http, &left).await;
    for (no, made) in &acknowledged {
        let asked = json!({ "no": made["case_no"], "code": made["query_code"] });
        let url = format!("{}/api/v1/progress", left.config.server.public_url);
        let seen = http.post(url).json(&asked).send().await.unwrap();
        assert_eq!(seen.status(), 200, "declaration {no} was acknowledged and is lost: {made}");
        // The same once more is the same case.
        let (status, same) = declare(&http, &left, &bearer, *no).await.unwrap();
        assert_eq!((status, &same["case_no"]), (200, &made["case_no"]));
    }
    // What was not acknowledged may be there or not; sent again, it is there once.
    let mut numbers: HashSet<String> = HashSet::new();
    for no in 0..DECLARED {
        let (status, made) = declare(&http, &left, &bearer, no).await.unwrap();
        assert!(status == 200 || status == 201, "{made}");
        numbers.insert(made["case_no"].as_str().unwrap().to_owned());
    }
    assert_eq!(numbers.len(), DECLARED);
    let began = Instant::now();
    while department.heard().len() < SENT {
        assert!(began.elapsed() < Duration::from_secs(60), "only {} of {SENT} were sent", department.heard().len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let heard = department.heard();
    assert_eq!(heard.keys().cloned().collect::<HashSet<_>>(), left.waiting);
    for (case, ids) in &heard {
        let different: HashSet<&String> = ids.iter().collect();
        assert_eq!(different.len(), 1, "case {case} was sent under several ids: {ids:?}");
    }
    again.signal("-TERM");
}

fn run(engine: Engine) {
    if engine.is_here() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(survives(engine));
    }
}

#[test]
fn sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn postgres() {
    run(Engine::Postgres);
}
