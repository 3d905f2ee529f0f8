-- The authority's memory. Secrets are not in it: of a token only a digest, of keys only certificates.
CREATE TABLE office (
    office TEXT PRIMARY KEY,
    anchor_pem TEXT NOT NULL,
    broker_host TEXT NOT NULL,
    broker_port INTEGER NOT NULL
) STRICT;
CREATE TABLE token (
    token_id TEXT PRIMARY KEY,
    secret_sha256 BLOB NOT NULL,
    device TEXT NOT NULL,
    device_code TEXT NOT NULL,
    office TEXT NOT NULL REFERENCES office,
    environment TEXT NOT NULL,
    replaces INTEGER NOT NULL,
    expires TEXT NOT NULL,
    used_at TEXT,
    used_for_keys BLOB
) STRICT;
CREATE TABLE device (
    device TEXT PRIMARY KEY,
    device_code TEXT NOT NULL,
    office TEXT NOT NULL REFERENCES office,
    environment TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
    UNIQUE (office, device_code)
) STRICT;
CREATE TABLE certificate (
    serial TEXT PRIMARY KEY,
    device TEXT REFERENCES device,
    use TEXT NOT NULL,
    pem TEXT NOT NULL,
    kid TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'retired', 'revoked')),
    revoked_at TEXT,
    reason TEXT,
    enrolled_keys BLOB
) STRICT;
-- A unit's key is certified once; a server keeps its key when its certificate is renewed.
CREATE UNIQUE INDEX one_certificate_per_unit_key ON certificate (kid) WHERE device IS NOT NULL;
CREATE TABLE revocation_list (number INTEGER PRIMARY KEY, pem TEXT NOT NULL, made TEXT NOT NULL) STRICT;
CREATE TABLE directory (version INTEGER NOT NULL) STRICT;
INSERT INTO directory VALUES (1);
