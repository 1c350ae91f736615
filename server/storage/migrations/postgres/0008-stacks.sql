-- Who changed a stack, and how often its draft was changed, so that two editors cannot overwrite each other unseen.
-- People are named as they were then: by their address, or `operator`; null is unknown.

ALTER TABLE stacks ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE stacks ADD COLUMN updated_by TEXT;
ALTER TABLE stack_versions ADD COLUMN published_by TEXT;
