CREATE TABLE job_queue (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    unique_key text UNIQUE,
    state text NOT NULL CHECK (state IN ('ready', 'failed')),
    run_at timestamptz NOT NULL,
    lease_until timestamptz,
    attempts integer NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL
);
CREATE INDEX job_queue_ready ON job_queue (run_at) WHERE state = 'ready';

CREATE TABLE job_schedule (
    name text PRIMARY KEY,
    next_at timestamptz NOT NULL,
    lease_until timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    last_error text
);

CREATE TABLE cal_day (
    day date PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name text NOT NULL
);
