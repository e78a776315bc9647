-- What was sealed is never changed, and goes only when its retention is over: the database itself sees to it.
-- postgres:
CREATE FUNCTION aud_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is never changed'; END $$;
CREATE FUNCTION aud_keep_waiting() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF NOT EXISTS (SELECT FROM aud_entry WHERE id = OLD.id) THEN RAISE EXCEPTION 'the audit is never changed'; END IF;
        RETURN OLD;
    END $$;
CREATE FUNCTION aud_keep_entry() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF NOT EXISTS (SELECT FROM aud_removal WHERE batch = OLD.batch) THEN RAISE EXCEPTION 'the audit is never changed'; END IF;
        RETURN OLD;
    END $$;
-- end

CREATE TABLE aud_waiting (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid,
    person_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    detail jsonb NOT NULL,
    request_id uuid NOT NULL
);

CREATE TABLE aud_entry (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid,
    person_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    detail jsonb NOT NULL,
    request_id uuid NOT NULL,
    batch bigint NOT NULL,
    seq integer NOT NULL
);
CREATE UNIQUE INDEX aud_entry_place ON aud_entry (batch, seq);
CREATE INDEX aud_entry_object ON aud_entry (object_id, id) WHERE object_id IS NOT NULL;
CREATE INDEX aud_entry_actor ON aud_entry (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX aud_entry_person ON aud_entry (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX aud_entry_action ON aud_entry (action, id);
CREATE INDEX aud_entry_refused ON aud_entry (id) WHERE outcome = 'refused';

CREATE TABLE aud_batch (
    no bigint PRIMARY KEY,
    previous bytea NOT NULL,
    entries integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    sealed_at timestamptz NOT NULL,
    digests bytea NOT NULL,
    digest bytea NOT NULL,
    suite text NOT NULL,
    signer text NOT NULL,
    signature bytea NOT NULL
); -- long rows
CREATE INDEX aud_batch_age ON aud_batch (last_at);

CREATE TABLE aud_removal (
    batch bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    suite text NOT NULL,
    signer text NOT NULL,
    signature bytea NOT NULL
);

CREATE TABLE aud_chain (
    id integer PRIMARY KEY CHECK (id = 1),
    no bigint NOT NULL
);
INSERT INTO aud_chain (id, no) VALUES (1, 0);

CREATE TABLE aud_check (
    id uuid PRIMARY KEY,
    staff_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    batches bigint NOT NULL,
    place bigint NOT NULL,
    entries bigint NOT NULL,
    waiting bigint NOT NULL,
    faults integer NOT NULL,
    found jsonb NOT NULL,
    attempt integer NOT NULL,
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX aud_check_waiting ON aud_check (state) WHERE state = 'waiting';
CREATE INDEX aud_check_created ON aud_check (created_at);

-- postgres:
CREATE TRIGGER aud_waiting_update BEFORE UPDATE ON aud_waiting FOR EACH ROW EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_waiting_delete BEFORE DELETE ON aud_waiting FOR EACH ROW EXECUTE FUNCTION aud_keep_waiting();
CREATE TRIGGER aud_waiting_truncate BEFORE TRUNCATE ON aud_waiting FOR EACH STATEMENT EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_entry_update BEFORE UPDATE ON aud_entry FOR EACH ROW EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_entry_delete BEFORE DELETE ON aud_entry FOR EACH ROW EXECUTE FUNCTION aud_keep_entry();
CREATE TRIGGER aud_entry_truncate BEFORE TRUNCATE ON aud_entry FOR EACH STATEMENT EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_batch_update BEFORE UPDATE ON aud_batch FOR EACH ROW EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_batch_delete BEFORE DELETE ON aud_batch FOR EACH ROW EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_batch_truncate BEFORE TRUNCATE ON aud_batch FOR EACH STATEMENT EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_removal_update BEFORE UPDATE ON aud_removal FOR EACH ROW EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_removal_delete BEFORE DELETE ON aud_removal FOR EACH ROW EXECUTE FUNCTION aud_refuse();
CREATE TRIGGER aud_removal_truncate BEFORE TRUNCATE ON aud_removal FOR EACH STATEMENT EXECUTE FUNCTION aud_refuse();
-- end
-- sqlite: CREATE TRIGGER aud_waiting_update BEFORE UPDATE ON aud_waiting BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_waiting_delete BEFORE DELETE ON aud_waiting WHEN NOT EXISTS (SELECT 1 FROM aud_entry WHERE id = OLD.id)
-- sqlite:     BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_entry_update BEFORE UPDATE ON aud_entry BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_entry_delete BEFORE DELETE ON aud_entry WHEN NOT EXISTS (SELECT 1 FROM aud_removal WHERE batch = OLD.batch)
-- sqlite:     BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_batch_update BEFORE UPDATE ON aud_batch BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_batch_delete BEFORE DELETE ON aud_batch BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_removal_update BEFORE UPDATE ON aud_removal BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
-- sqlite: CREATE TRIGGER aud_removal_delete BEFORE DELETE ON aud_removal BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
