// Package metrics counts what the server does, for Prometheus.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
)

// Metrics are the counters of one server. They are safe for concurrent use.
type Metrics struct {
	registry    *prometheus.Registry
	requests    *prometheus.CounterVec
	durations   *prometheus.HistogramVec
	commands    *prometheus.CounterVec
	transitions *prometheus.CounterVec
	rounds      *prometheus.CounterVec
	jobs        *prometheus.CounterVec
}

// New returns metrics that ask for the number of undelivered messages, and of the store's commits and the changes in them,
// whenever they are read.
func New(version string, pending func(context.Context) (int64, error), written func() (commits, changes int64)) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "innards", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("http_requests_total", "Requests by route, method and status.", "route", "method", "status"),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "innards", Name: "http_request_duration_seconds", Help: "How long requests take, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
		commands:    counter("commands_total", "Commands that were committed, by kind of record.", "kind", "command"),
		transitions: counter("transitions_total", "Status changes that were committed, by axis.", "axis", "from", "to"),
		rounds:      counter("task_rounds_total", "Rounds of periodic tasks, by outcome.", "task", "outcome"),
		jobs:        counter("job_attempts_total", "Attempts of jobs, by the state that they led to.", "kind", "state"),
	}
	m.registry.MustRegister(m.requests, m.durations, m.commands, m.transitions, m.rounds, m.jobs,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Namespace: "innards", Name: "build_info", Help: "1, with the version.", ConstLabels: prometheus.Labels{"version": version},
		}, func() float64 { return 1 }),
		asked("commits_total", "Transactions that the store has committed.", func() int64 { n, _ := written(); return n }),
		asked("changes_total", "Changes in those transactions.", func() int64 { _, n := written(); return n }),
		&outbox{prometheus.NewDesc("innards_outbox_pending", "Messages that are not delivered yet.", nil, nil), pending})
	return m
}

// asked returns a counter that is kept elsewhere.
func asked(name, help string, value func() int64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "innards", Name: name, Help: help}, func() float64 { return float64(value()) })
}

// Observe counts a request. An unknown route is counted as "none", so that probing makes no new series.
func (m *Metrics) Observe(route, method string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	if method != http.MethodGet && method != http.MethodPost {
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.durations.WithLabelValues(route).Observe(took.Seconds())
}

// Committed counts a command and its status changes.
func (m *Metrics) Committed(kind, command string, moves []innards.Move) {
	m.commands.WithLabelValues(kind, command).Inc()
	for _, move := range moves {
		if move.From != move.To {
			m.transitions.WithLabelValues(move.Axis, move.From, move.To).Inc()
		}
	}
}

// Ran counts a round of a periodic task.
func (m *Metrics) Ran(task string, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "failed"
	}
	m.rounds.WithLabelValues(task, outcome).Inc()
}

// Worked counts an attempt of a job.
func (m *Metrics) Worked(kind string, led jobs.State) {
	m.jobs.WithLabelValues(kind, string(led)).Inc()
}

// Handler answers with all metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// pendingTimeout bounds how long reading the metrics waits for the database.
const pendingTimeout = 2 * time.Second

// An outbox reads the number of undelivered messages when it is collected.
type outbox struct {
	desc    *prometheus.Desc
	pending func(context.Context) (int64, error)
}

// Describe implements prometheus.Collector.
func (o *outbox) Describe(ch chan<- *prometheus.Desc) { ch <- o.desc }

// Collect implements prometheus.Collector.
func (o *outbox) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), pendingTimeout)
	defer cancel()
	n, err := o.pending(ctx)
	if err != nil {
		return // a gap says more than a wrong number
	}
	ch <- prometheus.MustNewConstMetric(o.desc, prometheus.GaugeValue, float64(n))
}
