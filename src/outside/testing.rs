//! A tiny server for the tests of this ring: one answer a connection, and what was asked.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub fn ok<T, E: Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|e| panic!("{e:?}"))
}

type Reply = Arc<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

pub struct Fake {
    host: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Fake {
    /// Answers each request with these bytes, then closes.
    pub async fn answers(reply: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1:0", Some(Arc::new(reply))).await
    }

    pub async fn status(status: u16, body: &str) -> Self {
        Self::status_at("127.0.0.1:0", status, body).await
    }

    /// At a given address, such as that of one that was dropped.
    pub async fn status_at(at: &str, status: u16, body: &str) -> Self {
        let text = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        Self::start(at, Some(Arc::new(move |_: &str| text.clone().into_bytes()))).await
    }

    /// Reads and never answers.
    pub async fn silent() -> Self {
        Self::start("127.0.0.1:0", None).await
    }

    async fn start(at: &str, reply: Option<Reply>) -> Self {
        let listener = ok(TcpListener::bind(at).await);
        let host = ok(listener.local_addr()).to_string();
        let requests = Arc::new(Mutex::new(vec![]));
        let seen = requests.clone();
        let task = tokio::spawn(async move {
            let mut held = vec![];
            while let Ok((mut stream, _)) = listener.accept().await {
                let text = read(&mut stream).await;
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(text.clone());
                match &reply {
                    Some(reply) => drop(stream.write_all(&reply(&text)).await),
                    None => held.push(stream),
                }
            }
        });
        Self { host, requests, task }
    }

    pub fn host(&self) -> String {
        self.host.clone()
    }
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut all = vec![];
    let mut buffer = [0u8; 4096];
    loop {
        let n = stream.read(&mut buffer).await.unwrap_or(0);
        all.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&all).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let head = head.to_lowercase();
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.trim().parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        if n == 0 || whole {
            return text;
        }
    }
}
