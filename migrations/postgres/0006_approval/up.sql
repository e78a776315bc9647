CREATE TABLE apr_proposal (
    case_id uuid PRIMARY KEY REFERENCES case_case (id),
    outcome text NOT NULL CHECK (outcome IN ('granted', 'refused')),
    reason text NOT NULL,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL
);

CREATE TABLE apr_opinion (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_case (id),
    step text NOT NULL CHECK (step IN ('handle', 'review', 'approve')),
    verdict text NOT NULL CHECK (verdict IN ('agree', 'return')),
    opinion text NOT NULL,
    staff_id uuid NOT NULL,
    staff_name text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX apr_opinion_case ON apr_opinion (case_id, at);
