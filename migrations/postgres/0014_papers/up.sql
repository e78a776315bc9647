-- Blank forms and samples that keepers of the catalogue have uploaded; the file store has their content.
CREATE TABLE cat_paper (
    -- SHA-256 of the content, as the file store names it.
    hash bytea PRIMARY KEY,
    mime text NOT NULL,
    -- Bytes.
    size bigint NOT NULL,
    staff_id uuid NOT NULL REFERENCES idn_staff (id),
    at timestamptz NOT NULL
);
