CREATE TABLE win_hall (
    id BLOB PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    area_code TEXT NOT NULL,
    level TEXT NOT NULL,
    doc TEXT NOT NULL,
    is_active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE win_grant (
    hall_id BLOB NOT NULL REFERENCES win_hall (id),
    item_id BLOB NOT NULL REFERENCES cat_item (id),
    function TEXT NOT NULL CHECK (function IN ('receive', 'verify', 'accept', 'hand_out')),
    PRIMARY KEY (hall_id, item_id, function)
) STRICT, WITHOUT ROWID;
CREATE INDEX win_grant_item ON win_grant (item_id);
