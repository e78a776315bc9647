-- 情形引导: questions over several items, and what people keep of guidance.
CREATE TABLE cat_topic (
    key TEXT PRIMARY KEY NOT NULL,
    -- What visitors see; nothing before the first review.
    doc TEXT,
    -- What is being written.
    draft TEXT,
    -- Counts the drafts, so that two who write are told apart.
    revision INTEGER NOT NULL DEFAULT 0,
    -- By people: what comes from a file does not undo it.
    is_written INTEGER NOT NULL DEFAULT false,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who had a hand in the draft: somebody else reviews it.
CREATE TABLE cat_topic_hand (
    topic_key TEXT NOT NULL REFERENCES cat_topic (key),
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    PRIMARY KEY (topic_key, staff_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cat_kept (
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    -- Path and query of the result.
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, address)
) STRICT, WITHOUT ROWID;
