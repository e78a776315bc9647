//! Letters to the platform, carried until they are taken; and materials, fetched by their links.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::mpsc::UnboundedReceiver;

use super::book::Check;
use super::{Conduct, Department};
use crate::exchange::protocol::{Accepted, Answer, CONTENT_TYPE, Event, Material};
use crate::kernel::webhook;
use crate::kernel::{Error, Result};

const TIMEOUT: Duration = Duration::from_secs(10);
/// Tries to fetch a material before it counts as not to be had.
const MOST_FETCHES: u32 = 6;
/// No material is larger.
const LARGEST: usize = 64 * 1024 * 1024;

/// The sandbox's own client: it talks to a platform on loopback and needs no root certificates.
pub fn client() -> Result<reqwest::Client> {
    // An error says that a provider of TLS stands already.
    let _already = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(TIMEOUT)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only(std::iter::empty())
        .build()
        .map_err(Error::internal)
}

/// Carries the letters of one case, one after the other, until there are no more.
pub async fn carry(of: Arc<Department>, case_no: String, to: String, mut letters: UnboundedReceiver<Event>) {
    while let Some(event) = letters.recv().await {
        let Ok(body) = serde_json::to_vec(&event) else {
            continue;
        };
        let mut delay = of.retry.0;
        let mut tries = 0;
        loop {
            tries += 1;
            let came = send(&of, &to, &event.id, &body).await;
            let is_taken = came.is_taken;
            note(&of, &case_no, &event.id, tries, came);
            if is_taken {
                break;
            }
            tokio::time::sleep(delay).await;
            delay = (delay * 2).min(of.retry.1);
        }
        if of.switch.now() == Conduct::Twice {
            let came = send(&of, &to, &event.id, &body).await;
            note(&of, &case_no, &event.id, tries + 1, came);
        }
    }
    let book = of.book();
    if let Some(case) = book.case(&case_no).filter(|c| c.is_done()) {
        of.journal.finished(case);
    }
}

struct Came {
    is_taken: bool,
    last: String,
    answer: Option<String>,
}

async fn send(of: &Department, to: &str, id: &str, body: &[u8]) -> Came {
    let now = of.clock.now().micros() / 1_000_000;
    let wrong: &[u8] = b"not the key";
    let key = if of.switch.now() == Conduct::BadSignature { wrong } else { &of.settings.secret };
    let request = of
        .client
        .post(to)
        .header("content-type", CONTENT_TYPE)
        .header("webhook-id", id)
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", webhook::sign(key, id, now, body))
        .body(body.to_vec());
    match request.send().await {
        Ok(response) => {
            let status = response.status();
            let answer = response.json::<Answer>().await.ok().map(|a| a.state);
            Came { is_taken: status.is_success(), last: status.as_u16().to_string(), answer }
        }
        Err(e) => Came { is_taken: false, last: fault(&e).to_owned(), answer: None },
    }
}

fn fault(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() { "timeout" } else { "unreachable" }
}

fn note(of: &Department, case_no: &str, id: &str, tries: u32, came: Came) {
    let mut book = of.book();
    let letters = book.case_mut(case_no).map(|c| c.letters.iter_mut());
    if let Some(letter) = letters.and_then(|mut l| l.find(|l| l.id == id)) {
        letter.tries = tries;
        letter.is_delivered |= came.is_taken;
        letter.last = came.last;
        letter.answer = came.answer.or(letter.answer.take());
    }
}

/// Fetches all materials and notes each; whether all came and fit their digests.
pub async fn fetch(of: &Department, accepted: &Accepted) -> bool {
    let mut are_sound = true;
    for material in &accepted.materials {
        let mut delay = of.retry.0;
        let mut check = fetch_one(&of.client, material).await;
        for _ in 1..MOST_FETCHES {
            if check.fault.is_none() {
                break;
            }
            tokio::time::sleep(delay).await;
            delay = (delay * 2).min(of.retry.1);
            check = fetch_one(&of.client, material).await;
        }
        are_sound &= check.is_sound;
        if let Some(case) = of.book().case_mut(&accepted.case_no) {
            case.checks.push(check);
        }
    }
    are_sound
}

async fn fetch_one(client: &reqwest::Client, material: &Material) -> Check {
    let mut check = Check {
        key: material.key.clone(),
        name: material.name.clone(),
        size: 0,
        sha256: String::new(),
        is_sound: false,
        fault: None,
    };
    let mut response = match client.get(&material.url).send().await {
        Ok(response) if response.status().is_success() => response,
        Ok(response) => return Check { fault: Some(response.status().as_u16().to_string()), ..check },
        Err(e) => return Check { fault: Some(fault(&e).to_owned()), ..check },
    };
    let mut digest = Sha256::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if check.size + chunk.len() <= LARGEST => {
                check.size += chunk.len();
                digest.update(&chunk);
            }
            Ok(Some(_)) => return Check { fault: Some("too large".into()), ..check },
            Ok(None) => break,
            Err(e) => return Check { fault: Some(fault(&e).to_owned()), ..check },
        }
    }
    check.sha256 = hex::encode(digest.finalize());
    let is_whole = usize::try_from(material.size).is_ok_and(|size| size == check.size);
    check.is_sound = is_whole && check.sha256.eq_ignore_ascii_case(&material.sha256);
    check
}
