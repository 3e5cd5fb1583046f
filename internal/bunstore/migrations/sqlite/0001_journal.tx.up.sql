-- What all packages share. Instants are microseconds since 1970 in UTC, days are YYYY-MM-DD, documents are JSON.

CREATE TABLE innards_event (
    cursor        INTEGER PRIMARY KEY, -- of the feed, in the order of the commits
    domain        TEXT    NOT NULL,    -- package that wrote it
    tenant        TEXT    NOT NULL,
    property      TEXT    NOT NULL,
    party         TEXT    NOT NULL,    -- that may see the record now; empty: none
    kind          TEXT    NOT NULL,    -- of record
    record        TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,
    command       TEXT    NOT NULL,
    moves         TEXT,
    actor         TEXT    NOT NULL,
    cause         TEXT    NOT NULL,
    overrides     TEXT,
    at            INTEGER NOT NULL,
    business_date TEXT    NOT NULL,
    payload       TEXT,
    private       TEXT,
    salt          BLOB,
    digest        BLOB,
    previous      BLOB,
    hash          BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX innards_event_record ON innards_event (tenant, record, kind, sequence);
CREATE INDEX innards_event_feed ON innards_event (tenant, domain);

-- What is to be delivered to other systems. A message that was delivered is removed.
CREATE TABLE innards_outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    domain   TEXT    NOT NULL,
    tenant   TEXT    NOT NULL,
    property TEXT    NOT NULL,
    record   TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    payload  TEXT,
    at       INTEGER NOT NULL,
    due_at   INTEGER NOT NULL, -- from when on it may be leased: the end of a lease, or the next attempt
    attempts INTEGER NOT NULL DEFAULT 0,
    error    TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX innards_outbox_due ON innards_outbox (domain, tenant, due_at);
CREATE INDEX innards_outbox_record ON innards_outbox (tenant, record, domain);

-- The answers kept under idempotency keys, each for one scope.
CREATE TABLE innards_key (
    id       INTEGER PRIMARY KEY,
    domain   TEXT    NOT NULL,
    tenant   TEXT    NOT NULL,
    property TEXT    NOT NULL,
    party    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    digest   BLOB    NOT NULL,
    body     TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX innards_key_scope ON innards_key (tenant, key, domain, property, party);
CREATE INDEX innards_key_at ON innards_key (domain, at);
