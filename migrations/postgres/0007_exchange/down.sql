DROP TABLE exg_declared;
DROP TABLE exg_inbox;
DROP TABLE exg_daily;
DROP TABLE exg_try;
DROP TABLE exg_dispatch;
DROP TABLE exg_endpoint;
