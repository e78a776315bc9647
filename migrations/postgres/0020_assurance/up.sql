-- What could not be asked of the verifier, to be asked later; sealed.
CREATE TABLE idn_pending (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES idn_person (id),
    kind text NOT NULL,
    claim bytea NOT NULL,
    asked_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    due_at timestamptz NOT NULL,
    lease_until timestamptz,
    last_error text,
    UNIQUE (person_id, kind)
);
CREATE INDEX idn_pending_due ON idn_pending (due_at);

-- Faces that are shown at the verifier: we know its reference, and never a picture.
CREATE TABLE idn_face (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES idn_person (id),
    reference text NOT NULL UNIQUE,
    address bytea NOT NULL,
    number_index bytea NOT NULL,
    back text NOT NULL,
    began_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    result text
);
CREATE INDEX idn_face_person ON idn_face (person_id, began_at);
CREATE INDEX idn_face_expires ON idn_face (expires_at);
