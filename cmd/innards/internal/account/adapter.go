package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/innards-go/innards"
)

// An adapter is a [SessionStore] as scs wants it. It keeps only digests of tokens, and whoever reads a session also reads
// its user, so that no session outlives what it rests on.
type adapter struct{ sessions *Sessions }

var _ scs.CtxStore = adapter{}

func digestOf(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

// FindCtx implements scs.CtxStore.
func (a adapter) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	now := a.sessions.now().UTC()
	session, user, err := a.sessions.store.Session(ctx, digestOf(token), now)
	if errors.Is(err, innards.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	v, _ := visitOf(ctx)
	v.set(user, now)
	a.extend(ctx, session, now)
	return session.Data, true, nil
}

// extend has the session expire later, when that is worth a write. If it cannot be written, the session is still one, so
// that whoever is logged in goes on reading.
func (a adapter) extend(ctx context.Context, s Session, now time.Time) {
	expires := now.Add(SessionIdle)
	if last := s.CreatedAt.Add(SessionLife); expires.After(last) {
		expires = last
	}
	if expires.Sub(s.ExpiresAt) >= extendEvery {
		_ = a.sessions.store.ExtendSession(ctx, s.Digest, expires)
	}
}

// CommitCtx implements scs.CtxStore. When a session expires is not for scs to say, and one that has ended meanwhile is not
// begun again.
func (a adapter) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	return a.sessions.store.SaveSession(ctx, digestOf(token), data)
}

// DeleteCtx implements scs.CtxStore.
func (a adapter) DeleteCtx(ctx context.Context, token string) error {
	return a.sessions.store.EndSession(ctx, digestOf(token))
}

// Find implements scs.Store; scs calls FindCtx instead.
func (a adapter) Find(token string) ([]byte, bool, error) {
	return a.FindCtx(context.Background(), token)
}

// Commit implements scs.Store; scs calls CommitCtx instead.
func (a adapter) Commit(token string, data []byte, expiry time.Time) error {
	return a.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store; scs calls DeleteCtx instead.
func (a adapter) Delete(token string) error { return a.DeleteCtx(context.Background(), token) }
