DROP TABLE cat_basic_version;
DROP TABLE cat_basic_hand;
DROP TABLE cat_basic;
