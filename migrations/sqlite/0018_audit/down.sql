DROP TABLE aud_check;
DROP TABLE aud_chain;
DROP TABLE aud_removal;
DROP TABLE aud_batch;
DROP TABLE aud_entry;
DROP TABLE aud_waiting;
