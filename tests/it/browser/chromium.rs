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

pub struct Chromium {
    driver: Child,
    port: u16,
    profile: Folder,
}

impl Chromium {
    /// Starts a driver on a port that it finds free.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Self {
        let mut command = Command::new(program(DRIVER, "chromedriver").unwrap());
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let mut driver = command.spawn().unwrap_or_else(|e| panic!("chromedriver does not start: {e}"));
        let mut said = BufReader::new(driver.stdout.take().unwrap());
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
        Self { driver, port, profile: Folder::new("profile") }
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
        let browsers = children(self.driver.id());
        let _ = self.ask_to_end();
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end && matches!(self.driver.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // What did not go by itself: the driver with its group, and the browser, which has a group of its own.
        if matches!(self.driver.try_wait(), Ok(None)) {
            kill(&format!("-{}", self.driver.id()));
            let _ = self.driver.wait();
        }
        let ours = self.profile.path().display().to_string();
        for browser in browsers {
            let command = std::fs::read(format!("/proc/{browser}/cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&command).contains(&ours) {
                kill(&format!("-{browser}"));
            }
        }
    }
}

fn kill(which: &str) {
    let _ = Command::new("kill").args(["-KILL", "--", which]).stderr(Stdio::null()).status();
}

fn children(of: u32) -> Vec<u32> {
    let listed = std::fs::read_to_string(format!("/proc/{of}/task/{of}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}
