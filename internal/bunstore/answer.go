package bunstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/innards-go/innards"
)

// AnswerColumns are the columns of the answer under a key, from the table joined by AnswerJoin. Scan them with a
// [StoredAnswer].
const (
	AnswerColumns = "k.digest, k.body, k.at"
	// AnswerJoin has as parameters what [Domain.AnswerArgs] returns.
	AnswerJoin = ` LEFT JOIN innards_key k
		ON k.domain = ? AND k.tenant = ? AND k.property = ? AND k.party = ? AND k.key = ?`
)

// AnswerArgs returns the parameters of AnswerJoin.
func (d Domain) AnswerArgs(s innards.Scope, key string) []any {
	return []any{d.name, s.Tenant(), s.Property(), s.Party(), key}
}

// A StoredAnswer is what AnswerColumns are scanned into.
type StoredAnswer struct {
	digest, body []byte
	at           sql.NullInt64
}

// Dest returns where to scan.
func (a *StoredAnswer) Dest() []any { return []any{&a.digest, &a.body, &a.at} }

// Answer returns the answer, or nil if there is none.
func (a *StoredAnswer) Answer(key string) *innards.Answer {
	if !a.at.Valid {
		return nil
	}
	answer := &innards.Answer{Key: key, Body: a.body, At: Instant(a.at.Int64)}
	copy(answer.Digest[:], a.digest)
	return answer
}

// A Reader reads rows: a [Session], or a [Conn] within a snapshot.
type Reader interface {
	Row(ctx context.Context, dest []any, st *Stmt, args ...any) error
	Rows(ctx context.Context, each func(*sql.Rows) error, st *Stmt, args ...any) error
}

var findAnswer = Both("SELECT " + AnswerColumns + ` FROM innards_key k
	WHERE k.domain = ? AND k.tenant = ? AND k.property = ? AND k.party = ? AND k.key = ?`)

// Prior returns the answer kept under the key, or nil if there is none.
func (d Domain) Prior(ctx context.Context, r Reader, s innards.Scope, key string) (*innards.Answer, error) {
	if key == "" {
		return nil, nil
	}
	var stored StoredAnswer
	err := r.Row(ctx, stored.Dest(), findAnswer, d.AnswerArgs(s, key)...)
	if errors.Is(err, innards.ErrNotFound) {
		return nil, nil
	}
	return stored.Answer(key), err
}

var findAnswers = Each(
	findAnswersText+"IN (SELECT value FROM json_each(?))",
	findAnswersText+"= ANY(ARRAY(SELECT json_array_elements_text(?)))")

const findAnswersText = "SELECT k.key, " + AnswerColumns + ` FROM innards_key k
	WHERE k.domain = ? AND k.tenant = ? AND k.property = ? AND k.party = ? AND k.key `

// Priors returns the answers that are kept under the keys.
func (d Domain) Priors(ctx context.Context, r Reader, s innards.Scope, keys []string) (map[string]*innards.Answer, error) {
	prior := map[string]*innards.Answer{}
	list, err := json.Marshal(slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key == "" }))
	if err != nil {
		return nil, err
	}
	err = r.Rows(ctx, func(rows *sql.Rows) error {
		var key string
		var stored StoredAnswer
		err := rows.Scan(append([]any{&key}, stored.Dest()...)...)
		prior[key] = stored.Answer(key)
		return err
	}, findAnswers, d.AnswerArgs(s, string(list))...)
	return prior, err
}
