DROP TABLE idn_request;
