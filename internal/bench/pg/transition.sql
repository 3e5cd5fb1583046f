-- The transition of a reservation as pgbench runs it: the plain transaction that the database server can do on this
-- machine.
--     pgbench -n -M prepared -c 8 -j 2 -T 5 -D rows=10000 -D clients=8 -f transition.sql
-- Each client has reservations of its own, so that no version moves between SELECT and UPDATE. The hash is 32 bytes
-- that differ; real hashing is work of the library, not of the server.

\set id random(0, :rows / :clients - 1) * :clients + :client_id + 1
BEGIN;
SELECT status, version FROM reservations WHERE id = :id \gset
UPDATE reservations
SET status = CASE status WHEN 'confirmed' THEN 'unconfirmed' ELSE 'confirmed' END, version = version + 1
WHERE id = :id AND version = :version;
INSERT INTO history (reservation_id, sequence, status_from, status_to, actor, note, at, hash)
VALUES (:id, :version + 1, :status, CASE :status WHEN 'confirmed' THEN 'unconfirmed' ELSE 'confirmed' END,
        'front-desk', 'phone', now(), uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
INSERT INTO outbox (reservation_id, kind) VALUES (:id, 'status_changed');
END;
