package account

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A visit is what one request knows of its session.
type visit struct {
	mu   sync.Mutex
	user User // the zero User: nobody is logged in
	read time.Time
}

type visitKey struct{}

// errNoVisit is returned where a session cannot begin or end.
var errNoVisit = errors.New("the request has not passed the middleware of the sessions")

// visitOf returns the visit of a request; one of nobody, and false, if the request did not pass the middleware.
func visitOf(ctx context.Context) (*visit, bool) {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		v = &visit{}
	}
	return v, ok
}

func (v *visit) set(u User, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.user, v.read = u, at
}

func (v *visit) get() (User, time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.user, v.read
}
