//! The settings: `default.toml` (which *is* the default), a file, then the environment. The only place that reads the environment.

pub mod keyfile;

use serde::{Deserialize, Serialize};

use crate::kernel::{Error, Result};

/// The documented defaults.
pub const DEFAULT: &str = include_str!("default.toml");

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub files: Files,
    pub secrets: Secrets,
    pub verifier: Verifier,
    pub mail: Mail,
    pub sms: Sms,
    pub oidc: Oidc,
    pub exchange: Exchange,
    pub login: Login,
    pub sessions: Sessions,
    pub audit: Audit,
    pub log: Log,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: String,
    pub public_url: String,
    pub workers: usize,
    pub forwarded: bool,
}

impl Server {
    /// Whether people reach the platform by TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub address: String,
    pub connections: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub folder: String,
    pub max_mib: u64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    pub master: String,
    /// The file of keys by version; empty: `master` is the only one.
    pub file: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets { .. }")
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verifier {
    pub url: String,
    pub timeout: u64,
    pub face_hosts: Vec<String>,
    /// `wait` or `accept`
    pub degraded: String,
}

impl Verifier {
    /// Whether a declaration is taken while the verifier does not answer, and who declared is found out later.
    pub fn accepts_degraded(&self) -> bool {
        self.degraded == "accept"
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub server: String,
    pub security: String,
    pub user: String,
    pub password: String,
    pub from: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail {{ server: {:?}, security: {:?}, from: {:?}, .. }}", self.server, self.security, self.from)
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    pub url: String,
    pub key: String,
    pub timeout: u64,
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sms {{ url: {:?}, .. }}", self.url)
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    pub name: String,
    pub name_en: String,
    pub hosts: Vec<String>,
    pub scopes: Vec<String>,
    pub claim_name: String,
    pub claim_number: String,
    pub claim_phone: String,
    /// `name_id` or `name_id_phone`
    pub evidence: String,
    pub timeout: u64,
}

impl std::fmt::Debug for Oidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Oidc {{ issuer: {:?}, client_id: {:?}, .. }}", self.issuer, self.client_id)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub hosts: Vec<String>,
    pub timeout: u64,
    pub delays: Vec<u64>,
    pub max_attempts: i32,
    pub link_minutes: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub second_factor: String,
}

impl Login {
    /// Whether staff have to give a second factor: unless it is switched off by its word.
    pub fn needs_second_factor(&self) -> bool {
        self.second_factor != "off"
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    pub idle_minutes: i64,
    pub absolute_hours: i64,
    pub staff_idle_minutes: i64,
    pub staff_absolute_hours: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    pub keep_days: i64,
    pub head: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: String,
}

impl Audit {
    /// 网络安全法 21 (3) has logs kept for six months at least.
    const LEAST_DAYS: i64 = 183;
}

/// A setting that cannot be used: which, what it is, and the cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub key: &'static str,
    pub value: String,
    pub cure: &'static str,
}

impl Config {
    /// The defaults, overridden by the file named (or by `CLOUDMART_CONFIG`), overridden by `CLOUDMART__SECTION__KEY`.
    ///
    /// # Errors
    /// A file that cannot be read, a key that does not exist, a value of the wrong type.
    pub fn load(file: Option<&str>) -> Result<Self> {
        let named = std::env::var("CLOUDMART_CONFIG").ok();
        let text = match file.or(named.as_deref()) {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|e| Error::internal(format!("the configuration file {path} cannot be read: {e}")))?,
            None => String::new(),
        };
        let environment = std::env::vars().filter_map(|(k, v)| Some((k.strip_prefix("CLOUDMART__")?.to_owned(), v)));
        Self::from_parts(&text, environment)
    }

    /// The defaults, overridden by this text and by nothing else: for commands that make their own settings.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_text(text: &str) -> Result<Self> {
        Self::from_parts(text, std::iter::empty())
    }

    fn from_parts(file: &str, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut table: toml::Table = DEFAULT.parse().map_err(Error::internal)?;
        merge(&mut table, file.parse().map_err(Error::internal)?);
        for (name, value) in environment {
            let name = name.to_lowercase();
            let Some((section, key)) = name.split_once("__") else {
                continue;
            };
            let old = table.get(section).and_then(|s| s.get(key));
            let value = typed(old, &value);
            let mut one = toml::Table::new();
            one.insert(key.to_owned(), value);
            let mut above = toml::Table::new();
            above.insert(section.to_owned(), toml::Value::Table(one));
            merge(&mut table, above);
        }
        table.try_into().map_err(Error::internal)
    }

    /// What has to be mended before the platform can run with these settings.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = vec![];
        let mut check = |fine: bool, key: &'static str, value: &str, cure: &'static str| {
            if !fine {
                found.push(Problem { key, value: value.to_owned(), cure });
            }
        };
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|s| self.database.address.starts_with(s));
        check(known, "database.address", "(hidden)", "begin it with sqlite: or postgres://");
        let strong = crate::kernel::crypto::Keys::from_secret(&self.secrets.master).is_ok();
        check(
            strong || !self.secrets.file.is_empty(),
            "secrets.master",
            "(hidden)",
            "set 32 random bytes in base64: head -c 32 /dev/urandom | base64",
        );
        let http = self.server.public_url.starts_with("http://") || self.server.public_url.starts_with("https://");
        check(http, "server.public_url", &self.server.public_url, "write the full address, with https://");
        let security = ["none", "starttls", "tls"].contains(&self.mail.security.as_str());
        check(security, "mail.security", &self.mail.security, "none, starttls or tls");
        let degraded = ["wait", "accept"].contains(&self.verifier.degraded.as_str());
        check(degraded, "verifier.degraded", &self.verifier.degraded, "wait or accept");
        let worth = ["name_id", "name_id_phone"].contains(&self.oidc.evidence.as_str());
        check(worth, "oidc.evidence", &self.oidc.evidence, "name_id or name_id_phone");
        let is_plain = self.oidc.issuer.starts_with("http://") && self.server.is_https();
        check(!is_plain, "oidc.issuer", &self.oidc.issuer, "https://, as the platform itself is reached by TLS");
        let is_known_there = self.oidc.issuer.is_empty() || !self.oidc.client_secret.is_empty();
        check(is_known_there, "oidc.client_secret", "(hidden)", "set the secret that the provider gave");
        check(!self.exchange.delays.is_empty(), "exchange.delays", "[]", "name at least one delay in seconds");
        let factor = ["required", "off"].contains(&self.login.second_factor.as_str());
        check(factor, "login.second_factor", &self.login.second_factor, "required or off");
        let s = &self.sessions;
        let ends = [s.idle_minutes, s.absolute_hours, s.staff_idle_minutes, s.staff_absolute_hours];
        check(ends.iter().all(|n| *n > 0), "sessions", "0", "numbers above zero");
        let days = self.audit.keep_days;
        let cure = "183 days at least: the law has logs kept for six months";
        check(days >= Audit::LEAST_DAYS, "audit.keep_days", &days.to_string(), cure);
        let sizes = self.files.max_mib > 0 && self.database.connections > 0;
        check(sizes, "files.max_mib, database.connections", "0", "a number above zero");
        found
    }
}

fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// A text of the environment, in the type of the value that it replaces.
fn typed(old: Option<&toml::Value>, text: &str) -> toml::Value {
    match old {
        Some(toml::Value::String(_)) | None => toml::Value::String(text.to_owned()),
        Some(_) => {
            let line = format!("v = {text}");
            let parsed = line.parse::<toml::Table>().ok().and_then(|mut t| t.remove("v"));
            parsed.unwrap_or_else(|| toml::Value::String(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_overrides_the_file_and_the_file_the_default() {
        let env = [("SERVER__LISTEN".to_owned(), "[::]:80".to_owned()), ("EXCHANGE__DELAYS".into(), "[1]".into())];
        let c = Config::from_parts("[server]\nlisten = 'x'\nworkers = 3", env.into_iter())
            .unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!((c.server.listen.as_str(), c.server.workers, c.exchange.delays), ("[::]:80", 3, vec![1]));
    }

    #[test]
    fn a_wrong_key_is_named_and_a_weak_secret_is_a_problem() {
        let wrong = Config::from_parts("[server]\nlistne = 'x'", std::iter::empty());
        assert!(wrong.is_err_and(|e| format!("{e:?}").contains("listne")));
        let c = Config::from_parts("", std::iter::empty()).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(c.problems().iter().map(|p| p.key).collect::<Vec<_>>(), ["secrets.master"]);
        let c = Config::from_parts("[audit]\nkeep_days = 182", std::iter::empty()).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(c.problems().iter().map(|p| p.key).collect::<Vec<_>>(), ["secrets.master", "audit.keep_days"]);
    }
}
