package bunstore

import (
	"strconv"
	"strings"

	"github.com/innards-go/innards"
)

// A Stmt is a statement that runs often. It is prepared once for each connection.
type Stmt struct{ text [2]string }

// Both returns the statement for both databases. Its parameters are question marks, in order.
func Both(text string) *Stmt { return Each(text, text) }

// Each returns a statement that differs from one database to the other. Its parameters are question marks in both.
func Each(sqlite, postgres string) *Stmt {
	return &Stmt{[2]string{sqlite, Postgres.numbered(postgres)}}
}

// numbered returns the text with parameters as the database writes them.
func (d Dialect) numbered(text string) string {
	if d == SQLite {
		return text
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
}

// Confine names the columns that a scope confines. Property and Party are empty where it does not.
type Confine struct{ Tenant, Property, Party string }

// condition returns the condition that the scope sees the row, and its parameters after args.
func (c Confine) condition(s innards.Scope, args []any) (string, []any) {
	text, args := c.Tenant+" = ?", append(args, s.Tenant())
	if p := s.Property(); p != "" && c.Property != "" {
		text, args = text+" AND "+c.Property+" = ?", append(args, p)
	}
	if p := s.Party(); p != "" && c.Party != "" {
		text, args = text+" AND "+c.Party+" = ?", append(args, p)
	}
	return text, args
}

// Where returns the condition that the scope sees the row, and its parameters.
func (c Confine) Where(s innards.Scope) (string, []any) { return c.condition(s, nil) }

// Stmt returns the statement in which {scope} stands for that condition.
func (c Confine) Stmt(text string) *Scoped { return c.Each(text, text) }

// Each is Stmt for a statement that differs from one database to the other.
func (c Confine) Each(sqlite, postgres string) *Scoped {
	s := &Scoped{confine: c}
	for i := range s.stmts {
		var a innards.Actor
		if i&1 != 0 {
			a.Property = "p"
		}
		if i&2 != 0 {
			a.Party = "p"
		}
		condition, _ := c.Where(a.Scope())
		s.stmts[i] = Each(strings.ReplaceAll(sqlite, "{scope}", condition), strings.ReplaceAll(postgres, "{scope}", condition))
	}
	return s
}

// A Scoped is a statement for every kind of scope: none can be run without one, and none tests what does not confine.
type Scoped struct {
	confine Confine
	stmts   [4]*Stmt
}

// For returns the statement for the scope, and its parameters: those that come before the scope's, and the scope's.
func (s *Scoped) For(scope innards.Scope, before ...any) (*Stmt, []any) {
	i := 0
	if scope.Property() != "" {
		i |= 1
	}
	if scope.Party() != "" {
		i |= 2
	}
	_, args := s.confine.condition(scope, before)
	return s.stmts[i], args
}
