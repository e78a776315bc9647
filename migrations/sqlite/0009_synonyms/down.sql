DROP TABLE cat_synonym;
