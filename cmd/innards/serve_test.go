package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
)

// A process is the program in a process of its own, serving.
type process struct {
	*exec.Cmd
	url    string
	lines  []string // printed before it listened
	stderr bytes.Buffer
}

// serve starts the program and waits until it listens.
func serve(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0])}
	p.Args = append([]string{"innards", "serve", "--addr", "127.0.0.1:0"}, args...)
	p.Stderr = &p.stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		if url, ok := strings.CutPrefix(scanner.Text(), "listening on "); ok {
			p.url = url
			return p
		}
		p.lines = append(p.lines, scanner.Text())
	}
	t.Fatalf("it does not listen: %s", p.stderr.String())
	return nil
}

// terminate sends SIGTERM and fails the test unless the program ends with success.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, p.stderr.String())
	}
}

// token returns the token that was printed in a line that begins with the role, or in the last line.
func (p *process) token(role string) string {
	for _, line := range p.lines {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == role && strings.HasPrefix(fields[1], "ink_") {
			return fields[1]
		}
	}
	return strings.TrimSpace(p.lines[len(p.lines)-1])
}

// call makes a request and decodes the answer.
func (p *process) call(method, path, token, key, body string) (int, map[string]any, error) {
	req, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
		req.Header.Set("If-Match", "*")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil, err
	}
	var object map[string]any
	return resp.StatusCode, object, json.Unmarshal(text, &object)
}

// must is call for what cannot go wrong.
func (p *process) must(t *testing.T, want int, method, path, token, key, body string) map[string]any {
	t.Helper()
	status, object, err := p.call(method, path, token, key, body)
	if err != nil || status != want {
		t.Fatalf("%s %s: %d %v (%v)", method, path, status, object, err)
	}
	return object
}

// await follows the events until one of the command.
func (p *process) await(t *testing.T, token, command string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", p.url+"/v1/events/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if strings.Contains(lines.Text(), fmt.Sprintf(`"command":%q`, command)) {
			return
		}
	}
	t.Fatalf("the stream ended without %s", command)
}

const openHotel = `{"id":"varna","name":"Varna","zone":"Europe/Sofia","currency":"EUR","business_date":"2027-06-01"}`

func (p *process) openHotel(t *testing.T, token string) {
	t.Helper()
	p.must(t, 201, "POST", "/v1/properties", token, "p1", openHotel)
	p.must(t, 200, "POST", "/v1/properties/varna/put-room-types", token, "p2", `{"types":[{"id":"d","name":"Double"}]}`)
	var rooms []string
	for i := range 200 {
		rooms = append(rooms, fmt.Sprintf(`{"id":"%d","name":"%d","type":"d"}`, i, i))
	}
	p.must(t, 200, "POST", "/v1/properties/varna/put-rooms", token, "p3", `{"rooms":[`+strings.Join(rooms, ",")+`]}`)
}

func booking(n int) string {
	day := n%300 + 1
	return fmt.Sprintf(`{"property":"varna","arrival":"%s","departure":"%s","type":"d","guest":{"name":"Guest %d","email":"guest@example.org"},"source":"phone"}`,
		date(day), date(day+1), n)
}

// date returns a day of the year 2028.
func date(n int) string { return fmt.Sprintf("2028-%02d-%02d", 1+n/28, 1+n%28) }

// Both databases serve a first start, a stay and a second start.
func TestServe(t *testing.T) {
	for name, address := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "innards.db") },
		"postgres": dbtest.PostgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			db := address(t)
			p := serve(t, "--db", db)
			token := p.token("")
			p.must(t, 200, "GET", "/readyz", "", "", "")
			p.openHotel(t, token)
			made := p.must(t, 201, "POST", "/v1/reservations", token, "k", booking(1))
			again := p.must(t, 201, "POST", "/v1/reservations", token, "k", booking(1))
			if made["id"] != again["id"] {
				t.Errorf("booked twice: %v and %v", made, again)
			}
			at := "/v1/reservations/" + made["id"].(string)
			p.must(t, 200, "POST", at+"/send-confirmation", token, "c", "")
			p.await(t, token, "confirmation_sent") // which the delivery does
			if got := p.must(t, 200, "GET", at, token, "", ""); got["confirmation"] != "confirmed" {
				t.Errorf("after the delivery: %v", got)
			}
			p.terminate(t)

			p = serve(t, "--db", db)
			if len(p.lines) > 0 {
				t.Errorf("the second start prints %q", p.lines)
			}
			if got := p.must(t, 200, "GET", at, token, "", ""); got["number"] != made["number"] {
				t.Errorf("after the restart: %v", got)
			}
			p.terminate(t)
		})
	}
}

// The demo shows a hotel, delivers its effects, and lets in only those who have a token.
func TestDemo(t *testing.T) {
	p := serve(t, "--demo", "--db", filepath.Join(t.TempDir(), "demo.db"))
	for _, role := range []string{"administrator", "front_desk", "accounting", "operator", "integration"} {
		counts := p.must(t, 200, "GET", "/v1/reservations/counts", p.token(role), "", "")
		if counts["total"].(float64) < 60 {
			t.Errorf("%s sees %v", role, counts)
		}
	}
	p.must(t, 401, "GET", "/v1/reservations/counts", "", "", "")
	p.terminate(t)
}

// SIGTERM in the middle of load: every request that was accepted is answered, and what is stored is what was answered.
func TestTerminationDropsNothing(t *testing.T) {
	db := filepath.Join(t.TempDir(), "innards.db")
	p := serve(t, "--db", db)
	token := p.token("")
	p.openHotel(t, token)
	var booked atomic.Int64
	var clients sync.WaitGroup
	enough := make(chan struct{})
	for c := range 16 {
		clients.Go(func() {
			for n := 0; ; n++ {
				status, object, err := p.call("POST", "/v1/reservations", token, fmt.Sprintf("%d-%d", c, n), booking(c*1000+n))
				switch {
				case errors.Is(err, syscall.ECONNREFUSED):
					return // the server had already stopped listening
				case err != nil:
					t.Errorf("a request was dropped: %v", err)
					return
				case status != http.StatusCreated:
					t.Errorf("%d %v", status, object)
					return
				}
				if booked.Add(1) == 200 {
					close(enough)
				}
			}
		})
	}
	<-enough
	p.terminate(t)
	clients.Wait()

	p = serve(t, "--db", db)
	if counts := p.must(t, 200, "GET", "/v1/reservations/counts", token, "", ""); counts["total"] != float64(booked.Load()) {
		t.Errorf("%v are stored, %d were answered", counts["total"], booked.Load())
	}
	p.terminate(t)
}

// The server collects its small heap seldom, unless GOGC says otherwise.
func TestGarbageCollection(t *testing.T) {
	for gogc, want := range map[string]string{"": "400", "150": "150"} {
		t.Setenv("GOGC", gogc)
		p := serve(t, "--demo", "--db", filepath.Join(t.TempDir(), "demo.db"))
		req, err := http.NewRequestWithContext(t.Context(), "GET", p.url+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.token("administrator"))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil || !strings.Contains(string(text), "\ngo_gc_gogc_percent "+want+"\n") {
			t.Errorf("with GOGC=%q it is not %s (%d, %v)", gogc, want, resp.StatusCode, err)
		}
		p.terminate(t)
	}
}
