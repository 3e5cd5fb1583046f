package reservationbun

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// A clause is a part of a statement with its parameters.
type clause struct {
	text string
	args []any
}

// join returns the clauses with the operator between them, or what stands for none of them.
func join(clauses []clause, operator, none string) clause {
	if len(clauses) == 0 {
		return clause{text: none}
	}
	texts := make([]string, len(clauses))
	var args []any
	for i, c := range clauses {
		texts[i], args = c.text, append(args, c.args...)
	}
	if len(texts) == 1 {
		return clause{texts[0], args}
	}
	return clause{"(" + strings.Join(texts, operator) + ")", args}
}

// render returns the condition as SQL, on a reservation r. What all alternatives ask for is asked once, before them: no
// database looks for an index behind an OR.
func render(c reservation.Condition) (clause, error) {
	common, rest := factor(c)
	all, err := renderAll(common)
	if err != nil {
		return clause{}, err
	}
	var alternatives []clause
	for _, tests := range rest {
		alternative, err := renderAll(tests)
		if err != nil {
			return clause{}, err
		}
		alternatives = append(alternatives, join(alternative, " AND ", "TRUE"))
	}
	return join(append(all, join(alternatives, " OR ", "FALSE")), " AND ", "TRUE"), nil
}

func renderAll(tests []reservation.Test) ([]clause, error) {
	var all []clause
	for _, t := range tests {
		test, err := renderTest(t)
		if err != nil {
			return nil, err
		}
		all = append(all, test)
	}
	return all, nil
}

// factor splits the condition into the tests that every alternative has, and the alternatives without them.
func factor(c reservation.Condition) (common []reservation.Test, rest reservation.Condition) {
	if len(c) < 2 {
		return nil, c
	}
	has := func(tests []reservation.Test, t reservation.Test) bool {
		return slices.ContainsFunc(tests, func(u reservation.Test) bool { return reflect.DeepEqual(t, u) })
	}
	for _, t := range c[0] {
		if !slices.ContainsFunc(c[1:], func(tests []reservation.Test) bool { return !has(tests, t) }) {
			common = append(common, t)
		}
	}
	for _, tests := range c {
		rest = append(rest, slices.DeleteFunc(slices.Clone(tests), func(t reservation.Test) bool { return has(common, t) }))
	}
	return common, rest
}

func renderTest(t reservation.Test) (clause, error) {
	switch {
	case t.Attribute != "":
		return renderAttribute(t)
	case t.Field == reservation.FieldRoom:
		return renderRoom(t)
	case isColumn(t.Field):
		return renderColumn("r."+string(t.Field), t)
	}
	return clause{}, unusable(t)
}

func unusable(t reservation.Test) error {
	return fmt.Errorf("reservation: a store cannot test the field %q%s by %q with a %T", t.Field, t.Attribute, t.Op, t.Value)
}

// isColumn reports whether the field has a column of its name.
func isColumn(f reservation.Field) bool {
	return f == reservation.FieldID || f == reservation.FieldProperty ||
		slices.Contains(stateColumns, string(f)) || slices.Contains(restColumns, string(f))
}

var comparisons = map[reservation.Op]string{
	reservation.OpIs: " = ?", reservation.OpNot: " IS DISTINCT FROM ?", reservation.OpUnder: " < ?",
	reservation.OpFrom: " >= ?", reservation.OpUntil: " <= ?", reservation.OpOver: " > ?",
}

func renderColumn(column string, t reservation.Test) (clause, error) {
	switch t.Op {
	case reservation.OpSet:
		return clause{text: column + " IS NOT NULL"}, nil
	case reservation.OpUnset:
		return clause{text: column + " IS NULL"}, nil
	case reservation.OpIn:
		return renderIn(column, t)
	}
	value, ok := stored(t.Value)
	comparison := comparisons[t.Op]
	if !ok || comparison == "" {
		return clause{}, unusable(t)
	}
	return clause{column + comparison, []any{value}}, nil
}

func renderIn(column string, t reservation.Test) (clause, error) {
	values, ok := t.Value.([]string)
	if !ok {
		return clause{}, unusable(t)
	}
	if len(values) == 0 {
		return clause{text: "FALSE"}, nil
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return clause{column + " IN (?" + strings.Repeat(", ?", len(args)-1) + ")", args}, nil
}

// stored returns the value as the columns have it.
func stored(value any) (any, bool) {
	switch v := value.(type) {
	case string, bool:
		return v, true
	case innards.Date:
		return v.String(), true
	case time.Time:
		return bunstore.Micros(v), true
	}
	return nil, false
}

// withTerm is the condition that the reservation has a term of a name for which a condition on the value holds.
const withTerm = "r.id IN (SELECT t.reservation FROM innards_reservation_term t WHERE t.tenant = r.tenant AND t.name = ? AND "

func renderAttribute(t reservation.Test) (clause, error) {
	if t.Op != reservation.OpIs {
		return clause{}, unusable(t)
	}
	name := attributeTerm + t.Attribute
	if t.Value == "" { // an attribute that is missing is an empty one
		return clause{"NOT " + withTerm + "t.value <> '')", []any{name}}, nil
	}
	return clause{withTerm + "t.value = ?)", []any{name, t.Value}}, nil
}

// renderRoom tests the rooms of a stay: one of them must fit, or, for OpNot and OpUnset, none may be there.
func renderRoom(t reservation.Test) (clause, error) {
	having, not := t, ""
	switch t.Op {
	case reservation.OpNot:
		having.Op, not = reservation.OpIs, "NOT "
	case reservation.OpUnset:
		having.Op, not = reservation.OpSet, "NOT "
	}
	value, err := renderColumn("t.value", having)
	if err != nil {
		return clause{}, err
	}
	return clause{not + withTerm + value.text + ")", append([]any{roomTerm}, value.args...)}, nil
}
