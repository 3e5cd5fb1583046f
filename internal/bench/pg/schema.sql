-- Tables for transition.sql. The variable "rows" is the number of reservations:
--     psql -v rows=10000 -f schema.sql

CREATE TABLE reservations (
    id         bigint PRIMARY KEY,
    number     text   NOT NULL UNIQUE,
    guest_name text   NOT NULL,
    property   text   NOT NULL,
    status     text   NOT NULL,
    version    bigint NOT NULL,
    arrival    date   NOT NULL,
    departure  date   NOT NULL
);

CREATE TABLE history (
    reservation_id bigint      NOT NULL,
    sequence       bigint      NOT NULL,
    status_from    text        NOT NULL,
    status_to      text        NOT NULL,
    actor          text        NOT NULL,
    note           text        NOT NULL,
    at             timestamptz NOT NULL,
    hash           bytea       NOT NULL,
    PRIMARY KEY (reservation_id, sequence)
);

CREATE TABLE outbox (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reservation_id bigint NOT NULL,
    kind           text   NOT NULL
);

INSERT INTO reservations
SELECT n, 'R' || lpad(n::text, 7, '0'), 'Guest ' || n, 'hotel-' || lpad((n % 20 + 1)::text, 2, '0'),
       'unconfirmed', 1, date '2027-01-01' + (n % 730)::int, date '2027-01-04' + (n % 730)::int
FROM generate_series(1, :rows) AS n;

CREATE INDEX reservations_list ON reservations (property, status, arrival, id);
VACUUM ANALYZE reservations;
