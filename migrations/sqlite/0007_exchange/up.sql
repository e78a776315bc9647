CREATE TABLE exg_endpoint (
    department_id BLOB PRIMARY KEY NOT NULL REFERENCES idn_department (id),
    url TEXT NOT NULL,
    secret BLOB NOT NULL,
    old_secret BLOB,
    is_active INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    openings INTEGER NOT NULL,
    opened_until INTEGER,
    leased_at INTEGER NOT NULL,
    last_ok_at INTEGER,
    last_error TEXT,
    updated_at INTEGER NOT NULL,
    CHECK ((openings = 0) = (opened_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE exg_dispatch (
    id BLOB PRIMARY KEY NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    department_id BLOB NOT NULL REFERENCES idn_department (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'dead', 'dropped')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    last_status INTEGER,
    last_error TEXT,
    receipt TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (lease_until IS NULL OR state = 'queued')
) STRICT;
CREATE INDEX exg_dispatch_due ON exg_dispatch (department_id, next_at, created_at) WHERE state = 'queued';
CREATE INDEX exg_dispatch_leased ON exg_dispatch (department_id, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX exg_dispatch_dead ON exg_dispatch (department_id, id) WHERE state = 'dead';
CREATE INDEX exg_dispatch_department ON exg_dispatch (department_id, id);
CREATE INDEX exg_dispatch_case ON exg_dispatch (case_id);

CREATE TABLE exg_try (
    id BLOB PRIMARY KEY NOT NULL,
    dispatch_id BLOB NOT NULL REFERENCES exg_dispatch (id),
    at INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    millis INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX exg_try_dispatch ON exg_try (dispatch_id, at);

CREATE TABLE exg_daily (
    department_id BLOB NOT NULL REFERENCES idn_department (id),
    day TEXT NOT NULL,
    sent INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    PRIMARY KEY (department_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE exg_inbox (
    id BLOB PRIMARY KEY NOT NULL,
    department_id BLOB NOT NULL REFERENCES idn_department (id),
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    case_id BLOB,
    received_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('applied', 'late', 'refused')),
    reason TEXT,
    body BLOB NOT NULL,
    UNIQUE (department_id, message_id),
    CHECK ((state = 'refused') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX exg_inbox_list ON exg_inbox (department_id, id);
CREATE INDEX exg_inbox_refused ON exg_inbox (id) WHERE state = 'refused';

CREATE TABLE exg_declared (
    client_id BLOB NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, key)
) STRICT, WITHOUT ROWID;
