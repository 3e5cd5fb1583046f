package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// The password of the mail server is taken from the environment only, and settings that cannot be used are told of at once.
func TestMailSettings(t *testing.T) {
	for _, c := range []struct {
		name        string
		args        []string
		environment map[string]string
		want        string // empty: none is wrong
	}{
		{"password on the command line", []string{"--smtp-password", "x"}, nil, "the command line can be seen by others"},
		{"password in the environment", []string{"--smtp-addr", "mail.example.org:587", "--smtp-from", "desk@example.org"},
			map[string]string{"INNARDS_SMTP_PASSWORD": "x"}, ""},
		{"no sender", []string{"--smtp-addr", "mail.example.org:587"}, nil, "the settings of the mail server"},
		{"no port", []string{"--smtp-addr", "mail.example.org", "--smtp-from", "desk@example.org"}, nil, "missing port"},
		{"no such encryption", []string{"--smtp-tls", "perhaps"}, nil, "smtp-tls"},
	} {
		var out, errs bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // what is not wrong ends as soon as it begins
		args := append([]string{"serve", "--addr", "127.0.0.1:0", "--db", t.TempDir() + "/x.db"}, c.args...)
		code := run(ctx, args, strings.NewReader(""), &out, &errs, func(name string) string { return c.environment[name] })
		isUsage := code == exitUsage
		if isUsage != (c.want != "") || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%s: ended with %d: %s", c.name, code, &errs)
		}
	}
}
