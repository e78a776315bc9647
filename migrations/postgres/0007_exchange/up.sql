CREATE TABLE exg_endpoint (
    department_id uuid PRIMARY KEY REFERENCES idn_department (id),
    url text NOT NULL,
    secret bytea NOT NULL,
    old_secret bytea,
    is_active boolean NOT NULL,
    failures integer NOT NULL,
    opened_until timestamptz,
    last_ok_at timestamptz,
    last_error text,
    updated_at timestamptz NOT NULL
);

CREATE TABLE exg_dispatch (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    department_id uuid NOT NULL REFERENCES idn_department (id),
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sent', 'dead')),
    attempts integer NOT NULL,
    next_at timestamptz NOT NULL,
    lease_until timestamptz,
    last_status integer,
    last_error text,
    receipt text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX exg_dispatch_queued ON exg_dispatch (next_at) WHERE state = 'queued';
CREATE INDEX exg_dispatch_department ON exg_dispatch (department_id, state, created_at, id);
CREATE INDEX exg_dispatch_case ON exg_dispatch (case_id);

CREATE TABLE exg_try (
    id uuid PRIMARY KEY,
    dispatch_id uuid NOT NULL REFERENCES exg_dispatch (id),
    at timestamptz NOT NULL,
    status integer,
    error text,
    millis integer NOT NULL
);
CREATE INDEX exg_try_dispatch ON exg_try (dispatch_id, at);

CREATE TABLE exg_inbox (
    department_id uuid NOT NULL REFERENCES idn_department (id),
    message_id text NOT NULL,
    kind text NOT NULL,
    case_id uuid,
    received_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('applied', 'late', 'refused')),
    reason text,
    body bytea NOT NULL,
    PRIMARY KEY (department_id, message_id)
);
CREATE INDEX exg_inbox_received ON exg_inbox (received_at);
