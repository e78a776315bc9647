#!/usr/bin/env python3
"""Makes from migrations/postgres/*/up.sql, which is written by hand: the same for SQLite, every down.sql, and src/db/schema.rs.

The hand-written files keep to one column a line. A test compares both databases with schema.rs.

What the engines say in words of their own (triggers) stands there for both: a line that begins with `-- sqlite: ` is one of SQLite's, and
what stands between `-- postgres:` and `-- end` is PostgreSQL's alone.

A table that ends with `); -- long rows` keeps SQLite's rowid: without it, each step of a search compares whole rows, and reads what of
them lies on pages of its own.
"""
import pathlib
import re

HERE = pathlib.Path(__file__).parent
LITE = {"uuid": "BLOB", "timestamptz": "INTEGER", "jsonb": "TEXT", "text": "TEXT", "bigint": "INTEGER", "integer": "INTEGER",
        "boolean": "INTEGER", "bytea": "BLOB", "date": "TEXT", "double precision": "REAL"}
RUST = {"uuid": "IdSql", "timestamptz": "TsSql", "jsonb": "DocSql", "text": "Text", "bigint": "BigInt", "integer": "Integer",
        "boolean": "Bool", "bytea": "Binary", "date": "Date", "double precision": "Double"}
COLUMN = re.compile(r"^    ([a-z_]+) (uuid|timestamptz|jsonb|text|bigint|integer|boolean|bytea|date|double precision)\b(.*)$")
LONG = "); -- long rows"
JOINS = HERE / "joins.txt"

schema, tables = [], []
for folder in sorted((HERE / "postgres").iterdir()):
    source = (folder / "up.sql").read_text()
    lite, made, table, is_pg = [], [], None, False
    for line in source.splitlines():
        if line in ("-- postgres:", "-- end"):
            is_pg = line == "-- postgres:"
            continue
        if is_pg:
            if m := re.match(r"^CREATE FUNCTION (\w+)\(\)", line):
                made.append(("FUNCTION", m[1]))
            continue
        line = line.removeprefix("-- sqlite: ")
        if m := re.match(r"^CREATE TABLE (\w+) \($", line):
            table = {"name": m[1], "columns": [], "key": None}
        # An index goes with its table, unless that was made before.
        if (m := re.match(r"^CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+)", line)) and ("TABLE", m[2]) not in made:
            made.append(("INDEX", m[1]))
        if table and (m := COLUMN.match(line)):
            name, kind, rest = m.groups()
            needed = "NOT NULL" in rest or "PRIMARY KEY" in rest
            table["columns"].append((name, kind, needed))
            if "PRIMARY KEY" in rest:
                table["key"] = name
                rest = rest.replace("PRIMARY KEY", "PRIMARY KEY NOT NULL", 1)
            line = f"    {name} {LITE[kind]}{rest}"
        if table and (m := re.match(r"^    PRIMARY KEY \((.*)\),?$", line)):
            table["key"] = m[1]
        if table and line in (");", LONG):
            line = ") STRICT;" if line == LONG else ") STRICT, WITHOUT ROWID;"
            made.append(("TABLE", table["name"]))
            tables.append(table["name"])
            rows = []
            for name, kind, needed in table["columns"]:
                sql = RUST[kind] if needed else f"Nullable<{RUST[kind]}>"
                rows.append(f"        {name} -> {sql},\n")
            schema.append(f"diesel::table! {{\n    use super::types::*;\n\n    {table['name']} ({table['key']}) {{\n{''.join(rows)}    }}\n}}\n")
            table = None
        lite.append(line)
    for engine, text in (("sqlite", "\n".join(lite) + "\n"), ("postgres", None)):
        there = [(kind, name) for kind, name in reversed(made) if engine == "postgres" or kind != "FUNCTION"]
        down = "".join(f"DROP {kind} {name};\n" for kind, name in there)
        target = HERE / engine / folder.name
        target.mkdir(parents=True, exist_ok=True)
        if text:
            (target / "up.sql").write_text(text)
        (target / "down.sql").write_text(down)

joins = [line.split() for line in JOINS.read_text().splitlines() if line.strip() and not line.startswith("#")]
head = '''//! The tables as diesel sees them. Made by migrations/generate.py: do not edit by hand.

/// The SQL types of the columns.
pub mod types {
    pub use crate::db::types::sql::*;
    pub use diesel::sql_types::*;
}

'''
tail = "\n" + "".join(f"diesel::allow_tables_to_appear_in_same_query!({', '.join(pair)});\n" for pair in joins)
(HERE.parent / "src/db/schema.rs").write_text(head + "\n".join(schema) + tail)
