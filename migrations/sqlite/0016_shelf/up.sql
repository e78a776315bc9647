-- At which count of cat_stamp an item last changed: whoever knows the catalogue at a count needs only what has a higher one.
CREATE TABLE cat_moved (
    item_id BLOB PRIMARY KEY NOT NULL REFERENCES cat_item (id),
    stamp INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cat_moved_stamp ON cat_moved (stamp);
