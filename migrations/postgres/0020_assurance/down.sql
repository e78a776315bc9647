DROP TABLE idn_face;
DROP TABLE idn_pending;
