CREATE TABLE job_queue (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    unique_key TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('ready', 'failed')),
    run_at INTEGER NOT NULL,
    lease_until INTEGER,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX job_queue_ready ON job_queue (run_at) WHERE state = 'ready';

CREATE TABLE job_schedule (
    name TEXT PRIMARY KEY NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    started_at INTEGER,
    ended_at INTEGER,
    last_error TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE cal_day (
    day TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
