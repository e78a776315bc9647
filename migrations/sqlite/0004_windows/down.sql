DROP TABLE win_grant;
DROP TABLE win_hall;
