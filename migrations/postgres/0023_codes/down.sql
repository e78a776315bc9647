DROP TABLE ntf_sms;
DROP TABLE idn_code;
