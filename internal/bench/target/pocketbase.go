package target

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// PocketBaseReady is the path that answers 200 once PocketBase is up.
const PocketBaseReady = "/api/health"

// PocketBaseServe starts the peer on a data directory, and with a seed fills it first.
func PocketBaseServe(dir string, full bool, seed int) []string {
	return []string{"--dir", dir, "--full=" + strconv.FormatBool(full), "--seed", strconv.Itoa(seed)}
}

const pocketbaseRecords = "/api/collections/reservations/records"

// pocketbase is what both ways to change a record there have in common.
type pocketbase struct{}

func (pocketbase) List(property string, from time.Time, limit int) Call {
	query := url.Values{
		"filter":    {fmt.Sprintf("property='%s'&&arrival>='%s'", property, date(from))},
		"sort":      {"arrival,id"},
		"perPage":   {strconv.Itoa(limit)},
		"skipTotal": {"1"},
	}
	return Call{Method: "GET", Path: pocketbaseRecords + "?" + query.Encode()}
}

func (pocketbase) Page(body []byte) ([]Reservation, error) {
	var page struct {
		Items []struct {
			ID      string `json:"id"`
			Version int    `json:"version"`
			Status  string `json:"status"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return nil, err
	}
	var rs []Reservation
	for _, item := range page.Items {
		rs = append(rs, Reservation{item.ID, item.Version, item.Status == "confirmed"})
	}
	return rs, nil
}

func (pocketbase) Get(r Reservation) Call {
	return Call{Method: "GET", Path: pocketbaseRecords + "/" + r.ID}
}

func (pocketbase) Changed(body []byte) (int, error) { return version(body) }

// next is the status that the reservation does not have.
func (pocketbase) next(r Reservation) string {
	if r.Confirmed {
		return "unconfirmed"
	}
	return "confirmed"
}

// pocketbaseRoute changes a reservation by the peer's own route: guarded and recorded.
type pocketbaseRoute struct{ pocketbase }

func (p pocketbaseRoute) Change(r Reservation, _ string) Call {
	return Call{
		Method: "POST",
		Path:   "/route/transition/" + r.ID,
		Body:   fmt.Sprintf(`{"version":%d,"status":%q,"note":"phone"}`, r.Version, p.next(r)),
	}
}

// pocketbasePatch changes it by PocketBase's own update: no guard, no record of the event.
type pocketbasePatch struct{ pocketbase }

func (p pocketbasePatch) Change(r Reservation, _ string) Call {
	return Call{
		Method: "PATCH",
		Path:   pocketbaseRecords + "/" + r.ID,
		Body:   fmt.Sprintf(`{"status":%q}`, p.next(r)),
	}
}
