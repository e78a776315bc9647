-- Who is acted for (被代表人): a legal person, or a child. One row for each, whoever acts for them.
CREATE TABLE idn_principal (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('legal', 'minor')),
    -- GB/T 39046 A.4
    audience TEXT NOT NULL,
    name BLOB NOT NULL,
    number BLOB NOT NULL,
    number_index BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- By what somebody acts for them. Never deleted: cases name it.
CREATE TABLE idn_mandate (
    id BLOB PRIMARY KEY NOT NULL,
    principal_id BLOB NOT NULL REFERENCES idn_principal (id),
    kind TEXT NOT NULL CHECK (kind IN ('representative', 'agent', 'guardian')),
    -- Nobody before it was taken on.
    person_id BLOB REFERENCES idn_person (id),
    name BLOB NOT NULL,
    -- Of the person whom it was offered, until they have taken it on.
    phone BLOB,
    phone_index BLOB,
    -- The items that it covers: all, when there are none.
    items TEXT NOT NULL,
    powers TEXT NOT NULL,
    until TEXT,
    -- What vouches for it; an agent's is the mandate of who gave it.
    evidence_id BLOB REFERENCES idn_evidence (id),
    given_by BLOB REFERENCES idn_mandate (id),
    offered_at INTEGER NOT NULL,
    taken_at INTEGER,
    used_at INTEGER,
    ended_at INTEGER,
    ended_why TEXT,
    ended_by BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_mandate_person ON idn_mandate (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX idn_mandate_principal ON idn_mandate (principal_id, offered_at);
CREATE INDEX idn_mandate_offered ON idn_mandate (phone_index) WHERE phone_index IS NOT NULL;

-- Who handed a case in: at which level of assurance, and by what they acted for another.
CREATE TABLE case_declarant (
    case_id BLOB PRIMARY KEY NOT NULL REFERENCES case_case (id),
    person_id BLOB,
    mandate_id BLOB REFERENCES idn_mandate (id),
    level INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX case_declarant_acted ON case_declarant (person_id) WHERE mandate_id IS NOT NULL;
