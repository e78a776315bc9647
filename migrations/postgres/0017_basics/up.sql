-- 基本目录: what may be done at all, and at which levels. Items of the implementing list name its entries by their code.
CREATE TABLE cat_basic (
    code text PRIMARY KEY,
    -- Its Chinese name, to find it by.
    title text NOT NULL,
    -- The entry in force; nothing before the first review.
    doc jsonb,
    -- What is being written.
    draft jsonb,
    -- Counts the drafts, so that two who write are told apart.
    revision integer NOT NULL DEFAULT 0,
    -- By people: what comes from a file does not undo it.
    is_written boolean NOT NULL DEFAULT false,
    -- The number of the version in force.
    no integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL
);

-- Who had a hand in the draft: somebody else reviews it.
CREATE TABLE cat_basic_hand (
    code text NOT NULL REFERENCES cat_basic (code),
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    PRIMARY KEY (code, staff_id)
);

CREATE TABLE cat_basic_version (
    code text NOT NULL REFERENCES cat_basic (code),
    no integer NOT NULL,
    doc jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (code, no)
);
