-- What people say for what the catalogue calls otherwise: 社保卡, 社会保障卡.
CREATE TABLE cat_synonym (
    word text PRIMARY KEY,
    means text NOT NULL
);
