use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Nullable;

use super::is_queued;
use crate::db::schema::types::TsSql;
use crate::db::schema::{exg_daily, exg_dispatch, exg_endpoint};
use crate::db::{Bytes, Conn, Each, Update, Upsert};
use crate::exchange::model::{Endpoint, Health};
use crate::exchange::rules::Circuit;
use crate::identity::DepartmentId;
use crate::kernel::crypto::Keys;
use crate::kernel::{Ctx, Result, Ts};

const TABLE: &str = "exg_endpoint";

pub(in crate::exchange) const SECRET: &str = "exg_endpoint.secret";

pub fn upsert_endpoint(c: &mut Conn, ctx: &Ctx, department_id: DepartmentId, url: &str, secret: &[u8]) -> Result<()> {
    let sealed = ctx.keys.seal(SECRET, secret);
    Each(
        diesel::insert_into(exg_endpoint::table)
            .values((
                exg_endpoint::department_id.eq(department_id),
                exg_endpoint::url.eq(url),
                exg_endpoint::secret.eq(&sealed),
                exg_endpoint::is_active.eq(true),
                exg_endpoint::failures.eq(0),
                exg_endpoint::openings.eq(0),
                exg_endpoint::leased_at.eq(ctx.now),
                exg_endpoint::updated_at.eq(ctx.now),
            ))
            .on_conflict(exg_endpoint::department_id)
            .do_update()
            .set((exg_endpoint::url.eq(url), exg_endpoint::secret.eq(&sealed), exg_endpoint::updated_at.eq(ctx.now))),
    )
    .execute(c)?;
    Ok(())
}

pub fn update_endpoint(c: &mut Conn, ctx: &Ctx, e: &Endpoint) -> Result<()> {
    diesel::update(exg_endpoint::table.find(e.department_id))
        .set((
            exg_endpoint::url.eq(&e.url),
            exg_endpoint::secret.eq(ctx.keys.seal(SECRET, &e.secret)),
            exg_endpoint::old_secret.eq(e.old_secret.as_ref().map(|s| ctx.keys.seal(SECRET, s))),
            exg_endpoint::is_active.eq(e.is_active),
            exg_endpoint::updated_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

type EndpointRow = (String, Bytes, Option<Bytes>, bool);

pub fn find_endpoint(c: &mut Conn, keys: &Keys, department_id: DepartmentId) -> Result<Option<Endpoint>> {
    let row: Option<EndpointRow> = exg_endpoint::table
        .find(department_id)
        .select((exg_endpoint::url, exg_endpoint::secret, exg_endpoint::old_secret, exg_endpoint::is_active))
        .first(c)
        .optional()?;
    let Some((url, secret, old, is_active)) = row else { return Ok(None) };
    let secret = keys.open(SECRET, &secret)?;
    let old_secret = old.map(|s| keys.open(SECRET, &s)).transpose()?;
    Ok(Some(Endpoint { department_id, url, secret, old_secret, is_active }))
}

/// The active endpoints with their breakers, the longest unserved first.
pub fn circuits(c: &mut Conn) -> Result<Vec<(DepartmentId, Circuit)>> {
    let rows: Vec<(DepartmentId, i32, i32, Option<Ts>)> = exg_endpoint::table
        .filter(exg_endpoint::is_active.eq(true))
        .order((exg_endpoint::leased_at, exg_endpoint::department_id))
        .select((
            exg_endpoint::department_id,
            exg_endpoint::failures,
            exg_endpoint::openings,
            exg_endpoint::opened_until,
        ))
        .load(c)?;
    let circuit = |(id, failures, openings, opened_until)| (id, Circuit { failures, openings, opened_until });
    Ok(rows.into_iter().map(circuit).collect())
}

/// Notes that the endpoint is being served, which on PostgreSQL also makes other processes wait until this transaction has ended;
/// then reads its breaker afresh.
pub fn lock_circuit(c: &mut Conn, id: DepartmentId, now: Ts) -> Result<Option<Circuit>> {
    let locked = diesel::update(exg_endpoint::table.find(id)).set(exg_endpoint::leased_at.eq(now)).execute(c)?;
    if locked == 0 {
        return Ok(None);
    }
    let (failures, openings, opened_until) = exg_endpoint::table
        .find(id)
        .select((exg_endpoint::failures, exg_endpoint::openings, exg_endpoint::opened_until))
        .first(c)?;
    Ok(Some(Circuit { failures, openings, opened_until }))
}

/// Notes a good answer. A busy department's row is not written more often than once a second.
pub fn note_alive(c: &mut Conn, id: DepartmentId, now: Ts) -> Result<()> {
    let stale = exg_endpoint::last_ok_at.is_null().or(exg_endpoint::last_ok_at.lt(now.minus_secs(1)));
    let recovers = exg_endpoint::failures.ne(0).or(exg_endpoint::opened_until.is_not_null());
    let set = (
        exg_endpoint::failures.eq(0),
        exg_endpoint::openings.eq(0),
        exg_endpoint::opened_until.eq(None::<Ts>),
        exg_endpoint::last_error.eq(None::<String>),
        exg_endpoint::last_ok_at.eq(now),
    );
    let filter = exg_endpoint::department_id.eq(id).and(recovers.or(stale.assume_not_null()));
    c.later_on(TABLE, Update { table: TABLE, set: set.as_changeset(), filter })
}

pub fn note_failing(c: &mut Conn, id: DepartmentId, next: Circuit, error: Option<&str>) -> Result<()> {
    let set = (
        exg_endpoint::failures.eq(next.failures),
        exg_endpoint::openings.eq(next.openings),
        exg_endpoint::opened_until.eq(next.opened_until),
        exg_endpoint::last_error.eq(error.map(str::to_owned)),
    );
    let filter = exg_endpoint::department_id.eq(id);
    c.later_on(TABLE, Update { table: TABLE, set: set.as_changeset(), filter })
}

/// Counts a try of today.
pub fn count(c: &mut Conn, id: DepartmentId, now: Ts, sent: i32, failed: i32) -> Result<()> {
    let insert = diesel::insert_into(exg_daily::table).values((
        exg_daily::department_id.eq(id),
        exg_daily::day.eq(now.day()),
        exg_daily::sent.eq(sent),
        exg_daily::failed.eq(failed),
    ));
    let set = (exg_daily::sent.eq(exg_daily::sent + sent), exg_daily::failed.eq(exg_daily::failed + failed));
    c.later_on("exg_daily", Upsert { insert, key: &["department_id", "day"], set: set.as_changeset() })
}

type HealthRow = (DepartmentId, bool, i32, i32, Option<Ts>, Option<Ts>, Option<String>);

pub fn health(c: &mut Conn, now: Ts) -> Result<Vec<Health>> {
    let rows: Vec<HealthRow> = exg_endpoint::table
        .order(exg_endpoint::department_id)
        .select((
            exg_endpoint::department_id,
            exg_endpoint::is_active,
            exg_endpoint::failures,
            exg_endpoint::openings,
            exg_endpoint::opened_until,
            exg_endpoint::last_ok_at,
            exg_endpoint::last_error,
        ))
        .load(c)?;
    let mut all = Vec::with_capacity(rows.len());
    for (department_id, is_active, failures, openings, opened_until, last_ok_at, last_error) in rows {
        let (queued, oldest_at): (i64, Option<Ts>) = exg_dispatch::table
            .filter(is_queued())
            .filter(exg_dispatch::department_id.eq(department_id))
            .select((count_star(), sql::<Nullable<TsSql>>("MIN(created_at)")))
            .first(c)?;
        let dead = exg_dispatch::table
            .filter(super::is_dead())
            .filter(exg_dispatch::department_id.eq(department_id))
            .count()
            .get_result(c)?;
        let today: Option<(i32, i32)> = exg_daily::table
            .find((department_id, now.day()))
            .select((exg_daily::sent, exg_daily::failed))
            .first(c)
            .optional()?;
        let (sent_today, failed_today) = today.unwrap_or_default();
        let breaker = Circuit { failures, openings, opened_until }.breaker(now);
        all.push(Health {
            department_id,
            is_active,
            breaker,
            failures,
            last_ok_at,
            last_error,
            queued,
            oldest_at,
            sent_today,
            failed_today,
            dead,
        });
    }
    Ok(all)
}
