package main

import (
	"fmt"
	"slices"
	"strings"
)

// A series holds one value of each round, by what was measured.
type series map[string][]float64

func (s series) add(name string, value float64) { s[name] = append(s[name], value) }

func (s series) median(name string) float64 { return median(s[name]) }

// ratio compares two measurements within each round, where the machine was in the same mood for both, and returns the
// median with the least and the largest.
func (s series) ratio(ours, peer string) string {
	var ratios []float64
	for i := range min(len(s[ours]), len(s[peer])) {
		if s[peer][i] > 0 {
			ratios = append(ratios, s[ours][i]/s[peer][i])
		}
	}
	if len(ratios) == 0 {
		return "-"
	}
	return fmt.Sprintf("**%.2f** (%.2f to %.2f)", median(ratios), slices.Min(ratios), slices.Max(ratios))
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// A table is printed as Markdown: the first column to the left, the others to the right.
type table struct {
	strings.Builder
}

func newTable(title string, columns ...string) *table {
	t := new(table)
	fmt.Fprintf(t, "### %s\n\n", title)
	t.row(columns...)
	t.row(append([]string{":--"}, slices.Repeat([]string{"--:"}, len(columns)-1)...)...)
	return t
}

func (t *table) row(cells ...string) {
	fmt.Fprintf(t, "| %s |\n", strings.Join(cells, " | "))
}

// number prints a value with as many digits as say something.
func number(v float64) string {
	switch {
	case v == 0:
		return "-"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return thousands(int(v + 0.5))
	}
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// inTurn returns the steps, backwards if it is their turn to be.
func inTurn[T any](steps []T, backwards bool) []T {
	steps = slices.Clone(steps)
	if backwards {
		slices.Reverse(steps)
	}
	return steps
}
