-- The people who log in. Instants are microseconds since 1970 in UTC.

CREATE TABLE innards_server_user (
    id            TEXT COLLATE "C" PRIMARY KEY,
    tenant        TEXT COLLATE "C" NOT NULL,
    property      TEXT COLLATE "C" NOT NULL,        -- that the user is confined to; empty: all of the tenant
    email         TEXT COLLATE "C" NOT NULL UNIQUE, -- in lower case
    name          TEXT COLLATE "C" NOT NULL,
    role          TEXT COLLATE "C" NOT NULL,
    language      TEXT COLLATE "C" NOT NULL,        -- BCP 47; empty: none was chosen
    password_hash TEXT COLLATE "C" NOT NULL,        -- argon2id; empty: the invitation was not followed
    suspended_at  BIGINT,                           -- null: in force
    created_at    BIGINT           NOT NULL,
    version       BIGINT           NOT NULL,
    stamp         BIGINT           NOT NULL         -- sessions with an earlier one are none
);

CREATE INDEX innards_server_user_tenant ON innards_server_user (tenant, property);

CREATE TABLE innards_server_session (
    digest     BYTEA            PRIMARY KEY, -- SHA-256 of what the browser sends
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES innards_server_user (id),
    stamp      BIGINT           NOT NULL,    -- of the user, when the session began
    data       BYTEA            NOT NULL,
    created_at BIGINT           NOT NULL,
    expires_at BIGINT           NOT NULL
);

CREATE INDEX innards_server_session_user ON innards_server_session (user_id);
CREATE INDEX innards_server_session_expiry ON innards_server_session (expires_at);

CREATE TABLE innards_server_link (
    digest     BYTEA            PRIMARY KEY, -- SHA-256 of the text
    kind       TEXT COLLATE "C" NOT NULL,
    tenant     TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,    -- empty: the first, who is made when the link is used
    created_at BIGINT           NOT NULL,
    expires_at BIGINT           NOT NULL,
    used_at    BIGINT                        -- null: not yet
);

CREATE INDEX innards_server_link_user ON innards_server_link (tenant, user_id, kind);
CREATE INDEX innards_server_link_expiry ON innards_server_link (expires_at);

-- What was done to accounts. Rows are never changed.
CREATE TABLE innards_server_audit (
    id       TEXT COLLATE "C" PRIMARY KEY, -- in the order of time
    tenant   TEXT COLLATE "C" NOT NULL,
    property TEXT COLLATE "C" NOT NULL,    -- that the account was confined to
    at       BIGINT           NOT NULL,
    act      TEXT COLLATE "C" NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,    -- empty: not known
    user_id  TEXT COLLATE "C" NOT NULL,    -- whose account; empty: none that there is
    address  TEXT COLLATE "C" NOT NULL,
    detail   TEXT COLLATE "C" NOT NULL
);

CREATE INDEX innards_server_audit_tenant ON innards_server_audit (tenant, id);
CREATE INDEX innards_server_audit_property ON innards_server_audit (tenant, property, id);
CREATE INDEX innards_server_audit_stranger ON innards_server_audit (at) WHERE user_id = '';
