//! Migrations: the same names for both engines, embedded in the binary.

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;
use crate::kernel::{Error, Result};

const LITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const PG: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Several processes may start together on PostgreSQL: one migrates, the others wait. The number is arbitrary but fixed.
const LOCK: &str = "SELECT pg_advisory_lock(5320201)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(5320201)";

pub(super) fn apply(conn: &mut Conn) -> Result<Vec<String>> {
    match conn {
        Conn::Lite(c) => names(c.run_pending_migrations(LITE)),
        Conn::Pg(c) => {
            diesel::sql_query(LOCK).execute(c)?;
            let applied = names(c.run_pending_migrations(PG));
            diesel::sql_query(UNLOCK).execute(c)?;
            applied
        }
    }
}

fn names(
    applied: Result<Vec<diesel::migration::MigrationVersion<'_>>, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<Vec<String>> {
    Ok(applied.map_err(Error::internal)?.iter().map(ToString::to_string).collect())
}

/// Whether the database lacks a migration of this binary.
pub(super) fn is_behind(conn: &mut Conn) -> Result<bool> {
    match conn {
        Conn::Lite(c) => c.has_pending_migration(LITE).map_err(Error::internal),
        Conn::Pg(c) => c.has_pending_migration(PG).map_err(Error::internal),
    }
}

pub(super) fn revert(conn: &mut Conn) -> Result<String> {
    let version = match conn {
        Conn::Lite(c) => c.revert_last_migration(LITE).map(|v| v.to_string()),
        Conn::Pg(c) => c.revert_last_migration(PG).map(|v| v.to_string()),
    };
    version.map_err(Error::internal)
}

/// The names of the migrations of both engines, in order; a test holds them equal.
pub fn names_of_both() -> Result<[Vec<String>; 2]> {
    fn list<DB: diesel::backend::Backend>(m: &EmbeddedMigrations) -> Result<Vec<String>> {
        let mut all: Vec<String> = MigrationSource::<DB>::migrations(m)
            .map_err(Error::internal)?
            .iter()
            .map(|m| m.name().to_string())
            .collect();
        all.sort();
        Ok(all)
    }
    Ok([list::<diesel::sqlite::Sqlite>(&LITE)?, list::<diesel::pg::Pg>(&PG)?])
}
