-- Runs on H2 and PostgreSQL alike. Text columns whose name ends in _json hold JSON.

ALTER TABLE training_job ADD COLUMN method_json VARCHAR(8000);
ALTER TABLE training_job ADD COLUMN figures_json VARCHAR(2000);
ALTER TABLE training_job ADD COLUMN verdict_json VARCHAR(4000);
ALTER TABLE training_job ADD COLUMN report_path VARCHAR(4096);

CREATE TABLE training_epoch (
  job_id     VARCHAR(128) NOT NULL REFERENCES training_job (id),
  epoch      INTEGER NOT NULL,
  epoch_json VARCHAR(4000) NOT NULL,
  PRIMARY KEY (job_id, epoch)
);
