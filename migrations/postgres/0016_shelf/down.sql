DROP TABLE cat_import;
DROP TABLE cat_moved;
