package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	killClients = 16
	// killRecords is how many reservations there are, so that none collects the fees of hundreds of cancellations.
	killRecords = 16 * killClients
)

// TestKill kills the server in mid-write, again and again, as INNARDS_KILLS says. After each start nothing that was
// acknowledged may be missing, a command whose answer was lost must be whole or absent, and sending it again with the same
// key must give one result. In the end every history chain holds and every effect was delivered.
func TestKill(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("INNARDS_KILLS"))
	if err != nil {
		kills = 3
	}
	k := newKillTest(t)
	random := rand.New(rand.NewPCG(1, uint64(kills)))
	server := k.start(t)
	k.setUp(t, server)
	for range kills {
		k.killInMidWrite(t, server, 20+random.Int64N(200))
		server = k.start(t)
		k.each(func(records []*killRecord) {
			for _, r := range records {
				r.settle(t, k, server)
			}
		})
	}
	k.awaitDelivery(t, server)
	server.stop(t)
	if out, err := exec.Command(k.binary, "check", "--db", k.db).CombinedOutput(); err != nil {
		t.Errorf("check: %v\n%s", err, out)
	}
}

type killTest struct {
	binary, db, token string
	records           []*killRecord
	acknowledged      atomic.Int64
	turns             atomic.Int64 // where clients go on after a kill
}

func newKillTest(t *testing.T) *killTest {
	t.Helper()
	dir := t.TempDir()
	k := &killTest{binary: filepath.Join(dir, "innards"), db: filepath.Join(dir, "kill.db")}
	if out, err := exec.Command("go", "build", "-o", k.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(k.binary, "token", "create", "--db", k.db, "--role", "administrator").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(out))
	k.token = lines[len(lines)-1]
	return k
}

// A killServer is a running server process.
type killServer struct {
	cmd  *exec.Cmd
	base string
}

func (k *killTest) start(t *testing.T) *killServer {
	t.Helper()
	cmd := exec.Command(k.binary, "serve", "--addr", "127.0.0.1:0", "--db", k.db, "--log-level", "error")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if base, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return &killServer{cmd, base}
		}
	}
	t.Fatal("the server did not say where it listens")
	return nil
}

func (s *killServer) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// call sends a request and decodes the answer. A failure to get one is returned with status 0.
func (k *killTest) call(s *killServer, method, path, key, match string, body, answer any) (status int, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequest(method, s.base+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+k.token)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
		r.Header.Set("If-Match", match)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	full, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err // cut off: the outcome is unknown
	}
	if response.StatusCode >= 300 {
		return response.StatusCode, fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, full)
	}
	return response.StatusCode, json.Unmarshal(full, answer)
}

func (k *killTest) setUp(t *testing.T, s *killServer) {
	t.Helper()
	must := func(path, match string, body any) (answer struct {
		ID      string
		Version int64
	}) {
		t.Helper()
		if _, err := k.call(s, "POST", path, "set-up "+path+match, match, body, &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	type object = map[string]any
	must("/v1/properties", "", object{"id": "h", "name": "Hotel", "zone": "Europe/Madrid", "currency": "EUR", "business_date": "2026-05-01"})
	must("/v1/properties/h/put-room-types", "*", object{"types": []object{{"id": "double", "name": "Double"}}})
	var rooms []object
	for i := range killRecords {
		rooms = append(rooms, object{"id": fmt.Sprint(i), "name": fmt.Sprint(i), "type": "double"})
	}
	must("/v1/properties/h/put-rooms", "*", object{"rooms": rooms})
	must("/v1/properties/h/put-cancellation-policy", "*", object{"policy": object{"name": "full", "non_refundable": true}})
	for i := range killRecords {
		made := must("/v1/reservations", fmt.Sprint("*", i), object{
			"property": "h", "arrival": "2026-06-01", "departure": "2026-06-04", "type": "double", "room": fmt.Sprint(i), "source": "phone",
			"guest": object{"name": "Guest"}, "prices": []object{{"amount": "80.00", "currency": "EUR"}}, "cancellation_policy": "full",
		})
		k.records = append(k.records, &killRecord{id: made.ID, version: made.Version})
	}
}

// each calls do for all clients at once, each with the records of its own.
func (k *killTest) each(do func([]*killRecord)) {
	var clients sync.WaitGroup
	for own := range slices.Chunk(k.records, killRecords/killClients) {
		clients.Go(func() { do(own) })
	}
	clients.Wait()
}

// A killRecord is a reservation that is cancelled and restored in turn, each with a fee charged or reversed.
type killRecord struct {
	id      string
	version int64 // last acknowledged
	key     string
	command string
}

// next sends the next command, or the one whose answer was lost.
func (r *killRecord) next(k *killTest, s *killServer) error {
	var answer struct {
		Version   int64
		Occupancy string
	}
	body := map[string]string{}
	if r.key == "" {
		r.key = fmt.Sprintf("%s %d", r.id, r.version)
		r.command, body = "make-expected", map[string]string{}
		if r.version%2 == 1 {
			r.command = "cancel"
		}
	}
	if r.command == "cancel" {
		body["reason_code"] = "guest_request"
	}
	status, err := k.call(s, "POST", "/v1/reservations/"+r.id+"/"+r.command, r.key, fmt.Sprintf("%q", fmt.Sprint(r.version)), body, &answer)
	if err != nil {
		if status != 0 {
			return fmt.Errorf("refused: %w", err)
		}
		return err
	}
	if answer.Version != r.version+1 {
		return fmt.Errorf("refused: version %d after %d", answer.Version, r.version)
	}
	r.version, r.key = answer.Version, ""
	k.acknowledged.Add(1)
	return nil
}

// settle looks what the killed server has left, and sends the command again whose answer was lost.
func (r *killRecord) settle(t *testing.T, k *killTest, s *killServer) {
	t.Helper()
	var have struct {
		Version   int64
		Occupancy string
	}
	if _, err := k.call(s, "GET", "/v1/reservations/"+r.id, "", "", nil, &have); err != nil {
		t.Error(err)
		return
	}
	most := r.version
	if r.key != "" {
		most++
	}
	wantOccupancy := map[int64]string{1: "expected", 0: "cancelled"}[have.Version%2]
	if have.Version < r.version || have.Version > most || have.Occupancy != wantOccupancy {
		t.Errorf("%s is at version %d, %s; acknowledged was %d", r.id, have.Version, have.Occupancy, r.version)
	}
	if r.key != "" {
		if err := r.next(k, s); err != nil {
			t.Error(err)
		}
	}
}

// killInMidWrite lets all clients work until so many commands are acknowledged, then kills the server under them.
func (k *killTest) killInMidWrite(t *testing.T, s *killServer, acknowledged int64) {
	t.Helper()
	target := k.acknowledged.Load() + acknowledged
	var once sync.Once
	k.each(func(records []*killRecord) {
		for n := k.turns.Add(1); ; n++ {
			if err := records[int(n)%len(records)].next(k, s); err != nil {
				if strings.HasPrefix(err.Error(), "refused") {
					t.Error(err)
				}
				return
			}
			if k.acknowledged.Load() >= target {
				once.Do(func() { _ = s.cmd.Process.Kill() })
			}
		}
	})
	_ = s.cmd.Wait()
}

// awaitDelivery waits until the outbox is empty.
func (k *killTest) awaitDelivery(t *testing.T, s *killServer) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 30_000 {
		r, err := http.NewRequest("GET", s.base+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+k.token)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\ninnards_outbox_pending 0\n") {
			return
		}
		<-tick.C
	}
	t.Error("the outbox was not delivered")
}
