-- By which account at a provider of identities (统一身份认证) somebody comes in.
CREATE TABLE idn_link (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    -- The provider's own name for the person.
    subject BLOB NOT NULL,
    subject_index BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_link_person ON idn_link (person_id);

-- Somebody who is at the provider, or has come back and is asked something more.
CREATE TABLE idn_away (
    -- The digest of the visitor's cookie.
    id BLOB PRIMARY KEY NOT NULL,
    -- Who links an account of theirs; nobody at a login.
    person_id BLOB REFERENCES idn_person (id),
    state TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    back TEXT NOT NULL,
    -- What the provider said, sealed; none before they have come back.
    told BLOB,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idn_away_expires ON idn_away (expires_at);
