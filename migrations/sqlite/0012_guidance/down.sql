DROP TABLE cat_kept;
DROP TABLE cat_topic_hand;
DROP TABLE cat_topic;
