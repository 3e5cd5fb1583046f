-- Instants are microseconds since 1970 in UTC, days are YYYY-MM-DD, amounts are minor units of their currency. Doc is the
-- whole record as JSON; the other columns repeat what searches, lists and constraints need.

CREATE TABLE innards_property (
    tenant  TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    doc     TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE innards_reservation (
    seq                      INTEGER PRIMARY KEY, -- by which the words are found
    tenant                   TEXT    NOT NULL,
    property                 TEXT    NOT NULL,
    id                       TEXT    NOT NULL,
    party                    TEXT,
    version                  INTEGER NOT NULL,
    number                   TEXT    NOT NULL,
    confirmation             TEXT    NOT NULL,
    confirmation_stale       INTEGER NOT NULL,
    guarantee                TEXT    NOT NULL,
    guarantee_evidence_stale INTEGER NOT NULL,
    guarantee_lapsed         INTEGER NOT NULL,
    guarantee_deadline       INTEGER,
    guarantee_policy         TEXT,
    cancellation_policy      TEXT,
    occupancy                TEXT    NOT NULL,
    commitment               TEXT    NOT NULL,
    release_at               INTEGER,
    arrival                  TEXT    NOT NULL,
    departure                TEXT    NOT NULL,
    created_at               INTEGER NOT NULL,
    type                     TEXT    NOT NULL,
    rooms                    TEXT, -- with spaces between
    in_room                  TEXT,
    room_assigned            INTEGER NOT NULL,
    overbooked               INTEGER NOT NULL,
    source                   TEXT    NOT NULL,
    segment                  TEXT,
    guest                    TEXT    NOT NULL,
    adults                   INTEGER NOT NULL,
    children                 INTEGER NOT NULL,
    nights                   INTEGER NOT NULL, -- of rooms; a day use has none
    revenue                  INTEGER NOT NULL,
    currency                 TEXT    NOT NULL,
    due_at                   INTEGER, -- when a sweep must look at it next
    doc                      TEXT    NOT NULL,
    FOREIGN KEY (tenant, property) REFERENCES innards_property (tenant, id)
) STRICT;

CREATE UNIQUE INDEX innards_reservation_id ON innards_reservation (tenant, id);
CREATE UNIQUE INDEX innards_reservation_number ON innards_reservation (tenant, number, property);
CREATE UNIQUE INDEX innards_reservation_in_room ON innards_reservation (tenant, property, in_room) WHERE in_room IS NOT NULL;
CREATE INDEX innards_reservation_arrival ON innards_reservation (tenant, property, arrival, id);
CREATE INDEX innards_reservation_occupancy ON innards_reservation (tenant, property, occupancy, arrival, id);
CREATE INDEX innards_reservation_party ON innards_reservation (tenant, party, arrival, id) WHERE party IS NOT NULL;
CREATE INDEX innards_reservation_due ON innards_reservation (due_at, id) WHERE due_at IS NOT NULL;

-- The orders of searches, in all properties or, by the last column, in one.
CREATE INDEX innards_reservation_by_arrival ON innards_reservation (tenant, arrival, id);
CREATE INDEX innards_reservation_by_departure ON innards_reservation (tenant, departure, id, property);
CREATE INDEX innards_reservation_by_creation ON innards_reservation (tenant, created_at, id, property);
CREATE INDEX innards_reservation_by_guest ON innards_reservation (tenant, guest, id, property);

-- The words of name, e-mail, phone and number, folded. Only the index is kept, by seq.
CREATE VIRTUAL TABLE innards_reservation_word USING fts5 (words, content = '', contentless_delete = 1, prefix = '2 3 4 5 6', tokenize = 'unicode61 remove_diacritics 0');

-- What the words find is put in order here: many of these fit on a page, and only a few of the whole rows.
CREATE INDEX innards_reservation_found ON innards_reservation (seq, tenant, property, party, arrival, id);

-- What a reservation has several of: the rooms of its stay under the name "room", the embedder's attributes under
-- "attribute." and their name.
CREATE TABLE innards_reservation_term (
    tenant      TEXT NOT NULL,
    name        TEXT NOT NULL,
    value       TEXT NOT NULL,
    reservation TEXT NOT NULL,
    PRIMARY KEY (tenant, name, value, reservation)
) STRICT, WITHOUT ROWID;

CREATE INDEX innards_reservation_term_of ON innards_reservation_term (tenant, reservation);

-- One row for each claim: a room, or one of a type, for a night. No room is claimed twice.
CREATE TABLE innards_reservation_night (
    tenant      TEXT NOT NULL,
    property    TEXT NOT NULL,
    date        TEXT NOT NULL,
    slot        TEXT NOT NULL,
    reservation TEXT NOT NULL,
    type        TEXT NOT NULL,
    room        TEXT,
    expires_at  INTEGER, -- from then on it is no claim any more
    PRIMARY KEY (tenant, property, date, slot, reservation)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX innards_reservation_night_room ON innards_reservation_night (tenant, property, room, date, slot) WHERE room IS NOT NULL;
CREATE INDEX innards_reservation_night_expires ON innards_reservation_night (tenant, property, date) WHERE expires_at IS NOT NULL;

-- How many rows of innards_reservation_night there are for a type in a night. Most is the limit of the last change.
CREATE TABLE innards_reservation_sold (
    tenant   TEXT NOT NULL,
    property TEXT NOT NULL,
    type     TEXT NOT NULL,
    date     TEXT NOT NULL,
    slot     TEXT NOT NULL,
    sold     INTEGER NOT NULL,
    most     INTEGER,
    PRIMARY KEY (tenant, property, type, date, slot),
    CHECK (most IS NULL OR sold <= most)
) STRICT, WITHOUT ROWID;

-- SQLite does not know how many rows a condition leaves until it is told, and then takes an index for its order. This is what
-- it would find in ten companies with two hotels each.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('innards_reservation', 'innards_reservation_arrival', '1000000 100000 50000 5 1'),
    ('innards_reservation', 'innards_reservation_occupancy', '1000000 100000 50000 2000 4 1'),
    ('innards_reservation', 'innards_reservation_by_arrival', '1000000 100000 100 1'),
    ('innards_reservation', 'innards_reservation_by_departure', '1000000 100000 100 1 1'),
    ('innards_reservation', 'innards_reservation_by_creation', '1000000 100000 1 1 1'),
    ('innards_reservation', 'innards_reservation_by_guest', '1000000 100000 10 1 1'),
    ('innards_reservation', 'innards_reservation_id', '1000000 100000 1');
