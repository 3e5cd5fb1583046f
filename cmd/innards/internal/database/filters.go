package database

import (
	"context"
	"database/sql"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/web"
	"github.com/innards-go/innards/internal/bunstore"
)

// Filters keeps the searches that people have named. It implements [web.Filters].
type Filters struct{ session bunstore.Session }

var _ web.Filters = (*Filters)(nil)

// NewFilters returns the filters of the database.
func NewFilters(db *bunstore.DB) *Filters { return &Filters{bunstore.On(db)} }

const ofActor = " WHERE tenant = ? AND property = ? AND actor = ?"

var (
	listFilters = bunstore.Both("SELECT name, query FROM innards_server_filter" + ofActor + " ORDER BY name")
	saveFilter  = bunstore.Both(`INSERT INTO innards_server_filter (tenant, property, actor, name, query) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (tenant, property, actor, name) DO UPDATE SET query = excluded.query`)
	deleteFilter = bunstore.Both("DELETE FROM innards_server_filter" + ofActor + " AND name = ?")
)

// List implements web.Filters.
func (f *Filters) List(ctx context.Context, s innards.Scope, actor string) (all []web.Filter, err error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	err = f.session.Rows(ctx, func(rows *sql.Rows) error {
		var one web.Filter
		if err := rows.Scan(&one.Name, &one.Query); err != nil {
			return err
		}
		all = append(all, one)
		return nil
	}, listFilters, s.Tenant(), s.Property(), actor)
	return all, err
}

// Save implements web.Filters.
func (f *Filters) Save(ctx context.Context, s innards.Scope, actor string, one web.Filter) error {
	return f.write(ctx, s, saveFilter, actor, one.Name, one.Query)
}

// Delete implements web.Filters.
func (f *Filters) Delete(ctx context.Context, s innards.Scope, actor, name string) error {
	return f.write(ctx, s, deleteFilter, actor, name)
}

func (f *Filters) write(ctx context.Context, s innards.Scope, st *bunstore.Stmt, args ...any) error {
	if err := s.Err(); err != nil {
		return err
	}
	args = append([]any{s.Tenant(), s.Property()}, args...)
	return f.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		_, err := c.Exec(ctx, st, args...)
		return err
	}})
}
