CREATE TABLE cat_code (
    set_name text NOT NULL,
    code text NOT NULL,
    zh text NOT NULL,
    en text NOT NULL,
    ord integer NOT NULL,
    PRIMARY KEY (set_name, code)
);

CREATE TABLE cat_fact (
    key text PRIMARY KEY,
    label_zh text NOT NULL,
    label_en text NOT NULL,
    kind text NOT NULL,
    holder text NOT NULL
);

CREATE TABLE cat_item (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    code text NOT NULL UNIQUE,
    department_id uuid NOT NULL REFERENCES idn_department (id),
    state text NOT NULL CHECK (state IN ('published', 'suspended', 'withdrawn')),
    version_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE cat_version (
    id uuid PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES cat_item (id),
    no integer NOT NULL,
    doc jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    UNIQUE (item_id, no)
); -- long rows

CREATE TABLE cat_stamp (
    one integer PRIMARY KEY CHECK (one = 1),
    stamp bigint NOT NULL
);
INSERT INTO cat_stamp (one, stamp) VALUES (1, 1);
