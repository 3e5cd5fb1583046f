package main

import (
	"slices"
	"time"
)

// A result is one line of output. Latencies are in milliseconds.
type result struct {
	options
	Calls      int     `json:"calls"` // answered with 200
	Seconds    float64 `json:"seconds"`
	Rate       float64 `json:"rate"` // calls a second
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
	Max        float64 `json:"max_ms"`
	AnswerSize int     `json:"answer_bytes"` // mean, without header
	Failures   int     `json:"failures"`
	Failure    string  `json:"failure,omitempty"` // the first
}

func summarize(o options, workers []*worker, elapsed time.Duration) result {
	r := result{options: o, Seconds: elapsed.Seconds()}
	var took []time.Duration
	bytes := 0
	for _, w := range workers {
		took = append(took, w.took...)
		bytes += w.bytes
		r.Failures += w.failures
		if w.failure != nil && r.Failure == "" {
			r.Failure = w.failure.Error()
		}
	}
	r.Calls = len(took)
	if r.Calls == 0 {
		return r
	}
	slices.Sort(took)
	r.Rate = float64(r.Calls) / r.Seconds
	r.P50 = milliseconds(quantile(took, 0.50))
	r.P99 = milliseconds(quantile(took, 0.99))
	r.Max = milliseconds(took[len(took)-1])
	r.AnswerSize = bytes / r.Calls
	return r
}

// quantile returns the smallest of the sorted values that at least the share q of them do not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	i := int(q*float64(len(sorted))+0.999999) - 1
	return sorted[max(0, min(i, len(sorted)-1))]
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
