-- Runs on H2 and PostgreSQL alike.

-- Images that are others than when the last job started; null while that is not known.
ALTER TABLE training_policy ADD COLUMN changed_image_count BIGINT;
-- How often a change was told, and up to which of these the images were compared. A policy of an
-- earlier version looks once at what there is, to compare with that from then on.
ALTER TABLE training_policy ADD COLUMN told BIGINT DEFAULT 1 NOT NULL;
ALTER TABLE training_policy ADD COLUMN compared BIGINT DEFAULT 0 NOT NULL;

-- Which images there were, 16 bytes each. The owner is a policy or a dataset_report.
CREATE TABLE image_stamps (
  owner_id VARCHAR(64) NOT NULL,
  snapshot VARCHAR(8) NOT NULL,
  part     INTEGER NOT NULL,
  stamps   BYTEA NOT NULL,
  PRIMARY KEY (owner_id, snapshot, part)
);
