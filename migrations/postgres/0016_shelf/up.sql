-- At which count of cat_stamp an item last changed: whoever knows the catalogue at a count needs only what has a higher one.
CREATE TABLE cat_moved (
    item_id uuid PRIMARY KEY REFERENCES cat_item (id),
    stamp bigint NOT NULL
);
CREATE INDEX cat_moved_stamp ON cat_moved (stamp);

-- Files of the implementing list that somebody has taken in as changes: how far it has come, and what came of it.
CREATE TABLE cat_import (
    id uuid PRIMARY KEY,
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    name text NOT NULL,
    file bytea NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    error text,
    total integer NOT NULL,
    place integer NOT NULL,
    submitted integer NOT NULL,
    under_way integer NOT NULL,
    not_kept integer NOT NULL,
    unchanged integer NOT NULL,
    left_out integer NOT NULL,
    attempts integer NOT NULL,
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK ((state = 'failed') = (error IS NOT NULL))
);
CREATE UNIQUE INDEX cat_import_one ON cat_import (staff_id) WHERE state = 'waiting';
CREATE INDEX cat_import_staff ON cat_import (staff_id, created_at);
CREATE INDEX cat_import_waiting ON cat_import (created_at) WHERE state = 'waiting';
