-- At which count of cat_stamp an item last changed: whoever knows the catalogue at a count needs only what has a higher one.
CREATE TABLE cat_moved (
    item_id uuid PRIMARY KEY REFERENCES cat_item (id),
    stamp bigint NOT NULL
);
CREATE INDEX cat_moved_stamp ON cat_moved (stamp);
