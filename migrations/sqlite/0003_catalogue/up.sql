CREATE TABLE cat_code (
    set_name TEXT NOT NULL,
    code TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    ord INTEGER NOT NULL,
    PRIMARY KEY (set_name, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE cat_fact (
    key TEXT PRIMARY KEY NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    holder TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cat_item (
    id BLOB PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    department_id BLOB NOT NULL REFERENCES idn_department (id),
    state TEXT NOT NULL CHECK (state IN ('published', 'suspended', 'withdrawn')),
    version_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cat_version (
    id BLOB PRIMARY KEY NOT NULL,
    item_id BLOB NOT NULL REFERENCES cat_item (id),
    no INTEGER NOT NULL,
    doc TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    UNIQUE (item_id, no)
) STRICT;

CREATE TABLE cat_stamp (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    stamp INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO cat_stamp (one, stamp) VALUES (1, 1);
