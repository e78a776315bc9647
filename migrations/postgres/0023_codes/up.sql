-- A code that was sent to a phone and waits to be typed (短信验证码). There is one for a phone without an account, too: nobody learns
-- which phones have one.
CREATE TABLE idn_code (
    -- The digest of the visitor's cookie.
    id bytea PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('login', 'reset')),
    phone bytea NOT NULL,
    phone_index bytea NOT NULL,
    person_id uuid REFERENCES idn_person (id),
    code bytea NOT NULL,
    tries integer NOT NULL,
    back text NOT NULL,
    sent_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    passed_at timestamptz
);
CREATE INDEX idn_code_expires ON idn_code (expires_at);
CREATE INDEX idn_code_phone ON idn_code (phone_index, sent_at);

-- Short messages that wait to be sent, each by a job of the queue. What was sent is gone from here.
CREATE TABLE ntf_sms (
    id uuid PRIMARY KEY,
    to_phone bytea NOT NULL,
    words bytea NOT NULL,
    -- What comes later is of no use.
    expires_at timestamptz NOT NULL
);
