-- A proposed change of the catalogue: written by one, reviewed by another, in force from a day on.
CREATE TABLE cat_change (
    id BLOB PRIMARY KEY NOT NULL,
    item_id BLOB REFERENCES cat_item (id),
    department_id BLOB NOT NULL REFERENCES idn_department (id),
    kind TEXT NOT NULL CHECK (kind IN ('new', 'revise', 'suspend', 'resume', 'withdraw')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'review', 'planned', 'done', 'dropped')),
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    base_no INTEGER NOT NULL,
    no INTEGER,
    doc TEXT,
    revision INTEGER NOT NULL,
    reason TEXT NOT NULL,
    opinion TEXT NOT NULL,
    effective_on TEXT,
    author_id BLOB NOT NULL REFERENCES idn_staff (id),
    reviewer_id BLOB REFERENCES idn_staff (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    done_at INTEGER,
    CHECK ((kind = 'new') OR (item_id IS NOT NULL)),
    CHECK ((kind IN ('new', 'revise')) = (doc IS NOT NULL)),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX cat_change_open ON cat_change (code) WHERE state IN ('draft', 'review', 'planned');
CREATE INDEX cat_change_state ON cat_change (state, updated_at, id);
CREATE INDEX cat_change_item ON cat_change (item_id, created_at);

-- Who has had a hand in a change: none of them may review it.
CREATE TABLE cat_hand (
    change_id BLOB NOT NULL REFERENCES cat_change (id),
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    PRIMARY KEY (change_id, staff_id)
) STRICT, WITHOUT ROWID;

-- Items that are suspended: why, and since when.
CREATE TABLE cat_halt (
    item_id BLOB PRIMARY KEY NOT NULL REFERENCES cat_item (id),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
