-- What the healthcare profile gained with remote support: files and the clipboard's text pass to no technician. Where it is on,
-- nobody can say so but by turning it on again, and groups would say otherwise until then.
UPDATE policy_layer
SET settings = json_patch(settings, '{"support_clipboard":{"value":false,"locked":true},"support_files":{"value":false,"locked":true}}')
WHERE kind = 'organisation'
  AND organisation IN (SELECT id FROM organisation WHERE profile_since IS NOT NULL);

UPDATE organisation SET policy_revision = policy_revision + 1 WHERE profile_since IS NOT NULL;
