//! The server under test, as a process of its own, and what it costs.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::load::{Ask, Line};
use crate::kernel::{Error, Result};

pub(super) struct Server {
    child: Child,
    pub address: String,
    /// From the start of the process until it answered that it is ready.
    pub ready_after: Duration,
    is_postgres: bool,
}

impl Server {
    /// Starts `cloudmart serve` with this configuration file.
    pub async fn start(config: &str, address: &str, is_postgres: bool) -> Result<Self> {
        let program = std::env::current_exe()?;
        let started = Instant::now();
        let child = Command::new(program)
            .args(["--config", config, "serve"])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut server = Self { child, address: address.to_owned(), ready_after: Duration::ZERO, is_postgres };
        while started.elapsed() < Duration::from_secs(60) {
            if let Ok(mut line) = Line::open(address).await
                && let Ok(reply) = line.call(&Ask::get("/api/v1/ready", "")).await
                && reply.status == 200
            {
                server.ready_after = started.elapsed();
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() {
                return Err(Error::internal("the server ended at its start"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(Error::internal("the server was not ready after a minute"))
    }

    /// CPU seconds that the server and its database have used so far.
    pub fn cpu(&self) -> f64 {
        let own = cpu_of(self.child.id());
        if self.is_postgres { own + postgres() } else { own }
    }

    /// Waits until it has done what the filled database had waiting, such as dispatches; three minutes at most.
    pub async fn settle(&self) {
        const LOOK: Duration = Duration::from_millis(500);
        let started = Instant::now();
        let (mut quiet, mut before) = (0, self.cpu());
        while quiet < 3 && started.elapsed() < Duration::from_secs(180) {
            tokio::time::sleep(LOOK).await;
            let now = self.cpu();
            quiet = if now - before < LOOK.as_secs_f64() / 10.0 { quiet + 1 } else { 0 };
            before = now;
        }
    }

    /// Resident memory of the server now, and the most it ever had, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        memory_of(self.child.id())
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status()?;
        if !asked.success() {
            self.child.kill()?;
        }
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Resident memory of a process now, and the most it ever had, in MiB.
pub(super) fn memory_of(pid: u32) -> (f64, f64) {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name));
        let kib = line.and_then(|l| l.split_whitespace().nth(1)).and_then(|n| n.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Clock ticks a second, as Linux has them on every machine that we know.
const TICKS: f64 = 100.0;

fn cpu_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let numbers: Vec<f64> = after_name.split_whitespace().map(|n| n.parse().unwrap_or_default()).collect();
    // The 14th and 15th fields of the line; the first two stand before the name's end.
    (numbers.get(11).unwrap_or(&0.0) + numbers.get(12).unwrap_or(&0.0)) / TICKS
}

/// What all processes of PostgreSQL on this machine have used. Those that have ended count through their parent.
fn postgres() -> f64 {
    let Ok(all) = std::fs::read_dir("/proc") else { return 0.0 };
    let pids = all.filter_map(|e| e.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let is_postgres =
        |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm.trim() == "postgres");
    pids.filter(is_postgres).map(cpu_of).sum()
}
