-- The healthcare profile has it off: where it is on, nobody can say so but by turning it on again.
UPDATE policy_layer
SET settings = json_patch(settings, '{"support_administrator":{"value":false,"locked":true}}')
WHERE kind = 'organisation'
  AND organisation IN (SELECT id FROM organisation WHERE profile_since IS NOT NULL);

UPDATE organisation SET policy_revision = policy_revision + 1 WHERE profile_since IS NOT NULL;
