//! Sessions of citizens and staff.

use super::mandates;
use super::model::{How, PersonId, StaffId};
use super::store::sessions as store;
use crate::audit;
use crate::db::{Conn, Tells};
use crate::kernel::{Acting, Actor, Ctx, Error, Id, Result, Ts, crypto};

pub const COOKIE: &str = "cm_session";

/// How long sessions live, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    pub idle: i64,
    pub absolute: i64,
}

/// The staff's sessions have limits of their own: their desks stand in halls, and they see other people's data.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    pub citizens: Lifetime,
    pub staff: Lifetime,
}

impl Lifetimes {
    pub fn of(self, subject: Subject) -> Lifetime {
        match subject {
            Subject::Person(_) => self.citizens,
            Subject::Staff(_) => self.staff,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Person(PersonId),
    Staff(StaffId),
}

impl Subject {
    /// Who acts.
    ///
    /// # Errors
    /// Unauthenticated for anyone, forbidden for programs and the platform itself.
    pub fn acting(ctx: &Ctx) -> Result<Self> {
        match &ctx.actor {
            Actor::Person(id) => Ok(Subject::Person(PersonId(*id))),
            Actor::Staff(staff) => Ok(Subject::Staff(StaffId(staff.id))),
            Actor::Anyone => Err(Error::unauthenticated()),
            Actor::Department(_) | Actor::System => Err(Error::forbidden()),
        }
    }

    /// As the log of acts names it.
    pub fn object(self) -> (&'static str, Id) {
        match self {
            Subject::Person(id) => ("person", id.0),
            Subject::Staff(id) => ("staff", id.0),
        }
    }
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
    /// For whom a citizen acts now, with their name.
    pub acting: Option<(Acting, String)>,
    pub how: How,
    /// Name as the frame of pages shows it: masked for citizens.
    pub shown: String,
    pub csrf: String,
    pub seen_at: Ts,
    /// When it ends if nothing more is heard.
    pub ends_at: Ts,
}

/// Whence somebody comes in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// By which tries are counted.
    pub address: String,
    pub user_agent: String,
    /// The session that the visitor came with: it ends when another begins, so that nobody can slip a known one to somebody.
    pub earlier: Option<Vec<u8>>,
    pub lives: Lifetimes,
}

impl Visit {
    /// By a program that opens a session for somebody, without a request.
    pub fn by_program(name: &str, lives: Lifetimes) -> Self {
        Self { address: String::new(), user_agent: name.to_owned(), earlier: None, lives }
    }
}

/// Opens a session and ends the one that the visitor came with.
pub fn open(c: &mut Conn, ctx: &Ctx, subject: Subject, how: How, visit: &Visit) -> Result<Opened> {
    if let Some(earlier) = &visit.earlier {
        close(c, earlier)?;
    }
    let token = crypto::random_token();
    let new = store::New {
        key: key(&token),
        subject,
        how,
        csrf: crypto::random_token(),
        user_agent: visit.user_agent.chars().take(200).collect(),
    };
    store::insert_session(c, &new, ctx.now, visit.lives.of(subject))?;
    Ok(Opened { token })
}

/// The living session of a cookie's token. Closed accounts and inactive staff have none.
pub fn find(c: &mut Conn, keys: &crypto::Keys, token: &str, now: Ts, lives: Lifetimes) -> Result<Option<Session>> {
    Ok(find_with::<Nothing>(c, keys, token, now, lives)?.map(|(session, _)| session))
}

/// As [`find`], with what `X` tells of its person.
pub fn find_with<X: Tells>(
    c: &mut Conn,
    keys: &crypto::Keys,
    token: &str,
    now: Ts,
    lives: Lifetimes,
) -> Result<Option<(Session, i64)>> {
    let Some((mut session, mandate, told)) = store::find_session::<X>(c, keys, &key(token), now, lives)? else {
        return Ok(None);
    };
    if let (Some(mandate), Actor::Person(id)) = (mandate, &session.actor) {
        session.acting = mandates::acting(c, keys, mandate, PersonId(*id), now.day())?;
    }
    Ok(Some((session, told)))
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

/// Somebody goes: their session ends.
pub fn logout(c: &mut Conn, ctx: &Ctx, key: &[u8]) -> Result<()> {
    close(c, key)?;
    match (&ctx.actor, ctx.actor.id()) {
        (actor @ (Actor::Person(_) | Actor::Staff(_)), Some(id)) => {
            audit::record(c, ctx, "logout", (actor.kind(), id), ())
        }
        _ => Ok(()),
    }
}

/// Ends all sessions of somebody, as when the password or a role has changed.
pub fn close_all(c: &mut Conn, subject: Subject) -> Result<()> {
    store::delete_sessions_of(c, subject, None)
}

/// A living session, as its owner sees it.
#[derive(Debug, Clone)]
pub struct Device {
    pub key: Vec<u8>,
    pub how: How,
    pub user_agent: String,
    pub created_at: Ts,
    pub seen_at: Ts,
}

/// One's own living sessions, the last used first.
pub fn of_self(c: &mut Conn, ctx: &Ctx, lives: Lifetimes) -> Result<Vec<Device>> {
    let own = Subject::acting(ctx)?;
    store::sessions_of(c, own, ctx.now, lives.of(own))
}

/// Ends one of one's own sessions.
///
/// # Errors
/// Not found, when there is none with this key.
pub fn end_own(c: &mut Conn, ctx: &Ctx, key: &[u8]) -> Result<()> {
    let own = Subject::acting(ctx)?;
    if !store::delete_session_of(c, own, key)? {
        return Err(Error::not_found());
    }
    audit::record(c, ctx, "session.end", own.object(), ())
}

/// Ends all of one's own sessions but the one that asks.
pub fn end_others(c: &mut Conn, ctx: &Ctx, this: &[u8]) -> Result<()> {
    let own = Subject::acting(ctx)?;
    store::delete_sessions_of(c, own, Some(this))?;
    audit::record(c, ctx, "session.end-others", own.object(), ())
}

/// Deletes what has ended; returns how many.
pub fn purge(c: &mut Conn, now: Ts, lives: Lifetimes) -> Result<usize> {
    store::purge_sessions(c, now, lives)
}

pub(super) fn key(token: &str) -> Vec<u8> {
    crypto::sha256(token.as_bytes()).to_vec()
}
