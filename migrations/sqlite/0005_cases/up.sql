CREATE TABLE case_case (
    id BLOB PRIMARY KEY NOT NULL,
    case_no TEXT UNIQUE,
    receipt_no TEXT UNIQUE,
    item_id BLOB NOT NULL,
    version_id BLOB NOT NULL,
    department_id BLOB NOT NULL,
    hall_id BLOB NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('web', 'window', 'terminal', 'api')),
    -- Who declared it; whose it is: theirs, or of the one they acted for.
    person_id BLOB,
    owner_id BLOB,
    applicant_mask TEXT NOT NULL,
    identity TEXT NOT NULL CHECK (identity IN ('known', 'pending', 'failed')),
    state TEXT NOT NULL,
    public_state TEXT NOT NULL,
    clock TEXT NOT NULL CHECK (clock IN ('none', 'answering', 'waiting', 'running', 'stopped')),
    rev INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    received_on TEXT,
    accept_by TEXT,
    accepted_at INTEGER,
    accepted_by BLOB,
    due_on TEXT,
    legal_due_on TEXT,
    decision TEXT CHECK (decision IN ('granted', 'refused')),
    decided_at INTEGER,
    finished_at INTEGER,
    -- Long and sealed: last, where a list does not come by them.
    query_code BLOB,
    applicant BLOB NOT NULL,
    applicant_index BLOB,
    form BLOB NOT NULL,
    CHECK ((state = 'draft') = (case_no IS NULL)),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK (state <> 'finished' OR finished_at IS NOT NULL)
) STRICT;
CREATE INDEX case_case_owner ON case_case (owner_id, created_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX case_case_answering ON case_case (accept_by, id, clock) WHERE clock = 'answering';
CREATE INDEX case_case_held ON case_case (owner_id, id) WHERE identity <> 'known';
CREATE INDEX case_case_open ON case_case (department_id, state, due_on, id, finished_at) WHERE finished_at IS NULL AND state <> 'draft';
CREATE INDEX case_case_department ON case_case (department_id, accepted_at, id) WHERE accepted_at IS NOT NULL;
CREATE INDEX case_case_submitted ON case_case (submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX case_case_finished ON case_case (finished_at, decision) WHERE finished_at IS NOT NULL;

CREATE TABLE case_file (
    id BLOB PRIMARY KEY NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    role TEXT NOT NULL CHECK (role IN ('material', 'result')),
    key TEXT NOT NULL,
    name BLOB NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    sent_at INTEGER,
    dropped_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX case_file_case ON case_file (case_id);

CREATE TABLE case_verdict (
    case_id BLOB NOT NULL REFERENCES case_case (id),
    key TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'defect')),
    reason TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (case_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_event (
    id BLOB PRIMARY KEY NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    note TEXT NOT NULL,
    is_public INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX case_event_case ON case_event (case_id, at);

CREATE TABLE case_correction (
    id BLOB PRIMARY KEY NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    asked_at INTEGER NOT NULL,
    asked_by BLOB NOT NULL,
    defects TEXT NOT NULL,
    note TEXT NOT NULL,
    due_on TEXT NOT NULL,
    closed_at INTEGER,
    answer TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_correction_open ON case_correction (case_id) WHERE closed_at IS NULL;
CREATE INDEX case_correction_due ON case_correction (due_on) WHERE closed_at IS NULL;

CREATE TABLE case_desk (
    case_id BLOB PRIMARY KEY NOT NULL REFERENCES case_case (id),
    desk_kind TEXT NOT NULL CHECK (desk_kind IN ('hall', 'department')),
    desk_id BLOB NOT NULL,
    step TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    entered_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    item_id BLOB NOT NULL,
    receipt_no TEXT NOT NULL,
    applicant_mask TEXT NOT NULL,
    channel TEXT NOT NULL,
    is_corrected INTEGER NOT NULL,
    identity TEXT NOT NULL,
    held_by BLOB,
    held_name TEXT,
    held_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX case_desk_list ON case_desk (desk_kind, desk_id, step, due_at, case_id);

CREATE TABLE case_notice (
    id BLOB PRIMARY KEY NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    kind TEXT NOT NULL,
    no TEXT NOT NULL UNIQUE,
    doc BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    made_by BLOB
) STRICT;
CREATE INDEX case_notice_case ON case_notice (case_id);

CREATE TABLE case_serial (
    day TEXT PRIMARY KEY NOT NULL,
    last INTEGER NOT NULL CHECK (last <= 999999)
) STRICT, WITHOUT ROWID;

-- Materials that were handed over on paper.
CREATE TABLE case_paper (
    case_id BLOB NOT NULL REFERENCES case_case (id),
    key TEXT NOT NULL,
    PRIMARY KEY (case_id, key)
) STRICT, WITHOUT ROWID;
