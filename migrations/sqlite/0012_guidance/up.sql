-- 情形引导: questions over several items, and what people keep of guidance.
CREATE TABLE cat_topic (
    key TEXT PRIMARY KEY NOT NULL,
    -- What visitors see; nothing before the first review.
    doc TEXT,
    -- What is being written.
    draft TEXT,
    -- Counts the drafts, so that two who write are told apart.
    revision INTEGER NOT NULL DEFAULT 0,
    edited_by BLOB REFERENCES idn_staff (id),
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cat_kept (
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    -- Path and query of the result.
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, address)
) STRICT, WITHOUT ROWID;
