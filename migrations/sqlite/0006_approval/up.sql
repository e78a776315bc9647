CREATE TABLE apr_proposal (
    case_id BLOB PRIMARY KEY NOT NULL REFERENCES case_case (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('granted', 'refused')),
    reason TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE apr_opinion (
    id BLOB PRIMARY KEY NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_case (id),
    step TEXT NOT NULL CHECK (step IN ('handle', 'review', 'approve')),
    verdict TEXT NOT NULL CHECK (verdict IN ('agree', 'return')),
    opinion TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    staff_name TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX apr_opinion_case ON apr_opinion (case_id, at);
