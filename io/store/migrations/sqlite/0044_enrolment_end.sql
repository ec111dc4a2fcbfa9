-- An enrolment has an end. Those that were made before have none; links to more are made again, with one.
ALTER TABLE support_device ADD COLUMN ends_at INTEGER;
DELETE FROM support_enrolment;
ALTER TABLE support_enrolment ADD COLUMN ends_at INTEGER;
