DROP TABLE cat_halt;
DROP TABLE cat_hand;
DROP TABLE cat_change;
