package bunstore

import "sync/atomic"

// Stats count what a DB has committed since it was opened.
type Stats struct {
	// Commits are transactions that were written; Changes are the changes in them.
	Commits, Changes int64
}

type counts struct{ commits, changes atomic.Int64 }

// Stats returns the counts.
func (db *DB) Stats() Stats {
	return Stats{Commits: db.counts.commits.Load(), Changes: db.counts.changes.Load()}
}

func (c *counts) add(changes int) {
	c.commits.Add(1)
	c.changes.Add(int64(changes))
}

// counted counts a change that was committed by itself.
func (db *DB) counted(err error) error {
	if err == nil {
		db.counts.add(1)
	}
	return err
}
