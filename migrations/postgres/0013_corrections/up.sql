CREATE INDEX case_case_correcting ON case_case (owner_id, created_at, id) WHERE state = 'correcting';
