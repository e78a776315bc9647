CREATE TABLE idn_request (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('grant', 'role')),
    subject text NOT NULL,
    payload jsonb NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'confirmed', 'refused', 'withdrawn')),
    asked_by uuid NOT NULL REFERENCES idn_staff (id),
    asked_at timestamptz NOT NULL,
    lapses_at timestamptz NOT NULL,
    decided_by uuid REFERENCES idn_staff (id),
    decided_at timestamptz,
    CHECK (state IN ('open', 'withdrawn') OR decided_by <> asked_by),
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX idn_request_open ON idn_request (kind, subject) WHERE state = 'open';
CREATE INDEX idn_request_asked ON idn_request (asked_at);
