-- Copies what an import filled, many times. What follows "for each copy" is repeated, with {n} for the number of the copy.
-- A copy has its own properties, and guests whose family names end in its number: a hundred times the reservations are
-- a hundred times the hotels and not a hundred times the arrivals of a day. Histories are copied without their seals.
PRAGMA synchronous = OFF;
PRAGMA cache_size = -200000;
CREATE TEMP TABLE one AS SELECT * FROM innards_reservation;
CREATE TEMP TABLE event AS SELECT * FROM innards_event WHERE kind = 'reservation';
CREATE TEMP TABLE step AS SELECT max(cursor) AS n FROM event;
CREATE TEMP TABLE house AS SELECT * FROM innards_property;
CREATE TEMP TABLE night AS SELECT * FROM innards_reservation_night;
CREATE TEMP TABLE sold AS SELECT * FROM innards_reservation_sold;
CREATE TEMP TABLE answer AS SELECT * FROM innards_key;
CREATE TEMP TABLE next AS SELECT * FROM one WHERE false;
-- for each copy
BEGIN;
INSERT INTO innards_property (tenant, id, version, doc)
SELECT tenant, id || '-{n}', version, replace(doc, '"id":"' || id || '"', '"id":"' || id || '-{n}"') FROM house;
INSERT INTO next SELECT * FROM one;
UPDATE next SET seq = (SELECT max(seq) FROM innards_reservation) + seq, id = '{n}' || substr(id, 5), number = number || '{n}',
    guest = guest || '{n}', property = property || '-{n}',
    doc = replace(replace(replace(replace(doc, id, '{n}' || substr(id, 5)), '"number":"' || number, '"number":"' || number || '{n}'),
        '"name":"' || guest, '"name":"' || guest || '{n}'), '"property":"' || property, '"property":"' || property || '-{n}');
INSERT INTO innards_reservation SELECT * FROM next;
INSERT INTO innards_reservation_word (rowid, words) SELECT seq, lower(guest || ' ' || number) FROM next;
DELETE FROM next;
INSERT INTO innards_reservation_night (tenant, property, date, slot, reservation, type, room, expires_at)
SELECT tenant, property || '-{n}', date, slot, '{n}' || substr(reservation, 5), type, room, expires_at FROM night;
INSERT INTO innards_reservation_sold (tenant, property, type, date, slot, sold, most)
SELECT tenant, property || '-{n}', type, date, slot, sold, most FROM sold;
UPDATE event SET cursor = cursor + (SELECT n FROM step), property = substr(property, 1, 8) || '-{n}', record = '{n}' || substr(record, 5);
INSERT INTO innards_event SELECT * FROM event;
INSERT INTO innards_key (domain, tenant, property, party, key, digest, body, at)
SELECT domain, tenant, property, party, key || '-{n}', digest, body, at FROM answer;
COMMIT;
-- in the end
