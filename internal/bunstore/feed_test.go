package bunstore

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/storecheck"
)

// A scribe writes events of one package.
type scribe struct {
	*storecheck.Clerk
	t      *testing.T
	domain Domain
}

func newScribe(t *testing.T, db *DB) *scribe {
	clerk := storecheck.NewClerk(time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC), 1)
	return &scribe{clerk, t, On(db).Domain("thing")}
}

// within returns the scribe within a transaction of the host.
func (s *scribe) within(tx bun.Tx) *scribe {
	return &scribe{s.Clerk, s.t, s.domain.WithTx(tx).Domain("thing")}
}

// write writes the first event of a record.
func (s *scribe) write(record string) {
	s.t.Helper()
	e := innards.Entry{Head: innards.Head{Kind: "thing", ID: record, Tenant: storecheck.Tenant, Property: "p", Now: s.Clock.Now()}}
	s.Seal(&e)
	r, err := s.domain.Encode(&e, "", false)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.domain.Write(s.t.Context(), Work{Run: r.Write}); err != nil {
		s.t.Fatal(err)
	}
}

// read returns the records of the events above the cursor, and the last event's cursor.
func (s *scribe) read(after int64) (records []string, last int64) {
	s.t.Helper()
	events, err := s.domain.Journal().Feed(s.t.Context(), s.Actor.Scope(), after, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	last = after
	for _, e := range events {
		if e.Cursor <= last {
			s.t.Errorf("cursor %d follows %d", e.Cursor, last)
		}
		records, last = append(records, e.Record), e.Cursor
	}
	return records, last
}

// expect fails the test unless the feed above the cursor has events of the records, and returns the last one's cursor.
func (s *scribe) expect(after int64, records ...string) int64 {
	s.t.Helper()
	got, last := s.read(after)
	if !slices.Equal(got, records) {
		s.t.Errorf("the feed has %q, want %q", got, records)
	}
	return last
}

// An open transaction of the host, which ends when it is told to.
type openTx struct {
	end  chan struct{}
	done chan error
}

// begin begins a transaction of the host and carries out the steps in it.
func (s *scribe) begin(db *DB, steps func(*scribe)) *openTx {
	o := &openTx{make(chan struct{}), make(chan error, 1)}
	begun := make(chan struct{})
	go func() {
		o.done <- db.InTx(s.t.Context(), func(_ context.Context, tx bun.Tx) error {
			steps(s.within(tx))
			close(begun)
			<-o.end
			return nil
		})
	}()
	<-begun
	return o
}

func (o *openTx) commit(t *testing.T) {
	t.Helper()
	close(o.end)
	if err := <-o.done; err != nil {
		t.Fatal(err)
	}
}

// TestFeedWaitsForOlderTransactions has a transaction that writes its event first and commits last. Whoever follows the
// feed meanwhile must not miss it.
func TestFeedWaitsForOlderTransactions(t *testing.T) {
	db := openPostgres(t)
	s := newScribe(t, db)
	s.write("a")
	cursor := s.expect(0, "a")
	older := s.begin(db, func(s *scribe) { s.write("b") })
	newer := s.begin(db, func(s *scribe) { s.write("c") })
	newer.commit(t)
	s.write("d")
	s.expect(cursor)
	older.commit(t)
	cursor = s.expect(cursor, "b", "c", "d")
	s.expect(cursor)
}

// TestFeedOfOneTransaction has several events in one transaction: they are in order, and none is seen without the others.
func TestFeedOfOneTransaction(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		s := newScribe(t, db)
		s.write("a")
		o := s.begin(db, func(s *scribe) { s.write("c"); s.write("b"); s.write("d") })
		s.expect(0, "a")
		o.commit(t)
		s.write("e")
		s.expect(0, "a", "c", "b", "d", "e")
	})
}

// TestFeedAfterRestore moves the tables into a cluster that has seen fewer transactions, as pg_dump and pg_restore do:
// new events must come after those that were restored, or nobody who follows the feed would see them.
func TestFeedAfterRestore(t *testing.T) {
	db := openPostgres(t)
	s := newScribe(t, db)
	s.write("a")
	if _, err := db.Bun().ExecContext(t.Context(), "UPDATE innards_event SET cursor = cursor + (1000000::bigint << 16)"); err != nil {
		t.Fatal(err)
	}
	s.expect(0)
	for range 2 {
		migrateThings(t, db)
	}
	cursor := s.expect(0, "a")
	s.write("b")
	s.expect(cursor, "b")
}
