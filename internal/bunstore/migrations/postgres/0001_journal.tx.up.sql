-- What all packages share. Instants are microseconds since 1970 in UTC, days are YYYY-MM-DD, documents are JSON.

-- How many transactions the feed's cursors are ahead of the cluster's transaction ids: none, unless the tables were
-- restored into a younger cluster.
CREATE TABLE innards_feed (ahead bigint NOT NULL);
INSERT INTO innards_feed VALUES (0);

CREATE TABLE innards_event (
    -- Of the feed: the transaction's id, and in its lowest 16 bits the number of the event within the transaction.
    cursor        bigint PRIMARY KEY,
    domain        text COLLATE "C" NOT NULL, -- package that wrote it
    tenant        text COLLATE "C" NOT NULL,
    property      text COLLATE "C" NOT NULL,
    party         text COLLATE "C" NOT NULL, -- that may see the record now; empty: none
    kind          text COLLATE "C" NOT NULL, -- of record
    record        text COLLATE "C" NOT NULL,
    sequence      bigint NOT NULL,
    command       text   NOT NULL,
    moves         text,
    actor         text   NOT NULL,
    cause         text   NOT NULL,
    overrides     text,
    at            bigint NOT NULL,
    business_date text   NOT NULL,
    payload       text,
    private       text,
    salt          bytea,
    digest        bytea,
    previous      bytea,
    hash          bytea  NOT NULL
);

CREATE UNIQUE INDEX innards_event_record ON innards_event (tenant, record, kind, sequence);
CREATE INDEX innards_event_feed ON innards_event (tenant, domain, cursor);

-- What is to be delivered to other systems. A message that was delivered is removed.
CREATE TABLE innards_outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    domain   text COLLATE "C" NOT NULL,
    tenant   text COLLATE "C" NOT NULL,
    property text COLLATE "C" NOT NULL,
    record   text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    key      text   NOT NULL,
    kind     text   NOT NULL,
    payload  text,
    at       bigint NOT NULL,
    due_at   bigint NOT NULL, -- from when on it may be leased: the end of a lease, or the next attempt
    attempts bigint NOT NULL DEFAULT 0,
    error    text   NOT NULL DEFAULT ''
);

CREATE INDEX innards_outbox_due ON innards_outbox (domain, tenant, due_at);
CREATE INDEX innards_outbox_record ON innards_outbox (tenant, record, domain, position);

-- The answers kept under idempotency keys, each for one scope.
CREATE TABLE innards_key (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    domain   text COLLATE "C" NOT NULL,
    tenant   text COLLATE "C" NOT NULL,
    property text COLLATE "C" NOT NULL,
    party    text COLLATE "C" NOT NULL,
    key      text COLLATE "C" NOT NULL,
    digest   bytea  NOT NULL,
    body     text   NOT NULL,
    at       bigint NOT NULL
);

CREATE UNIQUE INDEX innards_key_scope ON innards_key (tenant, key, domain, property, party);
CREATE INDEX innards_key_at ON innards_key (domain, at);
