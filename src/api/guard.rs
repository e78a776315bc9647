//! Who asks, and their tokens.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::problem::{ApiError, language};
use crate::app::App;
use crate::identity;
use crate::kernel::keys::Keys;
use crate::kernel::{Actor, Ctx, Error, Kind, Lang, Result, Ts};

/// Reads the cases of the client's department.
pub const CASES: &str = "cases";
/// Declares for applicants.
pub const DECLARE: &str = "declare";
/// All scopes that a token can have.
pub const SCOPES: [&str; 2] = [CASES, DECLARE];

/// Seconds for which a token is good.
pub const TOKEN_SECONDS: i64 = 600;

const AUDIENCE: &str = "cloudmart-api";
const ISSUER: &str = "cloudmart";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// The client's id.
    sub: String,
    /// Separated by spaces.
    scope: String,
    /// Seconds since 1970.
    iat: i64,
    exp: i64,
}

/// Anybody.
pub struct Caller {
    pub app: App,
    pub lang: Lang,
    /// The address that the request came from: of the caller, or of a proxy before us.
    pub address: String,
}

impl Caller {
    pub fn ctx(&self) -> Ctx {
        self.app.ctx(Actor::Anyone, self.lang)
    }

    fn of(req: &HttpRequest) -> Result<Self> {
        let app = req.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no app"))?.get_ref().clone();
        let address = req.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default();
        Ok(Self { app, lang: language(req), address })
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req).map_err(ApiError))
    }
}

/// A registered program with a token.
pub struct Client {
    pub app: App,
    pub lang: Lang,
    pub client: identity::Client,
    /// Of the token: those of the client, or fewer.
    scopes: Vec<String>,
}

impl Client {
    /// The context of a program that speaks for its department.
    ///
    /// # Errors
    /// 403 `scope-missing` without the scope or without a department.
    pub fn of_department(&self) -> Result<Ctx> {
        self.may(CASES)?;
        let department = self.client.department.ok_or_else(|| Error::new(Kind::Forbidden, "scope-missing"))?;
        Ok(self.app.ctx(Actor::Department(department.0), self.lang))
    }

    /// # Errors
    /// 403 `scope-missing`.
    pub fn may(&self, scope: &str) -> Result<()> {
        if self.scopes.iter().any(|s| s == scope) { Ok(()) } else { Err(Error::new(Kind::Forbidden, "scope-missing")) }
    }
}

impl FromRequest for Client {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { look(&req).await.map_err(ApiError) })
    }
}

async fn look(req: &HttpRequest) -> Result<Client> {
    let Caller { app, lang, .. } = Caller::of(req)?;
    let given = req.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let token =
        given.and_then(|v| v.strip_prefix("Bearer ")).ok_or_else(|| Error::new(Kind::Unauthenticated, "token-bad"))?;
    let claims = read(&app.keys, token.trim(), app.clock.now())?;
    // A client that was switched off is out at once, not only when its token ends.
    let name = claims.sub;
    let client = app.db.peek(move |c| identity::clients::find(c, &name)).await?;
    let client = client.ok_or_else(|| Error::new(Kind::Unauthenticated, "token-bad"))?;
    let mut scopes: Vec<String> = claims.scope.split_whitespace().map(str::to_owned).collect();
    scopes.retain(|s| client.scopes.contains(s));
    Ok(Client { app, lang, client, scopes })
}

/// A token for a client. Its header names the version of the key that signed it, so that the key may change while tokens live.
pub fn issue(keys: &Keys, client_id: &str, scopes: &[String], now: Ts) -> Result<String> {
    let iat = now.micros() / 1_000_000;
    let claims = Claims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: client_id.to_owned(),
        scope: scopes.join(" "),
        iat,
        exp: iat + TOKEN_SECONDS,
    };
    let (version, key) = keys.token_key();
    let header = Header { kid: Some(version.to_string()), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key)).map_err(Error::internal)
}

/// The algorithm is ours and never the token's; the time is our clock's.
fn read(keys: &Keys, token: &str, now: Ts) -> Result<Claims> {
    let refused = || Error::new(Kind::Unauthenticated, "token-bad");
    let header = jsonwebtoken::decode_header(token).map_err(|e| refused().because(e))?;
    let version = header.kid.and_then(|kid| kid.parse().ok()).ok_or_else(refused)?;
    let key = keys.token_key_of(version).ok_or_else(refused)?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    validation.validate_exp = false;
    let token = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key), &validation)
        .map_err(|e| refused().because(e))?;
    let now = now.micros() / 1_000_000;
    let claims = token.claims;
    let lives = claims.exp > now && claims.iat <= now + 60 && claims.exp - claims.iat <= TOKEN_SECONDS;
    if lives { Ok(claims) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const NOW: Ts = Ts::from_micros(1_800_000_000_000_000);

    fn keys(byte: u8) -> Keys {
        Keys::from_secret(&crate::kernel::crypto::base64(&[byte; 32])).unwrap()
    }

    fn token() -> String {
        issue(&keys(7), "terminal", &["declare".into()], NOW).unwrap()
    }

    fn of(algorithm: Algorithm) -> Header {
        Header { kid: Some("1".into()), ..Header::new(algorithm) }
    }

    fn forged(header: Header, change: impl Fn(&mut serde_json::Value)) -> String {
        let at = NOW.micros() / 1_000_000;
        let mut claims = serde_json::json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "terminal", "scope": "declare",
            "iat": at, "exp": at + 600 });
        change(&mut claims);
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&keys(7).token_key().1)).unwrap()
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_a_token_and_none_makes_the_reader_fall_over(text in ".{0,200}") {
            proptest::prop_assert!(read(&keys(7), &text, NOW).is_err());
        }

        #[test]
        fn a_token_with_any_other_sign_in_it_is_refused(at in 0usize..1000, sign in "[A-Za-z0-9_.-]") {
            let token = token();
            let at = at % token.len();
            let changed = format!("{}{sign}{}", &token[..at], &token[at + 1..]);
            // The last sign of a part holds bits that are not read.
            let is_last = token[at + 1..].is_empty() || token[at + 1..].starts_with('.');
            proptest::prop_assume!(changed != token && !is_last);
            proptest::prop_assert!(read(&keys(7), &changed, NOW).is_err());
        }
    }

    #[test]
    fn our_own_tokens_are_read_until_they_end() {
        assert_eq!(read(&keys(7), &token(), NOW).unwrap().sub, "terminal");
        assert!(read(&keys(7), &token(), NOW.plus_secs(599)).is_ok());
        assert!(read(&keys(7), &token(), NOW.plus_secs(600)).is_err());
        assert!(read(&keys(7), &token(), NOW.minus_secs(61)).is_err());
        assert!(read(&keys(8), &token(), NOW).is_err());
    }

    #[test]
    fn a_token_without_algorithm_or_with_another_is_refused() {
        let token = token();
        let (_, rest) = token.split_once('.').unwrap();
        let (claims, _) = rest.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        assert!(read(&keys(7), &format!("{none}.{claims}."), NOW).is_err());
        assert!(read(&keys(7), &forged(of(Algorithm::HS512), |_| {}), NOW).is_err());
        for kid in [None, Some("2"), Some("x"), Some("../1")] {
            let header = Header { kid: kid.map(str::to_owned), ..of(Algorithm::HS256) };
            assert!(read(&keys(7), &forged(header, |_| {}), NOW).is_err(), "{kid:?}");
        }
        assert!(read(&keys(7), "", NOW).is_err());
        assert!(read(&keys(7), "a.b.c", NOW).is_err());
    }

    #[test]
    fn every_claim_counts() {
        let header = || of(Algorithm::HS256);
        assert!(read(&keys(7), &forged(header(), |_| {}), NOW).is_ok());
        assert!(read(&keys(7), &forged(header(), |c| c["aud"] = "elsewhere".into()), NOW).is_err());
        assert!(read(&keys(7), &forged(header(), |c| c["iss"] = "elsewhere".into()), NOW).is_err());
        // No token of ours lives longer than ten minutes.
        assert!(read(&keys(7), &forged(header(), |c| c["exp"] = 4_000_000_000_i64.into()), NOW).is_err());
        for claim in ["iss", "aud", "sub", "exp", "scope"] {
            let without = forged(header(), |c| {
                c.as_object_mut().unwrap().remove(claim);
            });
            assert!(read(&keys(7), &without, NOW).is_err(), "{claim}");
        }
    }
}
