CREATE TABLE idn_totp (
    staff_id BLOB PRIMARY KEY NOT NULL REFERENCES idn_staff (id),
    secret BLOB NOT NULL,
    last_step INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_recovery (
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    digest BLOB NOT NULL,
    salt BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (staff_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_half (
    id BLOB PRIMARY KEY NOT NULL,
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('login', 'replace')),
    needs_factor INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    secret BLOB,
    back TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_half_staff ON idn_half (staff_id);
CREATE INDEX idn_half_expires ON idn_half (expires_at);
