CREATE TABLE idn_totp (
    staff_id uuid PRIMARY KEY REFERENCES idn_staff (id),
    secret bytea NOT NULL,
    last_step bigint NOT NULL,
    made_at timestamptz NOT NULL
);

CREATE TABLE idn_recovery (
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    digest bytea NOT NULL,
    salt bytea NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (staff_id, digest)
);

CREATE TABLE idn_half (
    id bytea PRIMARY KEY,
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    purpose text NOT NULL CHECK (purpose IN ('login', 'replace')),
    needs_factor boolean NOT NULL,
    made_by text NOT NULL,
    secret bytea,
    back text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idn_half_staff ON idn_half (staff_id);
CREATE INDEX idn_half_expires ON idn_half (expires_at);
