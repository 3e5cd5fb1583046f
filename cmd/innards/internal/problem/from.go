package problem

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// From returns the problem for an error of any layer.
func From(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if r, ok := errors.AsType[*innards.Refusal](err); ok {
		return refused(r)
	}
	p := New(kindOf(err), "")
	p.Detail, p.cause = kindOf(err).Text, err
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusInsufficientStorage {
		p.RetryAfter = time.Second
	}
	return p
}

func kindOf(err error) Kind {
	for _, k := range []struct {
		err  error
		kind Kind
	}{
		{innards.ErrNotFound, NotFound},
		{innards.ErrFull, StorageFull}, // also ErrUnavailable
		{innards.ErrUnavailable, Unavailable},
		{innards.ErrOutcomeUnknown, OutcomeUnknown},
		{innards.ErrCorrupt, Corrupt},
		{context.DeadlineExceeded, Timeout},
		{context.Canceled, Timeout},
	} {
		if errors.Is(err, k.err) {
			return k.kind
		}
	}
	return Internal
}

// precedence is in which order the statuses of a refusal's blockers win: what cannot be helped by sending something else
// comes first.
var precedence = []int{http.StatusForbidden, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusConflict}

func refused(r *innards.Refusal) *Problem {
	blockers := slices.Clone(r.Blockers)
	slices.SortStableFunc(blockers, func(a, b innards.Blocker) int {
		return slices.Index(precedence, statusOf(a)) - slices.Index(precedence, statusOf(b))
	})
	p := New(Internal, r.Error())
	if len(blockers) > 0 {
		status := statusOf(blockers[0])
		p = New(Kind{Code: blockers[0].Code, Status: status}, r.Error())
	}
	p.Blockers, p.cause = blockers, r
	if p.Code == innards.Busy.Code {
		p.RetryAfter = time.Second
	}
	return p
}
