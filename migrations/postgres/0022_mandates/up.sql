-- Who is acted for (被代表人): a legal person, or a child. One row for each, whoever acts for them.
CREATE TABLE idn_principal (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('legal', 'minor')),
    -- GB/T 39046 A.4
    audience text NOT NULL,
    name bytea NOT NULL,
    number bytea NOT NULL,
    number_index bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

-- By what somebody acts for them. Never deleted: cases name it.
CREATE TABLE idn_mandate (
    id uuid PRIMARY KEY,
    principal_id uuid NOT NULL REFERENCES idn_principal (id),
    kind text NOT NULL CHECK (kind IN ('representative', 'agent', 'guardian')),
    -- Nobody before it was taken on.
    person_id uuid REFERENCES idn_person (id),
    name bytea NOT NULL,
    -- Of the person whom it was offered, until they have taken it on.
    phone bytea,
    phone_index bytea,
    -- The items that it covers: all, when there are none.
    items jsonb NOT NULL,
    powers jsonb NOT NULL,
    until date,
    -- What vouches for it; an agent's is the mandate of who gave it.
    evidence_id uuid REFERENCES idn_evidence (id),
    given_by uuid REFERENCES idn_mandate (id),
    offered_at timestamptz NOT NULL,
    taken_at timestamptz,
    used_at timestamptz,
    ended_at timestamptz,
    ended_why text,
    ended_by uuid
);
CREATE INDEX idn_mandate_person ON idn_mandate (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX idn_mandate_principal ON idn_mandate (principal_id, offered_at);
CREATE INDEX idn_mandate_offered ON idn_mandate (phone_index) WHERE phone_index IS NOT NULL;

-- Who handed a case in: at which level of assurance, and by what they acted for another.
CREATE TABLE case_declarant (
    case_id uuid PRIMARY KEY REFERENCES case_case (id),
    person_id uuid,
    mandate_id uuid REFERENCES idn_mandate (id),
    level integer NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX case_declarant_acted ON case_declarant (person_id) WHERE mandate_id IS NOT NULL;
