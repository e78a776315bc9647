-- 基本目录: what may be done at all, and at which levels. Items of the implementing list name its entries by their code.
CREATE TABLE cat_basic (
    code TEXT PRIMARY KEY NOT NULL,
    -- Its Chinese name, to find it by.
    title TEXT NOT NULL,
    -- The entry in force; nothing before the first review.
    doc TEXT,
    -- What is being written.
    draft TEXT,
    -- Counts the drafts, so that two who write are told apart.
    revision INTEGER NOT NULL DEFAULT 0,
    -- By people: what comes from a file does not undo it.
    is_written INTEGER NOT NULL DEFAULT false,
    -- The number of the version in force.
    no INTEGER NOT NULL DEFAULT 0,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who had a hand in the draft: somebody else reviews it.
CREATE TABLE cat_basic_hand (
    code TEXT NOT NULL REFERENCES cat_basic (code),
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    PRIMARY KEY (code, staff_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cat_basic_version (
    code TEXT NOT NULL REFERENCES cat_basic (code),
    no INTEGER NOT NULL,
    doc TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (code, no)
) STRICT, WITHOUT ROWID;
