-- What the rows of a full block add up to by the hour (UTC), for each grouping of charts ('all': of everything together);
-- storage/usage-blocks/hour-sums.ts gives the form. Absent for blocks of few rows an hour, and for those packed earlier.
CREATE TABLE usage_hour_sums (
  workspace_id TEXT COLLATE "C" NOT NULL,
  late BIGINT NOT NULL,
  number BIGINT NOT NULL,
  grouped_by TEXT COLLATE "C" NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (workspace_id, late, grouped_by, number)
);
-- Compressing them saves little and costs time.
ALTER TABLE usage_hour_sums ALTER COLUMN data SET STORAGE EXTERNAL;
