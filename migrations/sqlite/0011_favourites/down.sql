DROP TABLE cat_favourite;
