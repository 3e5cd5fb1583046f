/*
 * The transition of a reservation in plain C on SQLite: what the engine itself can do on this machine, with one thread,
 * prepared statements and durable commits.
 *
 *     transition FILE BATCH TRANSITIONS ROWS [outbox]
 *
 * FILE must not exist. Each transition reads a row, checks its status and version, updates it, and appends to the
 * history; with "outbox" it also queues a message. BATCH transitions share a COMMIT. One line of JSON tells the rate.
 */
#define _POSIX_C_SOURCE 200809L
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HASH_SIZE = 32 };

static sqlite3 *db;

static void fail(const char *what)
{
	fprintf(stderr, "transition: %s: %s\n", what, db ? sqlite3_errmsg(db) : "out of memory");
	exit(1);
}

static void execute(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
		fail(sql);
	return statement;
}

/* finish runs a statement that returns no row, and makes it ready for the next time. */
static void finish(sqlite3_stmt *statement)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		fail(sqlite3_sql(statement));
	sqlite3_reset(statement);
}

static const char schema[] =
	"CREATE TABLE reservations ("
	" id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, guest_name TEXT NOT NULL, property TEXT NOT NULL,"
	" status TEXT NOT NULL, version INTEGER NOT NULL, arrival TEXT NOT NULL, departure TEXT NOT NULL,"
	" head BLOB NOT NULL);" /* the hash of the last history row */
	"CREATE INDEX reservations_list ON reservations (property, status, arrival, id);"
	"CREATE TABLE history ("
	" reservation_id INTEGER NOT NULL, sequence INTEGER NOT NULL, status_from TEXT NOT NULL, status_to TEXT NOT NULL,"
	" actor TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL,"
	" PRIMARY KEY (reservation_id, sequence)) WITHOUT ROWID;"
	"CREATE TABLE outbox (id INTEGER PRIMARY KEY, reservation_id INTEGER NOT NULL, kind TEXT NOT NULL);";

static void fill(int rows)
{
	execute(schema);
	execute("BEGIN");
	sqlite3_stmt *insert = prepare(
		"INSERT INTO reservations VALUES (?1, printf('R%07d', ?1), printf('Guest %d', ?1), printf('hotel-%02d', ?1 % 20 + 1),"
		" 'unconfirmed', 1, date('2027-01-01', printf('+%d days', ?1 % 730)), date('2027-01-04', printf('+%d days', ?1 % 730)),"
		" zeroblob(32))");
	for (int id = 1; id <= rows; id++) {
		sqlite3_bind_int(insert, 1, id);
		finish(insert);
	}
	sqlite3_finalize(insert);
	execute("COMMIT");
	execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

static sqlite3_stmt *find, *update, *append, *queue;

static void prepare_all(int outbox)
{
	find = prepare("SELECT status, version, head FROM reservations WHERE id = ?1");
	update = prepare("UPDATE reservations SET status = ?1, version = version + 1, head = ?2 WHERE id = ?3 AND version = ?4");
	append = prepare("INSERT INTO history VALUES (?1, ?2, ?3, ?4, 'front-desk', 'phone', ?5, ?6)");
	queue = outbox ? prepare("INSERT INTO outbox (reservation_id, kind) VALUES (?1, 'status_changed')") : NULL;
}

/* chain stands in for the hash of the history: it mixes the head with the version, so that stored bytes differ. Real
 * hashing is work of the library, not of the engine. */
static void chain(unsigned char head[HASH_SIZE], uint64_t version)
{
	uint64_t mix = version * 0x9E3779B97F4A7C15u;
	for (int i = 0; i < HASH_SIZE; i++) {
		mix = (mix ^ head[i]) * 0x100000001B3u;
		head[i] = (unsigned char)(mix >> 32);
	}
}

static void transition(int id, int64_t at)
{
	sqlite3_bind_int(find, 1, id);
	if (sqlite3_step(find) != SQLITE_ROW)
		fail("no such reservation");
	int confirmed = strcmp((const char *)sqlite3_column_text(find, 0), "confirmed") == 0;
	const char *from = confirmed ? "confirmed" : "unconfirmed";
	const char *to = confirmed ? "unconfirmed" : "confirmed";
	int64_t version = sqlite3_column_int64(find, 1);
	if (sqlite3_column_bytes(find, 2) != HASH_SIZE)
		fail("head of another size");
	unsigned char head[HASH_SIZE];
	memcpy(head, sqlite3_column_blob(find, 2), HASH_SIZE);
	sqlite3_reset(find);
	chain(head, (uint64_t)version + 1);

	sqlite3_bind_text(update, 1, to, -1, SQLITE_STATIC);
	sqlite3_bind_blob(update, 2, head, HASH_SIZE, SQLITE_STATIC);
	sqlite3_bind_int(update, 3, id);
	sqlite3_bind_int64(update, 4, version);
	finish(update);
	if (sqlite3_changes(db) != 1)
		fail("version moved");

	sqlite3_bind_int(append, 1, id);
	sqlite3_bind_int64(append, 2, version + 1);
	sqlite3_bind_text(append, 3, from, -1, SQLITE_STATIC);
	sqlite3_bind_text(append, 4, to, -1, SQLITE_STATIC);
	sqlite3_bind_int64(append, 5, at);
	sqlite3_bind_blob(append, 6, head, HASH_SIZE, SQLITE_STATIC);
	finish(append);

	if (queue) {
		sqlite3_bind_int(queue, 1, id);
		finish(queue);
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* run returns the seconds that the transitions took. */
static double run(int batch, int transitions, int rows)
{
	sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
	uint64_t random = 88172645463325252u;
	double started = now();
	for (int done = 0; done < transitions;) {
		finish(begin);
		for (int i = 0; i < batch && done < transitions; i++, done++) {
			random ^= random << 13; /* xorshift64 */
			random ^= random >> 7;
			random ^= random << 17;
			transition((int)(random % (uint64_t)rows) + 1, 1800000000 + done);
		}
		finish(commit);
	}
	double took = now() - started;
	sqlite3_finalize(begin);
	sqlite3_finalize(commit);
	return took;
}

int main(int argc, char **argv)
{
	int batch = argc > 2 ? atoi(argv[2]) : 0;
	int transitions = argc > 3 ? atoi(argv[3]) : 0;
	int rows = argc > 4 ? atoi(argv[4]) : 0;
	int outbox = argc == 6 && strcmp(argv[5], "outbox") == 0;
	if (argc > 6 || (argc == 6 && !outbox) || batch < 1 || transitions < 1 || rows < 1) {
		fprintf(stderr, "usage: transition FILE BATCH TRANSITIONS ROWS [outbox]\n");
		return 2;
	}
	if (sqlite3_open(argv[1], &db) != SQLITE_OK)
		fail(argv[1]);
	execute("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY");
	fill(rows);
	prepare_all(outbox);
	double took = run(batch, transitions, rows);
	printf("{\"sqlite\":\"%s\",\"batch\":%d,\"transitions\":%d,\"rows\":%d,\"outbox\":%s,\"seconds\":%.3f,"
	       "\"transitions_per_second\":%.0f}\n",
	       sqlite3_libversion(), batch, transitions, rows, outbox ? "true" : "false", took, transitions / took);
	sqlite3_finalize(find);
	sqlite3_finalize(update);
	sqlite3_finalize(append);
	sqlite3_finalize(queue);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
