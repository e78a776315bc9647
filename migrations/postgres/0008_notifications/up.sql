CREATE TABLE ntf_message (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES idn_person (id),
    case_id uuid,
    kind text NOT NULL,
    item_zh text NOT NULL,
    item_en text NOT NULL,
    receipt_no text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz
);
CREATE INDEX ntf_message_person ON ntf_message (person_id, created_at, id);
CREATE INDEX ntf_message_unread ON ntf_message (person_id) WHERE read_at IS NULL;

CREATE TABLE ntf_mail (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    lang text NOT NULL,
    to_address bytea NOT NULL,
    args bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts integer NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    lease_until timestamptz,
    sent_at timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
); -- long rows
CREATE INDEX ntf_mail_due ON ntf_mail (due_at) WHERE state = 'queued';
CREATE INDEX ntf_mail_failed ON ntf_mail (created_at, id) WHERE state = 'failed';
