-- The same as sqlite.sql.
SET synchronous_commit = off;
CREATE TEMP TABLE one AS SELECT * FROM innards_reservation;
CREATE TEMP TABLE event AS SELECT * FROM innards_event WHERE kind = 'reservation';
CREATE TEMP TABLE house AS SELECT * FROM innards_property;
CREATE TEMP TABLE night AS SELECT * FROM innards_reservation_night;
CREATE TEMP TABLE sold AS SELECT * FROM innards_reservation_sold;
CREATE TEMP TABLE answer AS SELECT * FROM innards_key;
CREATE TEMP TABLE next AS SELECT * FROM one WHERE false;
-- for each copy
INSERT INTO innards_property (tenant, id, version, doc)
SELECT tenant, id || '-{n}', version, replace(doc::text, '"id":"' || id || '"', '"id":"' || id || '-{n}"')::json FROM house;
INSERT INTO next SELECT * FROM one;
UPDATE next SET id = '{n}' || substr(id, 5), number = number || '{n}', guest = guest || '{n}', property = property || '-{n}',
    words = (SELECT array_to_tsvector(array_agg(left(w, n)))
        FROM string_to_table(lower(guest || '{n} ' || number || '{n}'), ' ') w, unnest('{1,2,3,4,5,6,1000}'::int[]) n),
    doc = replace(replace(replace(replace(doc::text, id, '{n}' || substr(id, 5)), '"number":"' || number, '"number":"' || number || '{n}'),
        '"name":"' || guest, '"name":"' || guest || '{n}'), '"property":"' || property, '"property":"' || property || '-{n}')::json;
INSERT INTO innards_reservation SELECT * FROM next;
TRUNCATE next;
INSERT INTO innards_reservation_night (tenant, property, date, slot, reservation, type, room, expires_at)
SELECT tenant, property || '-{n}', date, slot, '{n}' || substr(reservation, 5), type, room, expires_at FROM night;
INSERT INTO innards_reservation_sold (tenant, property, type, date, slot, sold, most)
SELECT tenant, property || '-{n}', type, date, slot, sold, most FROM sold;
-- Far beyond every cursor of a real transaction: many events of one have cursors next to each other.
UPDATE event SET cursor = cursor + 17592186044416, property = substr(property, 1, 8) || '-{n}', record = '{n}' || substr(record, 5);
INSERT INTO innards_event SELECT * FROM event;
INSERT INTO innards_key (domain, tenant, property, party, key, digest, body, at)
SELECT domain, tenant, property, party, key || '-{n}', digest, body, at FROM answer;
-- in the end
VACUUM ANALYZE;
