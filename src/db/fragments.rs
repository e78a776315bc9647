//! What diesel leaves out, or does at a cost that hot statements need not bear.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use diesel::sqlite::Sqlite;

use super::MultiBackend;

/// Sends on each engine the SQL that diesel makes for that engine: upserts, unions, casts, filtered aggregates.
pub struct Each<Q>(pub Q);

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Each<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<Q: QueryId> QueryId for Each<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for Each<Q> {
    type SqlType = Q::SqlType;
}
impl<Q, C> RunQueryDsl<C> for Each<Q> {}

/// Appends `FOR UPDATE SKIP LOCKED` on PostgreSQL; nothing on SQLite, which has one writer.
pub struct SkipLocked<Q>(pub Q);

struct ForUpdateSkipLocked;
static LOCK: ForUpdateSkipLocked = ForUpdateSkipLocked;

impl QueryFragment<Pg> for ForUpdateSkipLocked {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(" FOR UPDATE SKIP LOCKED");
        Ok(())
    }
}
impl QueryFragment<Sqlite> for ForUpdateSkipLocked {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        Ok(())
    }
}
impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for SkipLocked<Q>
where
    MultiBackend: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        MultiBackend::walk_variant_ast(&LOCK, out)
    }
}
impl<Q: QueryId> QueryId for SkipLocked<Q> {
    type QueryId = SkipLocked<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for SkipLocked<Q> {
    type SqlType = Q::SqlType;
}
impl<Q, C> RunQueryDsl<C> for SkipLocked<Q> {}

/// A condition written out, without parameters: an engine uses an index of a part of the rows only for such a one. Unlike diesel's own
/// literals it does not keep the statement around it from being cached.
#[derive(Debug, Clone, Copy)]
pub struct Fixed(pub &'static str);

impl Expression for Fixed {
    type SqlType = Bool;
}
impl<DB: Backend> QueryFragment<DB> for Fixed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}
impl QueryId for Fixed {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<T> AppearsOnTable<T> for Fixed {}
impl<T> SelectableExpression<T> for Fixed {}
impl<G> ValidGrouping<G> for Fixed {
    type IsAggregate = is_aggregate::Never;
}

/// A number that one domain knows of another's rows, asked for along with them: written out, around the column that they share.
pub trait Tells: 'static {
    const BEFORE: &'static str;
    const AFTER: &'static str;
}

/// What `X` tells of the row with this column.
#[derive(Debug, Clone, Copy)]
pub struct Told<X, C> {
    column: C,
    what: PhantomData<X>,
}

impl<X, C> Told<X, C> {
    pub fn of(column: C) -> Self {
        Self { column, what: PhantomData }
    }
}
impl<X, C: Expression> Expression for Told<X, C> {
    type SqlType = BigInt;
}
impl<X: Tells, C: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Told<X, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(X::BEFORE);
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(X::AFTER);
        Ok(())
    }
}
impl<X: 'static, C: QueryId> QueryId for Told<X, C> {
    type QueryId = Told<X, C::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}
impl<X, C: AppearsOnTable<T>, T> AppearsOnTable<T> for Told<X, C> where Told<X, C>: Expression {}
impl<X, C: SelectableExpression<T>, T> SelectableExpression<T> for Told<X, C> where Told<X, C>: AppearsOnTable<T> {}
impl<X, C, G> ValidGrouping<G> for Told<X, C> {
    type IsAggregate = is_aggregate::Never;
}

/// How many rows a query gives. One with a limit is counted up to it, so that a long list costs no more than a short one.
pub struct Counted<Q>(pub Q);

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}
impl<Q: QueryId> QueryId for Counted<Q> {
    type QueryId = Counted<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}
impl<Q, C> RunQueryDsl<C> for Counted<Q> {}

/// An UPDATE that is prepared once: diesel compiles its own anew each time. For those of few shapes.
pub struct Update<S, W> {
    pub table: &'static str,
    /// What `as_changeset` gives.
    pub set: S,
    pub filter: W,
}

impl<DB: Backend, S: QueryFragment<DB>, W: QueryFragment<DB>> QueryFragment<DB> for Update<S, W> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        out.push_identifier(self.table)?;
        out.push_sql(" SET ");
        self.set.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.filter.walk_ast(out.reborrow())
    }
}
impl<S, W> QueryId for Update<S, W> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<S, W, C> RunQueryDsl<C> for Update<S, W> {}

/// An INSERT of a row that is changed if it is there, prepared once as [`Update`].
pub struct Upsert<I, S> {
    pub insert: I,
    /// The columns that tell whether it is there.
    pub key: &'static [&'static str],
    pub set: S,
}

impl<DB: Backend, I: QueryFragment<DB>, S: QueryFragment<DB>> QueryFragment<DB> for Upsert<I, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT (");
        for (i, column) in self.key.iter().enumerate() {
            out.push_sql(if i == 0 { "" } else { ", " });
            out.push_identifier(column)?;
        }
        out.push_sql(") DO UPDATE SET ");
        self.set.walk_ast(out.reborrow())
    }
}
impl<I, S> QueryId for Upsert<I, S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<I, S, C> RunQueryDsl<C> for Upsert<I, S> {}
