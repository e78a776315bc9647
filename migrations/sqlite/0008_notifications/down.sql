DROP TABLE ntf_mail;
DROP TABLE ntf_message;
