DROP TABLE cat_stamp;
DROP TABLE cat_version;
DROP TABLE cat_item;
DROP TABLE cat_fact;
DROP TABLE cat_code;
