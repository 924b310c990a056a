-- Runs on H2 and PostgreSQL alike.

-- The id is the SHA-256 of data set and output encoder: paths are too long for an index.
CREATE TABLE training_policy (
  id                  VARCHAR(64) NOT NULL PRIMARY KEY,
  dataset_path        VARCHAR(4096) NOT NULL,
  encoder             VARCHAR(64) NOT NULL,
  output_encoder      VARCHAR(64) NOT NULL,
  seed                BIGINT NOT NULL,
  method              VARCHAR(64) NOT NULL,
  method_dimension    INTEGER,
  method_json         VARCHAR(8000),
  min_new_images      BIGINT NOT NULL,
  cool_down_millis    BIGINT NOT NULL,
  image_count         BIGINT,
  counted_image_count BIGINT NOT NULL,
  started_jobs        BIGINT NOT NULL,
  last_job_id         VARCHAR(128),
  last_job_time       TIMESTAMP(3) WITH TIME ZONE
);

-- Images at the last report, to tell how many were added.
CREATE TABLE dataset_report (
  id           VARCHAR(64) NOT NULL PRIMARY KEY,
  dataset_path VARCHAR(4096) NOT NULL,
  image_count  BIGINT NOT NULL
);
