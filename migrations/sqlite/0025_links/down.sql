DROP TABLE idn_away;
DROP TABLE idn_link;
