-- At which count of cat_stamp an item last changed: whoever knows the catalogue at a count needs only what has a higher one.
CREATE TABLE cat_moved (
    item_id BLOB PRIMARY KEY NOT NULL REFERENCES cat_item (id),
    stamp INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cat_moved_stamp ON cat_moved (stamp);

-- Files of the implementing list that somebody has taken in as changes: how far it has come, and what came of it.
CREATE TABLE cat_import (
    id BLOB PRIMARY KEY NOT NULL,
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    name TEXT NOT NULL,
    file BLOB NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    error TEXT,
    total INTEGER NOT NULL,
    place INTEGER NOT NULL,
    submitted INTEGER NOT NULL,
    under_way INTEGER NOT NULL,
    not_kept INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK ((state = 'failed') = (error IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cat_import_one ON cat_import (staff_id) WHERE state = 'waiting';
CREATE INDEX cat_import_staff ON cat_import (staff_id, created_at);
CREATE INDEX cat_import_waiting ON cat_import (created_at) WHERE state = 'waiting';
