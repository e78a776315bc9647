//! The HTTP server around the routes: compression, limits, the line that the log has of each request.

use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::{Compress, DefaultHeaders, Next, from_fn};
use actix_web::{HttpServer, web};

use super::error::in_the_visitors_language;
use super::{refused, routes};
use crate::app::App;
use crate::kernel::Result;

/// The largest form without files.
const FORM_BYTES: usize = 256 * 1024;
/// Seconds that requests under way have when the server stops.
const GRACE: u64 = 10;

/// A server at work.
pub struct Server {
    pub address: SocketAddr,
    app: App,
    handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Ends at once, whatever is under way.
    pub async fn abort(self) {
        self.handle.stop(false).await;
        let _ = self.task.await;
    }

    /// Takes no more requests, lets those under way end, and returns when all is done.
    pub async fn stop(self) {
        // They would never end by themselves.
        self.app.streams.end();
        self.handle.stop(true).await;
        if let Ok(Err(e)) = self.task.await {
            tracing::warn!(error = %e, "The server did not end well.");
        }
    }
}

/// Serves this app on a listener; `workers` threads, or one a core when it is 0.
pub fn start(app: App, listener: TcpListener, workers: usize) -> Result<Server> {
    let address = listener.local_addr()?;
    let (data, https) = (web::Data::new(app.clone()), app.config.server.is_https());
    let factory = move || {
        actix_web::App::new()
            .app_data(data.clone())
            .app_data(web::FormConfig::default().limit(FORM_BYTES))
            .wrap(Compress::default())
            .wrap(from_fn(in_the_visitors_language))
            .wrap(from_fn(refused::recorded))
            .wrap(headers(https))
            .wrap(from_fn(line))
            .configure(routes)
    };
    let workers = if workers == 0 { std::thread::available_parallelism().map_or(2, usize::from) } else { workers };
    let server =
        HttpServer::new(factory).workers(workers).shutdown_timeout(GRACE).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    Ok(Server { address, app, handle, task: tokio::spawn(server) })
}

/// What every answer says that says nothing else: pages and files say more. A browser that came by TLS once comes by nothing else for a
/// year.
fn headers(https: bool) -> DefaultHeaders {
    let all = DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    match https {
        true => all.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains")),
        false => all,
    }
}

/// One line a request. The route's pattern stands in it and not the path, which may hold a secret or a number of somebody's case.
async fn line(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let response = next.call(req).await?;
    let request = response.request();
    let route = request.match_pattern().unwrap_or_else(|| "-".into());
    let status = response.status().as_u16();
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let ms = (ms * 10.0).round() / 10.0;
    tracing::info!(method = %request.method(), route, status, ms, "Answered.");
    Ok(response)
}
