DROP TABLE cat_paper;
