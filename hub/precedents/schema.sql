-- The precedents' own store. A generation is one import; a revision belongs to the generations from
-- `added` up to, not including, `removed`. Readers look at the generation in `state`, which changes
-- in the transaction that adds the rest: they see the old or the new collection, never half.
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE generation (
    number INTEGER PRIMARY KEY,
    made_at TEXT NOT NULL,
    bundle TEXT NOT NULL,
    bundle_version INTEGER NOT NULL,
    summary TEXT NOT NULL
);
CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    law_id TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    abbreviation TEXT NOT NULL,
    starts TEXT,
    snapshot TEXT NOT NULL,
    standing TEXT NOT NULL,
    amended_by TEXT NOT NULL,
    comment TEXT NOT NULL,
    source TEXT NOT NULL,
    sample INTEGER NOT NULL,
    bundle TEXT NOT NULL,
    digest BLOB NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER
);
CREATE INDEX revision_of_law ON revision (law_id, name);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    law_id TEXT NOT NULL,
    title TEXT NOT NULL,
    num TEXT NOT NULL,
    label TEXT NOT NULL,
    caption TEXT NOT NULL,
    path TEXT NOT NULL,
    paragraphs TEXT NOT NULL,
    cites TEXT NOT NULL
);
CREATE TABLE membership (
    revision INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry (id),
    PRIMARY KEY (revision, position)
) WITHOUT ROWID;
CREATE INDEX membership_of_entry ON membership (entry);
CREATE TABLE passage (
    entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    digest BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (entry, position)
) WITHOUT ROWID;
CREATE INDEX passage_of_digest ON passage (digest);
CREATE TABLE vector (
    encoder TEXT NOT NULL,
    digest BLOB NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY (encoder, digest)
) WITHOUT ROWID;
CREATE TABLE citation (
    entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    law_id TEXT NOT NULL,
    num TEXT NOT NULL,
    applied INTEGER NOT NULL,
    PRIMARY KEY (entry, law_id, num)
) WITHOUT ROWID;
CREATE INDEX citation_of_article ON citation (law_id, num);
CREATE TABLE lexical (generation INTEGER PRIMARY KEY, octets BLOB NOT NULL);
