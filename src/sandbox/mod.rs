//! The world outside, simulated by real servers on loopback ports: nothing in here is the platform.
//!
//! | server | plays | speaks |
//! |---|---|---|
//! | [`verifier`] | an identity verifier | [`crate::outside::verifier_protocol`] |
//! | [`department`] `market` | a department's system that decides by itself | [`crate::exchange::protocol`] |
//! | [`department`] `transport` | a department's back office in which an officer clicks | the same |
//! | [`mail`] | a mail server whose mails can be read on a page | SMTP |
//! | [`authenticator`] | the authenticators of the demo's staff | RFC 6238 |
//! | [`sms`] | a gateway of short messages, and the phones | [`crate::outside::sms_protocol`] |
//! | [`province`] | a province's provider of identities | OpenID Connect |
//! | index | a page that links them all | |
//!
//! Each has a page, `GET /state.json`, and `POST /control {"behaviour": "…"}` that makes it fail in the ways in which such
//! systems fail. It knows the published protocols only and imports nothing else of the platform but [`crate::kernel`].
//!
//! All of it runs on threads of its own ([`start`]), so that a caller's runtime may be anything, also one of a test.

pub mod authenticator;
pub mod department;
mod faces;
mod index;
pub mod mail;
mod page;
pub mod province;
pub mod sms;
mod switch;
pub mod verifier;

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, JsonConfig, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpServer};
use tokio::sync::oneshot;

use crate::kernel::{Clock, Error, Result};

pub use authenticator::Authenticator;
pub use department::{DepartmentSettings, Manner};
pub use verifier::Person;

/// As what the platform is known to the provider of identities.
pub const CLIENT: &str = "cloudmart";

/// On which loopback ports to listen; 0 for any that is free.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ports {
    pub index: u16,
    pub verifier: u16,
    pub market: u16,
    pub transport: u16,
    pub smtp: u16,
    /// The page on which mails are read.
    pub mails: u16,
    /// The page of the authenticators.
    pub codes: u16,
    /// The gateway of short messages, and its page.
    pub sms: u16,
    /// The provider of identities.
    pub province: u16,
}

#[derive(Clone)]
pub struct Settings {
    pub ports: Ports,
    /// For links on pages; answers go where each message says.
    pub platform_url: String,
    /// Who is known to the verifier at the start; more by `POST /people`.
    pub people: Vec<Person>,
    /// Of the demo's staff.
    pub authenticators: Vec<Authenticator>,
    /// What the platform shows the provider of identities that it is itself.
    pub province_secret: String,
    pub market: DepartmentSettings,
    pub transport: DepartmentSettings,
    /// How long the verifier takes when it is slow.
    pub slow: Duration,
    /// The delay after a first failed try of a department's answer; it doubles up to `retry_most`.
    pub retry_first: Duration,
    pub retry_most: Duration,
    /// Where the departments keep open cases over a restart; none: in memory alone.
    pub folder: Option<PathBuf>,
    pub clock: Clock,
}

impl Settings {
    /// Without delays and on any ports, as tests want it.
    pub fn quick(market: DepartmentSettings, transport: DepartmentSettings) -> Self {
        Self {
            ports: Ports::default(),
            platform_url: String::new(),
            people: vec![],
            authenticators: vec![],
            province_secret: "secret-of-tests-alone".into(),
            market,
            transport,
            slow: Duration::from_secs(8),
            retry_first: Duration::from_millis(20),
            retry_most: Duration::from_millis(500),
            folder: None,
            clock: Clock::default(),
        }
    }
}

/// Where each server listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    pub index: SocketAddr,
    pub verifier: SocketAddr,
    pub market: SocketAddr,
    pub transport: SocketAddr,
    pub smtp: SocketAddr,
    pub mails: SocketAddr,
    pub codes: SocketAddr,
    pub sms: SocketAddr,
    pub province: SocketAddr,
}

impl Addresses {
    /// For the setting `verifier.url`.
    pub fn verifier_url(&self) -> String {
        format!("http://{}", self.verifier)
    }
    /// For the setting `sms.url`.
    pub fn sms_url(&self) -> String {
        format!("http://{}", self.sms)
    }
    /// For the setting `oidc.issuer`.
    pub fn province_url(&self) -> String {
        format!("http://{}", self.province)
    }
    /// Where the platform sends messages for this department: `market` or `transport`.
    pub fn department_url(&self, key: &str) -> Option<String> {
        let at = match key {
            "market" => self.market,
            "transport" => self.transport,
            _ => return None,
        };
        Some(format!("http://{at}{}", department::EVENTS))
    }
    /// For the setting `exchange.hosts`.
    pub fn department_hosts(&self) -> Vec<String> {
        vec![self.market.to_string(), self.transport.to_string()]
    }
}

/// The running servers. They end when this is dropped; [`Running::stop`] waits until they have.
pub struct Running {
    pub addresses: Addresses,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Ends all servers and waits until their ports are free.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ended = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// Starts all servers.
///
/// # Errors
/// Internal, when a port is taken or the folder cannot be read.
pub async fn start(settings: Settings) -> Result<Running> {
    let (stop, stopping) = oneshot::channel();
    let (tell, told) = oneshot::channel();
    let body = move || run(settings, tell, stopping);
    let thread = std::thread::Builder::new().name("sandbox".into()).spawn(body)?;
    let addresses = told.await.map_err(Error::internal)??;
    Ok(Running { addresses, stop: Some(stop), thread: Some(thread) })
}

/// The body of the sandbox's thread. Its runtime takes everything that was spawned on it along when it ends.
fn run(settings: Settings, tell: oneshot::Sender<Result<Addresses>>, stopping: oneshot::Receiver<()>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return drop(tell.send(Err(cause.into()))),
    };
    runtime.block_on(async move {
        match servers(settings).await {
            Ok((addresses, servers)) => {
                let handles: Vec<_> = servers.iter().map(Server::handle).collect();
                let running: Vec<_> = servers.into_iter().map(tokio::spawn).collect();
                drop(tell.send(Ok(addresses)));
                // Either a word or the other side's end.
                let _ended = stopping.await;
                for handle in handles {
                    handle.stop(false).await;
                }
                for server in running {
                    let _ended = server.await;
                }
            }
            Err(cause) => drop(tell.send(Err(cause))),
        }
    });
}

async fn servers(settings: Settings) -> Result<(Addresses, Vec<Server>)> {
    let (index, verifier) = (listen(settings.ports.index)?, listen(settings.ports.verifier)?);
    let (market, transport) = (listen(settings.ports.market)?, listen(settings.ports.transport)?);
    let (smtp, mails) = (listen(settings.ports.smtp)?, listen(settings.ports.mails)?);
    let (codes, texts) = (listen(settings.ports.codes)?, listen(settings.ports.sms)?);
    let province = listen(settings.ports.province)?;
    let addresses = Addresses {
        index: index.local_addr()?,
        verifier: verifier.local_addr()?,
        market: market.local_addr()?,
        transport: transport.local_addr()?,
        smtp: smtp.local_addr()?,
        mails: mails.local_addr()?,
        codes: codes.local_addr()?,
        sms: texts.local_addr()?,
        province: province.local_addr()?,
    };
    let post = Arc::new(mail::Post::new(settings.clock.clone(), smtp.local_addr()?));
    smtp.set_nonblocking(true)?;
    tokio::spawn(mail::smtp::listen(tokio::net::TcpListener::from_std(smtp)?, post.clone()));
    let people = Arc::new(verifier::Registry::new(&settings, addresses.verifier_url()));
    let first = department::Department::open("market", &settings, settings.market.clone())?;
    let second = department::Department::open("transport", &settings, settings.transport.clone())?;
    let shelf = Arc::new(authenticator::Shelf::new(&settings));
    let phones = Arc::new(sms::Phones::new(settings.clock.clone()));
    let identities = Arc::new(province::Provider::new(&settings, addresses.province_url())?);
    let links = Arc::new(index::Links::new(addresses, &settings));
    let all = vec![
        serve(index, move |c| index::routes(c, links.clone()))?,
        serve(verifier, move |c| verifier::routes(c, people.clone()))?,
        serve(market, move |c| department::routes(c, first.clone()))?,
        serve(transport, move |c| department::routes(c, second.clone()))?,
        serve(mails, move |c| mail::routes(c, post.clone()))?,
        serve(codes, move |c| authenticator::routes(c, shelf.clone()))?,
        serve(province, move |c| province::routes(c, identities.clone()))?,
        serve(texts, move |c| sms::routes(c, phones.clone()))?,
    ];
    Ok((addresses, all))
}

fn listen(port: u16) -> Result<TcpListener> {
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(at).map_err(|e| Error::internal(format!("the sandbox cannot listen on {at}: {e}")))
}

fn serve(listener: TcpListener, routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) -> Result<Server> {
    // Larger than any message of the protocol, with its documents of 2 MiB in base64.
    const LARGEST: usize = 8 * 1024 * 1024;
    let app = move || {
        let headers = DefaultHeaders::new()
            .add(("Content-Security-Policy", page::POLICY))
            .add(("X-Content-Type-Options", "nosniff"))
            .add(("Referrer-Policy", "no-referrer"))
            .add(("Cache-Control", "no-store"));
        App::new()
            .wrap(headers)
            .app_data(PayloadConfig::new(LARGEST))
            .app_data(JsonConfig::default().limit(LARGEST))
            .route(page::STYLE_PATH, web::get().to(page::style))
            .configure(routes.clone())
    };
    Ok(HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1).listen(listener)?.run())
}
