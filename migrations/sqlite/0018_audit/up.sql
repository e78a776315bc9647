-- What was sealed is never changed, and goes only when its retention is over: the database itself sees to it.

CREATE TABLE aud_waiting (
    id BLOB PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BLOB,
    person_id BLOB,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    detail TEXT NOT NULL,
    request_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE aud_entry (
    id BLOB PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BLOB,
    person_id BLOB,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    detail TEXT NOT NULL,
    request_id BLOB NOT NULL,
    batch INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX aud_entry_place ON aud_entry (batch, seq);
CREATE INDEX aud_entry_object ON aud_entry (object_id, id) WHERE object_id IS NOT NULL;
CREATE INDEX aud_entry_actor ON aud_entry (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX aud_entry_person ON aud_entry (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX aud_entry_action ON aud_entry (action, id);
CREATE INDEX aud_entry_refused ON aud_entry (id) WHERE outcome = 'refused';

CREATE TABLE aud_batch (
    no INTEGER PRIMARY KEY NOT NULL,
    previous BLOB NOT NULL,
    entries INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    sealed_at INTEGER NOT NULL,
    digests BLOB NOT NULL,
    digest BLOB NOT NULL,
    suite TEXT NOT NULL,
    signer TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE INDEX aud_batch_age ON aud_batch (last_at);

CREATE TABLE aud_removal (
    batch INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    suite TEXT NOT NULL,
    signer TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE aud_chain (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    no INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO aud_chain (id, no) VALUES (1, 0);

CREATE TABLE aud_check (
    id BLOB PRIMARY KEY NOT NULL,
    staff_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    batches INTEGER NOT NULL,
    place INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    found TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX aud_check_waiting ON aud_check (state) WHERE state = 'waiting';
CREATE INDEX aud_check_created ON aud_check (created_at);

CREATE TRIGGER aud_waiting_update BEFORE UPDATE ON aud_waiting BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_waiting_delete BEFORE DELETE ON aud_waiting WHEN NOT EXISTS (SELECT 1 FROM aud_entry WHERE id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_entry_update BEFORE UPDATE ON aud_entry BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_entry_delete BEFORE DELETE ON aud_entry WHEN NOT EXISTS (SELECT 1 FROM aud_removal WHERE batch = OLD.batch)
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_batch_update BEFORE UPDATE ON aud_batch BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_batch_delete BEFORE DELETE ON aud_batch BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_removal_update BEFORE UPDATE ON aud_removal BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER aud_removal_delete BEFORE DELETE ON aud_removal BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
