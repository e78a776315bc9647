DROP TABLE cal_day;
DROP TABLE aud_entry;
DROP TABLE job_schedule;
DROP TABLE job_queue;
