DROP TABLE idn_ceremony;
DROP TABLE idn_passkey;
