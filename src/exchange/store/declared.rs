use diesel::prelude::*;

use crate::cases::CaseId;
use crate::db::schema::exg_declared;
use crate::db::{Bytes, Conn};
use crate::identity::ClientId;
use crate::kernel::{Result, Ts};

pub fn find_declared(c: &mut Conn, client: ClientId, key: &str) -> Result<Option<(CaseId, Bytes)>> {
    Ok(exg_declared::table
        .find((client, key))
        .select((exg_declared::case_id, exg_declared::digest))
        .first(c)
        .optional()?)
}

pub fn insert_declared(c: &mut Conn, client: ClientId, key: &str, digest: &[u8], case: CaseId, now: Ts) -> Result<()> {
    let row = (
        exg_declared::client_id.eq(client),
        exg_declared::key.eq(key.to_owned()),
        exg_declared::digest.eq(digest.to_vec()),
        exg_declared::case_id.eq(case),
        exg_declared::created_at.eq(now),
    );
    c.later("exg_declared", diesel::insert_into(exg_declared::table).values(row))
}
