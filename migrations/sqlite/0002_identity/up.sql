CREATE TABLE idn_area (
    code TEXT PRIMARY KEY NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    level TEXT NOT NULL,
    parent TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_department (
    id BLOB PRIMARY KEY NOT NULL,
    key TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    short_zh TEXT NOT NULL,
    short_en TEXT NOT NULL,
    area_code TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('desk', 'system')),
    phone TEXT NOT NULL,
    address_zh TEXT NOT NULL,
    address_en TEXT NOT NULL,
    is_active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_person (
    id BLOB PRIMARY KEY NOT NULL,
    phone BLOB NOT NULL,
    phone_index BLOB NOT NULL UNIQUE,
    name BLOB,
    id_number BLOB,
    id_number_index BLOB UNIQUE,
    email BLOB,
    address BLOB,
    password_hash TEXT NOT NULL,
    -- What follows from the evidence, and until when it does.
    level INTEGER NOT NULL,
    level_until INTEGER,
    lang TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_evidence (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    kind TEXT NOT NULL,
    issuer TEXT NOT NULL,
    result TEXT NOT NULL,
    reference TEXT NOT NULL,
    via TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_evidence_person ON idn_evidence (person_id, at);
CREATE INDEX idn_person_lapses ON idn_person (level_until) WHERE level_until IS NOT NULL;

CREATE TABLE idn_staff (
    id BLOB PRIMARY KEY NOT NULL,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    area_code TEXT REFERENCES idn_area (code),
    department_id BLOB REFERENCES idn_department (id),
    hall_id BLOB,
    is_active INTEGER NOT NULL,
    must_change INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_staff_department ON idn_staff (department_id);

CREATE TABLE idn_role (
    code TEXT PRIMARY KEY NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note_zh TEXT NOT NULL,
    note_en TEXT NOT NULL,
    is_built_in INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_role_permission (
    role TEXT NOT NULL REFERENCES idn_role (code),
    permission TEXT NOT NULL,
    PRIMARY KEY (role, permission)
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_staff_role (
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    role TEXT NOT NULL REFERENCES idn_role (code),
    until TEXT,
    given_by BLOB REFERENCES idn_staff (id),
    given_at INTEGER NOT NULL,
    PRIMARY KEY (staff_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_staff_role_role ON idn_staff_role (role);

CREATE TABLE idn_session (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB REFERENCES idn_person (id),
    staff_id BLOB REFERENCES idn_staff (id),
    made_by TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    -- By which mandate its person acts for another now.
    mandate_id BLOB,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_session_person ON idn_session (person_id);
CREATE INDEX idn_session_staff ON idn_session (staff_id);
CREATE INDEX idn_session_expires ON idn_session (expires_at);

CREATE TABLE idn_client (
    id BLOB PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    department_id BLOB REFERENCES idn_department (id),
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idn_throttle (
    key BLOB PRIMARY KEY NOT NULL,
    window_from INTEGER NOT NULL,
    before INTEGER NOT NULL,
    hits INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
