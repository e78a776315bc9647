-- A passkey (通行密钥) of an account: the device keeps the private key, here is the public one.
CREATE TABLE idn_passkey (
    id uuid PRIMARY KEY,
    person_id uuid REFERENCES idn_person (id),
    staff_id uuid REFERENCES idn_staff (id),
    credential_id bytea NOT NULL UNIQUE,
    -- Public key, counter and kind (JSON).
    credential text NOT NULL,
    name text NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
);
CREATE INDEX idn_passkey_person ON idn_passkey (person_id);
CREATE INDEX idn_passkey_staff ON idn_passkey (staff_id);

-- What a device was asked to sign, until its answer comes.
CREATE TABLE idn_ceremony (
    -- The digest of the visitor's cookie.
    id bytea PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('add', 'login')),
    person_id uuid REFERENCES idn_person (id),
    staff_id uuid REFERENCES idn_staff (id),
    state text NOT NULL,
    name text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idn_ceremony_expires ON idn_ceremony (expires_at);
