CREATE TABLE exg_endpoint (
    department_id uuid PRIMARY KEY REFERENCES idn_department (id),
    url text NOT NULL,
    secret bytea NOT NULL,
    old_secret bytea,
    is_active boolean NOT NULL,
    failures integer NOT NULL,
    openings integer NOT NULL,
    opened_until timestamptz,
    leased_at timestamptz NOT NULL,
    last_ok_at timestamptz,
    last_error text,
    updated_at timestamptz NOT NULL,
    CHECK ((openings = 0) = (opened_until IS NULL))
);

CREATE TABLE exg_dispatch (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    department_id uuid NOT NULL REFERENCES idn_department (id),
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sent', 'dead', 'dropped')),
    attempts integer NOT NULL,
    next_at timestamptz NOT NULL,
    lease_until timestamptz,
    last_status integer,
    last_error text,
    receipt text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (lease_until IS NULL OR state = 'queued')
); -- long rows
CREATE INDEX exg_dispatch_due ON exg_dispatch (department_id, next_at, created_at) WHERE state = 'queued';
CREATE INDEX exg_dispatch_leased ON exg_dispatch (department_id, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX exg_dispatch_dead ON exg_dispatch (department_id, id) WHERE state = 'dead';
CREATE INDEX exg_dispatch_department ON exg_dispatch (department_id, id);
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

CREATE TABLE exg_daily (
    department_id uuid NOT NULL REFERENCES idn_department (id),
    day date NOT NULL,
    sent integer NOT NULL,
    failed integer NOT NULL,
    PRIMARY KEY (department_id, day)
);

CREATE TABLE exg_inbox (
    id uuid PRIMARY KEY,
    department_id uuid NOT NULL REFERENCES idn_department (id),
    message_id text NOT NULL,
    kind text NOT NULL,
    case_id uuid,
    received_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('applied', 'late', 'refused')),
    reason text,
    body bytea NOT NULL,
    UNIQUE (department_id, message_id),
    CHECK ((state = 'refused') = (reason IS NOT NULL))
); -- long rows
CREATE INDEX exg_inbox_list ON exg_inbox (department_id, id);
CREATE INDEX exg_inbox_refused ON exg_inbox (id) WHERE state = 'refused';

CREATE TABLE exg_declared (
    client_id uuid NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    case_id uuid NOT NULL REFERENCES case_case (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, key)
);
