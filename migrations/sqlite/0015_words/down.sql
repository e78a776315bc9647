DROP TABLE cat_topic_end;
DROP TABLE cat_topic_version;
DROP TABLE cat_edit;
