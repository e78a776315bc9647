//! A provider of identities that is none of ours: glewlwyd (Debian's package), as a process of its own on loopback.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::harness::{Engine, Folder, Seen, TestApp, run_with};

/// The tables, as the package brings them.
const TABLES: &str = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";
const SECRET: &str = "secret-of-the-test";
/// Signs in this test alone.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgX25p+xv0+pxJEzgm\n\
    lh07pElCz6AddCqt88uClmxay6ihRANCAARRixNnFIbW7ez6vWCYEsC27U66uXyT\n\
    0XZhqVj6rgh4hoeliMeHzy8yQuYwOZp95sqIkUthyPG4/bvkyaSlCjRY\n\
    -----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUYsTZxSG1u3s+r1gmBLAtu1Ourl8\n\
    k9F2YalY+q4IeIaHpYjHh88vMkLmMDmafebKiJFLYcjxuP275MmkpQo0WA==\n\
    -----END PUBLIC KEY-----\n";

struct Glewlwyd {
    process: Child,
    url: String,
    http: Client,
    _folder: Folder,
}

impl Drop for Glewlwyd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Somebody's session there.
struct Session<'a>(&'a Glewlwyd, String);

impl Session<'_> {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.0.http.request(method, format!("{}{path}", self.0.url)).header("cookie", &self.1);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        request.send().await.unwrap()
    }

    async fn does(&self, method: Method, path: &str, body: Value) {
        let answer = self.ask(method, path, Some(body)).await;
        let status = answer.status();
        assert!(status.is_success(), "{path}: {status} {}", answer.text().await.unwrap());
    }
}

impl Glewlwyd {
    /// Starts it, with the one administrator that it begins with.
    fn start() -> Self {
        let folder = Folder::new("glewlwyd");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (url, database) = (format!("http://127.0.0.1:{port}"), folder.path().join("glewlwyd.db"));
        let mut tables = SqliteConnection::establish(&database.display().to_string()).unwrap();
        let sql = std::fs::read_to_string(TABLES).unwrap_or_else(|e| {
            panic!("glewlwyd is not here ({e}). Debian: apt-get install glewlwyd; tests/run does so.")
        });
        tables.batch_execute(&sql).unwrap();
        drop(tables);
        let modules: String =
            [("user", "user"), ("client", "client"), ("user_auth_scheme", "scheme"), ("plugin", "plugin")]
                .map(|(name, place)| format!("{name}_module_path=\"/usr/lib/glewlwyd/{place}\"\n"))
                .concat();
        let config = format!(
            "port={port}\nbind_address=\"127.0.0.1\"\nexternal_url=\"{url}\"\nlogin_url=\"login.html\"\napi_prefix=\"api\"\n\
             log_mode=\"console\"\nlog_level=\"ERROR\"\ncookie_secure=0\nsession_expiration=86400\n\
             session_key=\"GLEWLWYD2_SESSION_ID\"\nadmin_session_authentication=\"cookie\"\n\
             profile_session_authentication=\"cookie\"\nadmin_scope=\"g_admin\"\nprofile_scope=\"g_profile\"\n{modules}\
             hash_algorithm=\"SHA512\"\nstatic_files_path=\"/usr/share/glewlwyd/webapp/\"\n\
             database={{ type=\"sqlite3\"; path=\"{}\"; }};\n",
            database.display()
        );
        let file = folder.path().join("glewlwyd.conf");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new("glewlwyd");
        command.arg(format!("--config-file={}", file.display()));
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let policy = reqwest::redirect::Policy::none();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().redirect(policy).no_proxy().tls_certs_only([]).build().unwrap();
        Self { process, url, http, _folder: folder }
    }

    fn issuer(&self) -> String {
        format!("{}/api/oidc", self.url)
    }

    async fn log_in(&self, name: &str, password: &str) -> Session<'_> {
        let end = Instant::now() + Duration::from_secs(20);
        let body = json!({ "username": name, "password": password });
        loop {
            let asked = self.http.post(format!("{}/api/auth/", self.url)).json(&body).send().await;
            match asked {
                Ok(answer) => {
                    assert_eq!(answer.status().as_u16(), 200, "{name} is not let in");
                    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
                    return Session(self, cookie);
                }
                Err(e) => assert!(Instant::now() < end, "glewlwyd does not start: {e}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What an administrator there sets up: OpenID Connect, the platform as its client, and one person.
    async fn set_up(&self, platform: &str) {
        let admin = self.log_in("admin", "password").await;
        let claim = |name: &str| json!({ "name": name, "user-property": name, "type": "string", "mandatory": true });
        let parameters = json!({
            "iss": self.issuer(), "jwt-type": "ecdsa", "jwt-key-size": "256", "key": KEY, "cert": PUBLIC,
            "access-token-duration": 3600, "refresh-token-duration": 86400, "code-duration": 600,
            "auth-type-code-enabled": true, "allow-non-oidc": false, "pkce-allowed": true,
            "pkce-method-plain-allowed": false, "subject-type": "public", "jwks-show": true,
            "name-claim": "mandatory", "claims": [claim("id_number"), claim("phone_number")],
        });
        let plugin = json!({
            "module": "oidc", "name": "oidc", "display_name": "oidc", "enabled": true, "parameters": parameters,
        });
        admin.does(Method::POST, "/api/mod/plugin/", plugin).await;
        let users = "/api/mod/user/database";
        let mut module: Value = admin.ask(Method::GET, users, None).await.json().await.unwrap();
        let kept = json!({ "multiple": false, "read": true, "write": true });
        for name in ["id_number", "phone_number"] {
            module["parameters"]["data-format"][name] = kept.clone();
        }
        admin.does(Method::PUT, users, module).await;
        admin.does(Method::PUT, &format!("{users}/reset/"), json!({})).await;
        for name in ["profile", "phone"] {
            let scope = json!({ "name": name, "password_required": true, "password_max_age": 0, "scheme": {} });
            admin.does(Method::POST, "/api/scope/", scope).await;
        }
        let client = json!({
            "client_id": "cloudmart", "confidential": true, "client_secret": SECRET, "enabled": true, "scope": [],
            "redirect_uri": [format!("{platform}/login/province/back")], "authorization_type": ["code"],
            "token_endpoint_auth_method": ["client_secret_basic"],
        });
        admin.does(Method::POST, "/api/client/", client).await;
        let person = json!({
            "username": "qinlang", "password": "qinlang-password", "name": "秦朗", "id_number": "980102198803120375",
            "phone_number": "13800138301", "scope": ["openid", "profile", "phone"], "enabled": true,
        });
        admin.does(Method::POST, "/api/user/", person).await;
    }
}

fn run(engine: Engine) {
    if !engine.is_here() {
        return;
    }
    let glewlwyd = Glewlwyd::start();
    let issuer = glewlwyd.issuer();
    let set = |config: &mut cloudmart::config::Config| {
        config.oidc.issuer = issuer;
        config.oidc.client_id = "cloudmart".into();
        config.oidc.client_secret = SECRET.into();
    };
    run_with(engine, set, |t| Box::pin(async move { comes_in(t, &glewlwyd).await }));
}

async fn comes_in(t: &TestApp, glewlwyd: &Glewlwyd) {
    glewlwyd.set_up(&t.url).await;
    let who = t.anyone();
    let there = glewlwyd.log_in("qinlang", "qinlang-password").await;
    there.does(Method::PUT, "/api/auth/grant/cloudmart", json!({ "scope": "openid profile phone" })).await;
    let comes_back = async || -> Seen {
        let sent = who.get_once("/login/province?back=/account").await;
        let sent = sent.is(303).header("location").unwrap().to_owned();
        let path = sent.strip_prefix(&glewlwyd.url).unwrap().to_owned();
        // First it asks whether it shall go on, as its own page does.
        let asked = there.ask(Method::GET, &path, None).await;
        assert!(asked.headers()["location"].to_str().unwrap().contains("/login.html"));
        let back = there.ask(Method::GET, &format!("{path}&g_continue"), None).await;
        let back = back.headers()["location"].to_str().unwrap().to_owned();
        who.get(back.strip_prefix(&t.url).unwrap_or_else(|| panic!("{back} is not ours"))).await
    };
    let page = comes_back().await;
    page.ok().at("/login/province/new").has("秦*").has("13800138301");
    let made = who.submit(&page, "/login/province/new", &[("phone", "13800138301"), ("agree", "1")]).await;
    made.ok().at("/account").has("账号已开通").has("秦*");
    who.post("/logout", &[]).await;
    comes_back().await.ok().at("/account").has("统一身份认证登录");
}

#[test]
fn a_provider_that_is_none_of_ours_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn a_provider_that_is_none_of_ours_postgres() {
    run(Engine::Postgres);
}
