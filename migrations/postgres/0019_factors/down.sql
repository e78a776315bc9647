DROP TABLE idn_half;
DROP TABLE idn_recovery;
DROP TABLE idn_totp;
