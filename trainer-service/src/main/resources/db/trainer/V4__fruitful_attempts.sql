-- Runs on H2 and PostgreSQL alike.

-- How far the work of a job is kept, and the attempt that got it there; attempts after that one were
-- fruitless. 0 while nothing is kept.
ALTER TABLE training_job ADD COLUMN saved_place BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE training_job ADD COLUMN saved_attempt INTEGER DEFAULT 0 NOT NULL;
