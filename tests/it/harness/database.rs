//! A fresh database a test: copied from one that was migrated and seeded once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

/// The server for the tests on PostgreSQL: an address of a database on which databases may be created.
pub const PG: &str = "CLOUDMART_TEST_PG";
/// `1`: leave these tests out, loudly.
pub const SKIP_PG: &str = "CLOUDMART_TEST_SKIP_PG";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Whether the tests of this engine run at all.
    ///
    /// # Panics
    /// When there is no PostgreSQL and nobody said that it shall be left out.
    pub fn is_here(self) -> bool {
        if self == Engine::Sqlite || std::env::var(PG).is_ok() {
            return true;
        }
        let skip = std::env::var(SKIP_PG).is_ok_and(|v| v == "1");
        assert!(
            skip,
            "no PostgreSQL for this test. Run `tests/postgres cargo test --test it …`, which starts one, \
             or set {PG} to a server's address, or set {SKIP_PG}=1 to leave these tests out."
        );
        eprintln!("SKIPPED: {SKIP_PG}=1 leaves out the test on PostgreSQL.");
        false
    }
}

/// A name that no other test of any process has.
pub fn unique(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("cloudmart_{what}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A folder that goes with the value; `CLOUDMART_TEST_KEEP=1` keeps it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(what: &str) -> Self {
        let path = std::env::temp_dir().join(unique(what));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::env::var("CLOUDMART_TEST_KEEP").is_err() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// A database that goes with the value.
pub struct Database {
    pub address: String,
    name: Option<String>,
}

impl Database {
    /// An empty one; SQLite's stands in this folder.
    pub fn empty(engine: Engine, folder: &Path) -> Self {
        match engine {
            Engine::Sqlite => Self::lite(folder),
            Engine::Postgres => Self::pg("", &unique("test")),
        }
    }

    /// A copy of another, which nobody may have open.
    pub fn copy(engine: Engine, folder: &Path, of: &Template) -> Self {
        match engine {
            Engine::Sqlite => {
                let made = Self::lite(folder);
                std::fs::copy(&of.place, folder.join("test.db")).unwrap();
                made
            }
            Engine::Postgres => Self::pg(&format!("TEMPLATE {}", of.place), &unique("test")),
        }
    }

    fn lite(folder: &Path) -> Self {
        Self { address: format!("sqlite:{}", folder.join("test.db").display()), name: None }
    }

    fn pg(rest: &str, name: &str) -> Self {
        server(&format!("CREATE DATABASE {name} {rest}"));
        Self { address: address_of(name), name: Some(name.to_owned()) }
    }

    /// Makes of this database a template for copies. Nobody may have it open.
    pub fn into_template(mut self, folder: &Path) -> Template {
        match self.name.take() {
            None => {
                let clean = folder.join("clean.db");
                let mut c = SqliteConnection::establish(self.address.trim_start_matches("sqlite:")).unwrap();
                c.batch_execute(&format!("VACUUM INTO '{}'", clean.display())).unwrap();
                Template { place: clean.display().to_string() }
            }
            Some(name) => Template { place: name },
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// A migrated and seeded database: a file, or the name of a database on the server. It goes with the server or the folder.
pub struct Template {
    place: String,
}

fn address_of(name: &str) -> String {
    let base = std::env::var(PG).unwrap();
    let (path, query) = base.split_once('?').map_or((base.as_str(), String::new()), |(p, q)| (p, format!("?{q}")));
    let (scheme, rest) = path.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    format!("{scheme}://{host}/{name}{query}")
}

fn server(sql: &str) {
    let mut c = PgConnection::establish(&std::env::var(PG).unwrap()).unwrap();
    c.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
}
