DROP INDEX case_case_correcting;
