CREATE TABLE idn_area (
    code text PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    level text NOT NULL,
    parent text
);

CREATE TABLE idn_department (
    id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE,
    code text NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    short_zh text NOT NULL,
    short_en text NOT NULL,
    area_code text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('desk', 'system')),
    phone text NOT NULL,
    address_zh text NOT NULL,
    address_en text NOT NULL,
    is_active boolean NOT NULL
);

CREATE TABLE idn_person (
    id uuid PRIMARY KEY,
    phone bytea NOT NULL,
    phone_index bytea NOT NULL UNIQUE,
    name bytea,
    id_number bytea,
    id_number_index bytea UNIQUE,
    email bytea,
    address bytea,
    password_hash text NOT NULL,
    -- What follows from the evidence, and until when it does.
    level integer NOT NULL,
    level_until timestamptz,
    lang text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    closed_at timestamptz
);

CREATE TABLE idn_evidence (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES idn_person (id),
    kind text NOT NULL,
    issuer text NOT NULL,
    result text NOT NULL,
    reference text NOT NULL,
    via text NOT NULL,
    at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE INDEX idn_evidence_person ON idn_evidence (person_id, at);
CREATE INDEX idn_person_lapses ON idn_person (level_until) WHERE level_until IS NOT NULL;

CREATE TABLE idn_staff (
    id uuid PRIMARY KEY,
    login text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    area_code text REFERENCES idn_area (code),
    department_id uuid REFERENCES idn_department (id),
    hall_id uuid,
    is_active boolean NOT NULL,
    must_change boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX idn_staff_department ON idn_staff (department_id);

CREATE TABLE idn_role (
    code text PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    note_zh text NOT NULL,
    note_en text NOT NULL,
    is_built_in boolean NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE idn_role_permission (
    role text NOT NULL REFERENCES idn_role (code),
    permission text NOT NULL,
    PRIMARY KEY (role, permission)
);

CREATE TABLE idn_staff_role (
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    role text NOT NULL REFERENCES idn_role (code),
    until date,
    given_by uuid REFERENCES idn_staff (id),
    given_at timestamptz NOT NULL,
    PRIMARY KEY (staff_id, role)
);
CREATE INDEX idn_staff_role_role ON idn_staff_role (role);

CREATE TABLE idn_session (
    id bytea PRIMARY KEY,
    person_id uuid REFERENCES idn_person (id),
    staff_id uuid REFERENCES idn_staff (id),
    made_by text NOT NULL,
    csrf text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    user_agent text NOT NULL,
    -- By which mandate its person acts for another now.
    mandate_id uuid,
    CHECK ((person_id IS NULL) <> (staff_id IS NULL))
);
CREATE INDEX idn_session_person ON idn_session (person_id);
CREATE INDEX idn_session_staff ON idn_session (staff_id);
CREATE INDEX idn_session_expires ON idn_session (expires_at);

CREATE TABLE idn_client (
    id uuid PRIMARY KEY,
    client_id text NOT NULL UNIQUE,
    name text NOT NULL,
    department_id uuid REFERENCES idn_department (id),
    secret_hash bytea NOT NULL,
    scopes text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE idn_throttle (
    key bytea PRIMARY KEY,
    window_from timestamptz NOT NULL,
    before integer NOT NULL,
    hits integer NOT NULL
);
