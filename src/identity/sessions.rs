//! Sessions of citizens and staff.

use super::model::{PersonId, StaffId};
use super::store::sessions as store;
use crate::audit;
use crate::db::{Conn, Tells};
use crate::kernel::{Actor, Ctx, Error, Result, Ts, crypto};

pub const COOKIE: &str = "cm_session";

/// How long sessions live, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    pub idle: i64,
    pub absolute: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Person(PersonId),
    Staff(StaffId),
}

/// What a new session's holder gets; the token is nowhere else.
#[derive(Debug)]
pub struct Opened {
    pub token: String,
}

/// A living session.
#[derive(Debug, Clone)]
pub struct Session {
    pub key: Vec<u8>,
    pub actor: Actor,
    /// Name as the frame of pages shows it: masked for citizens.
    pub shown: String,
    pub csrf: String,
    pub seen_at: Ts,
    /// When it ends if nothing more is heard.
    pub ends_at: Ts,
}

/// Opens a session; who had one before the login gets a new one.
pub fn open(c: &mut Conn, ctx: &Ctx, subject: Subject, user_agent: &str, life: Lifetime) -> Result<Opened> {
    let token = crypto::random_token();
    let agent: String = user_agent.chars().take(200).collect();
    store::insert_session(c, &key(&token), subject, &crypto::random_token(), &agent, ctx.now, life)?;
    Ok(Opened { token })
}

/// The living session of a cookie's token. Closed accounts and inactive staff have none.
pub fn find(c: &mut Conn, keys: &crypto::Keys, token: &str, now: Ts, life: Lifetime) -> Result<Option<Session>> {
    Ok(find_with::<Nothing>(c, keys, token, now, life)?.map(|(session, _)| session))
}

/// As [`find`], with what `X` tells of its person.
pub fn find_with<X: Tells>(
    c: &mut Conn,
    keys: &crypto::Keys,
    token: &str,
    now: Ts,
    life: Lifetime,
) -> Result<Option<(Session, i64)>> {
    store::find_session::<X>(c, keys, &key(token), now, life)
}

struct Nothing;

impl Tells for Nothing {
    const BEFORE: &'static str = "CAST(CASE WHEN ";
    const AFTER: &'static str = " IS NULL THEN 0 ELSE 0 END AS BIGINT)";
}

/// Notes that the session was used, so that it lives on. Worth a write once a minute.
pub fn touch(c: &mut Conn, key: &[u8], now: Ts) -> Result<()> {
    store::touch_session(c, key, now)
}

pub fn close(c: &mut Conn, key: &[u8]) -> Result<()> {
    store::delete_session(c, key)
}

/// Ends all sessions of somebody, as when the password or a role has changed.
pub fn close_all(c: &mut Conn, subject: Subject) -> Result<()> {
    store::delete_sessions_of(c, subject, None)
}

/// A living session, as its owner sees it.
#[derive(Debug, Clone)]
pub struct Device {
    pub key: Vec<u8>,
    pub user_agent: String,
    pub created_at: Ts,
    pub seen_at: Ts,
}

/// The person's own living sessions, the last used first.
pub fn of_self(c: &mut Conn, ctx: &Ctx, life: Lifetime) -> Result<Vec<Device>> {
    store::sessions_of(c, PersonId(ctx.person()?), ctx.now, life)
}

/// Ends one of the person's own sessions.
///
/// # Errors
/// Not found, when they have none with this key.
pub fn end_own(c: &mut Conn, ctx: &Ctx, key: &[u8]) -> Result<()> {
    let person = PersonId(ctx.person()?);
    if !store::delete_session_of(c, person, key)? {
        return Err(Error::not_found());
    }
    audit::record(c, ctx, "session.end", ("person", person.0), ())
}

/// Ends all of the person's own sessions but the one that asks.
pub fn end_others(c: &mut Conn, ctx: &Ctx, this: &[u8]) -> Result<()> {
    let person = PersonId(ctx.person()?);
    store::delete_sessions_of(c, Subject::Person(person), Some(this))?;
    audit::record(c, ctx, "session.end-others", ("person", person.0), ())
}

/// Deletes what has ended; returns how many.
pub fn purge(c: &mut Conn, now: Ts, life: Lifetime) -> Result<usize> {
    store::purge_sessions(c, now, life)
}

fn key(token: &str) -> Vec<u8> {
    crypto::sha256(token.as_bytes()).to_vec()
}
