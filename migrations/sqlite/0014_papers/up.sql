-- Blank forms and samples that keepers of the catalogue have uploaded; the file store has their content.
CREATE TABLE cat_paper (
    -- SHA-256 of the content, as the file store names it.
    hash BLOB PRIMARY KEY NOT NULL,
    mime TEXT NOT NULL,
    -- Bytes.
    size INTEGER NOT NULL,
    staff_id BLOB NOT NULL REFERENCES idn_staff (id),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
