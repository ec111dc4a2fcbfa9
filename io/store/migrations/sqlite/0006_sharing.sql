-- Who shows a screen: whom it was handed to, else who may.
ALTER TABLE meeting ADD COLUMN sharing TEXT NOT NULL DEFAULT 'everybody' CHECK (sharing IN ('everybody', 'hosts'));
ALTER TABLE meeting ADD COLUMN presenter BLOB;
