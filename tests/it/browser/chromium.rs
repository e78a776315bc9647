//! One headless Chromium and its driver. Both end with the value, and nothing of them stays on the disk.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::{Lang, Screen};
use crate::harness::Folder;

/// `1`: leave the journeys out, loudly.
const SKIP: &str = "CLOUDMART_TEST_SKIP_BROWSER";
/// Programs of other names or places.
const DRIVER: &str = "CLOUDMART_CHROMEDRIVER";
const BROWSER: &str = "CLOUDMART_CHROMIUM";

/// Whether the journeys run at all.
///
/// # Panics
/// When there is no Chromium and nobody said that the journeys shall be left out.
pub fn is_here() -> bool {
    if std::env::var(SKIP).is_ok_and(|v| v == "1") {
        eprintln!("SKIPPED: {SKIP}=1 leaves out the journeys in the browser.");
        return false;
    }
    for (variable, name) in [(DRIVER, "chromedriver"), (BROWSER, "chromium")] {
        assert!(
            program(variable, name).is_some(),
            "there is no {name} here. Install it (Debian: apt-get install chromium chromium-driver; tests/run does so), \
             or name the program in {variable}, or set {SKIP}=1 to leave the journeys in the browser out."
        );
    }
    true
}

fn program(variable: &str, name: &str) -> Option<PathBuf> {
    if let Ok(named) = std::env::var(variable) {
        return Some(PathBuf::from(named)).filter(|p| p.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let other = if name == "chromium" { "google-chrome" } else { name };
    [name, other].iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|p| p.is_file()))
}

/// Runs the driver as long as somebody holds its input, and then ends its own group, which driver and browser are in: however the
/// process of the tests ends, they go with it.
const KEEPER: &str = r#""$0" --port=0 </dev/null & cat >/dev/null; kill -KILL 0"#;

pub struct Chromium {
    keeper: Child,
    port: u16,
    profile: Folder,
}

impl Chromium {
    /// Starts a driver on a port that it finds free.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Self {
        let mut command = Command::new("sh");
        command.arg("-c").arg(KEEPER).arg(program(DRIVER, "chromedriver").unwrap()).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = command.spawn().unwrap_or_else(|e| panic!("chromedriver does not start: {e}"));
        let mut said = BufReader::new(keeper.stdout.take().unwrap());
        let (mut line, mut port) = (String::new(), None);
        while port.is_none() && said.read_line(&mut line).unwrap() > 0 {
            port = line
                .rsplit_once("started successfully on port ")
                .and_then(|(_, p)| p.trim().trim_end_matches('.').parse().ok());
            line.clear();
        }
        let port = port.expect("chromedriver ended without naming its port");
        // Nobody may fill the pipe and stop the driver.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { keeper, port, profile: Folder::new("profile") }
    }

    /// Opens the window of a screen, with an empty profile.
    pub async fn open(&self, screen: Screen, lang: Lang) -> Client {
        let (width, height) = screen.size();
        let mut args: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--user-data-dir={}", self.profile.path().display()));
        args.push(format!("--window-size={width},{height}"));
        args.push(format!("--accept-lang={}", lang.code()));
        args.push(format!("--lang={}", lang.code()));
        let downloads = self.downloads().display().to_string();
        let mut options = json!({
            "args": args,
            "binary": program(BROWSER, "chromium").unwrap(),
            "prefs": {
                "intl.accept_languages": lang.code(),
                "download.default_directory": downloads,
                "plugins.always_open_pdf_externally": true,
            },
        });
        if screen == Screen::Phone {
            let metrics = json!({"width": width, "height": height, "pixelRatio": 1.5, "touch": true});
            options["mobileEmulation"] = json!({"deviceMetrics": metrics});
        }
        let wanted: HashMap<&str, Value> = [
            ("browserName", json!("chrome")),
            ("goog:chromeOptions", options),
            ("goog:loggingPrefs", json!({"browser": "ALL"})),
            ("timeouts", json!({"script": 10_000, "pageLoad": 60_000, "implicit": 0})),
        ]
        .into();
        let wanted = wanted.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted);
        let address = format!("http://127.0.0.1:{}", self.port);
        builder.connect(&address).await.unwrap_or_else(|e| panic!("Chromium does not start: {e}"))
    }

    /// Where the browser lays down what is downloaded.
    pub fn downloads(&self) -> PathBuf {
        let folder = self.profile.path().join("downloads");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Asks the driver to end its browser and itself.
    fn ask_to_end(&self) -> std::io::Result<()> {
        let mut line = TcpStream::connect(("127.0.0.1", self.port))?;
        line.set_read_timeout(Some(Duration::from_secs(5)))?;
        line.write_all(b"GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
        line.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.ask_to_end();
        drop(self.keeper.stdin.take());
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end && matches!(self.keeper.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        if matches!(self.keeper.try_wait(), Ok(None)) {
            let group = format!("-{}", self.keeper.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
            let _ = self.keeper.wait();
        }
    }
}
