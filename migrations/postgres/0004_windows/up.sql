CREATE TABLE win_hall (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    area_code text NOT NULL,
    level text NOT NULL,
    doc jsonb NOT NULL,
    is_active boolean NOT NULL
);

CREATE TABLE win_grant (
    hall_id uuid NOT NULL REFERENCES win_hall (id),
    item_id uuid NOT NULL REFERENCES cat_item (id),
    function text NOT NULL CHECK (function IN ('receive', 'verify', 'accept', 'hand_out')),
    PRIMARY KEY (hall_id, item_id, function)
);
CREATE INDEX win_grant_item ON win_grant (item_id);
