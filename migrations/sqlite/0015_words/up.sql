-- What people have changed of synonyms, dictionaries and shared fields: what comes from a file does not undo it.
CREATE TABLE cat_edit (
    what TEXT NOT NULL CHECK (what IN ('synonym', 'code', 'order', 'fact')),
    -- The word; set and code with a colon between them; the set, for its order; the key of the shared field.
    key TEXT NOT NULL,
    -- Counts the edits, so that two who edit are told apart.
    revision INTEGER NOT NULL,
    -- People have removed it.
    is_gone INTEGER NOT NULL,
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (what, key)
) STRICT, WITHOUT ROWID;

-- What visitors have seen of a topic, from the first version on.
CREATE TABLE cat_topic_version (
    topic_key TEXT NOT NULL REFERENCES cat_topic (key),
    no INTEGER NOT NULL,
    doc TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (topic_key, no)
) STRICT;
INSERT INTO cat_topic_version (topic_key, no, doc, published_at)
SELECT key, 1, doc, changed_at FROM cat_topic WHERE doc IS NOT NULL;

-- Topics that somebody wants visitors to see no more, until somebody else has reviewed that.
CREATE TABLE cat_topic_end (
    topic_key TEXT PRIMARY KEY NOT NULL REFERENCES cat_topic (key),
    reason TEXT NOT NULL,
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
