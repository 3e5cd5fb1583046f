package target

import (
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/innards-go/innards/internal/bench/dataset"
)

// What the comparison assumes about our own server and library, all of it in this file.
const (
	InnardsPackage = "./cmd/innards" // from the root of the main module
	InnardsReady   = "/readyz"

	// The library's transition is measured by its own benchmark, whose cases are named as in
	// BenchmarkTransition/sqlite/callers=64. It makes its SQLite files below $TMPDIR.
	LibraryPackage   = "./reservation/reservationbun"
	LibraryBenchmark = "BenchmarkTransition"
	LibraryPostgres  = "INNARDS_TEST_POSTGRES" // the environment variable with the connection string
)

// InnardsServe starts the server, which prints "listening on http://HOST:PORT".
func InnardsServe(db string) []string {
	return []string{"serve", "--addr", "127.0.0.1:0", "--db", db, "--log-level", "error"}
}

// InnardsImport fills a database from a file of [InnardsLine]s.
func InnardsImport(file, db string) []string {
	return []string{"import", "reservations", file, "--db", db, "--make-properties"}
}

// InnardsMigrate makes the tables of a database.
func InnardsMigrate(db string) []string { return []string{"migrate", "--db", db} }

// InnardsToken makes an API token and prints it as its last line.
func InnardsToken(db string) []string {
	return []string{"token", "create", "--db", db, "--role", "administrator"}
}

// InnardsLine is one line of the import file.
func InnardsLine(r dataset.Reservation) ([]byte, error) {
	return json.Marshal(map[string]any{
		"number":     r.Number,
		"guest_name": r.GuestName,
		"property":   r.Property,
		"room_type":  r.RoomType,
		"adults":     r.Adults,
		"arrival":    date(r.Arrival),
		"departure":  date(r.Departure),
	})
}

// InnardsAll asks for the page of all reservations after the one before, by arrival; "" for the first.
func InnardsAll(limit int, after string) Call {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		query.Set("after", after)
	}
	return Call{Method: "GET", Path: "/v1/reservations?" + query.Encode()}
}

// InnardsNext reads where the next page begins.
func InnardsNext(body []byte) (string, error) {
	var page struct {
		Next string `json:"next"`
	}
	err := json.Unmarshal(body, &page)
	return page.Next, err
}

// InnardsSearch asks for the first reservations with all words in name, e-mail, phone or number.
func InnardsSearch(words string, limit int) Call {
	query := url.Values{"text": {words}, "limit": {strconv.Itoa(limit)}}
	return Call{Method: "GET", Path: "/v1/reservations?" + query.Encode()}
}

// InnardsCalendar asks for the rooms of a property with their stays, up to the day after the last night.
func InnardsCalendar(property string, from, to time.Time) Call {
	query := url.Values{"from": {date(from)}, "to": {date(to)}}
	return Call{Method: "GET", Path: "/v1/properties/" + property + "/calendar?" + query.Encode()}
}

type innards struct{}

func (innards) List(property string, from time.Time, limit int) Call {
	query := url.Values{
		"property":     {property},
		"arrival_from": {date(from)},
		"limit":        {strconv.Itoa(limit)},
	}
	return Call{Method: "GET", Path: "/v1/reservations?" + query.Encode()}
}

func (innards) Page(body []byte) ([]Reservation, error) {
	var page struct {
		Items []struct {
			ID           string `json:"id"`
			Version      int    `json:"version"`
			Confirmation string `json:"confirmation"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return nil, err
	}
	var rs []Reservation
	for _, item := range page.Items {
		rs = append(rs, Reservation{item.ID, item.Version, item.Confirmation == "confirmed"})
	}
	return rs, nil
}

func (innards) Get(r Reservation) Call {
	return Call{Method: "GET", Path: "/v1/reservations/" + r.ID}
}

func (innards) Change(r Reservation, key string) Call {
	command, body := "mark-confirmed", `{"note":"phone"}`
	if r.Confirmed {
		command, body = "revoke-confirmation", `{}`
	}
	return Call{
		Method: "POST",
		Path:   "/v1/reservations/" + r.ID + "/" + command,
		Header: []Field{
			{"If-Match", `"` + strconv.Itoa(r.Version) + `"`},
			{"Idempotency-Key", key},
		},
		Body: body,
	}
}

func (innards) Changed(body []byte) (int, error) { return version(body) }
