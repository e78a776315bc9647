DROP TABLE case_declarant;
DROP TABLE idn_mandate;
DROP TABLE idn_principal;
