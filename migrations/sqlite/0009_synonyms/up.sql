-- What people say for what the catalogue calls otherwise: 社保卡, 社会保障卡.
CREATE TABLE cat_synonym (
    word TEXT PRIMARY KEY NOT NULL,
    means TEXT NOT NULL
) STRICT, WITHOUT ROWID;
