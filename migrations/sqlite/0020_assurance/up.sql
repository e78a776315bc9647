-- What could not be asked of the verifier, to be asked later; sealed.
CREATE TABLE idn_pending (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    kind TEXT NOT NULL,
    claim BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    last_error TEXT,
    UNIQUE (person_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_pending_due ON idn_pending (due_at);

-- Faces that are shown at the verifier: we know its reference, and never a picture.
CREATE TABLE idn_face (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    reference TEXT NOT NULL UNIQUE,
    address BLOB NOT NULL,
    number_index BLOB NOT NULL,
    back TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    result TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_face_person ON idn_face (person_id, began_at);
CREATE INDEX idn_face_expires ON idn_face (expires_at);
