//! Tokens for programs (OAuth 2.0 client credentials).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::{Caller, SCOPES, TOKEN_SECONDS, issue};
use super::json;
use super::problem::{ApiError, Problem};
use crate::identity::clients;
use crate::identity::throttle::{self, Limit};
use crate::kernel::{Error, Kind, Result, crypto};

/// Wrong secrets of one client from one address.
const LIMIT: Limit = Limit { what: "api-token", tries: 10, window: 900 };

#[derive(Deserialize, ToSchema)]
pub struct Asked {
    /// `client_credentials`
    grant_type: String,
    /// Here, or as user and password of HTTP Basic.
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    /// Fewer scopes than the client has, separated by spaces; without it all of them.
    #[serde(default)]
    scope: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Granted {
    pub access_token: String,
    /// `Bearer`
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
}

/// A token for a registered program, good for ten minutes.
#[utoipa::path(post, path = "/api/v1/token", tag = "platform",
    request_body(content = Asked, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = Granted),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn token(caller: Caller, req: HttpRequest, form: web::Form<Asked>) -> Result<HttpResponse, ApiError> {
    let mut asked = form.into_inner();
    if asked.grant_type != "client_credentials" {
        return Err(Error::invalid("grant-type").into());
    }
    if let Some((id, secret)) = basic(&req) {
        (asked.client_id, asked.client_secret) = (id, secret);
    }
    let app = caller.app.clone();
    let key = format!("{}\0{}", caller.address, asked.client_id);
    let ctx = caller.ctx();
    let (id, secret, of) = (asked.client_id.clone(), asked.client_secret, key.clone());
    let found = app
        .db
        .read(move |c| {
            Ok(if throttle::left(c, &ctx, LIMIT, &of)? > 0 { Some(clients::check(c, &id, &secret)) } else { None })
        })
        .await?;
    let client = match found {
        Some(Ok(client)) => client,
        Some(Err(error)) if !error.is(Kind::Unauthenticated) => return Err(error.into()),
        _ => {
            let ctx = caller.ctx();
            app.db.write(move |c| throttle::take(c, &ctx, LIMIT, &key)).await?;
            return Err(Error::new(Kind::Unauthenticated, "client-bad").into());
        }
    };
    let scopes = granted(&client.scopes, &asked.scope)?;
    let access_token = issue(&app.keys, &client.client_id, &scopes, app.clock.now())?;
    let scope = scopes.join(" ");
    Ok(json(&Granted { access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS, scope }))
}

/// The scopes of a token: what was asked, which the client must have; or all that it has.
fn granted(has: &[String], asked: &str) -> Result<Vec<String>> {
    let known: Vec<String> = has.iter().filter(|s| SCOPES.contains(&s.as_str())).cloned().collect();
    if asked.trim().is_empty() {
        return Ok(known);
    }
    let asked: Vec<String> = asked.split_whitespace().map(str::to_owned).collect();
    if asked.iter().all(|s| known.contains(s)) { Ok(asked) } else { Err(Error::invalid("scope-unknown")) }
}

fn basic(req: &HttpRequest) -> Option<(String, String)> {
    let given = req.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(crypto::from_base64(given.trim())?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::granted;

    #[test]
    fn a_token_has_no_more_than_its_client() {
        let has = ["cases".to_owned(), "gone".to_owned()];
        assert_eq!(granted(&has, "").unwrap(), ["cases"]);
        assert_eq!(granted(&has, "cases").unwrap(), ["cases"]);
        assert!(granted(&has, "cases declare").is_err());
        assert!(granted(&has, "gone").is_err());
    }
}
