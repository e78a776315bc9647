//! What the demo keeps in its folder: its settings, and the keys that it made for itself. Nobody else may read them.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::cli::world::Secrets;
use crate::config::Config;
use crate::kernel::{Error, Result, crypto};
use crate::sandbox::{Addresses, CLIENT};

const SETTINGS: &str = "cloudmart.toml";
const KEYS: &str = "keys.toml";

const HEAD: &str = "# Written by `cloudmart demo` at each start: addresses and folders are set anew, what else stands here stays.\n\
                    # Other commands use it so: cloudmart --config THIS-FILE doctor\n\n";

/// Random keys, made at the first start.
#[derive(Clone, Serialize, Deserialize)]
struct Keys {
    /// Shared with the departments of the sandbox, in base64.
    market: String,
    transport: String,
    /// Of the API's client.
    client_secret: String,
    /// Digests of the addresses of databases that were filled; and of one that is being filled.
    #[serde(default)]
    filled: Vec<String>,
    #[serde(default)]
    filling: Option<String>,
}

/// How far the seeding of a database has come, as far as this folder knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    No,
    Begun,
    Done,
}

/// The open folder, held against a second demo.
pub(in crate::cli) struct Kept {
    folder: PathBuf,
    settings: Table,
    keys: Keys,
    _lock: File,
}

impl Kept {
    /// Opens a folder; makes it, with new keys, where it is not there yet.
    ///
    /// # Errors
    /// A folder that another demo uses, or that cannot be written; files that do not parse.
    pub(in crate::cli) fn open(folder: &Path) -> Result<Self> {
        let unusable = |e: std::io::Error| {
            let cure = "name another one with --folder";
            Error::internal(format!("the folder {} cannot be used ({e}): {cure}", folder.display()))
        };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let lock = File::create(folder.join("lock")).map_err(unusable)?;
        lock.try_lock().map_err(|_| {
            Error::internal(format!("another demo uses the folder {}: end it, or name another one with --folder", {
                folder.display()
            }))
        })?;
        let mut settings: Table = read(&folder.join(SETTINGS))?.unwrap_or_default();
        let secrets = section(&mut settings, "secrets");
        if !secrets.contains_key("master") {
            secrets.insert("master".into(), crypto::base64(&crypto::random32()).into());
        }
        let log = section(&mut settings, "log");
        if !log.contains_key("level") {
            log.insert("level".into(), "warn".into());
        }
        let keys = match read(&folder.join(KEYS))? {
            Some(keys) => keys,
            None => {
                let made = Secrets::random();
                Keys {
                    market: crypto::base64(&made.market),
                    transport: crypto::base64(&made.transport),
                    client_secret: crypto::random_token(),
                    filled: vec![],
                    filling: None,
                }
            }
        };
        let kept = Self { folder: folder.to_owned(), settings, keys, _lock: lock };
        kept.save_keys()?;
        Ok(kept)
    }

    pub(in crate::cli) fn keys_file(&self) -> PathBuf {
        self.folder.join(KEYS)
    }

    pub(in crate::cli) fn secrets(&self) -> Result<Secrets> {
        let key = |text: &str| {
            let bytes = crypto::from_base64(text).filter(|b| b.len() >= crate::exchange::MIN_SECRET);
            bytes.ok_or_else(|| Error::internal(format!("{KEYS}: a key is too short or no base64")))
        };
        Ok(Secrets::of_departments(key(&self.keys.market)?, key(&self.keys.transport)?))
    }

    pub(super) fn client_secret(&self) -> String {
        self.keys.client_secret.clone()
    }

    pub(super) fn settings_file(&self) -> PathBuf {
        self.folder.join(SETTINGS)
    }

    /// Sets what follows from this start and writes the settings.
    pub(super) fn settle(
        &mut self,
        listen: &str,
        database: Option<&str>,
        (at, secrets): (&Addresses, &Secrets),
    ) -> Result<Config> {
        let own = |name: &str| self.folder.join(name).display().to_string();
        let address = database.map_or_else(|| format!("sqlite:{}", own("cloudmart.db")), str::to_owned);
        let files = own("files");
        let hosts: Vec<Value> = at.department_hosts().into_iter().map(Value::from).collect();
        let values: [(&str, &str, Value); 12] = [
            ("server", "listen", listen.into()),
            ("server", "public_url", format!("http://{listen}").into()),
            ("database", "address", address.into()),
            ("files", "folder", files.into()),
            ("verifier", "url", at.verifier_url().into()),
            ("sms", "url", at.sms_url().into()),
            ("oidc", "issuer", at.province_url().into()),
            ("oidc", "client_id", CLIENT.into()),
            ("oidc", "client_secret", secrets.province.clone().into()),
            ("mail", "server", at.smtp.to_string().into()),
            ("mail", "security", "none".into()),
            ("exchange", "hosts", hosts.into()),
        ];
        for (part, key, value) in values {
            section(&mut self.settings, part).insert(key.into(), value);
        }
        let text = format!("{HEAD}{}", toml::to_string_pretty(&self.settings).map_err(Error::internal)?);
        write(&self.settings_file(), &text)?;
        Config::from_text(&text)
    }

    pub(super) fn filled(&self, address: &str) -> Filled {
        let digest = digest(address);
        if self.keys.filled.contains(&digest) {
            Filled::Done
        } else if self.keys.filling.as_ref() == Some(&digest) {
            Filled::Begun
        } else {
            Filled::No
        }
    }

    /// Keeps that a database is being filled, or has been.
    pub(super) fn note(&mut self, address: &str, filled: Filled) -> Result<()> {
        let digest = digest(address);
        self.keys.filled.retain(|d| *d != digest);
        match filled {
            Filled::No => {}
            Filled::Begun => self.keys.filling = Some(digest),
            Filled::Done => {
                self.keys.filled.push(digest);
                self.keys.filling = None;
            }
        }
        self.save_keys()
    }

    fn save_keys(&self) -> Result<()> {
        let text = toml::to_string_pretty(&self.keys).map_err(Error::internal)?;
        write(&self.keys_file(), &format!("# Keys of this demo alone, made by chance at its first start.\n\n{text}"))
    }
}

fn section<'a>(settings: &'a mut Table, name: &str) -> &'a mut Table {
    let entry = settings.entry(name).or_insert_with(|| Value::Table(Table::new()));
    if !entry.is_table() {
        *entry = Value::Table(Table::new());
    }
    match entry {
        Value::Table(table) => table,
        _ => unreachable!("it was made a table above"),
    }
}

fn digest(address: &str) -> String {
    hex::encode(&crypto::sha256(address.as_bytes())[..8])
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path)?;
    let parsed = toml::from_str(&text);
    parsed.map(Some).map_err(|e| Error::internal(format!("{} cannot be read: {e}", path.display())))
}

/// Whole or not at all, and for its owner's eyes.
fn write(path: &Path, text: &str) -> Result<()> {
    let fresh = path.with_extension("new");
    // One that was left behind may have other rights.
    let _none = std::fs::remove_file(&fresh);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(std::fs::rename(&fresh, path)?)
}
