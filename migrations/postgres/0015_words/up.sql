-- What people have changed of synonyms, dictionaries and shared fields: what comes from a file does not undo it.
CREATE TABLE cat_edit (
    what text NOT NULL CHECK (what IN ('synonym', 'code', 'order', 'fact')),
    -- The word; set and code with a colon between them; the set, for its order; the key of the shared field.
    key text NOT NULL,
    -- Counts the edits, so that two who edit are told apart.
    revision integer NOT NULL,
    -- People have removed it.
    is_gone boolean NOT NULL,
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (what, key)
);

-- What visitors have seen of a topic, from the first version on.
CREATE TABLE cat_topic_version (
    topic_key text NOT NULL REFERENCES cat_topic (key),
    no integer NOT NULL,
    doc jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (topic_key, no)
); -- long rows
INSERT INTO cat_topic_version (topic_key, no, doc, published_at)
SELECT key, 1, doc, changed_at FROM cat_topic WHERE doc IS NOT NULL;

-- Topics that somebody wants visitors to see no more, until somebody else has reviewed that.
CREATE TABLE cat_topic_end (
    topic_key text PRIMARY KEY REFERENCES cat_topic (key),
    reason text NOT NULL,
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    asked_at timestamptz NOT NULL
);
