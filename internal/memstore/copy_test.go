package memstore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/innards-go/innards/internal/memstore"
)

type leaf struct {
	Words []string
	At    *time.Time
}

type tree struct {
	Price    decimal.Decimal
	Leaf     leaf
	Pointer  *leaf
	Leaves   []leaf
	Pointers [1]*leaf
	ByName   map[string]*leaf
	Empty    []leaf
	None     map[string]string
	Missing  *leaf
}

func newTree() tree {
	grow := func() leaf {
		at := time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC)
		return leaf{Words: []string{"a"}, At: &at}
	}
	first, second, third := grow(), grow(), grow()
	return tree{
		Price: decimal.New(1250, -2), Leaf: grow(), Pointer: &first, Leaves: []leaf{grow()},
		Pointers: [1]*leaf{&second}, ByName: map[string]*leaf{"a": &third}, Empty: []leaf{},
	}
}

func TestCopyIsEqual(t *testing.T) {
	if diff := cmp.Diff(newTree(), memstore.Copy(newTree())); diff != "" {
		t.Errorf("the copy differs (- original, + copy):\n%s", diff)
	}
}

func TestCopySharesNothing(t *testing.T) {
	original := newTree()
	c := memstore.Copy(original)
	for _, l := range []*leaf{&c.Leaf, c.Pointer, &c.Leaves[0], c.Pointers[0], c.ByName["a"]} {
		l.Words[0] = "changed"
		*l.At = time.Time{}
	}
	c.Leaves[0], c.ByName["b"] = leaf{}, nil
	if diff := cmp.Diff(newTree(), original); diff != "" {
		t.Errorf("changing the copy changed the original (- before, + after):\n%s", diff)
	}
}

func TestCopyOfNothing(t *testing.T) {
	if got := memstore.Copy[*leaf](nil); got != nil {
		t.Errorf("the copy of no pointer is %v", got)
	}
	if got := memstore.Copy(tree{}); got.Pointer != nil || got.Leaves != nil || got.ByName != nil {
		t.Errorf("the copy of an empty value is %+v", got)
	}
}
