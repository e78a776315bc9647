DROP TABLE case_serial;
DROP TABLE case_notice;
DROP TABLE case_desk;
DROP TABLE case_correction;
DROP TABLE case_event;
DROP TABLE case_verdict;
DROP TABLE case_file;
DROP TABLE case_case;
