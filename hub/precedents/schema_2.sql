-- Which bundles hold a revision; the empty name stands for plain files, which never let go. A holding
-- belongs to generations as a revision does. A revision ends when the last bundle lets it go.
CREATE TABLE holding (
    revision INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    bundle TEXT NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,
    PRIMARY KEY (revision, bundle, added)
) WITHOUT ROWID;
-- A store of version 1 knows only the bundle that brought a revision first.
INSERT INTO holding SELECT id, bundle, added, NULL FROM revision;
