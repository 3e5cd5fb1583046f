-- What the reference server keeps beside the packages. Instants are microseconds since 1970 in UTC.

CREATE TABLE innards_server_token (
    id         TEXT    PRIMARY KEY,
    digest     BLOB    NOT NULL,            -- SHA-256 of the text that the holder sends
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    property   TEXT    NOT NULL,            -- empty: all of the tenant
    created_at INTEGER NOT NULL,
    revoked_at INTEGER                      -- null: in force
) STRICT, WITHOUT ROWID;

-- Effects that were delivered to the folio and the other parts of the house, each once.
CREATE TABLE innards_server_posting (
    key      TEXT    PRIMARY KEY,           -- of the message
    tenant   TEXT    NOT NULL,
    property TEXT    NOT NULL,
    record   TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    cycle    INTEGER NOT NULL,              -- of a fee, else 0
    amount   INTEGER NOT NULL,              -- in minor units
    currency TEXT    NOT NULL,              -- empty: no amount
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_server_posting_record ON innards_server_posting (record, at, key);
