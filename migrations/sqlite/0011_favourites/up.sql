-- 信息收藏: items that a person keeps at hand.
CREATE TABLE cat_favourite (
    person_id BLOB NOT NULL REFERENCES idn_person (id),
    item_id BLOB NOT NULL REFERENCES cat_item (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, item_id)
) STRICT, WITHOUT ROWID;
