//! The JSON interface for departments' systems, registered programs and the public.
//!
//! - All routes stand in one table, from which the server's routes, the list [`ROUTES`] and the OpenAPI document are made; a test
//!   holds the paths of the document to it.
//! - Who may come in is said by the handler's first argument: [`guard::Caller`] (anybody) or [`guard::Client`] (a program with a
//!   token of `/api/v1/token`), and by the scope that the handler asks of it.
//! - What is refused is answered as `application/problem+json` (RFC 9457) in the language of `Accept-Language` ([`problem`]).

mod body;
mod cases;
mod declarations;
mod exchange;
pub mod guard;
mod health;
mod items;
mod materials;
pub mod problem;
mod progress;
mod token;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, web};
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The largest body of an ordinary request.
const SMALL: usize = 64 << 10;

/// The one table: method, path under `/api`, the largest body in bytes, handler.
macro_rules! table {
    ($($method:ident $path:literal, $limit:expr => $module:ident :: $handler:ident;)+) => {
        /// Method and path of every endpoint.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), concat!("/api", $path))),+];

        fn with_routes(s: &mut web::ServiceConfig) {
            $(s.service(
                web::resource($path)
                    .app_data(web::PayloadConfig::new($limit))
                    .route(web::$method().to($module::$handler)),
            );)+
            s.default_service(web::to(problem::not_found));
        }

        #[derive(OpenApi)]
        #[openapi(
            info(title = "cloudmart", description = "Service items, declarations, cases and the exchange with departments."),
            paths($($module::$handler),+),
            components(schemas(problem::Problem, problem::Field)),
            modifiers(&Tokens, &Described)
        )]
        struct Document;
    };
}

table! {
    get "/openapi.json", SMALL => health::document;
    get "/v1/health", SMALL => health::health;
    get "/v1/ready", SMALL => health::ready;
    post "/v1/token", SMALL => token::token;
    get "/v1/items", SMALL => items::list;
    get "/v1/items/{code}", SMALL => items::item;
    get "/v1/items/{code}/form", SMALL => items::form;
    post "/v1/progress", SMALL => progress::progress;
    post "/v1/files", declarations::UPLOAD_BYTES => declarations::upload;
    post "/v1/declarations", declarations::BODY_BYTES => declarations::declare;
    get "/v1/cases", SMALL => cases::list;
    get "/v1/cases/{case_no}", SMALL => cases::case;
    get "/v1/materials/{file_id}", SMALL => materials::material;
    post "/v1/exchange/events", exchange::BODY_BYTES => exchange::event;
}

/// Everything under `/api`.
pub fn scope() -> impl HttpServiceFactory {
    web::scope("/api").configure(with_routes).wrap(from_fn(problem::in_the_callers_language))
}

/// The OpenAPI 3.1 document of this binary.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Says how programs show who they are.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scopes = Scopes::from_iter([
            (guard::CASES, "The cases of the client's department"),
            (guard::DECLARE, "Declare for applicants, for whom the channel answers"),
        ]);
        let flow = Flow::ClientCredentials(ClientCredentials::new("/api/v1/token", scopes));
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::OAuth2(OAuth2::new([flow])));
    }
}

/// Every response needs a description (OpenAPI 4.8.17): where nothing more is to be said, the status in words.
struct Described;

impl Modify for Described {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let items = api.paths.paths.values_mut();
        let operations = items.flat_map(|item| item.get.iter_mut().chain(item.post.iter_mut()));
        for (status, response) in operations.flat_map(|operation| operation.responses.responses.iter_mut()) {
            if let RefOr::T(response) = response
                && response.description.is_empty()
            {
                let status = StatusCode::from_bytes(status.as_bytes()).ok();
                response.description = status.and_then(|s| s.canonical_reason()).unwrap_or("Answer").to_owned();
            }
        }
    }
}

/// 200 with a JSON body that no cache keeps.
fn json(body: &impl serde::Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((actix_web::http::header::CACHE_CONTROL, "no-store")).json(body)
}
