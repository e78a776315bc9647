//! Programs that may call the API.

use diesel::prelude::*;

use crate::db::schema::idn_client;
use crate::db::{Bytes, Conn, Each};
use crate::identity::clients::Listed;
use crate::identity::model::{Client, ClientId, DepartmentId};
use crate::kernel::{Result, Ts};

/// Inserts the client, or replaces what the one with this `client_id` has.
pub(in crate::identity) fn put(c: &mut Conn, client: &Client, name: &str, hash: Bytes, now: Ts) -> Result<ClientId> {
    let values = (
        idn_client::name.eq(name.to_owned()),
        idn_client::department_id.eq(client.department),
        idn_client::secret_hash.eq(hash),
        idn_client::scopes.eq(client.scopes.join(" ")),
        idn_client::is_active.eq(true),
    );
    let keys = (
        idn_client::id.eq(client.id),
        idn_client::client_id.eq(client.client_id.clone()),
        idn_client::created_at.eq(now),
    );
    let insert = diesel::insert_into(idn_client::table)
        .values((keys, values.clone()))
        .on_conflict(idn_client::client_id)
        .do_update()
        .set(values);
    Each(insert).execute(c)?;
    Ok(idn_client::table.filter(idn_client::client_id.eq(&client.client_id)).select(idn_client::id).first(c)?)
}

pub(in crate::identity) fn exists(c: &mut Conn, client_id: &str) -> Result<bool> {
    let found = idn_client::table.filter(idn_client::client_id.eq(client_id));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(c)?)
}

/// The active client of this name, with the digest of its secret.
pub(in crate::identity) fn find(c: &mut Conn, client_id: &str) -> Result<Option<(Client, Bytes)>> {
    let query = idn_client::table
        .filter(idn_client::client_id.eq(client_id))
        .filter(idn_client::is_active.eq(true))
        .select((idn_client::id, idn_client::department_id, idn_client::scopes, idn_client::secret_hash));
    type Row = (ClientId, Option<DepartmentId>, String, Bytes);
    let row: Option<Row> = crate::each_engine!(c, c => query.first(c).optional())?;
    Ok(row.map(|(id, department, scopes, hash)| {
        let scopes = scopes.split_whitespace().map(str::to_owned).collect();
        (Client { id, client_id: client_id.to_owned(), department, scopes }, hash)
    }))
}

pub(in crate::identity) fn list(c: &mut Conn) -> Result<Vec<Listed>> {
    type Row = (ClientId, String, String, Option<DepartmentId>, String, bool, Ts);
    let query = idn_client::table.order(idn_client::client_id).select((
        idn_client::id,
        idn_client::client_id,
        idn_client::name,
        idn_client::department_id,
        idn_client::scopes,
        idn_client::is_active,
        idn_client::created_at,
    ));
    let rows: Vec<Row> = query.load(c)?;
    let listed = |(id, client_id, name, department, scopes, is_active, created_at): Row| {
        let scopes = scopes.split_whitespace().map(str::to_owned).collect();
        Listed { client: Client { id, client_id, department, scopes }, name, is_active, created_at }
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// Tells whether it is there.
pub(in crate::identity) fn switch(c: &mut Conn, id: ClientId, is_active: bool) -> Result<bool> {
    Ok(diesel::update(idn_client::table.find(id)).set(idn_client::is_active.eq(is_active)).execute(c)? == 1)
}

/// Tells whether it is there.
pub(in crate::identity) fn renew(c: &mut Conn, id: ClientId, hash: Bytes) -> Result<bool> {
    Ok(diesel::update(idn_client::table.find(id)).set(idn_client::secret_hash.eq(hash)).execute(c)? == 1)
}
