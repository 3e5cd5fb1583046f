-- The people who log in. Instants are microseconds since 1970 in UTC.

CREATE TABLE innards_server_user (
    id            TEXT    PRIMARY KEY,
    tenant        TEXT    NOT NULL,
    property      TEXT    NOT NULL,        -- that the user is confined to; empty: all of the tenant
    email         TEXT    NOT NULL UNIQUE, -- in lower case
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    language      TEXT    NOT NULL,        -- BCP 47; empty: none was chosen
    password_hash TEXT    NOT NULL,        -- argon2id; empty: the invitation was not followed
    suspended_at  INTEGER,                 -- null: in force
    created_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    stamp         INTEGER NOT NULL         -- sessions with an earlier one are none
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_server_user_tenant ON innards_server_user (tenant, property);

CREATE TABLE innards_server_session (
    digest     BLOB    PRIMARY KEY, -- SHA-256 of what the browser sends
    user_id    TEXT    NOT NULL REFERENCES innards_server_user (id),
    stamp      INTEGER NOT NULL,    -- of the user, when the session began
    data       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_server_session_user ON innards_server_session (user_id);
CREATE INDEX innards_server_session_expiry ON innards_server_session (expires_at);

CREATE TABLE innards_server_link (
    digest     BLOB    PRIMARY KEY, -- SHA-256 of the text
    kind       TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,    -- empty: the first, who is made when the link is used
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER              -- null: not yet
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_server_link_user ON innards_server_link (tenant, user_id, kind);
CREATE INDEX innards_server_link_expiry ON innards_server_link (expires_at);

-- What was done to accounts. Rows are never changed.
CREATE TABLE innards_server_audit (
    id       TEXT    PRIMARY KEY, -- in the order of time
    tenant   TEXT    NOT NULL,
    property TEXT    NOT NULL,    -- that the account was confined to
    at       INTEGER NOT NULL,
    act      TEXT    NOT NULL,
    actor    TEXT    NOT NULL,    -- empty: not known
    user_id  TEXT    NOT NULL,    -- whose account; empty: none that there is
    address  TEXT    NOT NULL,
    detail   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_server_audit_tenant ON innards_server_audit (tenant, id);
CREATE INDEX innards_server_audit_property ON innards_server_audit (tenant, property, id);
CREATE INDEX innards_server_audit_stranger ON innards_server_audit (at) WHERE user_id = '';
