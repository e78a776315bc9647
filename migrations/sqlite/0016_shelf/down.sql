DROP TABLE cat_moved;
