//! A provider of identities (统一身份认证平台) that speaks OpenID Connect Core 1.0: people log in there, and come back with who they are.
//!
//! Authorization code flow with PKCE (S256), state and nonce. What the provider says of somebody comes from its userinfo endpoint, of the
//! subject whom its signed ID token names; the ID token's issuer, audience, times, nonce and signature are checked, by the keys that the
//! provider publishes. `none` and the algorithms of shared keys are not taken.
//!
//! Errors are [`Kind::Outside`](crate::kernel::Kind::Outside): `province-down` (it did not answer, or cannot be understood),
//! `province-refused` (it does not stand behind what came back), `province-off`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreJwsSigningAlgorithm as Alg, CoreProviderMetadata,
    CoreTokenResponse,
};
use openidconnect::http::header::CONTENT_TYPE;
use openidconnect::http::{HeaderValue, StatusCode};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, SubjectIdentifier, TokenResponse, UserInfoClaims, UserInfoError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::http::{Guarded, host_of};
use crate::config;
use crate::kernel::{Clock, Error, Result};

/// For so long what the provider says of itself is believed.
const FRESH: Duration = Duration::from_secs(600);

/// Algorithms of signatures by keys of the provider's own.
const ALGORITHMS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// Cheap to copy.
#[derive(Clone)]
pub enum Oidc {
    Real(Arc<Provider>),
    /// No provider is configured: nobody is offered to log in there.
    Off,
}

pub struct Provider {
    client: Guarded,
    settings: config::Oidc,
    /// Where people come back to.
    back: String,
    clock: Clock,
    known: ArcSwapOption<(Instant, CoreProviderMetadata)>,
}

/// Somebody is sent to the provider. What is kept here of it decides whether what comes back is an answer. Not `Debug`.
pub struct Sent {
    pub url: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// Who somebody is, by the provider's word. Not `Debug`: it must not end in a log.
#[derive(Clone, Serialize, Deserialize)]
pub struct Told {
    pub issuer: String,
    /// The provider's own name for the person, never given to another.
    pub subject: String,
    pub name: Option<String>,
    pub number: Option<String>,
    pub phone: Option<String>,
}

/// All claims that the standard does not name.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct More {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for More {}

impl Oidc {
    /// # Errors
    /// Internal, when the address in the settings is none.
    pub fn from_config(settings: &config::Oidc, public_url: &str, clock: Clock) -> Result<Self> {
        let issuer = settings.issuer.trim();
        if issuer.is_empty() {
            return Ok(Self::Off);
        }
        let own = host_of(issuer).ok_or_else(|| Error::internal("oidc.issuer is no address with a host"))?;
        let hosts = std::iter::once(own).chain(settings.hosts.iter().cloned()).collect();
        let client = Guarded::new(hosts, Duration::from_secs(settings.timeout.max(1)))?;
        let back = format!("{}/login/province/back", public_url.trim_end_matches('/'));
        let settings = settings.clone();
        Ok(Self::Real(Arc::new(Provider { client, settings, back, clock, known: ArcSwapOption::empty() })))
    }

    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    fn provider(&self) -> Result<&Provider> {
        match self {
            Self::Real(provider) => Ok(provider),
            Self::Off => Err(Error::outside("province-off")),
        }
    }

    /// Where somebody is sent to log in.
    ///
    /// # Errors
    /// `province-down`, `province-off`.
    pub async fn send(&self) -> Result<Sent> {
        let provider = self.provider()?;
        let metadata = provider.metadata(false).await?;
        let client = provider.client(metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = provider.settings.scopes.iter().filter(|s| *s != "openid").cloned().map(Scope::new);
        let (url, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Sent {
            url: url.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    /// Who came back, for the code that they brought.
    ///
    /// # Errors
    /// `province-refused`, `province-down`, `province-off`.
    pub async fn ask(&self, code: &str, nonce: &str, verifier: &str) -> Result<Told> {
        let provider = self.provider()?;
        let client = provider.client(provider.metadata(false).await?)?;
        let asked = client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(down)?;
        let asked = asked.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        let tokens = asked.request_async(provider).await.map_err(|e| match e {
            RequestTokenError::ServerResponse(said) => refused(said.error()),
            RequestTokenError::Request(cause) => unanswered(cause),
            other => down(other),
        })?;
        let nonce = Nonce::new(nonce.to_owned());
        let subject = match provider.subject(&client, &tokens, &nonce) {
            // It may have a new key since we asked.
            Err(None) => {
                let renewed = provider.client(provider.metadata(true).await?)?;
                provider.subject(&renewed, &tokens, &nonce)
            }
            proven => proven,
        };
        let subject =
            subject.map_err(|e| e.unwrap_or_else(|| refused("no key of the provider has signed the ID token")))?;
        let asked = client.user_info(tokens.access_token().clone(), Some(subject.clone())).map_err(down)?;
        let claims: UserInfoClaims<More, CoreGenderClaim> =
            asked.request_async(provider).await.map_err(|e| match e {
                UserInfoError::ClaimsVerification(cause) => refused(why(&cause)),
                UserInfoError::Request(cause) => unanswered(cause),
                other => down(other),
            })?;
        provider.told(subject.to_string(), &claims)
    }
}

/// It could not be reached, or took too long.
fn unanswered(cause: Error) -> Error {
    Error::outside("province-down").because(cause)
}

/// What it said cannot be understood. The cause is what the library shows of it, which is never the answer itself.
fn down(cause: impl std::fmt::Display) -> Error {
    Error::outside("province-down").because(cause.to_string())
}

fn refused(cause: impl std::fmt::Display) -> Error {
    Error::outside("province-refused").because(cause.to_string())
}

/// What is wrong with what was signed, without what it says of anybody.
fn why(cause: &ClaimsVerificationError) -> &'static str {
    match cause {
        ClaimsVerificationError::Expired(_) => "it has expired",
        ClaimsVerificationError::InvalidAudience(_) => "it is for another client",
        ClaimsVerificationError::InvalidIssuer(_) => "it is another issuer's",
        ClaimsVerificationError::InvalidNonce(_) => "it is no answer to what was asked",
        ClaimsVerificationError::InvalidSubject(_) => "it speaks of another subject",
        ClaimsVerificationError::SignatureVerification(_) => "its signature is wrong, or there is none",
        _ => "a claim in it is wrong",
    }
}

/// The addresses that a provider's own description names.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Provider {
    /// What the provider says of itself, with its keys.
    async fn metadata(&self, is_new_wanted: bool) -> Result<CoreProviderMetadata> {
        if let Some(known) = self.known.load().as_deref().filter(|(at, _)| !is_new_wanted && at.elapsed() < FRESH) {
            return Ok(known.1.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.trim().to_owned()).map_err(Error::internal)?;
        let metadata = CoreProviderMetadata::discover_async(issuer, self).await.map_err(|e| match e {
            DiscoveryError::Request(cause) => unanswered(cause),
            other => down(other),
        })?;
        self.known.store(Some(Arc::new((Instant::now(), metadata.clone()))));
        Ok(metadata)
    }

    fn client(&self, metadata: CoreProviderMetadata) -> Result<Client> {
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = ClientSecret::new(self.settings.client_secret.clone());
        let back = RedirectUrl::new(self.back.clone()).map_err(Error::internal)?;
        Ok(CoreClient::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(back))
    }

    /// Whom the ID token names. `Err(None)`: no key that is known has signed it.
    fn subject(
        &self,
        client: &Client,
        tokens: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> std::result::Result<SubjectIdentifier, Option<Error>> {
        let id_token = tokens.id_token().ok_or_else(|| Some(refused("there is no ID token")))?;
        let clock = self.clock.clone();
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || clock.now().utc());
        let claims = id_token.claims(&verifier, nonce).map_err(|e| match e {
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => None,
            other => Some(refused(why(&other))),
        })?;
        if let Some(hash) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(|e| Some(refused(e)))?;
            let key = id_token.signing_key(&verifier).map_err(|e| Some(refused(e)))?;
            let own =
                AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(|e| Some(refused(e)))?;
            if own != *hash {
                return Err(Some(refused("the access token is not the ID token's")));
            }
        }
        Ok(claims.subject().clone())
    }

    fn told(&self, subject: String, claims: &UserInfoClaims<More, CoreGenderClaim>) -> Result<Told> {
        let s = &self.settings;
        // As they came, whichever of them the standard names.
        let all = serde_json::to_value(claims)?;
        let of = |name: &str| all.get(name).and_then(Value::as_str).map(str::to_owned);
        let (name, number, phone) = (of(&s.claim_name), of(&s.claim_number), of(&s.claim_phone));
        Ok(Told { issuer: s.issuer.trim().to_owned(), subject, name, number, phone })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse> {
        let (parts, body) = request.into_parts();
        let headers: Vec<(&str, &str)> =
            parts.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        let url = parts.uri.to_string();
        let answer = match parts.method.as_str() {
            "GET" => self.client.get(&url, &headers).await?,
            _ => self.client.post(&url, &headers, body).await?,
        };
        let mut response = HttpResponse::new(answer.body.to_vec());
        *response.status_mut() = StatusCode::from_u16(answer.status).map_err(Error::internal)?;
        if let Some(kind) = answer.content_type.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
            response.headers_mut().insert(CONTENT_TYPE, kind);
        }
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Provider {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}
