package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/innards-go/innards/internal/bench/target"
)

// A client is one connection with one call in flight. It does without http.Client, whose goroutines for every
// connection would take more of the cores that the server under load has to share.
type client struct {
	conn  net.Conn
	in    *bufio.Reader
	out   *bufio.Writer
	host  string
	token string
}

func dial(ctx context.Context, host, token string) (*client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	return &client{conn, bufio.NewReader(conn), bufio.NewWriter(conn), host, token}, nil
}

// do returns the body of the answer, and an error unless its status is 200. After an error of the connection itself
// the client is of no more use.
func (c *client) do(call target.Call) ([]byte, error) {
	fmt.Fprintf(c.out, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n", call.Method, call.Path, c.host, c.token)
	for _, f := range call.Header {
		fmt.Fprintf(c.out, "%s: %s\r\n", f.Name, f.Value)
	}
	if call.Body != "" {
		fmt.Fprintf(c.out, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(call.Body))
	}
	fmt.Fprintf(c.out, "\r\n%s", call.Body)
	if err := c.out.Flush(); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, &refusal{call, answer.Status, body}
	}
	return body, nil
}

func (c *client) close() { c.conn.Close() }

// A refusal is an answer with another status than 200.
type refusal struct {
	call   target.Call
	status string
	body   []byte
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s %s: %s: %.300s", r.call.Method, r.call.Path, r.status, r.body)
}
