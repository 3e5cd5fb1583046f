-- Background work. Instants are microseconds since 1970 in UTC, durations microseconds.

-- Work that is kept until it is done, whatever process does it.
CREATE TABLE innards_server_job (
    id         TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    key        TEXT    NOT NULL,            -- what it is about: nothing is added twice
    tenant     TEXT    NOT NULL,
    property   TEXT    NOT NULL,            -- empty: of the whole tenant
    record     TEXT    NOT NULL,            -- empty: of none
    payload    TEXT    NOT NULL,            -- JSON
    state      TEXT    NOT NULL CHECK (state IN ('due', 'running', 'done', 'dead')),
    attempts   INTEGER NOT NULL,
    claim      INTEGER NOT NULL,            -- how often it was claimed: who has an older claim has lost it
    run_at     INTEGER NOT NULL,            -- due: not before; running: when the lease ends
    last_error TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    done_at    INTEGER                      -- done or dead since
) STRICT;

CREATE UNIQUE INDEX innards_server_job_key ON innards_server_job (tenant, kind, key);
CREATE INDEX innards_server_job_due ON innards_server_job (kind, run_at, id) WHERE state IN ('due', 'running');
CREATE INDEX innards_server_job_state ON innards_server_job (tenant, state, id);
CREATE INDEX innards_server_job_done ON innards_server_job (done_at) WHERE done_at IS NOT NULL;

-- When each periodic task last ran, in any process.
CREATE TABLE innards_server_task (
    name       TEXT    NOT NULL PRIMARY KEY,
    last_at    INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,            -- at the latest
    took       INTEGER NOT NULL,
    last_error TEXT    NOT NULL,            -- of the last round that failed
    failed_at  INTEGER                      -- when that was; null: never
) STRICT, WITHOUT ROWID;

CREATE TABLE innards_server_mail (
    id          TEXT    NOT NULL PRIMARY KEY,
    key         TEXT    NOT NULL,
    kind        TEXT    NOT NULL,           -- of the effect that it is made for, or another word
    tenant      TEXT    NOT NULL,
    property    TEXT    NOT NULL,
    record      TEXT    NOT NULL,
    recipient   TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    html        TEXT    NOT NULL,           -- empty: none
    language    TEXT    NOT NULL,
    attachments TEXT    NOT NULL,           -- JSON
    effect      TEXT    NOT NULL,           -- JSON, empty: none
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'kept')),
    last_error  TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    sent_at     INTEGER                     -- accepted by the mail server, or kept
) STRICT;

CREATE UNIQUE INDEX innards_server_mail_key ON innards_server_mail (tenant, key);
CREATE INDEX innards_server_mail_state ON innards_server_mail (tenant, state, id);
CREATE INDEX innards_server_mail_record ON innards_server_mail (tenant, record, id);

-- Where events are sent to.
CREATE TABLE innards_server_endpoint (
    id              TEXT    NOT NULL PRIMARY KEY,
    tenant          TEXT    NOT NULL,
    property        TEXT    NOT NULL,       -- empty: events of the whole tenant
    url             TEXT    NOT NULL,
    types           TEXT    NOT NULL,       -- JSON list of patterns; empty list: all events
    secret          TEXT    NOT NULL,
    old_secret      TEXT    NOT NULL,       -- also signs until old_until
    old_until       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    failing_since   INTEGER,                -- null: the last delivery succeeded
    failures        INTEGER NOT NULL,       -- since then
    paused_until    INTEGER NOT NULL,       -- nothing is sent before
    disabled_at     INTEGER,
    disabled_reason TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_server_endpoint_tenant ON innards_server_endpoint (tenant, id);

-- How far the events of a package have been taken for an endpoint.
CREATE TABLE innards_server_cursor (
    endpoint TEXT    NOT NULL,
    feed     TEXT    NOT NULL,
    cursor   INTEGER NOT NULL,
    PRIMARY KEY (endpoint, feed)
) STRICT, WITHOUT ROWID;

-- What was sent to endpoints, and what they answered.
CREATE TABLE innards_server_delivery (
    id       TEXT    NOT NULL PRIMARY KEY,
    tenant   TEXT    NOT NULL,
    endpoint TEXT    NOT NULL,
    event    TEXT    NOT NULL,
    job      TEXT    NOT NULL,
    attempt  INTEGER NOT NULL,
    status   INTEGER NOT NULL,              -- of HTTP; 0: there was no answer
    error    TEXT    NOT NULL,              -- empty: delivered
    at       INTEGER NOT NULL,
    took     INTEGER NOT NULL
) STRICT;

CREATE INDEX innards_server_delivery_endpoint ON innards_server_delivery (tenant, endpoint, id);
CREATE INDEX innards_server_delivery_at ON innards_server_delivery (at);
