//! Both engines carry the same tables, forwards and back, and those that `src/db/schema.rs` says.

use std::collections::BTreeMap;

use cloudmart::db::{Db, migration_names};
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::harness::{Database, Engine, Folder};
use super::source::root;

/// A column as a table has it: its class of type, and whether it may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    class: String,
    nullable: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    columns: BTreeMap<String, Column>,
    key: Vec<String>,
}

type Tables = BTreeMap<String, Table>;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The lines of a query, of whichever engine.
fn lines(engine: Engine, address: &str, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = match engine {
        Engine::Sqlite => {
            let mut c = SqliteConnection::establish(address.trim_start_matches("sqlite:")).unwrap();
            sql_query(sql).load(&mut c).unwrap()
        }
        Engine::Postgres => sql_query(sql).load(&mut PgConnection::establish(address).unwrap()).unwrap(),
    };
    rows.into_iter().map(|r| r.line).collect()
}

/// Everything that the engine knows of the tables, as one text.
fn dump(engine: Engine, address: &str) -> Vec<String> {
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_schema \
             WHERE name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT line FROM (
               SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' '
                 || COALESCE(column_default, '') AS line FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
               UNION ALL SELECT 'index ' || indexdef FROM pg_indexes
                 WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations'
               UNION ALL SELECT 'rule ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                 FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                 AND conrelid::regclass::text <> '__diesel_schema_migrations'
             ) AS whole ORDER BY 1"
        }
    };
    lines(engine, address, sql)
}

/// The live tables: lines of `table|column|type|nullable|place in the key`.
fn live(engine: Engine, address: &str) -> Tables {
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT m.name || '|' || c.name || '|' || c.type || '|' || (c.\"notnull\" = 0) || '|' || c.pk AS line \
             FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.pk"
        }
        Engine::Postgres => {
            "SELECT c.table_name || '|' || c.column_name || '|' || c.udt_name || '|' || (c.is_nullable = 'YES')::int \
               || '|' || COALESCE(k.ordinal_position, 0) AS line \
             FROM information_schema.columns c \
             LEFT JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema \
               AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' \
             LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = t.constraint_name \
               AND k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name \
             WHERE c.table_schema = 'public' ORDER BY c.table_name, COALESCE(k.ordinal_position, 0)"
        }
    };
    let mut tables = Tables::new();
    for line in lines(engine, address, sql) {
        let [table, column, class, nullable, key] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if table.starts_with("__diesel") {
            continue;
        }
        let entry = tables.entry(table.to_owned()).or_default();
        if key != "0" {
            entry.key.push(column.to_owned());
        }
        entry.columns.insert(column.to_owned(), Column { class: class.to_owned(), nullable: nullable == "1" });
    }
    tables
}

/// What `schema.rs` says, in the engine's words for its types.
fn written(engine: Engine) -> Tables {
    let text = std::fs::read_to_string(root().join("src/db/schema.rs")).unwrap();
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let mut rows = block.lines().map(str::trim).skip_while(|l| !l.ends_with(") {"));
        let (name, rest) = rows.next().unwrap().split_once(" (").unwrap();
        let key = rest.trim_end_matches(") {").split(", ").map(str::to_owned).collect();
        let mut table = Table { key, columns: BTreeMap::new() };
        for row in rows.take_while(|l| *l != "}") {
            let (column, kind) = row.trim_end_matches(',').split_once(" -> ").unwrap();
            let inside = kind.strip_prefix("Nullable<").map(|k| k.trim_end_matches('>'));
            let class = class(engine, inside.unwrap_or(kind)).to_owned();
            table.columns.insert(column.to_owned(), Column { class, nullable: inside.is_some() });
        }
        tables.insert(name.to_owned(), table);
    }
    tables
}

fn class(engine: Engine, kind: &str) -> &'static str {
    let (lite, pg) = match kind {
        "IdSql" => ("BLOB", "uuid"),
        "TsSql" => ("INTEGER", "timestamptz"),
        "DocSql" => ("TEXT", "jsonb"),
        "Text" => ("TEXT", "text"),
        "BigInt" => ("INTEGER", "int8"),
        "Integer" => ("INTEGER", "int4"),
        "Bool" => ("INTEGER", "bool"),
        "Binary" => ("BLOB", "bytea"),
        "Date" => ("TEXT", "date"),
        "Double" => ("REAL", "float8"),
        other => panic!("schema.rs has a type that this test does not know: {other}"),
    };
    if engine == Engine::Sqlite { lite } else { pg }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let [lite, pg] = migration_names().unwrap();
    assert_eq!(lite, pg);
    for engine in ["sqlite", "postgres"] {
        let folder = root().join("migrations").join(engine);
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap())
            .inspect(|e| {
                for file in ["up.sql", "down.sql"] {
                    assert!(e.path().join(file).is_file(), "{} has no {file}", e.path().display());
                }
            })
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, lite, "the binary carries what stands in {engine}/");
    }
}

fn there_and_back(engine: Engine) {
    if !engine.is_here() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let folder = Folder::new("migrations");
    let database = Database::empty(engine, folder.path());
    let address = database.address.clone();
    let open = || Db::open(&address, 2).unwrap();
    let mut names = migration_names().unwrap()[0].clone();

    runtime.block_on(async {
        let db = open();
        assert!(db.is_behind().await.unwrap());
        assert_eq!(db.migrate().await.unwrap().len(), names.len());
        assert!(!db.is_behind().await.unwrap());
        assert!(db.migrate().await.unwrap().is_empty(), "the second time there is nothing to do");
    });
    let first = dump(engine, &address);
    assert!(first.len() > 50, "{first:?}");
    let (live, written) = (live(engine, &address), written(engine));
    assert_eq!(live.keys().collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
    for (name, table) in &written {
        assert_eq!(&live[name], table, "{name} as it is, and as schema.rs says");
    }

    runtime.block_on(async {
        let db = open();
        while let Some(name) = names.pop() {
            let version: String = name.chars().take_while(char::is_ascii_digit).collect();
            let reverted = db.revert().await.unwrap();
            assert!(reverted.starts_with(&version), "{name} was to go, and {reverted} went");
        }
    });
    assert!(dump(engine, &address).is_empty(), "left behind: {:?}", dump(engine, &address));
    runtime.block_on(async { open().migrate().await.unwrap() });
    assert_eq!(dump(engine, &address), first);
}

#[test]
fn there_and_back_on_sqlite() {
    there_and_back(Engine::Sqlite);
}

#[test]
fn there_and_back_on_postgres() {
    there_and_back(Engine::Postgres);
}
