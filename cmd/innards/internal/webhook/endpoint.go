// Package webhook sends events to other programs, which give a URL each: an [Endpoint]. What is sent follows Standard
// Webhooks 1.0 (standardwebhooks.com), with a CloudEvents 1.0 body in the structured JSON mode.
//
// An event is sent at least once to every endpoint that asks for its type, in general in order but not always: who needs
// the order has the sequence within the record. The id of a message is the same whenever it is sent. What fails is tried
// again for three days; an endpoint that fails throughout five days is disabled.
package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"code.dny.dev/ssrf"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/innards-go/innards"
)

// An Endpoint is where events are sent to. Its secret is shown once, when it is made: see [Endpoints.Create]. In the
// database it is as it was made, since it is needed to sign.
type Endpoint struct {
	ID string
	// Tenant and Property whose events are sent; Property may be empty: all of the tenant's.
	Tenant, Property string
	URL              string
	// Types of events, such as "reservation.check_in" or "reservation.*". None: all.
	Types     []string
	CreatedAt time.Time
	// FailingSince is when the first of the deliveries failed that have failed since the last success, Failures how many
	// rounds of them there were, and PausedUntil when the next is tried. They are zero after a success.
	FailingSince time.Time
	Failures     int
	PausedUntil  time.Time
	// DisabledAt is when it was disabled, else zero, and DisabledReason why.
	DisabledAt     time.Time
	DisabledReason string

	secret, oldSecret string
	oldUntil          time.Time // the old secret signs until then
}

// Scope returns what may be sent to the endpoint.
func (e *Endpoint) Scope() innards.Scope {
	return innards.Actor{Tenant: e.Tenant, Property: e.Property}.Scope()
}

// wants reports whether the endpoint asks for events of the type.
func (e *Endpoint) wants(event innards.Right) bool {
	if len(e.Types) == 0 {
		return true
	}
	wanted := innards.Actor{}
	for _, t := range e.Types {
		wanted.Rights = append(wanted.Rights, innards.Right(t))
	}
	return wanted.May(event) // types are patterns as rights are
}

// OldSecretFor is how long a secret still signs after it was replaced.
const OldSecretFor = 24 * time.Hour

// sign returns the signatures of a message: two, while the old secret is in force.
func (e *Endpoint) sign(id string, at time.Time, body []byte) (string, error) {
	secrets := []string{e.secret}
	if at.Before(e.oldUntil) {
		secrets = append(secrets, e.oldSecret)
	}
	var signatures []string
	for _, secret := range secrets {
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return "", fmt.Errorf("%w: the secret of endpoint %s: %w", innards.ErrCorrupt, e.ID, err)
		}
		signature, err := signer.Sign(id, at, body)
		if err != nil {
			return "", err
		}
		signatures = append(signatures, signature)
	}
	return strings.Join(signatures, " "), nil
}

// newSecret returns a secret of 256 bits in the form of Standard Webhooks.
func newSecret() string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // it never fails
	return "whsec_" + base64.StdEncoding.EncodeToString(key[:])
}

// ErrURL is matched when nothing can be sent to the URL.
var ErrURL = errors.New("nothing can be sent to the URL")

// ErrTypes is matched when the types of events cannot be understood.
var ErrTypes = errors.New("the types of events are not usable")

const (
	maxURL   = 2048 // bytes
	maxTypes = 100
	maxType  = 100 // bytes
)

func checkTypes(types []string) error {
	if len(types) > maxTypes {
		return fmt.Errorf("%w: there are more than %d", ErrTypes, maxTypes)
	}
	for _, t := range types {
		name := strings.TrimSuffix(t, "*")
		if t == "" || len(t) > maxType || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_.") != "" {
			return fmt.Errorf("%w: %q", ErrTypes, t)
		}
	}
	return nil
}

// checkURL returns why nothing can be sent to the URL. To internal addresses, and without encryption, it is only with
// internal. A name is looked at again whenever it is dialled, when it may mean another address.
func checkURL(text string, internal bool) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > maxURL || u.Hostname() == "" || u.Opaque != "":
		return fmt.Errorf("%w: it is no absolute URL of at most %d bytes", ErrURL, maxURL)
	case u.User != nil || u.Fragment != "":
		return fmt.Errorf("%w: it has a user or a fragment", ErrURL)
	case u.Scheme != "https" && !(internal && u.Scheme == "http"):
		return fmt.Errorf("%w: it does not begin with https", ErrURL)
	}
	if address, err := netip.ParseAddr(u.Hostname()); err == nil && !internal {
		network := "tcp6"
		if address.Is4() {
			network = "tcp4"
		}
		if err := guardian().Safe(network, netip.AddrPortFrom(address, 443).String(), nil); err != nil {
			return fmt.Errorf("%w: %w", ErrURL, err)
		}
	}
	return nil
}

// guardian returns what keeps connections from internal addresses.
func guardian() *ssrf.Guardian { return ssrf.New(ssrf.WithAnyPort()) }
