//! Databases that come and go: for the benchmark and for whoever wants to try something on a server.

use diesel::prelude::*;

use super::conn::{Conn, Manager};
use crate::kernel::{Error, Result};

/// Makes an empty database on the server of this address (`postgres://user@host/any`) and returns the new one's address.
///
/// # Errors
/// The server does not answer, or the user may not make databases.
pub fn create(server: &str, name: &str) -> Result<String> {
    // Sorted by bytes, as SQLite does.
    run(server, &format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", plain(name)?))?;
    let (path, query) = server.split_once('?').map_or((server, String::new()), |(p, q)| (p, format!("?{q}")));
    let (base, _) = path.rsplit_once('/').ok_or_else(|| Error::internal("an address without a database"))?;
    Ok(format!("{base}/{name}{query}"))
}

/// Drops a database of this server.
pub fn drop(server: &str, name: &str) -> Result<()> {
    run(server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", plain(name)?))
}

fn plain(name: &str) -> Result<&str> {
    let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits { Ok(name) } else { Err(Error::internal(format!("{name} is no name for a database"))) }
}

fn run(server: &str, sql: &str) -> Result<()> {
    match (Manager::Pg { url: server.to_owned() }).open()? {
        Conn::Pg(mut c) => {
            diesel::sql_query(sql).execute(&mut c)?;
            Ok(())
        }
        Conn::Lite(_) => Ok(()),
    }
}
