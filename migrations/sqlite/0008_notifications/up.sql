CREATE TABLE ntf_message (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    case_id BLOB,
    kind TEXT NOT NULL,
    item_zh TEXT NOT NULL,
    item_en TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX ntf_message_person ON ntf_message (person_id, created_at, id);
CREATE INDEX ntf_message_unread ON ntf_message (person_id) WHERE read_at IS NULL;

CREATE TABLE ntf_mail (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    to_address BLOB NOT NULL,
    args BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    sent_at INTEGER,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
CREATE INDEX ntf_mail_due ON ntf_mail (due_at) WHERE state = 'queued';
CREATE INDEX ntf_mail_failed ON ntf_mail (created_at, id) WHERE state = 'failed';
