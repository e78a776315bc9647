CREATE INDEX case_case_correcting ON case_case (person_id, created_at, id) WHERE state = 'correcting';
