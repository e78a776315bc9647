CREATE TABLE idn_request (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('grant', 'role')),
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'refused', 'withdrawn')),
    asked_by BLOB NOT NULL REFERENCES idn_staff (id),
    asked_at INTEGER NOT NULL,
    lapses_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES idn_staff (id),
    decided_at INTEGER,
    CHECK (state IN ('open', 'withdrawn') OR decided_by <> asked_by),
    CHECK ((state = 'open') = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX idn_request_open ON idn_request (kind, subject) WHERE state = 'open';
CREATE INDEX idn_request_asked ON idn_request (asked_at);
