DROP TABLE cat_kept;
DROP TABLE cat_topic;
