package bunstore

import (
	"context"
	"runtime"
	"sync/atomic"
)

// maxBatch is the most changes that share a transaction of SQLite, and that wait for the next.
const maxBatch = 256

// A job waits for the writer: work that shares a transaction with that of others, or the wish to have the connection
// alone.
type job struct {
	ctx    context.Context
	work   Work
	begun  atomic.Bool   // by the writer, or given up by the caller: whoever is first
	alone  chan struct{} // nil: work; else closed by the writer when the connection is free
	answer chan error    // for alone: closed by the caller when it has finished
}

// A writer is the goroutine that owns the one connection on which SQLite writes.
type writer struct {
	db    *DB
	pool  *pool // of that one connection
	link  *link // the connection while the goroutine has it
	queue chan *job
	quit  chan struct{}
	done  chan struct{}
}

func startWriter(db *DB, p *pool) *writer {
	w := &writer{
		db: db, pool: p,
		queue: make(chan *job, maxBatch), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run()
	return w
}

// close lets the writer finish what is queued, ends it and closes the connection.
func (w *writer) close() error {
	close(w.quit)
	<-w.done
	return w.pool.close()
}

// write has the work carried out and returns when it is durable.
func (w *writer) write(ctx context.Context, work Work) error {
	j := &job{ctx: ctx, work: work, answer: make(chan error, 1)}
	if err := w.enqueue(j); err != nil {
		return err
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.begun.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-j.answer
	case <-w.done:
		if j.begun.CompareAndSwap(false, true) {
			return ErrClosed
		}
		return <-j.answer
	}
}

// alone runs do while the writer keeps off the connection. It runs in the caller's goroutine, so that a panic is the
// caller's.
func (w *writer) alone(ctx context.Context, do func(*pool) error) error {
	j := &job{ctx: ctx, alone: make(chan struct{}), answer: make(chan error)}
	if err := w.enqueue(j); err != nil {
		return err
	}
	defer close(j.answer)
	select {
	case <-j.alone:
		return do(w.pool)
	case <-ctx.Done():
		return ctx.Err()
	case <-w.done:
		return ErrClosed
	}
}

func (w *writer) enqueue(j *job) error {
	select {
	case <-w.quit:
		return ErrClosed
	default:
	}
	select {
	case w.queue <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	case <-w.done:
		return ErrClosed
	}
}

func (w *writer) run() {
	defer close(w.done)
	defer w.release()
	for {
		select {
		case j := <-w.queue:
			w.serve(j)
			continue
		case <-w.quit:
		}
		select {
		case j := <-w.queue:
			w.serve(j)
		default:
			return
		}
	}
}

// serve carries out the job together with those that wait behind it.
func (w *writer) serve(j *job) {
	for j != nil {
		if j.alone != nil {
			w.standBack(j)
			return
		}
		var batch []*job
		batch, j = w.gather(j)
		w.commit(batch)
	}
}

// gather returns the work that waits, and the job behind it that wants to be alone, if there is one. It first lets those
// run who can: where the disk is fast, they are about to wait as well.
func (w *writer) gather(first *job) (batch []*job, alone *job) {
	batch = append(batch, first)
	runtime.Gosched()
	for len(batch) < maxBatch {
		select {
		case j := <-w.queue:
			if j.alone != nil {
				return batch, j
			}
			batch = append(batch, j)
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// standBack leaves the connection to the caller until it has finished.
func (w *writer) standBack(j *job) {
	w.release()
	close(j.alone)
	<-j.answer
}

// commit carries out the batch in one transaction, without those who do not wait any more. If the transaction had to be
// given up for one, each is carried out by itself, so that none suffers from another.
func (w *writer) commit(batch []*job) {
	live := batch[:0]
	for _, j := range batch {
		if j.begun.CompareAndSwap(false, true) {
			live = append(live, j)
		}
	}
	errs, givenUp := w.try(live)
	for i, j := range live {
		if givenUp && len(live) > 1 {
			alone, _ := w.try(live[i : i+1])
			errs[i] = alone[0]
		}
		j.answer <- errs[i]
	}
}

// try carries out the batch in one transaction and returns how each job ended. Unless they were carried out, or failed
// each for itself, the transaction is given up.
func (w *writer) try(batch []*job) (errs []error, givenUp bool) {
	errs = make([]error, len(batch))
	if len(batch) == 0 {
		return errs, false
	}
	l, err := w.begin()
	if err != nil {
		return all(errs, err), false
	}
	written := 0
	for i, j := range batch {
		if err = l.carryOut(j.work); err == nil {
			written += l.conn.changes()
			continue
		}
		errs[i] = w.db.writeFailure(err)
		if l.conn.written || endsTransaction(w.db.sqliteCode(err)) {
			w.rollBack()
			return errs, true
		}
	}
	if written == 0 {
		w.rollBack()
		return errs, false
	}
	if err := l.run(commit); err != nil {
		w.rollBack()
		return all(errs, w.db.writeFailure(&commitError{err})), true
	}
	w.db.counts.add(written)
	return errs, false
}

// all returns errs with every one of them set.
func all(errs []error, err error) []error {
	for i := range errs {
		errs[i] = err
	}
	return errs
}
