package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/innards-go/innards/internal/bench/dataset"
	"github.com/innards-go/innards/internal/bench/target"
)

const (
	pageSize = 30 // of the list that is measured
	// ownedPerProperty reservations of each property are changed and read. They are divided among the connections,
	// so that no two of them compete for a version.
	ownedPerProperty = 64
	grace            = 30 * time.Second // for answers that the end of the measurement finds on their way
)

// A measurement is one under way.
type measurement struct {
	options
	target target.Target
	host   string
	key    string // prefix of this run's keys
	calls  atomic.Int64
	start  time.Time // the end of the warm-up
	end    time.Time
}

// measure puts the server under load as o says. A call that is refused does not end the measurement, but it is counted and
// reported: what the others show is then not to be trusted.
func measure(ctx context.Context, o options) (result, error) {
	if err := o.check(); err != nil {
		return result{}, err
	}
	host, err := o.host()
	if err != nil {
		return result{}, err
	}
	t, err := target.For(o.Kind, o.Mode)
	if err != nil {
		return result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.warmup+o.duration+grace)
	defer cancel()
	m := &measurement{options: o, target: t, host: host, key: fmt.Sprintf("load-%016x", rand.Uint64())}
	owned, err := m.reservations(ctx)
	if err != nil {
		return result{}, err
	}
	workers, err := m.workers(ctx, owned)
	if err != nil {
		return result{}, err
	}
	m.start = time.Now().Add(o.warmup)
	m.end = m.start.Add(o.duration)
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() { w.work(ctx) })
	}
	all.Wait()
	return summarize(o, workers, min(time.Since(m.start), o.duration)), ctx.Err()
}

// reservations returns the first of each property.
func (m *measurement) reservations(ctx context.Context) ([]target.Reservation, error) {
	c, err := dial(ctx, m.host, m.token)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var owned []target.Reservation
	for i := range dataset.Properties {
		body, err := c.do(m.target.List(dataset.Property(i), dataset.FirstArrival, ownedPerProperty))
		if err != nil {
			return nil, err
		}
		page, err := m.target.Page(body)
		if err != nil {
			return nil, err
		}
		owned = append(owned, page...)
	}
	if len(owned) < m.Connections {
		return nil, fmt.Errorf("the server holds %d reservations, fewer than connections", len(owned))
	}
	return owned, nil
}

// workers opens the connections and deals out the reservations.
func (m *measurement) workers(ctx context.Context, owned []target.Reservation) ([]*worker, error) {
	workers := make([]*worker, m.Connections)
	for i := range workers {
		c, err := dial(ctx, m.host, m.token)
		if err != nil {
			return nil, err
		}
		workers[i] = &worker{measurement: m, client: c, rand: rand.New(rand.NewPCG(1, uint64(i)))}
	}
	for i, reservation := range owned {
		w := workers[i%len(workers)]
		w.owned = append(w.owned, reservation)
	}
	return workers, nil
}

// A worker is one connection and the reservations that only it changes.
type worker struct {
	*measurement
	client *client
	owned  []target.Reservation
	rand   *rand.Rand

	took     []time.Duration // of each call that was answered with 200 between start and end
	bytes    int             // of these answers
	failures int
	failure  error // the first
}

// work calls until the measurement ends.
func (w *worker) work(ctx context.Context) {
	defer w.client.close()
	for len(w.owned) > 0 && ctx.Err() == nil {
		n := w.calls.Add(1)
		began := time.Now()
		if n > int64(w.limit) || began.After(w.end) {
			return
		}
		size, err := w.step(n)
		if err != nil {
			w.failures++
			w.failure = cmp.Or(w.failure, err)
			if _, answered := errors.AsType[*refusal](err); !answered {
				return
			}
			continue
		}
		if now := time.Now(); now.After(w.start) && now.Before(w.end) {
			w.took = append(w.took, now.Sub(began))
			w.bytes += size
		}
	}
}

// step makes the n-th call and returns the size of the answer.
func (w *worker) step(n int64) (int, error) {
	i := w.rand.IntN(len(w.owned))
	switch w.Mode {
	case "get":
		body, err := w.client.do(w.target.Get(w.owned[i]))
		return len(body), err
	case "list":
		// The last days are left out, so that the page is a full one.
		from := dataset.FirstArrival.AddDate(0, 0, w.rand.IntN(dataset.Days*3/4))
		body, err := w.client.do(w.target.List(dataset.Property(w.rand.IntN(dataset.Properties)), from, pageSize))
		return len(body), err
	default:
		return w.change(i, n)
	}
}

// change moves reservation i to its other status. One that fails is not touched again: its version is uncertain.
func (w *worker) change(i int, n int64) (int, error) {
	r := &w.owned[i]
	body, err := w.client.do(w.target.Change(*r, fmt.Sprintf("%s-%d", w.key, n)))
	if err == nil {
		r.Confirmed = !r.Confirmed
		r.Version, err = w.target.Changed(body)
	}
	if err != nil {
		last := len(w.owned) - 1
		w.owned[i] = w.owned[last]
		w.owned = w.owned[:last]
	}
	return len(body), err
}
