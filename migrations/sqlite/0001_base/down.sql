DROP TABLE cal_day;
DROP TABLE job_schedule;
DROP TABLE job_queue;
