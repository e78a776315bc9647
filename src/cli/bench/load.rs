//! A load on loopback: connections that keep alive, requests in a closed loop, times of each.
//!
//! The client is as small as it can be, since it shares two cores with what it measures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::kernel::{Error, Result};

/// One kept-alive connection.
pub(super) struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let pairs = lines.filter_map(|l| l.split_once(':'));
        pairs.filter(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim()).next()
    }
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub method: &'static str,
    pub path: String,
    /// Header lines, each with its line end.
    pub headers: String,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn get(path: impl Into<String>, cookie: &str) -> Self {
        let headers = if cookie.is_empty() { String::new() } else { format!("cookie: cm_session={cookie}\r\n") };
        Self { method: "GET", path: path.into(), headers, body: vec![] }
    }
    /// A form of a page.
    pub fn form(path: impl Into<String>, cookie: &str, fields: &str) -> Self {
        let headers = format!(
            "cookie: cm_session={cookie}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        );
        Self { method: "POST", path: path.into(), headers, body: fields.as_bytes().to_vec() }
    }
}

impl Line {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 << 10) })
    }

    pub async fn call(&mut self, ask: &Ask) -> Result<Reply> {
        let head = format!(
            "{} {} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-language: zh-CN\r\ncontent-length: {}\r\n{}\r\n",
            ask.method,
            ask.path,
            ask.body.len(),
            ask.headers
        );
        let mut message = head.into_bytes();
        message.extend_from_slice(&ask.body);
        self.stream.write_all(&message).await?;
        self.read().await
    }

    async fn read(&mut self) -> Result<Reply> {
        let bad = || Error::internal("an answer that is no HTTP");
        self.buffer.clear();
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at;
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(Error::internal("the server closed the connection"));
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(bad)?;
        let mut reply = Reply { status, head, body: vec![] };
        let is_chunked = reply.header("transfer-encoding").is_some_and(|v| v.contains("chunked"));
        let mut rest = self.buffer.split_off(end + 4);
        if is_chunked {
            while !rest.ends_with(b"0\r\n\r\n") {
                if self.stream.read_buf(&mut rest).await? == 0 {
                    return Err(bad());
                }
            }
        } else {
            let length: usize = reply.header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
            while rest.len() < length {
                if self.stream.read_buf(&mut rest).await? == 0 {
                    return Err(bad());
                }
            }
        }
        reply.body = rest;
        Ok(reply)
    }
}

/// What a run came to.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(super) struct Run {
    pub done: usize,
    pub failed: usize,
    pub seconds: f64,
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

pub(super) fn summary(mut times: Vec<Duration>, failed: usize, took: Duration) -> Run {
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
    };
    let seconds = took.as_secs_f64();
    let per_second = times.len() as f64 / seconds.max(1e-9);
    Run { done: times.len(), failed, seconds, per_second, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/// Sends what `next` gives, over so many connections at once, until it gives nothing more or the time is over.
/// An answer counts as done when `fine` says so; the first that is not is told.
pub(super) async fn drive(
    address: &str,
    clients: usize,
    limit: Duration,
    next: impl Fn(usize) -> Option<Ask> + Send + Sync + 'static,
    fine: impl Fn(&Reply) -> bool + Send + Sync + 'static,
) -> Result<Run> {
    let counter = Arc::new(AtomicUsize::new(0));
    let (next, fine) = (Arc::new(next), Arc::new(fine));
    let started = Instant::now();
    let mut tasks = vec![];
    for _ in 0..clients {
        let (counter, next, fine, address) = (counter.clone(), next.clone(), fine.clone(), address.to_owned());
        tasks.push(tokio::spawn(async move {
            let mut line = Line::open(&address).await?;
            let (mut times, mut failed) = (vec![], 0);
            while started.elapsed() < limit {
                let Some(ask) = next(counter.fetch_add(1, Ordering::Relaxed)) else { break };
                let sent = Instant::now();
                let reply = line.call(&ask).await?;
                if fine(&reply) {
                    times.push(sent.elapsed());
                } else {
                    if failed == 0 {
                        eprintln!(
                            "bench: {} {} answered {}: {:.300}",
                            ask.method,
                            ask.path,
                            reply.status,
                            reply.text()
                        );
                    }
                    failed += 1;
                }
            }
            Ok::<_, Error>((times, failed))
        }));
    }
    let (mut times, mut failed) = (vec![], 0);
    for task in tasks {
        let (t, f) = task.await.map_err(Error::internal)??;
        times.extend(t);
        failed += f;
    }
    Ok(summary(times, failed, started.elapsed()))
}
