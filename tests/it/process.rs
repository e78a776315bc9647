//! The binary as its user meets it: started, asked, stopped.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A process that ends with the value, whatever happens.
pub struct Process {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
    pub seen: Vec<String>,
}

/// The binary with these arguments, with nothing of the environment's settings.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloudmart"));
    for (key, _) in std::env::vars().filter(|(k, _)| k.starts_with("CLOUDMART_")) {
        command.env_remove(key);
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// Runs it to its end; what it said on both streams.
pub fn finished(args: &[&str]) -> (ExitStatus, String) {
    let out = command(args).output().unwrap();
    (out.status, String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr))
}

impl Process {
    pub fn start(args: &[&str]) -> Self {
        let mut child = command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = std::sync::mpsc::channel();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let tell = tell.clone();
            std::thread::spawn(move || {
                BufReader::new(stream).lines().map_while(Result::ok).all(|line| tell.send(line).is_ok())
            });
        }
        Self { child, lines, seen: vec![] }
    }

    /// Waits for a line with these words.
    pub fn says(&mut self, words: &str, within: Duration) -> String {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(words) {
                        return line;
                    }
                }
                Err(_) => panic!("it did not say {words:?} within {within:?}:\n{}", self.seen.join("\n")),
            }
        }
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "kill {name}");
    }

    /// Waits for its end.
    pub fn ends(&mut self, within: Duration) -> ExitStatus {
        let until = Instant::now() + within;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it did not end within {within:?}:\n{}", self.seen.join("\n"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free just now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Settings in a folder of the test's; returns the file's path.
pub fn settings(folder: &Path, more: &str) -> String {
    let file = folder.join("cloudmart.toml");
    let at = folder.display();
    let text = format!(
        "[database]\naddress = \"sqlite:{at}/test.db\"\n[files]\nfolder = \"{at}/files\"\n[log]\nlevel = \"warn\"\n{more}"
    );
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}
