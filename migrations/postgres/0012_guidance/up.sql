-- 情形引导: questions over several items, and what people keep of guidance.
CREATE TABLE cat_topic (
    key text PRIMARY KEY,
    -- What visitors see; nothing before the first review.
    doc jsonb,
    -- What is being written.
    draft jsonb,
    -- Counts the drafts, so that two who write are told apart.
    revision integer NOT NULL DEFAULT 0,
    -- By people: what comes from a file does not undo it.
    is_written boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL
);

-- Who had a hand in the draft: somebody else reviews it.
CREATE TABLE cat_topic_hand (
    topic_key text NOT NULL REFERENCES cat_topic (key),
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    PRIMARY KEY (topic_key, staff_id)
);

CREATE TABLE cat_kept (
    person_id uuid NOT NULL REFERENCES idn_person (id),
    -- Path and query of the result.
    address text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (person_id, address)
);
