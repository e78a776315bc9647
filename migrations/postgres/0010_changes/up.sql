-- A proposed change of the catalogue: written by one, reviewed by another, in force from a day on.
CREATE TABLE cat_change (
    id uuid PRIMARY KEY,
    item_id uuid REFERENCES cat_item (id),
    department_id uuid NOT NULL REFERENCES idn_department (id),
    kind text NOT NULL CHECK (kind IN ('new', 'revise', 'suspend', 'resume', 'withdraw')),
    state text NOT NULL CHECK (state IN ('draft', 'review', 'planned', 'done', 'dropped')),
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    base_no integer NOT NULL,
    no integer,
    doc jsonb,
    revision integer NOT NULL,
    reason text NOT NULL,
    opinion text NOT NULL,
    effective_on date,
    author_id uuid NOT NULL REFERENCES idn_staff (id),
    reviewer_id uuid REFERENCES idn_staff (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    done_at timestamptz,
    CHECK ((kind = 'new') OR (item_id IS NOT NULL)),
    CHECK ((kind IN ('new', 'revise')) = (doc IS NOT NULL)),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
); -- long rows
CREATE UNIQUE INDEX cat_change_open ON cat_change (code) WHERE state IN ('draft', 'review', 'planned');
CREATE INDEX cat_change_state ON cat_change (state, updated_at, id);
CREATE INDEX cat_change_item ON cat_change (item_id, created_at);

-- Who has had a hand in a change: none of them may review it.
CREATE TABLE cat_hand (
    change_id uuid NOT NULL REFERENCES cat_change (id),
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    PRIMARY KEY (change_id, staff_id)
);

-- Items that are suspended: why, and since when.
CREATE TABLE cat_halt (
    item_id uuid PRIMARY KEY REFERENCES cat_item (id),
    reason text NOT NULL,
    since timestamptz NOT NULL
);
