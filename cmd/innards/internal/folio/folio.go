// Package folio is the house's own book: every effect that a reservation sends out is posted here once. It stands in for
// the accounts, the mailer and the payment provider of a real house.
package folio

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// A Posting is an effect that was delivered.
type Posting struct {
	Key    string        `json:"key"`
	Kind   string        `json:"kind" example:"post_fee"`
	Amount innards.Money `json:"amount,omitzero"`
	At     time.Time     `json:"at"`
}

// A Book keeps postings. It is safe for concurrent use and implements [reservation.Folio].
type Book struct{ session bunstore.Session }

// New returns the book of the database.
func New(db *bunstore.DB) *Book { return &Book{bunstore.On(db)} }

var (
	post = bunstore.Both(`INSERT INTO innards_server_posting (key, tenant, property, record, kind, cycle, amount, currency, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`)
	// What was posted and applied in the cycles that were not reversed.
	charges = bunstore.Both(`SELECT p.kind, p.amount, p.currency FROM innards_server_posting p
		WHERE p.record = ? AND p.kind IN ('post_fee', 'apply_deposit') AND NOT EXISTS (
			SELECT 1 FROM innards_server_posting r WHERE r.record = p.record AND r.cycle = p.cycle AND r.kind = 'reverse_fee')`)
	list = bunstore.Both(`SELECT key, kind, at, amount, currency FROM innards_server_posting
		WHERE record = ? AND tenant = ? AND (property = ? OR ? = '') ORDER BY at, key`)
)

// Post keeps an effect. A repetition changes nothing.
func (b *Book) Post(ctx context.Context, m innards.Message) error {
	var effect reservation.MoneyEffect
	if err := json.Unmarshal(m.Payload, &effect); err != nil {
		return fmt.Errorf("%w: message %s: %w", innards.ErrCorrupt, m.Key, err)
	}
	return b.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		_, err := c.Exec(ctx, post, m.Key, m.Tenant, m.Property, m.Record, m.Kind, effect.Cycle, effect.Amount.Minor(),
			string(effect.Amount.Currency()), m.At.UnixMicro())
		return err
	}})
}

// State implements reservation.Folio. The book is never closed.
func (b *Book) State(ctx context.Context, record string) (state reservation.FolioState, err error) {
	err = b.session.Rows(ctx, func(rows *sql.Rows) error {
		var kind string
		amount, err := scanAmount(rows, &kind)
		if err != nil {
			return err
		}
		if kind == reservation.EffectApplyDeposit {
			amount = amount.Neg()
		}
		state.Charged = true
		state.Balance, err = state.Balance.Add(amount)
		return err
	}, charges, record)
	return state, err
}

// scanAmount reads columns into dest and an amount from the two that follow.
func scanAmount(rows *sql.Rows, dest ...any) (innards.Money, error) {
	var minor int64
	var currency innards.Currency
	if err := rows.Scan(append(dest, &minor, &currency)...); err != nil || currency == "" {
		return innards.Money{}, err
	}
	return innards.FromMinor(minor, currency)
}

// Postings returns what was posted for a record, in order.
func (b *Book) Postings(ctx context.Context, s innards.Scope, record string) ([]Posting, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	postings := []Posting{}
	err := b.session.Rows(ctx, func(rows *sql.Rows) error {
		var p Posting
		var at int64
		var err error
		if p.Amount, err = scanAmount(rows, &p.Key, &p.Kind, &at); err != nil {
			return err
		}
		p.At = time.UnixMicro(at).UTC()
		postings = append(postings, p)
		return nil
	}, list, record, s.Tenant(), s.Property(), s.Property())
	return postings, err
}
