-- By which account at a provider of identities (统一身份认证) somebody comes in.
CREATE TABLE idn_link (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES idn_person (id),
    -- The provider's own name for the person.
    subject bytea NOT NULL,
    subject_index bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL
);
CREATE INDEX idn_link_person ON idn_link (person_id);

-- Somebody who is at the provider, or has come back and is asked something more.
CREATE TABLE idn_away (
    -- The digest of the visitor's cookie.
    id bytea PRIMARY KEY,
    -- Who links an account of theirs; nobody at a login.
    person_id uuid REFERENCES idn_person (id),
    state text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    back text NOT NULL,
    -- What the provider said, sealed; none before they have come back.
    told bytea,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idn_away_expires ON idn_away (expires_at);
