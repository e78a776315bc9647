CREATE TABLE case_case (
    id uuid PRIMARY KEY,
    case_no text UNIQUE,
    receipt_no text UNIQUE,
    item_id uuid NOT NULL,
    version_id uuid NOT NULL,
    department_id uuid NOT NULL,
    hall_id uuid NOT NULL,
    channel text NOT NULL CHECK (channel IN ('web', 'window', 'terminal', 'api')),
    -- Who declared it; whose it is: theirs, or of the one they acted for.
    person_id uuid,
    owner_id uuid,
    applicant_mask text NOT NULL,
    identity text NOT NULL CHECK (identity IN ('known', 'pending', 'failed')),
    state text NOT NULL,
    public_state text NOT NULL,
    clock text NOT NULL CHECK (clock IN ('none', 'answering', 'waiting', 'running', 'stopped')),
    rev bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    received_on date,
    accept_by date,
    accepted_at timestamptz,
    accepted_by uuid,
    due_on date,
    legal_due_on date,
    decision text CHECK (decision IN ('granted', 'refused')),
    decided_at timestamptz,
    finished_at timestamptz,
    -- Long and sealed: last, where a list does not come by them.
    query_code bytea,
    applicant bytea NOT NULL,
    applicant_index bytea,
    form bytea NOT NULL,
    CHECK ((state = 'draft') = (case_no IS NULL)),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK (state <> 'finished' OR finished_at IS NOT NULL)
); -- long rows
CREATE INDEX case_case_owner ON case_case (owner_id, created_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX case_case_answering ON case_case (accept_by, id, clock) WHERE clock = 'answering';
CREATE INDEX case_case_held ON case_case (owner_id, id) WHERE identity <> 'known';
CREATE INDEX case_case_open ON case_case (department_id, state, due_on, id, finished_at) WHERE finished_at IS NULL AND state <> 'draft';
CREATE INDEX case_case_department ON case_case (department_id, accepted_at, id) WHERE accepted_at IS NOT NULL;
CREATE INDEX case_case_submitted ON case_case (submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX case_case_finished ON case_case (finished_at, decision) WHERE finished_at IS NOT NULL;

CREATE TABLE case_file (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    role text NOT NULL CHECK (role IN ('material', 'result')),
    key text NOT NULL,
    name bytea NOT NULL,
    hash bytea NOT NULL,
    size bigint NOT NULL,
    mime text NOT NULL,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    sent_at timestamptz,
    dropped_at timestamptz
);
CREATE INDEX case_file_case ON case_file (case_id);

CREATE TABLE case_verdict (
    case_id uuid NOT NULL REFERENCES case_case (id),
    key text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('accepted', 'defect')),
    reason text NOT NULL,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (case_id, key)
);

CREATE TABLE case_event (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    at timestamptz NOT NULL,
    event text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    note text NOT NULL,
    is_public boolean NOT NULL
);
CREATE INDEX case_event_case ON case_event (case_id, at);

CREATE TABLE case_correction (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    asked_at timestamptz NOT NULL,
    asked_by uuid NOT NULL,
    defects jsonb NOT NULL,
    note text NOT NULL,
    due_on date NOT NULL,
    closed_at timestamptz,
    answer text
);
CREATE UNIQUE INDEX case_correction_open ON case_correction (case_id) WHERE closed_at IS NULL;
CREATE INDEX case_correction_due ON case_correction (due_on) WHERE closed_at IS NULL;

CREATE TABLE case_desk (
    case_id uuid PRIMARY KEY REFERENCES case_case (id),
    desk_kind text NOT NULL CHECK (desk_kind IN ('hall', 'department')),
    desk_id uuid NOT NULL,
    step text NOT NULL,
    due_at timestamptz NOT NULL,
    entered_at timestamptz NOT NULL,
    state text NOT NULL,
    item_id uuid NOT NULL,
    receipt_no text NOT NULL,
    applicant_mask text NOT NULL,
    channel text NOT NULL,
    is_corrected boolean NOT NULL,
    identity text NOT NULL,
    held_by uuid,
    held_name text,
    held_until timestamptz
);
CREATE INDEX case_desk_list ON case_desk (desk_kind, desk_id, step, due_at, case_id);

CREATE TABLE case_notice (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    kind text NOT NULL,
    no text NOT NULL UNIQUE,
    doc bytea NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid
); -- long rows
CREATE INDEX case_notice_case ON case_notice (case_id);

CREATE TABLE case_serial (
    day date PRIMARY KEY,
    last integer NOT NULL CHECK (last <= 999999)
);

-- Materials that were handed over on paper.
CREATE TABLE case_paper (
    case_id uuid NOT NULL REFERENCES case_case (id),
    key text NOT NULL,
    PRIMARY KEY (case_id, key)
);
