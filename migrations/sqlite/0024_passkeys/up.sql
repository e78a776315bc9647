-- A passkey (通行密钥) of an account: the device keeps the private key, here is the public one.
CREATE TABLE idn_passkey (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB REFERENCES idn_person (id),
    staff_id BLOB REFERENCES idn_staff (id),
    credential_id BLOB NOT NULL UNIQUE,
    -- Public key, counter and kind (JSON).
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_passkey_person ON idn_passkey (person_id);
CREATE INDEX idn_passkey_staff ON idn_passkey (staff_id);

-- What a device was asked to sign, until its answer comes.
CREATE TABLE idn_ceremony (
    -- The digest of the visitor's cookie.
    id BLOB PRIMARY KEY NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('add', 'login')),
    person_id BLOB REFERENCES idn_person (id),
    staff_id BLOB REFERENCES idn_staff (id),
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_ceremony_expires ON idn_ceremony (expires_at);
