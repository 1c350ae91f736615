-- What the rows of a full block add up to by the hour (UTC), for each grouping of charts ('all': of everything together);
-- storage/usage-blocks/hour-sums.ts gives the form. Absent for blocks of few rows an hour, and for those packed earlier.
CREATE TABLE usage_hour_sums (
  workspace_id TEXT NOT NULL,
  late INTEGER NOT NULL,
  number INTEGER NOT NULL,
  grouped_by TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (workspace_id, late, grouped_by, number)
) STRICT;
