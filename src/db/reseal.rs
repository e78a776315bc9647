//! Sealing anew, under the current key, what an older one sealed: column by column, in small batches, beside all that goes on.
//!
//! Each domain says which of its columns are sealed ([`Sealed`]); the names are the program's own and never a visitor's.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Nullable};

use super::schema::types::IdSql;
use super::{Bytes, Conn};
use crate::kernel::crypto::Keys;
use crate::kernel::{Id, Result};

/// What a blind index is reckoned from: the opened value.
pub type IndexOf = fn(&Keys, &[u8]) -> Option<Bytes>;

/// A column of sealed values.
#[derive(Clone, Copy)]
pub struct Sealed {
    pub table: &'static str,
    /// The table's key, an id.
    pub key: &'static str,
    pub column: &'static str,
    /// What the values are bound to.
    pub place: &'static str,
    /// The blind index of the same value, which changes with it.
    pub index: Option<(&'static str, IndexOf)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = IdSql)]
    id: Id,
    #[diesel(sql_type = Binary)]
    sealed: Bytes,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Values of this column that another version than the current one sealed.
pub fn old(c: &mut Conn, keys: &Keys, s: &Sealed) -> Result<i64> {
    let Sealed { table, column, .. } = s;
    let text = format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} IS NOT NULL AND substr({column}, 1, 1) <> $1");
    let version = vec![keys.version()];
    let found: Count =
        crate::each_engine!(c, c => sql_query(text.as_str()).bind::<Binary, _>(version.clone()).get_result(c))?;
    Ok(found.n)
}

/// Seals the next values of a column anew, at most so many; returns how many it looked at and the last key, none at the end.
/// A value that changed meanwhile is left: whoever changed it sealed it anew.
pub fn reseal(c: &mut Conn, keys: &Keys, s: &Sealed, after: Id, limit: i64) -> Result<(usize, Option<Id>)> {
    let Sealed { table, key, column, .. } = s;
    let text = format!(
        "SELECT {key} AS id, {column} AS sealed FROM {table} \
         WHERE {key} > $1 AND {column} IS NOT NULL AND substr({column}, 1, 1) <> $2 ORDER BY {key} LIMIT $3"
    );
    let version = vec![keys.version()];
    let rows: Vec<Row> = crate::each_engine!(c, c => sql_query(text.as_str())
        .bind::<IdSql, _>(after)
        .bind::<Binary, _>(version.clone())
        .bind::<BigInt, _>(limit)
        .load(c))?;
    for Row { id, sealed } in &rows {
        let value = keys.open(s.place, sealed)?;
        let fresh = keys.seal(s.place, &value);
        // SQLite numbers parameters as they come, so that they stand in the order in which they are bound.
        match s.index {
            Some((index, of)) => {
                let update =
                    format!("UPDATE {table} SET {column} = $1, {index} = $2 WHERE {key} = $3 AND {column} = $4");
                let found = of(keys, &value);
                crate::each_engine!(c, c => sql_query(update.as_str())
                    .bind::<Binary, _>(fresh.clone())
                    .bind::<Nullable<Binary>, _>(found.clone())
                    .bind::<IdSql, _>(*id)
                    .bind::<Binary, _>(sealed.clone())
                    .execute(c))?;
            }
            None => {
                let update = format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3");
                crate::each_engine!(c, c => sql_query(update.as_str())
                    .bind::<Binary, _>(fresh.clone())
                    .bind::<IdSql, _>(*id)
                    .bind::<Binary, _>(sealed.clone())
                    .execute(c))?;
            }
        }
    }
    Ok((rows.len(), rows.last().map(|r| r.id)))
}
