-- Instants are microseconds since 1970 in UTC, days are YYYY-MM-DD, amounts are minor units of their currency. Doc is the
-- whole record as JSON; the other columns repeat what searches, lists and constraints need.

CREATE TABLE innards_property (
    tenant  text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    doc     json NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE innards_reservation (
    tenant                   text COLLATE "C" NOT NULL,
    property                 text COLLATE "C" NOT NULL,
    id                       text COLLATE "C" NOT NULL,
    party                    text COLLATE "C",
    version                  bigint NOT NULL,
    number                   text COLLATE "C" NOT NULL,
    confirmation             text COLLATE "C" NOT NULL,
    confirmation_stale       boolean NOT NULL,
    guarantee                text COLLATE "C" NOT NULL,
    guarantee_evidence_stale boolean NOT NULL,
    guarantee_lapsed         boolean NOT NULL,
    guarantee_deadline       bigint,
    guarantee_policy         text COLLATE "C",
    cancellation_policy      text COLLATE "C",
    occupancy                text COLLATE "C" NOT NULL,
    commitment               text COLLATE "C" NOT NULL,
    release_at               bigint,
    arrival                  text COLLATE "C" NOT NULL,
    departure                text COLLATE "C" NOT NULL,
    created_at               bigint NOT NULL,
    type                     text COLLATE "C" NOT NULL,
    rooms                    text COLLATE "C", -- with spaces between
    in_room                  text COLLATE "C",
    room_assigned            boolean NOT NULL,
    overbooked               boolean NOT NULL,
    source                   text COLLATE "C" NOT NULL,
    segment                  text COLLATE "C",
    guest                    text COLLATE "C" NOT NULL,
    adults                   bigint NOT NULL,
    children                 bigint NOT NULL,
    nights                   bigint NOT NULL, -- of rooms; a day use has none
    revenue                  bigint NOT NULL,
    currency                 text COLLATE "C" NOT NULL,
    due_at                   bigint, -- when a sweep must look at it next
    words                    tsvector, -- of name, e-mail, phone and number, folded, and their beginnings of up to six letters
    doc                      json NOT NULL,
    FOREIGN KEY (tenant, property) REFERENCES innards_property (tenant, id)
) WITH (fillfactor = 80);

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

CREATE INDEX innards_reservation_words ON innards_reservation USING gin (words);

-- What a reservation has several of: the rooms of its stay under the name "room", the embedder's attributes under
-- "attribute." and their name.
CREATE TABLE innards_reservation_term (
    tenant      text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    value       text COLLATE "C" NOT NULL,
    reservation text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, name, value, reservation)
);

CREATE INDEX innards_reservation_term_of ON innards_reservation_term (tenant, reservation);

-- One row for each claim: a room, or one of a type, for a night. No room is claimed twice.
CREATE TABLE innards_reservation_night (
    tenant      text COLLATE "C" NOT NULL,
    property    text COLLATE "C" NOT NULL,
    date        text COLLATE "C" NOT NULL,
    slot        text COLLATE "C" NOT NULL,
    reservation text COLLATE "C" NOT NULL,
    type        text COLLATE "C" NOT NULL,
    room        text COLLATE "C",
    expires_at  bigint, -- from then on it is no claim any more
    PRIMARY KEY (tenant, property, date, slot, reservation)
);

CREATE UNIQUE INDEX innards_reservation_night_room ON innards_reservation_night (tenant, property, room, date, slot) WHERE room IS NOT NULL;
CREATE INDEX innards_reservation_night_expires ON innards_reservation_night (tenant, property, date) WHERE expires_at IS NOT NULL;

-- How many rows of innards_reservation_night there are for a type in a night. Most is the limit of the last change.
CREATE TABLE innards_reservation_sold (
    tenant   text COLLATE "C" NOT NULL,
    property text COLLATE "C" NOT NULL,
    type     text COLLATE "C" NOT NULL,
    date     text COLLATE "C" NOT NULL,
    slot     text COLLATE "C" NOT NULL,
    sold     bigint NOT NULL,
    most     bigint,
    PRIMARY KEY (tenant, property, type, date, slot),
    CHECK (most IS NULL OR sold <= most)
);
