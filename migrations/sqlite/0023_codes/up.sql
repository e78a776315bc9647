-- A code that was sent to a phone and waits to be typed (短信验证码). There is one for a phone without an account, too: nobody learns
-- which phones have one.
CREATE TABLE idn_code (
    -- The digest of the visitor's cookie.
    id BLOB PRIMARY KEY NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('login', 'reset')),
    phone BLOB NOT NULL,
    phone_index BLOB NOT NULL,
    person_id BLOB REFERENCES idn_person (id),
    code BLOB NOT NULL,
    tries INTEGER NOT NULL,
    back TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    passed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_code_expires ON idn_code (expires_at);
CREATE INDEX idn_code_phone ON idn_code (phone_index, sent_at);

-- Short messages that wait to be sent, each by a job of the queue. What was sent is gone from here.
CREATE TABLE ntf_sms (
    id BLOB PRIMARY KEY NOT NULL,
    to_phone BLOB NOT NULL,
    words BLOB NOT NULL,
    -- What comes later is of no use.
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
