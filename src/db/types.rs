//! One Rust type, the native column of each engine: ids (uuid / 16 bytes), instants (timestamptz / microseconds),
//! documents (jsonb / text), and text enums.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, HasSqlType, SqlType};
use diesel::sqlite::Sqlite;
use diesel::{AsExpression, FromSqlRow};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::MultiBackend;
use crate::kernel::{Fen, Id, Ts};

/// Names of the SQL types, as `schema.rs` uses them.
pub mod sql {
    use super::{QueryId, SqlType};

    #[derive(SqlType, QueryId, Default, Clone, Copy)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951))]
    #[diesel(sqlite_type(name = "Binary"))]
    pub struct IdSql;

    #[derive(SqlType, QueryId, Default, Clone, Copy)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Long"))]
    pub struct TsSql;

    #[derive(SqlType, QueryId, Default, Clone, Copy)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct DocSql;
}

/// Sealed or hashed bytes.
pub type Bytes = Vec<u8>;

/// A column that holds a JSON document of a known shape.
#[derive(Debug, Clone, PartialEq, Default, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::DocSql)]
pub struct Doc<T: std::fmt::Debug>(pub T);

/// One line a pair of SQL and Rust type: how MultiBackend finds the engine's own conversion.
#[macro_export]
macro_rules! multi_type {
    ($st:ty, $rt:ty) => {
        impl diesel::deserialize::FromSql<$st, $crate::db::MultiBackend> for $rt {
            fn from_sql(
                b: <$crate::db::MultiBackend as diesel::backend::Backend>::RawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                b.from_sql::<$rt, $st>()
            }
        }
        impl diesel::serialize::ToSql<$st, $crate::db::MultiBackend> for $rt {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $crate::db::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value((<$st>::default(), self));
                Ok(diesel::serialize::IsNull::No)
            }
        }
    };
}

macro_rules! known_to_multi {
    ($($st:ty),*) => { $(
        impl HasSqlType<$st> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$st>(lookup)
            }
        }
    )* };
}
known_to_multi!(sql::IdSql, sql::TsSql, sql::DocSql);

impl FromSql<sql::IdSql, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Id::from_bytes(value.as_bytes().try_into()?))
    }
}
impl ToSql<sql::IdSql, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, self.bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<sql::IdSql, Sqlite> for Id {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| "an id is not of 16 bytes")?;
        Ok(Id::from_bytes(bytes))
    }
}
impl ToSql<sql::IdSql, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(&self.bytes()[..]);
        Ok(IsNull::No)
    }
}
multi_type!(sql::IdSql, Id);

/// Microseconds from PostgreSQL's epoch, 2000-01-01, to Unix's.
const PG_EPOCH: i64 = 946_684_800_000_000;

impl FromSql<sql::TsSql, Pg> for Ts {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Pg>>::from_sql(value)?;
        Ok(Ts::from_micros(micros + PG_EPOCH))
    }
}
impl ToSql<sql::TsSql, Pg> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, &(self.micros() - PG_EPOCH).to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<sql::TsSql, Sqlite> for Ts {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Ts::from_micros(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}
impl ToSql<sql::TsSql, Sqlite> for Ts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
multi_type!(sql::TsSql, Ts);

impl<T: DeserializeOwned + std::fmt::Debug> FromSql<sql::DocSql, Pg> for Doc<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // jsonb comes as a version byte (1) and the text
        let text = value.as_bytes().get(1..).ok_or("an empty document")?;
        Ok(Doc(serde_json::from_slice(text)?))
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<sql::DocSql, Pg> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, &[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned + std::fmt::Debug> FromSql<sql::DocSql, Sqlite> for Doc<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(value)?;
        Ok(Doc(serde_json::from_str(&text)?))
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<sql::DocSql, Sqlite> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned + std::fmt::Debug> FromSql<sql::DocSql, MultiBackend> for Doc<T> {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Doc<T>, sql::DocSql>()
    }
}
impl<T: Serialize + std::fmt::Debug + Send + Sync + 'static> ToSql<sql::DocSql, MultiBackend> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((sql::DocSql, self));
        Ok(IsNull::No)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Fen
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Fen)
    }
}
impl<DB: Backend> ToSql<BigInt, DB> for Fen
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

/// A newtype around [`Id`] for one table.
#[macro_export]
macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            diesel::AsExpression, diesel::FromSqlRow,
        )]
        #[diesel(sql_type = $crate::db::schema::types::IdSql)]
        #[serde(transparent)]
        pub struct $name(pub $crate::kernel::Id);

        impl $name {
            pub fn random() -> Self {
                Self($crate::kernel::Id::random())
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::kernel::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<$crate::db::schema::types::IdSql, DB> for $name
        where
            $crate::kernel::Id: diesel::deserialize::FromSql<$crate::db::schema::types::IdSql, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                <$crate::kernel::Id as diesel::deserialize::FromSql<_, DB>>::from_sql(value).map(Self)
            }
        }
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<$crate::db::schema::types::IdSql, DB> for $name
        where
            $crate::kernel::Id: diesel::serialize::ToSql<$crate::db::schema::types::IdSql, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<$crate::db::schema::types::IdSql, DB>::to_sql(&self.0, out)
            }
        }
    };
}

/// An enum kept as text. `code()` is what stands in the database, in documents and in text keys.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            diesel::AsExpression, diesel::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $code)] $variant,)+
        }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let code = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value)?;
                Self::from_code(&code).ok_or_else(|| format!("{code} is no {}", stringify!($name)).into())
            }
        }
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self.code(), out)
            }
        }
    };
}
